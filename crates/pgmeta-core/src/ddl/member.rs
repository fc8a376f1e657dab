//! Changes on members of extensions and on system objects as DDL: only the changes, never the objects.

use crate::ddl::context::Context;
use crate::ddl::privileges::{self, Target};
use crate::ddl::render::{Render, Script};
use crate::ddl::shared;
use crate::ident::{Name, ident, qualified};
use crate::model::{ExtensionMember, Grant, ObjectKey, ObjectKind, Part, Privilege, PrivilegeChange};

impl Render for ExtensionMember {
    fn target(&self) -> String {
        address(&self.object)
    }

    fn grant_target(&self) -> String {
        match self.object.kind.facts().grant {
            Some(word) => format!("{word} {}", self.object.identity()),
            None => self.target(),
        }
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        if let (Some(_), Some(owner)) = (&self.initial_owner, &self.object_owner)
            && cx.options.owner
        {
            out.statement(format_args!("ALTER {} OWNER TO {}", self.target(), ident(owner)));
        }
        if cx.options.privileges {
            let on = self.grant_target();
            let all = self.object.kind.privileges(cx.model.server_version_num);
            let owner = self.object_owner.as_ref();
            let target = Target { on: &on, columns: "", prefix: "", owner };
            if let Some(change) = &self.privilege_change {
                privileges::changes(target, &all, &initial_grants(self, change), &change.current, out);
            }
            let all = Privilege::of_columns();
            for column in &self.columns {
                if let Some(change) = &column.privilege_change {
                    let columns = format!("({})", ident(&column.name));
                    let target = Target { columns: &columns, ..target };
                    privileges::changes(target, &all, &initial_grants(self, change), &change.current, out);
                }
            }
        }
        for (on, word) in [(self.row_security, "ENABLE"), (self.force_row_security, "FORCE")] {
            if on {
                out.statement(format_args!("ALTER {} {word} ROW LEVEL SECURITY", self.target()));
            }
        }
    }

    fn finish(&self, cx: &Context<'_>, out: &mut Script) {
        for column in &self.columns {
            let target = format!("COLUMN {}.{}", self.object.identity(), ident(&column.name));
            shared::comment(cx, &target, column.comment.as_deref(), out);
            shared::labels(cx, &target, &column.security_labels, out);
        }
    }

    /// DROP EXTENSION drops the object.
    fn drop_statement(&self, _part: Part, _cx: &Context<'_>) -> Option<String> {
        None
    }
}

/// Returns the privileges before the change: a new owner gets the old owner's.
fn initial_grants(member: &ExtensionMember, change: &PrivilegeChange) -> Vec<Grant> {
    let (Some(old), Some(new)) = (&member.initial_owner, &member.object_owner) else {
        return change.initial.clone();
    };
    let taken = |role: &Name| {
        if role == old { new.clone() } else { role.clone() }
    };
    let grants = change.initial.iter();
    grants
        .map(|grant| Grant {
            grantee: grant.grantee.as_ref().map(taken),
            grantor: taken(&grant.grantor),
            ..grant.clone()
        })
        .collect()
}

/// Returns the target of COMMENT ON for an object of any kind that can be a member of an extension.
fn address(key: &ObjectKey) -> String {
    let name = |at: usize| key.names.get(at).map_or("", |name: &Name| name);
    let word = key.kind.sql_word();
    if key.kind == ObjectKind::Aggregate && key.args.is_empty() {
        format!("{word} {}(*)", qualified(name(0), name(1)))
    } else if key.kind == ObjectKind::Operator {
        let args = if let [right] = &*key.args { format!("NONE, {right}") } else { key.args.join(", ") };
        format!("{word} {}.{} ({args})", ident(name(0)), name(1))
    } else if key.kind == ObjectKind::Transform {
        let language = key.args.first().map_or_else(String::new, |name| ident(name));
        format!("{word} FOR {} LANGUAGE {language}", name(0))
    } else {
        format!("{word} {}", key.identity())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ddl::options::Options;
    use crate::ddl::script::print_script;
    use crate::model::{MemberColumn, Model};

    fn grant(grantee: Option<&str>, grantor: &str, privileges: &[Privilege]) -> Grant {
        Grant {
            grantee: grantee.map(Into::into),
            grantor: grantor.into(),
            privileges: privileges.iter().copied().collect(),
            ..Grant::default()
        }
    }

    #[test]
    fn member_prints_only_changes() {
        let table = ObjectKey::in_schema(ObjectKind::Table, &"s".into(), &"T".into());
        let column = MemberColumn {
            name: "c".into(),
            privilege_change: Some(PrivilegeChange {
                initial: vec![],
                current: vec![grant(Some("r"), "o", &[Privilege::Select])],
            }),
            comment: Some("column".into()),
            ..MemberColumn::default()
        };
        let table = ExtensionMember {
            object: table,
            extension: Some("e".into()),
            object_owner: Some("o".into()),
            columns: vec![column],
            row_security: true,
            comment: Some("table".into()),
            ..ExtensionMember::default()
        };
        let function =
            ObjectKey::with_args(ObjectKind::Function, &"pg_catalog".into(), &"f".into(), vec!["text".into()]);
        let own = [Privilege::Execute];
        let function = ExtensionMember {
            object: function,
            object_owner: Some("new".into()),
            initial_owner: Some("old".into()),
            privilege_change: Some(PrivilegeChange {
                initial: vec![grant(None, "old", &own), grant(Some("old"), "old", &own)],
                current: vec![grant(Some("new"), "new", &own)],
            }),
            ..ExtensionMember::default()
        };
        let model = Model { extension_members: vec![function, table], ..Model::default() };
        assert_eq!(
            print_script(&model, &Options::default()),
            "ALTER FUNCTION pg_catalog.f(text) OWNER TO new;\n\
             REVOKE ALL ON FUNCTION pg_catalog.f(text) FROM PUBLIC;\n\
             GRANT SELECT(c) ON TABLE s.\"T\" TO r;\n\
             ALTER TABLE s.\"T\" ENABLE ROW LEVEL SECURITY;\n\
             COMMENT ON TABLE s.\"T\" IS 'table';\n\
             COMMENT ON COLUMN s.\"T\".c IS 'column';\n"
        );
    }

    #[test]
    fn member_prints_addresses() {
        let key = |kind, names: &[&str], args: &[&str]| ObjectKey {
            kind,
            names: names.iter().map(|name| Name::from(*name)).collect(),
            args: args.iter().map(|name| Name::from(*name)).collect(),
        };
        let cases = [
            (key(ObjectKind::Operator, &["s", "@"], &["bigint"]), "OPERATOR s.@ (NONE, bigint)"),
            (key(ObjectKind::Operator, &["S", "="], &["a", "b"]), "OPERATOR \"S\".= (a, b)"),
            (key(ObjectKind::Aggregate, &["s", "a"], &[]), "AGGREGATE s.a(*)"),
            (key(ObjectKind::OperatorClass, &["btree", "s", "c"], &[]), "OPERATOR CLASS s.c USING btree"),
            (key(ObjectKind::Cast, &["a"], &["b"]), "CAST (a AS b)"),
            (key(ObjectKind::Transform, &["s.t"], &["L"]), "TRANSFORM FOR s.t LANGUAGE \"L\""),
            (key(ObjectKind::ForeignDataWrapper, &["w"], &[]), "FOREIGN DATA WRAPPER w"),
            (key(ObjectKind::Language, &["l"], &[]), "LANGUAGE l"),
        ];
        for (key, sql) in cases {
            assert_eq!(address(&key), sql);
        }
    }
}
