//! Triggers as DDL, and clauses that they share with rules and event triggers.

use std::fmt::Write;

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script, drop_if_exists};
use crate::ddl::shared;
use crate::ident::{ident, ident_list, literal, qualified};
use crate::model::{Firing, Part, Trigger, TriggerEvent};

/// Returns the words of ALTER for a firing state.
pub fn firing_words(firing: Firing) -> &'static str {
    match firing {
        Firing::Origin => "ENABLE",
        Firing::Replica => "ENABLE REPLICA",
        Firing::Always => "ENABLE ALWAYS",
        Firing::Disabled => "DISABLE",
    }
}

/// Returns the events in the form of CREATE TRIGGER.
fn events_clause(trigger: &Trigger) -> String {
    let words = trigger.events.iter().map(|&event| match event {
        TriggerEvent::Update if !trigger.update_of.is_empty() => {
            format!("UPDATE OF {}", ident_list(&trigger.update_of))
        }
        event => event.word().to_owned(),
    });
    words.collect::<Vec<_>>().join(" OR ")
}

/// Returns CREATE TRIGGER, or CREATE OR REPLACE TRIGGER.
pub fn statement(trigger: &Trigger, replace: bool) -> String {
    let replace = if replace { "OR REPLACE " } else { "" };
    let constraint = if trigger.constraint.is_some() { "CONSTRAINT " } else { "" };
    let mut text = format!(
        "CREATE {replace}{constraint}TRIGGER {} {} {} ON {}",
        ident(&trigger.name),
        trigger.timing.word(),
        events_clause(trigger),
        qualified(&trigger.schema, &trigger.table)
    );
    if let Some(constraint) = &trigger.constraint {
        if let Some(from) = &constraint.from_table {
            let _ = write!(text, " FROM {}", qualified(&from.schema, &from.name));
        }
        if constraint.deferrable {
            text.push_str(" DEFERRABLE");
        }
        if constraint.initially_deferred {
            text.push_str(" INITIALLY DEFERRED");
        }
    }
    if trigger.old_table.is_some() || trigger.new_table.is_some() {
        text.push_str(" REFERENCING");
    }
    if let Some(name) = &trigger.old_table {
        let _ = write!(text, " OLD TABLE AS {}", ident(name));
    }
    if let Some(name) = &trigger.new_table {
        let _ = write!(text, " NEW TABLE AS {}", ident(name));
    }
    let _ = write!(text, " FOR EACH {}", trigger.level.word());
    if let Some(condition) = &trigger.condition {
        let _ = write!(text, " WHEN ({condition})");
    }
    if let Some(function) = &trigger.function {
        let arguments: Vec<String> = trigger.arguments.iter().map(|argument| literal(argument)).collect();
        let name = qualified(&function.schema, &function.name);
        let _ = write!(text, " EXECUTE FUNCTION {name}({})", arguments.join(", "));
    }
    text
}

impl Render for Trigger {
    fn target(&self) -> String {
        format!("TRIGGER {} ON {}", ident(&self.name), qualified(&self.schema, &self.table))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let inherited = !self.inherited_from.is_empty();
        if !inherited {
            // An extension's script may have created it. OR REPLACE does not apply to constraint triggers.
            let may_exist = cx.options.if_not_exists || self.on_member_of.is_some();
            if may_exist && self.constraint.is_some() {
                out.statement(drop_if_exists(&self.target()));
            }
            out.statement(statement(self, may_exist && self.constraint.is_none()));
        }
        // Without ONLY: it also sets the state of the partitions below, and those that differ have later statements.
        if inherited || self.firing != Firing::Origin {
            let table = qualified(&self.schema, &self.table);
            let (words, name) = (firing_words(self.firing), ident(&self.name));
            out.statement(format_args!("ALTER TABLE {table} {words} TRIGGER {name}"));
        }
    }

    fn finish(&self, cx: &Context<'_>, out: &mut Script) {
        if let Some(constraint) = &self.constraint {
            let table = qualified(&self.schema, &self.table);
            let target = format!("CONSTRAINT {} ON {table}", ident(&self.name));
            shared::comment(cx, &target, constraint.comment.as_deref(), out);
        }
    }

