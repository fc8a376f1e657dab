//! Roles, memberships, tablespaces, databases and parameter privileges as DDL.

use std::fmt::Write;

use crate::ddl::context::Context;
use crate::ddl::options::Secrets;
use crate::ddl::render::{Render, Script, drop_if_exists};
use crate::ddl::settings::assignment;
use crate::ddl::settings::storage_parameters;
use crate::ident::{dollar_quoted, ident, literal};
use crate::model::{Database, LocaleProvider, ParameterPrivileges, Part, Role, RoleMembership, Setting, Tablespace};

fn set_all(alter: &str, settings: &[Setting], out: &mut Script) {
    for setting in settings {
        out.statement(format_args!("{alter} SET {}", assignment(setting)));
    }
}

type Flag = (&'static str, fn(&Role) -> bool);

/// The attributes that a role may have, by keyword.
pub const FLAGS: [Flag; 7] = [
    ("SUPERUSER", |role| role.superuser),
    ("INHERIT", |role| !role.no_inherit),
    ("CREATEROLE", |role| role.create_role),
    ("CREATEDB", |role| role.create_db),
    ("LOGIN", |role| role.login),
    ("REPLICATION", |role| role.replication),
    ("BYPASSRLS", |role| role.bypass_rls),
];

/// Returns the attributes, each after a blank: all, or those that CREATE ROLE would not choose.
fn role_attributes(role: &Role, all: bool, cx: &Context<'_>) -> String {
    let mut text = String::new();
    let default = Role::default();
    for (word, is_on) in FLAGS {
        let on = is_on(role);
        if all || on != is_on(&default) {
            let _ = write!(text, " {}{word}", if on { "" } else { "NO" });
        }
    }
    if all || role.connection_limit.is_some() {
        let _ = write!(text, " CONNECTION LIMIT {}", role.connection_limit.unwrap_or(-1));
    }
    if let Some(password) = &role.password
        && cx.options.secrets == Secrets::Include
    {
        let _ = write!(text, " PASSWORD {}", literal(password));
    }
    if let Some(time) = &role.valid_until {
        let _ = write!(text, " VALID UNTIL {}", literal(time));
    }
    text
}

impl Render for Role {
    fn target(&self) -> String {
        if self.is_all() { "ROLE ALL".to_owned() } else { format!("ROLE {}", ident(&self.name)) }
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        if self.is_all() {
            return;
        }
        let target = self.target();
        if !self.bootstrap && !cx.options.if_not_exists {
            out.statement(format_args!("CREATE {target}{}", role_attributes(self, false, cx)));
            return;
        }
        if !self.bootstrap {
            let name = literal(&self.name);
            let known = format!("SELECT FROM pg_catalog.pg_roles WHERE rolname = {name}");
            let body = format!("BEGIN IF NOT EXISTS ({known}) THEN CREATE {target}; END IF; END");
            out.statement(format_args!("DO {}", dollar_quoted(&body)));
        }
        out.statement(format_args!("ALTER {target}{}", role_attributes(self, true, cx)));
    }

    fn finish(&self, _cx: &Context<'_>, out: &mut Script) {
        set_all(&format!("ALTER {}", self.target()), &self.settings, out);
    }

    fn drop_statement(&self, part: Part, _cx: &Context<'_>) -> Option<String> {
        (part == Part::Main && !self.bootstrap && !self.is_all()).then(|| drop_if_exists(&self.target()))
    }
}

impl Render for RoleMembership {
    /// A membership has only GRANT and REVOKE.
    fn target(&self) -> String {
        String::new()
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let mut options = Vec::new();
        // Before 16, WITH ADMIN OPTION is the only option.
        if self.admin {
            options.push("ADMIN OPTION");
        }
        options.extend(self.inherit.map(|inherit| if inherit { "INHERIT TRUE" } else { "INHERIT FALSE" }));
        if self.no_set {
            options.push("SET FALSE");
        }
        let with = if options.is_empty() { String::new() } else { format!(" WITH {}", options.join(", ")) };
        let by = match &self.grantor {
            Some(grantor) if cx.options.owner => format!(" GRANTED BY {}", ident(grantor)),
            _ => String::new(),
        };
        out.statement(format_args!("GRANT {} TO {}{with}{by}", ident(&self.role), ident(&self.member)));
    }

    /// DROP ROLE drops it.
    fn drop_statement(&self, _part: Part, _cx: &Context<'_>) -> Option<String> {
        None
    }
}

impl Render for Tablespace {
    fn target(&self) -> String {
        format!("TABLESPACE {}", ident(&self.name))
    }

    fn create(&self, _cx: &Context<'_>, out: &mut Script) {
        let location = literal(self.location.as_deref().unwrap_or_default());
        let options = storage_parameters(&self.options, &[]);
        let in_place = self.location.is_none();
        if in_place {
            out.statement("SET allow_in_place_tablespaces = on");
        }
        out.statement(format_args!("CREATE {} LOCATION {location}{options}", self.target()));
        if in_place {
            out.statement("RESET allow_in_place_tablespaces");
        }
    }

    fn is_selected(&self, cx: &Context<'_>) -> bool {
        cx.options.tablespaces
    }
}

/// Returns CREATE DATABASE, which cannot run in a transaction and so is in no script.
pub fn create_database(database: &Database, cx: &Context<'_>) -> String {
    let mut text = format!("CREATE {} TEMPLATE template0 ENCODING {}", database.target(), literal(&database.encoding));
    if cx.model.server_version_num >= 150_000 {
        let _ = write!(text, " LOCALE_PROVIDER {}", database.locale_provider.word());
    }
    if database.lc_collate == database.lc_ctype {
        let _ = write!(text, " LOCALE {}", literal(&database.lc_collate));
    } else {
        let (collate, ctype) = (literal(&database.lc_collate), literal(&database.lc_ctype));
        let _ = write!(text, " LC_COLLATE {collate} LC_CTYPE {ctype}");
    }
    if let Some(locale) = &database.locale {
        let word = if database.locale_provider == LocaleProvider::Builtin { "BUILTIN_LOCALE" } else { "ICU_LOCALE" };
        let _ = write!(text, " {word} {}", literal(locale));
    }
    if let Some(rules) = &database.icu_rules {
        let _ = write!(text, " ICU_RULES {}", literal(rules));
    }
    text + &cx.tablespace(database.tablespace.as_ref())
}

impl Render for Database {
    fn target(&self) -> String {
        format!("DATABASE {}", ident(&self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        if cx.options.create_database {
            out.statement(create_database(self, cx));
        }
    }

    fn finish(&self, _cx: &Context<'_>, out: &mut Script) {
        let alter = format!("ALTER {}", self.target());
        if let Some(limit) = self.connection_limit {
            out.statement(format_args!("{alter} CONNECTION LIMIT {limit}"));
        }
        if self.is_template {
            out.statement(format_args!("{alter} IS_TEMPLATE true"));
        }
        set_all(&alter, &self.settings, out);
        for of_role in &self.role_settings {
            let alter = format!("ALTER ROLE {} IN {}", ident(&of_role.role), self.target());
            set_all(&alter, &of_role.settings, out);
        }
        if self.no_connections {
            out.statement(format_args!("{alter} ALLOW_CONNECTIONS false"));
        }
    }

    /// A script contains only the database in which it runs.
    fn is_selected(&self, cx: &Context<'_>) -> bool {
        self.current || cx.options.create_database
    }

    fn drop_statement(&self, part: Part, cx: &Context<'_>) -> Option<String> {
        (part == Part::Main && cx.options.create_database).then(|| drop_if_exists(&self.target()))
    }
}

impl Render for ParameterPrivileges {
    fn target(&self) -> String {
        format!("PARAMETER {}", ident(&self.name))
    }

    fn create(&self, _cx: &Context<'_>, _out: &mut Script) {}

    fn has_owner(&self) -> bool {
        false
    }

    fn drop_statement(&self, _part: Part, _cx: &Context<'_>) -> Option<String> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ddl::options::Options;
    use crate::ddl::printable::Printable;
    use crate::ddl::script::print_script;
    use crate::model::{Model, RoleSettings};

    fn setting(name: &str, value: &str) -> Setting {
        Setting { name: name.into(), value: value.into() }
    }

    #[test]
    fn roles_are_printed() {
        let all = Role { settings: vec![setting("work_mem", "1MB")], ..Role::default() };
        let role = Role {
            name: "A$$".into(),
            no_inherit: true,
            login: true,
            connection_limit: Some(0),
            password: Some("SCRAM-SHA-256$x".into()),
            valid_until: Some("infinity".into()),
            settings: vec![setting("role", "b")],
            ..Role::default()
        };
        let other = Role { name: "b".into(), ..Role::default() };
        let first = Role { name: "postgres".into(), superuser: true, bootstrap: true, ..Role::default() };
        let mut model = Model { roles: vec![all, role, other, first], ..Model::default() };
        let options = Options { secrets: Secrets::Include, ..Options::default() };
        assert_eq!(
            print_script(&model, &options),
            "ALTER ROLE ALL SET work_mem TO '1MB';\n\
             CREATE ROLE b;\n\
             CREATE ROLE \"A$$\" NOINHERIT LOGIN CONNECTION LIMIT 0 PASSWORD 'SCRAM-SHA-256$x' VALID UNTIL 'infinity';\n\
             ALTER ROLE \"A$$\" SET role TO 'b';\n\
             ALTER ROLE postgres SUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS CONNECTION LIMIT -1;\n"
        );
        model.roles.drain(2..);
        model.roles.remove(0);
        let options = Options { if_not_exists: true, ..Options::default() };
        assert_eq!(
            print_script(&model, &options),
            "DO $_$BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'A$$') THEN CREATE ROLE \"A$$\"; \
             END IF; END$_$;\n\
             ALTER ROLE \"A$$\" NOSUPERUSER NOINHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS \
             CONNECTION LIMIT 0 VALID UNTIL 'infinity';\n\
             ALTER ROLE \"A$$\" SET role TO 'b';\n"
        );
    }

    #[test]
    fn memberships_follow_their_grantors() {
        let membership = |member: &str, grantor: &str| RoleMembership {
            role: "team".into(),
            member: member.into(),
            grantor: Some(grantor.into()),
            ..RoleMembership::default()
        };
        let through = RoleMembership::key_of(&"team".into(), &"z".into(), Some(&"postgres".into()));
        let granted =
            RoleMembership { inherit: Some(false), no_set: true, depends_on: vec![through], ..membership("a", "z") };
        let grantor = RoleMembership { admin: true, inherit: Some(true), ..membership("z", "postgres") };
        let old = RoleMembership { grantor: None, ..membership("b", "") };
        assert_eq!(
            print_script(
                &Model { role_memberships: vec![granted, old, grantor], ..Model::default() },
                &Options::default()
            ),
            "GRANT team TO b;\n\
             GRANT team TO z WITH ADMIN OPTION, INHERIT TRUE GRANTED BY postgres;\n\
             GRANT team TO a WITH INHERIT FALSE, SET FALSE GRANTED BY z;\n"
        );
    }

    #[test]
    fn tablespaces_are_printed() {
        let space = Tablespace { name: "s".into(), location: Some("/a'b".into()), ..Tablespace::default() };
        let options = vec![setting("seq_page_cost", "1.5")];
        let in_place = Tablespace { name: "t".into(), options, ..Tablespace::default() };
        let model = Model { tablespaces: vec![space, in_place], ..Model::default() };
        assert_eq!(
            print_script(&model, &Options::default()),
            "CREATE TABLESPACE s LOCATION '/a''b';\n\
             SET allow_in_place_tablespaces = on;\n\
             CREATE TABLESPACE t LOCATION '' WITH (seq_page_cost=1.5);\n\
             RESET allow_in_place_tablespaces;\n"
        );
        assert_eq!(print_script(&model, &Options { tablespaces: false, ..Options::default() }), "");
    }

    #[test]
    fn databases_are_printed() {
        let database = Database {
            name: "D".into(),
            current: true,
            encoding: "UTF8".into(),
            lc_collate: "C".into(),
            lc_ctype: "C".into(),
            connection_limit: Some(7),
            settings: vec![setting("search_path", "\"a b\", c")],
            role_settings: vec![RoleSettings { role: "r".into(), settings: vec![setting("work_mem", "1MB")] }],
            ..Database::default()
        };
        let other = Database {
            name: "other".into(),
            current: false,
            locale_provider: LocaleProvider::Icu,
            lc_ctype: "x".into(),
            locale: Some("und".into()),
            icu_rules: Some("&a".into()),
            tablespace: Some("s".into()),
            no_connections: true,
            comment: Some("c".into()),
            settings: Vec::new(),
            role_settings: Vec::new(),
            connection_limit: None,
            ..database.clone()
        };
        let databases = vec![database, other];
        let model = Model { databases, server_version_num: 170_000, ..Model::default() };
        let own = "ALTER DATABASE \"D\" CONNECTION LIMIT 7;\n\
                   ALTER DATABASE \"D\" SET search_path TO 'a b', 'c';\n\
                   ALTER ROLE r IN DATABASE \"D\" SET work_mem TO '1MB';\n";
        assert_eq!(print_script(&model, &Options::default()), own);
        assert_eq!(
            print_script(&model, &Options { create_database: true, ..Options::default() }),
            format!(
                "CREATE DATABASE \"D\" TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C';\n{own}\
                 CREATE DATABASE other TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu LC_COLLATE 'C' LC_CTYPE 'x' \
                 ICU_LOCALE 'und' ICU_RULES '&a' TABLESPACE s;\n\
                 COMMENT ON DATABASE other IS 'c';\n\
                 ALTER DATABASE other ALLOW_CONNECTIONS false;\n"
            )
        );
    }

    #[test]
    fn targets_begin_with_the_word_of_their_kind() {
        let name = || "x".into();
        let model = Model {
            roles: vec![Role { name: name(), ..Role::default() }],
            tablespaces: vec![Tablespace { name: name(), ..Tablespace::default() }],
            databases: vec![Database { name: name(), ..Database::default() }],
            triggers: vec![crate::model::Trigger { name: name(), ..Default::default() }],
            rules: vec![crate::model::Rule { name: name(), ..Default::default() }],
            policies: vec![crate::model::Policy { name: name(), ..Default::default() }],
            event_triggers: vec![crate::model::EventTrigger { name: name(), ..Default::default() }],
            ..Model::default()
        };
        for object in model.objects() {
            let kind = object.object().key().kind.word().to_uppercase();
            let target = object.render().target();
            assert!(target.starts_with(&format!("{kind} x")), "{target}");
            assert!(drop_if_exists(&target).starts_with(&format!("DROP {kind} IF EXISTS x")), "{target}");
        }
    }
}
