//! Rules as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script, drop_if_exists};
use crate::ddl::trigger::firing_words;
use crate::ident::{ident, qualified};
use crate::model::{Firing, Part, Rule};

impl Render for Rule {
    fn target(&self) -> String {
        format!("RULE {} ON {}", ident(&self.name), qualified(&self.schema, &self.table))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let Some(definition) = &self.definition else {
            return;
        };
        // An extension's script may have created it.
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

    fn drop_statement(&self, part: Part, _cx: &Context<'_>) -> Option<String> {
        (part == Part::Main && self.definition.is_some()).then(|| drop_if_exists(&self.target()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ddl::options::Options;
    use crate::ddl::script::print_script;
    use crate::model::{Model, RelationKind};

    #[test]
    fn rule_prints_text_state_and_comment() {
        let rule = Rule {
            schema: "app".into(),
            table: "t".into(),
            name: "R".into(),
            definition: Some("CREATE RULE \"R\" AS\n    ON DELETE TO app.t DO INSTEAD NOTHING".into()),
            firing: Firing::Always,
            ..Rule::default()
        };
        let of_view = Rule {
            schema: "app".into(),
            table: "v".into(),
            name: "_RETURN".into(),
            on: RelationKind::View,
            comment: Some("kept".into()),
            ..Rule::default()
        };
        let model = Model { rules: vec![rule, of_view], ..Model::default() };
        let text = "RULE \"R\" AS\n    ON DELETE TO app.t DO INSTEAD NOTHING;\nALTER TABLE app.t ENABLE ALWAYS RULE \"R\";\n\
                    COMMENT ON RULE \"_RETURN\" ON app.v IS 'kept';\n";
        assert_eq!(print_script(&model, &Options::default()), format!("CREATE {text}"));
        let options = Options { if_not_exists: true, ..Options::default() };
        assert_eq!(print_script(&model, &options), format!("CREATE OR REPLACE {text}"));
    }
}