    fn drop_statement(&self, part: Part, _cx: &Context<'_>) -> Option<String> {
        (part == Part::Main && self.inherited_from.is_empty()).then(|| drop_if_exists(&self.target()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ddl::options::Options;
    use crate::ddl::script::print_script;
    use crate::model::{ConstraintTrigger, Model, RelationName, TriggerFunction, TriggerLevel, TriggerTiming};

    fn trigger(table: &str, name: &str) -> Trigger {
        Trigger {
            schema: "App".into(),
            table: table.into(),
            name: name.into(),
            timing: TriggerTiming::After,
            events: vec![TriggerEvent::Insert, TriggerEvent::Update],
            function: Some(TriggerFunction { schema: "app".into(), name: "f".into() }),
            ..Trigger::default()
        }
    }

    fn of(triggers: Vec<Trigger>) -> Model {
        let mut model = Model { triggers, ..Model::default() };
        model.sort();
        model
    }

    #[test]
    fn trigger_prints_every_clause() {
        let all = Trigger {
            update_of: vec!["b".into(), "A".into()],
            level: TriggerLevel::Row,
            old_table: Some("before".into()),
            new_table: Some("select".into()),
            condition: Some("(new.a > 0)".into()),
            arguments: vec!["it's".into(), "a\\b".into()],
            firing: Firing::Disabled,
            ..trigger("t", "all")
        };
        assert_eq!(
            print_script(&of(vec![all]), &Options::default()),
            "CREATE TRIGGER \"all\" AFTER INSERT OR UPDATE OF b, \"A\" ON \"App\".t REFERENCING OLD TABLE AS before NEW \
             TABLE AS \"select\" FOR EACH ROW WHEN ((new.a > 0)) EXECUTE FUNCTION app.f('it''s', E'a\\\\b');\n\
             ALTER TABLE \"App\".t DISABLE TRIGGER \"all\";\n"
        );
    }

    #[test]
    fn existing_triggers_are_replaced() {
        let constraint = ConstraintTrigger {
            from_table: Some(RelationName { schema: "app".into(), name: "o".into() }),
            deferrable: true,
            initially_deferred: true,
            comment: Some("why".into()),
        };
        let member = Some("ext".into());
        let plain = Trigger { on_member_of: member.clone(), ..trigger("t", "a") };
        let constraint = Trigger { on_member_of: member, constraint: Some(constraint), ..trigger("t", "b") };
        assert_eq!(
            print_script(&of(vec![plain, constraint]), &Options::default()),
            "CREATE OR REPLACE TRIGGER a AFTER INSERT OR UPDATE ON \"App\".t FOR EACH STATEMENT EXECUTE FUNCTION app.f();\n\
             DROP TRIGGER IF EXISTS b ON \"App\".t;\n\
             CREATE CONSTRAINT TRIGGER b AFTER INSERT OR UPDATE ON \"App\".t FROM app.o DEFERRABLE INITIALLY DEFERRED \
             FOR EACH STATEMENT EXECUTE FUNCTION app.f();\n\
             COMMENT ON CONSTRAINT b ON \"App\".t IS 'why';\n"
        );
    }

    #[test]
    fn trigger_states_are_set_from_parent_to_partition() {
        let above = |name: &str| RelationName { schema: "App".into(), name: name.into() };
        let leaf = Trigger {
            inherited_from: vec![above("middle"), above("top")],
            firing: Firing::Replica,
            ..trigger("a_leaf", "tg")
        };
        let middle = Trigger { inherited_from: vec![above("top")], firing: Firing::Always, ..trigger("middle", "tg") };
        let text = print_script(&of(vec![leaf, middle, trigger("top", "tg")]), &Options::default());
        assert_eq!(
            text.lines().skip(1).collect::<Vec<_>>().join("\n"),
            "ALTER TABLE \"App\".middle ENABLE ALWAYS TRIGGER tg;\n\
             ALTER TABLE \"App\".a_leaf ENABLE REPLICA TRIGGER tg;"
        );
    }
}
