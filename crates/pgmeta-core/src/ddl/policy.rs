//! Row level security policies as DDL.

use std::fmt::Write;

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script, drop_if_exists};
use crate::ident::{ident, ident_list, qualified};
use crate::model::{Policy, PolicyCommand};

impl Render for Policy {
    fn target(&self) -> String {
        format!("POLICY {} ON {}", ident(&self.name), qualified(&self.schema, &self.table))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        // An extension's script may have created it, and CREATE POLICY has no OR REPLACE.
        if cx.options.if_not_exists || self.on_member_of.is_some() {
            out.statement(drop_if_exists(&self.target()));
        }
        let mut text = format!("CREATE {}", self.target());
        if self.restrictive {
            text.push_str(" AS RESTRICTIVE");
        }
        if self.command != PolicyCommand::All {
            let _ = write!(text, " FOR {}", self.command.word());
        }
        if !self.roles.is_empty() {
            let _ = write!(text, " TO {}", ident_list(&self.roles));
        }
        if let Some(condition) = &self.using {
            let _ = write!(text, " USING ({condition})");
        }
        if let Some(condition) = &self.with_check {
            let _ = write!(text, " WITH CHECK ({condition})");
        }
        out.statement(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ddl::options::Options;
    use crate::ddl::script::print_script;
    use crate::model::Model;

    #[test]
    fn policy_prints_every_clause() {
        let plain = Policy { schema: "app".into(), table: "t".into(), name: "A".into(), ..Policy::default() };
        let all = Policy {
            name: "b".into(),
            restrictive: true,
            command: PolicyCommand::Update,
            roles: vec!["none".into(), "x".into()],
            using: Some("(a > 0)".into()),
            with_check: Some("true".into()),
            on_member_of: Some("ext".into()),
            ..plain.clone()
        };
        assert_eq!(
            print_script(&Model { policies: vec![plain, all], ..Model::default() }, &Options::default()),
            "CREATE POLICY \"A\" ON app.t;\n\
             DROP POLICY IF EXISTS b ON app.t;\n\
             CREATE POLICY b ON app.t AS RESTRICTIVE FOR UPDATE TO \"none\", x USING ((a > 0)) WITH CHECK (true);\n"
        );
    }
}
