//! Rules as DDL.

use crate::ddl::context::Context;
use crate::ddl::options::Section;
use crate::ddl::render::{Part, Render, Script, drop_if_exists};
use crate::ddl::trigger::firing_words;
use crate::ident::{ident, qualified};
use crate::model::{Firing, ObjectKey, Rule};

impl Render for Rule {
    fn target(&self) -> String {
        format!(
            "RULE {} ON {}",
            ident(&self.name),
            qualified(&self.schema, &self.table)
        )
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let Some(definition) = &self.definition else {
            return;
        };
        // An extension's script may have made it already.
        let may_exist = cx.options.if_not_exists || self.on_member_of.is_some();
        match definition.strip_prefix("CREATE RULE ") {
            Some(rest) if may_exist => out.statement(format_args!("CREATE OR REPLACE RULE {rest}")),
            _ => out.statement(definition),
        }
        if self.firing != Firing::Origin {
            let table = qualified(&self.schema, &self.table);
            let (words, name) = (firing_words(self.firing), ident(&self.name));
            out.statement(format_args!("ALTER TABLE {table} {words} RULE {name}"));
        }
    }

    fn section(&self) -> Section {
        Section::PostData
    }

    fn requires(&self) -> Vec<ObjectKey> {
        self.parent().into_iter().collect()
    }

    fn parent(&self) -> Option<ObjectKey> {
        Some(self.on.key(&self.schema, &self.table))
    }

    fn undo(&self, part: Part, _cx: &Context<'_>) -> Option<String> {
        (part == Part::Main && self.definition.is_some()).then(|| drop_if_exists(&self.target()))
    }
}
