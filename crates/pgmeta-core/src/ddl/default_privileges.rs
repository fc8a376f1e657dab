//! Default privileges as DDL.

use crate::ddl::context::Context;
use crate::ddl::privileges::{self, Target};
use crate::ddl::render::{Render, Script};
use crate::ident::ident;
use crate::model::{DefaultPrivileges, Grant, Part};

impl Render for DefaultPrivileges {
    fn target(&self) -> String {
        format!("DEFAULT PRIVILEGES FOR ROLE {}{}", ident(&self.role), in_schema(self))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        if cx.options.privileges {
            let initial = initial_grants(self, cx);
            change(self, cx, &initial, &self.grants, out);
        }
    }

    fn drop_statement(&self, part: Part, cx: &Context<'_>) -> Option<String> {
        if part != Part::Main || !cx.options.privileges {
            return None;
        }
        let mut out = Script::default();
        change(self, cx, &self.grants, &initial_grants(self, cx), &mut out);
        let sql = out.into_text();
        let sql = sql.trim_end_matches(";\n");
        (!sql.is_empty()).then(|| sql.to_owned())
    }
}

fn in_schema(of: &DefaultPrivileges) -> String {
    of.schema.as_ref().map(|schema| format!(" IN SCHEMA {}", ident(schema))).unwrap_or_default()
}

/// Returns the privileges of new objects without ALTER DEFAULT PRIVILEGES. Entries of a schema only add to these.
fn initial_grants(of: &DefaultPrivileges, cx: &Context<'_>) -> Vec<Grant> {
    if of.schema.is_some() {
        return Vec::new();
    }
    of.object_type.kind().default_privileges(&of.role, cx.model.server_version_num)
}

pub(crate) fn change(of: &DefaultPrivileges, cx: &Context<'_>, from: &[Grant], to: &[Grant], out: &mut Script) {
    let prefix = format!("ALTER {} ", of.target());
    let target = Target { on: of.object_type.word(), columns: "", prefix: &prefix, owner: Some(&of.role) };
    privileges::changes(target, &of.object_type.kind().privileges(cx.model.server_version_num), from, to, out);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ddl::options::Options;
    use crate::ddl::script::print_script;
    use crate::model::{DefaultPrivilegesOn, Model, Privilege};

    fn grant(grantee: Option<&str>, privileges: &[Privilege]) -> Grant {
        Grant {
            grantee: grantee.map(Into::into),
            grantor: "r".into(),
            privileges: privileges.iter().copied().collect(),
            ..Grant::default()
        }
    }

    #[test]
    fn schema_default_privileges_only_grant() {
        let everywhere = DefaultPrivileges {
            role: "r".into(),
            object_type: DefaultPrivilegesOn::Functions,
            grants: vec![grant(Some("r"), &[Privilege::Execute]), grant(Some("q"), &[Privilege::Execute])],
            ..DefaultPrivileges::default()
        };
        let in_schema = DefaultPrivileges {
            schema: Some("S".into()),
            grants: vec![grant(None, &[Privilege::Execute])],
            ..everywhere.clone()
        };
        let model = Model { default_privileges: vec![everywhere, in_schema], ..Model::default() };
        assert_eq!(
            print_script(&model, &Options::default()),
            "ALTER DEFAULT PRIVILEGES FOR ROLE r REVOKE ALL ON FUNCTIONS FROM PUBLIC;\n\
             ALTER DEFAULT PRIVILEGES FOR ROLE r GRANT ALL ON FUNCTIONS TO q;\n\
             ALTER DEFAULT PRIVILEGES FOR ROLE r IN SCHEMA \"S\" GRANT ALL ON FUNCTIONS TO PUBLIC;\n"
        );
    }
}
