//! Extended statistics as DDL.

use crate::ddl::context::Context;
use crate::ddl::options::Section;
use crate::ddl::render::{Render, Script};
use crate::ident::{ident, qualified};
use crate::model::{ObjectKey, ObjectKind, StatisticsObject};

impl Render for StatisticsObject {
    fn target(&self) -> String {
        format!("STATISTICS {}", qualified(&self.schema, &self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        // The extension may have made them on its table.
        let if_not_exists = if self.on_member_of.is_some() { "IF NOT EXISTS " } else { cx.if_not_exists() };
        let mut sql = format!("CREATE STATISTICS {if_not_exists}{}", qualified(&self.schema, &self.name));
        let expressions = self.expressions.iter().map(|expression| format!("({expression})"));
        let items: Vec<String> = self.columns.iter().map(|column| ident(column)).chain(expressions).collect();
        // A single expression cannot name kinds.
        if !self.kinds.is_empty() && items.len() > 1 {
            let kinds: Vec<&str> = self.kinds.iter().map(|kind| kind.word()).collect();
            sql += &format!(" ({})", kinds.join(", "));
        }
        out.statement(format_args!("{sql} ON {} FROM {}", items.join(", "), self.relation.identity()));
        if let Some(target) = self.statistics_target {
            out.statement(format_args!("ALTER {} SET STATISTICS {target}", self.target()));
        }
    }

    fn section(&self) -> Section {
        Section::PostData
    }

    fn requires(&self) -> Vec<ObjectKey> {
        let extension = self.on_member_of.as_ref().map(|name| ObjectKey::global(ObjectKind::Extension, name));
        [ObjectKey::global(ObjectKind::Schema, &self.schema), self.relation.clone()]
            .into_iter()
            .chain(extension)
            .collect()
    }

    fn parent(&self) -> Option<ObjectKey> {
        Some(self.relation.clone())
    }
}
