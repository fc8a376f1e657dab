//! Default privileges as DDL.

use crate::ddl::context::Context;
use crate::ddl::options::Section;
use crate::ddl::privileges::{self, Target};
use crate::ddl::render::{Part, Render, Script};
use crate::ident::ident;
use crate::model::{DefaultPrivileges, DefaultPrivilegesOn, Grant, ObjectKind};

impl Render for DefaultPrivileges {
    fn target(&self) -> String {
        format!("DEFAULT PRIVILEGES FOR ROLE {}{}", ident(&self.role), self.in_schema())
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        if cx.options.privileges {
            let initial = self.initial(cx);
            self.change(cx, &initial, &self.grants, out);
        }
    }

    fn section(&self) -> Section {
        Section::PostData
    }

    fn undo(&self, part: Part, cx: &Context<'_>) -> Option<String> {
        if part != Part::Main || !cx.options.privileges {
            return None;
        }
        let mut out = Script::default();
        self.change(cx, &self.grants, &self.initial(cx), &mut out);
        let sql = out.into_text();
        let sql = sql.trim_end_matches(";\n");
        (!sql.is_empty()).then(|| sql.to_owned())
    }
}

impl DefaultPrivileges {
    fn in_schema(&self) -> String {
        self.schema.as_ref().map(|schema| format!(" IN SCHEMA {}", ident(schema))).unwrap_or_default()
    }

    /// Returns what new objects get without any ALTER DEFAULT PRIVILEGES. Those of a schema only add to that.
    fn initial(&self, cx: &Context<'_>) -> Vec<Grant> {
        if self.schema.is_some() {
            return Vec::new();
        }
        self.kind().default_privileges(&self.role, cx.model.server_version_num)
    }

    pub(crate) fn change(&self, cx: &Context<'_>, from: &[Grant], to: &[Grant], out: &mut Script) {
        let prefix = format!("ALTER {} ", self.target());
        let target = Target { on: self.object_type.word(), columns: "", prefix: &prefix, owner: Some(&self.role) };
        privileges::changes(target, &self.kind().privileges(cx.model.server_version_num), from, to, out);
    }

    fn kind(&self) -> ObjectKind {
        match self.object_type {
            DefaultPrivilegesOn::Tables => ObjectKind::Table,
            DefaultPrivilegesOn::Sequences => ObjectKind::Sequence,
            DefaultPrivilegesOn::Functions => ObjectKind::Function,
            DefaultPrivilegesOn::Types => ObjectKind::Type,
            DefaultPrivilegesOn::Schemas => ObjectKind::Schema,
            DefaultPrivilegesOn::LargeObjects => ObjectKind::LargeObject,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ddl::options::Options;
    use crate::ddl::script::printed;
    use crate::model::{Model, Privilege};

    fn grant(grantee: Option<&str>, privileges: &[Privilege]) -> Grant {
        Grant {
            grantee: grantee.map(Into::into),
            grantor: "r".into(),
            privileges: privileges.iter().copied().collect(),
            ..Grant::default()
        }
    }

    #[test]
    fn those_of_a_schema_only_add() {
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
            printed(&model, &Options::default()),
            "ALTER DEFAULT PRIVILEGES FOR ROLE r REVOKE ALL ON FUNCTIONS FROM PUBLIC;\n\
             ALTER DEFAULT PRIVILEGES FOR ROLE r GRANT ALL ON FUNCTIONS TO q;\n\
             ALTER DEFAULT PRIVILEGES FOR ROLE r IN SCHEMA \"S\" GRANT ALL ON FUNCTIONS TO PUBLIC;\n"
        );
    }
}
