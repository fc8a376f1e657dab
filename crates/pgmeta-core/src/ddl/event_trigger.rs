//! Event triggers as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script, drop_if_exists};
use crate::ddl::trigger::firing_words;
use crate::ident::{ident, literal, qualified};
use crate::model::{EventTrigger, Firing};

impl Render for EventTrigger {
    fn target(&self) -> String {
        format!("EVENT TRIGGER {}", ident(&self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        if cx.options.if_not_exists {
            out.statement(drop_if_exists(&self.target()));
        }
        let tags: Vec<String> = self.tags.iter().map(|tag| literal(tag)).collect();
        let filter = if tags.is_empty() { String::new() } else { format!(" WHEN TAG IN ({})", tags.join(", ")) };
        let function = qualified(&self.function.schema, &self.function.name);
        let (target, event) = (self.target(), ident(&self.event));
        out.statement(format_args!("CREATE {target} ON {event}{filter} EXECUTE FUNCTION {function}()"));
        if self.firing != Firing::Origin {
            out.statement(format_args!("ALTER {target} {}", firing_words(self.firing)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ddl::options::Options;
    use crate::ddl::script::print_script;
    use crate::model::{Model, TriggerFunction};

    #[test]
    fn event_trigger_prints_every_clause() {
        let trigger = EventTrigger {
            name: "E".into(),
            event: "sql_drop".into(),
            function: TriggerFunction { schema: "app".into(), name: "f".into() },
            tags: vec!["DROP TABLE".into(), "DROP VIEW".into()],
            firing: Firing::Replica,
            owner: Some("boss".into()),
            ..EventTrigger::default()
        };
        assert_eq!(
            print_script(&Model { event_triggers: vec![trigger], ..Model::default() }, &Options::default()),
            "CREATE EVENT TRIGGER \"E\" ON sql_drop WHEN TAG IN ('DROP TABLE', 'DROP VIEW') EXECUTE FUNCTION app.f();\n\
             ALTER EVENT TRIGGER \"E\" ENABLE REPLICA;\n\
             ALTER EVENT TRIGGER \"E\" OWNER TO boss;\n"
        );
    }
}
