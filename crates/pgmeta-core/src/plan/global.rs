//! Changing objects outside of schemas: schemas, extensions, foreign servers, publications, subscriptions, default privileges.

use crate::ddl::{Render, Script, default_privileges};
use crate::diff::moves;
use crate::ident::{Name, ident, ident_list, literal};
use crate::model::*;
use crate::plan::alter::{Alter, Sides, Strategy};
use crate::plan::dependents::Dependents;
use crate::plan::lookup::By;
use crate::plan::parameters::option_changes;
use crate::plan::step::{Hazard, LockLevel, Statement};

impl Alter for Schema {
    fn strategy(&self, _new: &Self, _sides: &Sides<'_>) -> Strategy {
        Strategy::Alter
    }
}

impl Alter for Extension {
    fn strategy(&self, new: &Self, sides: &Sides<'_>) -> Strategy {
        // Extension scripts lead to newer versions only. A recreation would drop the users of the extension, too.
        let is_used = || !Dependents::of(sides.old.model).on(&self.key()).is_empty();
        // An extension that is not relocatable must be recreated. Not pgmeta: it runs the plan, and has records.
        let stays = self.schema != new.schema && self.not_relocatable && &*self.name != "pgmeta";
        if (is_older(&new.version, &self.version) || stays) && !is_used() { Strategy::Replace } else { Strategy::Alter }
    }

    fn alter(&self, new: &Self, _sides: &Sides<'_>, out: &mut Vec<Statement>) {
        let alter = format!("ALTER EXTENSION {}", ident(&new.name));
        if self.version != new.version {
            let sql = format!("{alter} UPDATE TO {}", literal(&new.version));
            out.push(Statement::new(&new.key(), sql).hazard(Hazard::UpgradingExtensionVersion));
        }
        if moves(self, new) {
            out.push(Statement::new(&new.key(), format!("{alter} SET SCHEMA {}", ident(&new.schema))));
        }
    }
}

/// Returns whether a version comes before another one: both are numbers with dots between.
fn is_older(version: &str, other: &str) -> bool {
    let numbers = |text: &str| text.split('.').map(|part| part.parse::<u32>().ok()).collect::<Option<Vec<_>>>();
    matches!((numbers(version), numbers(other)), (Some(version), Some(other)) if version < other)
}

impl Alter for ForeignDataWrapper {
    fn strategy(&self, _new: &Self, _sides: &Sides<'_>) -> Strategy {
        Strategy::Alter
    }

    fn alter(&self, new: &Self, _sides: &Sides<'_>, out: &mut Vec<Statement>) {
        let mut words = String::new();
        let functions = [("HANDLER", &self.handler, &new.handler), ("VALIDATOR", &self.validator, &new.validator)];
        for (word, was, is) in functions {
            match is {
                _ if was == is => {}
                Some(function) => words += &format!(" {word} {function}"),
                None => words += &format!(" NO {word}"),
            }
        }
        if let Some(changes) = option_changes(&self.options, &new.options) {
            words += &format!(" OPTIONS ({changes})");
        }
        if !words.is_empty() {
            out.push(Statement::new(&new.key(), format!("ALTER {}{words}", new.target())));
        }
    }
}

impl Alter for Server {
    fn strategy(&self, new: &Self, _sides: &Sides<'_>) -> Strategy {
        let fixed = self.foreign_data_wrapper != new.foreign_data_wrapper
            || self.server_type != new.server_type
            || (self.version.is_some() && new.version.is_none());
        if fixed { Strategy::Replace } else { Strategy::Alter }
    }

    fn alter(&self, new: &Self, _sides: &Sides<'_>, out: &mut Vec<Statement>) {
        let mut words = String::new();
        if let Some(version) = new.version.as_ref().filter(|_| self.version != new.version) {
            words += &format!(" VERSION {}", literal(version));
        }
        if let Some(changes) = option_changes(&self.options, &new.options) {
            words += &format!(" OPTIONS ({changes})");
        }
        if !words.is_empty() {
            out.push(Statement::new(&new.key(), format!("ALTER {}{words}", new.target())));
        }
    }
}

impl Alter for UserMapping {
    fn strategy(&self, _new: &Self, _sides: &Sides<'_>) -> Strategy {
        Strategy::Alter
    }

    fn alter(&self, new: &Self, _sides: &Sides<'_>, out: &mut Vec<Statement>) {
        if let Some(changes) = option_changes(&self.options, &new.options) {
            out.push(Statement::new(&new.key(), format!("ALTER {} OPTIONS ({changes})", new.target())));
        }
    }
}

impl Alter for Publication {
    fn strategy(&self, new: &Self, _sides: &Sides<'_>) -> Strategy {
        if self.all_tables != new.all_tables { Strategy::Replace } else { Strategy::Alter }
    }

