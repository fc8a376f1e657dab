//! Changing roles and databases: their attributes, and their settings (ALTER … SET).

use crate::ddl::cluster::FLAGS;
use crate::ddl::settings::assignment;
use crate::diff::NEVER;
use crate::ident::{Name, ident, literal};
use crate::model::{Database, Object, ObjectKey, Role, RoleSettings, Setting};
use crate::plan::alter::{Alter, Sides, Strategy};
use crate::plan::lookup::By;
use crate::plan::step::{Hazard, Statement};

impl Alter for Role {
    fn strategy(&self, _new: &Self, _sides: &Sides<'_>) -> Strategy {
        Strategy::Alter
    }

    fn alter(&self, new: &Self, _sides: &Sides<'_>, out: &mut Vec<Statement>) {
        let key = new.key();
        let mut words = String::new();
        for (word, is_on) in FLAGS {
            if is_on(self) != is_on(new) {
                words += &format!(" {}{word}", if is_on(new) { "" } else { "NO" });
            }
        }
        if self.connection_limit != new.connection_limit {
            words += &format!(" CONNECTION LIMIT {}", new.connection_limit.unwrap_or(-1));
        }
        // A target without a password may be a masked snapshot.
        if let Some(password) = new.password.as_ref().filter(|_| self.password != new.password) {
            words += &format!(" PASSWORD {}", literal(password));
        }
        let [was, is] = [self, new].map(|role| role.valid_until.as_deref().unwrap_or(NEVER));
        if was != is {
            words += &format!(" VALID UNTIL {}", literal(is));
        }
        let alter = format!("ALTER {}", target(new));
        if !words.is_empty() {
            out.push(Statement::new(&key, format!("{alter}{words}")).hazard(Hazard::AuthzUpdate));
        }
        settings(&key, &alter, &self.settings, &new.settings, out);
    }
}

fn target(role: &Role) -> String {
    crate::ddl::Render::target(role)
}

/// Returns the statements that reset the settings of all roles.
pub fn drop_statement(all: &Role, sides: &Sides<'_>) -> Vec<Statement> {
    let mut out = Vec::new();
    all.alter(&Role { settings: Vec::new(), ..all.clone() }, sides, &mut out);
    out
}

impl Alter for Database {
    fn strategy(&self, _new: &Self, _sides: &Sides<'_>) -> Strategy {
        Strategy::Alter
    }

    fn alter(&self, new: &Self, _sides: &Sides<'_>, out: &mut Vec<Statement>) {
        let key = new.key();
        let target = format!("DATABASE {}", ident(&new.name));
        let alter = format!("ALTER {target}");
        if self.connection_limit != new.connection_limit {
            let limit = new.connection_limit.unwrap_or(-1);
            out.push(Statement::new(&key, format!("{alter} CONNECTION LIMIT {limit}")));
        }
        if self.is_template != new.is_template {
            out.push(Statement::new(&key, format!("{alter} IS_TEMPLATE {}", new.is_template)));
        }
        // Not for the database that the plan runs in.
        if self.no_connections != new.no_connections && !new.current {
            out.push(Statement::new(&key, format!("{alter} ALLOW_CONNECTIONS {}", !new.no_connections)));
        }
        settings(&key, &alter, &self.settings, &new.settings, out);
        let [olds, news] = [self, new].map(|side| By::of(&side.role_settings, |own: &RoleSettings| &own.role));
        let mut of_role = |role: &Name, old: &[Setting], new: &[Setting]| {
            settings(&key, &format!("ALTER ROLE {} IN {target}", ident(role)), old, new, out);
        };
        for own in self.role_settings.iter().filter(|own| !news.has(&&own.role)) {
            of_role(&own.role, &own.settings, &[]);
        }
        for own in &new.role_settings {
            of_role(&own.role, olds.get(&&own.role).map_or(&[], |old| &old.settings), &own.settings);
        }
    }
}

/// Appends RESET and SET for the settings that change.
fn settings(key: &ObjectKey, alter: &str, old: &[Setting], new: &[Setting], out: &mut Vec<Statement>) {
    let [olds, news] = [old, new].map(|list| By::of(list, |setting| &setting.name));
    for setting in old.iter().filter(|setting| !news.has(&&setting.name)) {
        out.push(Statement::new(key, format!("{alter} RESET {}", ident(&setting.name))));
    }
    for setting in new.iter().filter(|setting| olds.get(&&setting.name) != Some(setting)) {
        out.push(Statement::new(key, format!("{alter} SET {}", assignment(setting))));
    }
}

#[cfg(test)]
mod tests {
    use crate::diff::{diff, rename};
    use crate::model::{JsonError, Model};
    use crate::plan::{Options, plan};

