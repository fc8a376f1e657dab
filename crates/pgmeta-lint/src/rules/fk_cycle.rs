//! Rule fk_cycle.

use pgmeta_core::model::{Constraint, Table};

use crate::analysis::cycles;
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Tables that refer to each other in a circle
    ///
    /// Reports sets of two or more tables each of which refers, by foreign keys, to the others directly or through others. There is one
    /// finding for each set, on its first table by name. A foreign key of a table to itself is another rule's.
    ///
    /// # Why
    ///
    /// The tables cannot be created in one statement each, and rows that refer to each other can be inserted only if a foreign key is
    /// deferrable or nullable.
    ///
    /// # Fix
    ///
    /// Make one of the foreign keys deferrable, or move its column into a table of its own.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.teams (id bigint PRIMARY KEY, lead_id bigint);
    /// CREATE TABLE app.people (id bigint PRIMARY KEY, team_id bigint REFERENCES app.teams);
    /// ALTER TABLE app.teams ADD FOREIGN KEY (lead_id) REFERENCES app.people;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.teams (id bigint PRIMARY KEY);
    /// CREATE TABLE app.people (id bigint PRIMARY KEY, team_id bigint REFERENCES app.teams);
    /// CREATE TABLE app.leads (team_id bigint PRIMARY KEY REFERENCES app.teams, person_id bigint REFERENCES app.people);
    /// ```
    Rule {
        name: "fk_cycle",
        level: Level::Info,
        category: Category::Design,
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for set in cycles(cx.model) {
        let Some(first) = set.first() else { continue };
        let names: Vec<String> = set.iter().map(|table| table.object_key().identity()).collect();
        let keys: Vec<&Constraint> = set.iter().flat_map(|table| inside(cx, table, &set)).collect();
        let deferrable = keys.iter().any(|key| key.deferrable);
        let detail = format!(
            "Tables {} refer to each other, and {} of their foreign keys is deferrable.",
            names.join(", "),
            if deferrable { "at least one" } else { "none" }
        );
        let draft = Draft::of(first.object_key(), detail).fact("tables", names).fact("deferrable", deferrable);
        let keys: Vec<String> = keys.iter().map(|key| key.object_key().identity()).collect();
        report.add(draft.fact("foreign_keys", keys));
    }
}

/// Returns the foreign keys of a table to others of a set.
fn inside<'m>(cx: &Context<'m>, table: &'m Table, set: &[&Table]) -> Vec<&'m Constraint> {
    let keys = cx.index.foreign_keys(&table.schema, &table.name).iter().copied();
    let is_inside = |key: &&Constraint| {
        let to = key.foreign_key.as_ref().map(|key| &key.table);
        to.is_some_and(|to| {
            let other = (&to.schema, &to.name);
            other != (&table.schema, &table.name) && set.iter().any(|own| (&own.schema, &own.name) == other)
        })
    };
    keys.filter(is_inside).collect()
}