    fn alter(&self, new: &Self, sides: &Sides<'_>, out: &mut Vec<Statement>) {
        let key = new.key();
        let alter = format!("ALTER {}", new.target());
        let olds = By::of(&self.tables, |table| (&table.schema, &table.name));
        let [were, are] = [self, new].map(|own| By::of(&own.schemas, |schema| schema));
        drop_members(self, new, out);
        for schema in self.schemas.iter().filter(|schema| !are.has(schema)) {
            out.push(Statement::new(&key, format!("{alter} DROP TABLES IN SCHEMA {}", ident(schema))));
        }
        for table in new.tables.iter().filter(|table| olds.get(&(&table.schema, &table.name)) != Some(table)) {
            let sql = format!("{alter} ADD TABLE {}", crate::ddl::publication::published(table));
            let statement = Statement::new(&key, sql);
            let there = sides.old.table(&table.schema, &table.name).is_some();
            out.push(if there { statement.lock(LockLevel::ShareUpdateExclusive) } else { statement });
        }
        for schema in new.schemas.iter().filter(|schema| !were.has(schema)) {
            out.push(Statement::new(&key, format!("{alter} ADD TABLES IN SCHEMA {}", ident(schema))));
        }
        let mut options = Vec::new();
        if self.publish != new.publish {
            let all = ["insert", "update", "delete", "truncate"].map(Name::from).to_vec();
            options.push(format!("publish = {}", literal(&new.publish.as_ref().unwrap_or(&all).join(", "))));
        }
        if self.publish_via_partition_root != new.publish_via_partition_root {
            options.push(format!("publish_via_partition_root = {}", new.publish_via_partition_root));
        }
        if self.publish_generated_columns != new.publish_generated_columns {
            options.push(format!("publish_generated_columns = {}", new.publish_generated_columns.word()));
        }
        if !options.is_empty() {
            out.push(Statement::new(&key, format!("{alter} SET ({})", options.join(", "))));
        }
    }
}

/// Appends the statements that remove tables which the other publication lacks or has with other attributes.
pub fn drop_members(old: &Publication, new: &Publication, out: &mut Vec<Statement>) {
    let news = By::of(&new.tables, |table| (&table.schema, &table.name));
    for table in old.tables.iter().filter(|table| news.get(&(&table.schema, &table.name)) != Some(table)) {
        let name = crate::ident::qualified(&table.schema, &table.name);
        let statement = Statement::new(&old.key(), format!("ALTER {} DROP TABLE ONLY {name}", old.target()));
        out.push(statement.lock(LockLevel::ShareUpdateExclusive));
    }
}

impl Alter for Subscription {
    fn strategy(&self, new: &Self, _sides: &Sides<'_>) -> Strategy {
        if self.two_phase != new.two_phase { Strategy::Replace } else { Strategy::Alter }
    }

    fn alter(&self, new: &Self, _sides: &Sides<'_>, out: &mut Vec<Statement>) {
        let key = new.key();
        let alter = format!("ALTER {}", new.target());
        if self.connection != new.connection
            && let Some(connection) = new.connection.as_ref().filter(|connection| !connection.contains(MASK))
        {
            out.push(Statement::new(&key, format!("{alter} CONNECTION {}", literal(connection))));
        }
        if self.publications != new.publications {
            let names = ident_list(&new.publications);
            out.push(Statement::new(&key, format!("{alter} SET PUBLICATION {names} WITH (refresh = false)")));
        }
        let mut options = Vec::new();
        let name = |name: &Option<Name>, otherwise: &str| name.as_deref().unwrap_or(otherwise).to_owned();
        if self.slot_name != new.slot_name {
            options.push(format!("slot_name = {}", new.slot_name.as_deref().map_or("NONE".to_owned(), literal)));
        }
        if self.streaming != new.streaming {
            options.push(format!("streaming = {}", new.streaming.word()));
        }
        if self.synchronous_commit != new.synchronous_commit {
            options.push(format!("synchronous_commit = {}", literal(&name(&new.synchronous_commit, "off"))));
        }
        if self.origin != new.origin {
            options.push(format!("origin = {}", name(&new.origin, "any")));
        }
        let flags = [
            ("binary", self.binary, new.binary),
            ("disable_on_error", self.disable_on_error, new.disable_on_error),
            ("password_required", !self.no_password_required, !new.no_password_required),
            ("run_as_owner", self.run_as_owner, new.run_as_owner),
            ("failover", self.failover, new.failover),
        ];
        options.extend(flags.iter().filter(|(_, was, is)| was != is).map(|(word, _, is)| format!("{word} = {is}")));
        if !options.is_empty() {
            out.push(Statement::new(&key, format!("{alter} SET ({})", options.join(", "))));
        }
    }
}

impl Alter for TextSearchDictionary {
    fn strategy(&self, _new: &Self, _sides: &Sides<'_>) -> Strategy {
        Strategy::Replace
    }
}

impl Alter for DefaultPrivileges {
    fn strategy(&self, _new: &Self, _sides: &Sides<'_>) -> Strategy {
        Strategy::Alter
    }

    fn alter(&self, new: &Self, sides: &Sides<'_>, out: &mut Vec<Statement>) {
        if sides.options.privileges {
            let mut script = Script::default();
            default_privileges::change(new, sides.new, &self.grants, &new.grants, &mut script);
            let statements = script.into_statements().into_iter();
            out.extend(statements.map(|sql| Statement::new(&new.key(), sql).hazard(Hazard::AuthzUpdate)));
        }
    }
}