    fn side(objects: &str) -> Result<Model, JsonError> {
        Model::from_json(&format!(r#"{{"format_version": 1, "server_version_num": 150000, {objects}}}"#))
    }

    fn steps(old: &str, new: &str) -> Vec<String> {
        let (Ok(mut old), Ok(new)) = (side(old), side(new)) else { return vec!["no model".into()] };
        assert!(rename(&mut old, &new, &Default::default()).is_ok());
        plan(&old, &new, &[], &Options::default())
            .unwrap_or_default()
            .into_iter()
            .map(|step| step.statement.sql)
            .collect()
    }

    #[test]
    fn alter_role_lists_only_changes() {
        let role = |more: &str| format!(r#""roles": [{{"name": "a b"{more}}}]"#);
        let old = role(
            r#", "login": true, "connection_limit": 3, "valid_until": "2030-01-01 00:00:00+00",
               "settings": [{"name": "work_mem", "value": "1MB"}, {"name": "role", "value": "x"}]"#,
        );
        let new = role(
            r#", "create_db": true, "no_inherit": true, "password": "SCRAM-SHA-256$1",
               "settings": [{"name": "search_path", "value": "\"A b\", c"}, {"name": "work_mem", "value": "2MB"}]"#,
        );
        assert_eq!(
            steps(&old, &new),
            [
                "ALTER ROLE \"a b\" NOINHERIT CREATEDB NOLOGIN CONNECTION LIMIT -1 PASSWORD 'SCRAM-SHA-256$1' VALID UNTIL 'infinity'",
                "ALTER ROLE \"a b\" RESET role",
                "ALTER ROLE \"a b\" SET search_path TO 'A b', 'c'",
                "ALTER ROLE \"a b\" SET work_mem TO '2MB'"
            ]
        );
        assert!(steps(&role(r#", "valid_until": "infinity""#), &role("")).is_empty());
        let settings = r#", "settings": [{"name": "b", "value": "1"}, {"name": "a", "value": "1"}]"#;
        let recreated_types = r#", "settings": [{"name": "a", "value": "1"}, {"name": "b", "value": "1"}]"#;
        assert!(steps(&role(settings), &role(recreated_types)).is_empty());
    }

    #[test]
    fn settings_of_all_roles_are_reset() {
        let all = r#""roles": [{"name": "", "settings": [{"name": "work_mem", "value": "1MB"}]}]"#;
        let none = r#""roles": []"#;
        assert_eq!(steps(all, none), ["ALTER ROLE ALL RESET work_mem"]);
        assert_eq!(steps(none, all), ["ALTER ROLE ALL SET work_mem TO '1MB'"]);
    }

    #[test]
    fn unchangeable_database_attributes_stay() {
        let database = |roles: &str, more: &str| {
            format!(
                r#""roles": [{roles}], "databases": [{{"name": "d", "current": true, "encoding": "UTF8", "lc_collate": "C", "lc_ctype": "C"{more}}}]"#
            )
        };
        let old = database(
            r#"{"name": "gone"}, {"name": "r"}"#,
            r#", "is_template": true, "role_settings": [
                {"role": "gone", "settings": [{"name": "work_mem", "value": "1MB"}]},
                {"role": "r", "settings": [{"name": "work_mem", "value": "1MB"}, {"name": "jit", "value": "off"}]}]"#,
        );
        let new = database(
            r#"{"name": "r"}"#,
            r#", "connection_limit": 5, "settings": [{"name": "jit", "value": "on"}], "role_settings": [
                {"role": "r", "settings": [{"name": "work_mem", "value": "2MB"}]}]"#,
        );
        assert_eq!(
            steps(&old, &new),
            [
                "ALTER DATABASE d CONNECTION LIMIT 5",
                "ALTER DATABASE d IS_TEMPLATE false",
                "ALTER DATABASE d SET jit TO 'on'",
                "ALTER ROLE gone IN DATABASE d RESET work_mem",
                "ALTER ROLE r IN DATABASE d RESET jit",
                "ALTER ROLE r IN DATABASE d SET work_mem TO '2MB'",
                "DROP ROLE gone"
            ]
        );
        let closed = database("", r#", "no_connections": true"#);
        assert_eq!(steps(&database("", ""), &closed), ["-- database d differs in no_connections"]);
    }

    #[test]
    fn a_multirange_comment_belongs_to_its_range_type() {
        let range = |comment: &str| {
            format!(
                r#""types": [{{"schema": "s", "name": "r", "range": {{"subtype": "integer", "multirange": {{"schema": "s", "name": "m"{comment}}}}}}}]"#
            )
        };
        let (old, new) = (range(""), range(r#", "comment": "x""#));
        assert_eq!(steps(&old, &new), ["COMMENT ON TYPE s.m IS 'x'"]);
        assert!(side(&old).is_ok_and(|old| diff(&old, &old).is_empty()));
    }
}
