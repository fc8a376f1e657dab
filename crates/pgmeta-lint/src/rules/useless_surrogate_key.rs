//! Rule useless_surrogate_key.

use std::collections::BTreeSet;

use pgmeta_core::model::Constraint;
use rustc_hash::FxHashSet;

use crate::analysis::{is_generated, primary_key};
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Junction table with a key of its own
    ///
    /// Reports tables whose primary key is one generated column to which nothing refers, while all other columns are those of two or more
    /// foreign keys.
    ///
    /// # Why
    ///
    /// The pair of foreign keys identifies a row. The additional column and its index are stored for nothing, and without a unique
    /// constraint the pair can be there twice.
    ///
    /// # Fix
    ///
    /// Make the foreign key columns the primary key, and drop the column.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.users (id bigint PRIMARY KEY);
    /// CREATE TABLE app.teams (id bigint PRIMARY KEY);
    /// CREATE TABLE app.members (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ///     user_id bigint REFERENCES app.users, team_id bigint REFERENCES app.teams);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.users (id bigint PRIMARY KEY);
    /// CREATE TABLE app.teams (id bigint PRIMARY KEY);
    /// CREATE TABLE app.members (user_id bigint REFERENCES app.users, team_id bigint REFERENCES app.teams,
    ///     PRIMARY KEY (user_id, team_id));
    /// ```
    Rule {
        name: "useless_surrogate_key",
        level: Level::Info,
        category: Category::Design,
        enabled: false,
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let referenced: FxHashSet<(&str, &str)> = cx
        .constraints()
        .filter_map(|own| own.foreign_key.as_ref())
        .map(|key| (&*key.table.schema, &*key.table.name))
        .collect();
    for table in cx.own_tables() {
        let Some(key) = primary_key(cx.index, table) else { continue };
        let [name] = key.columns.as_slice() else { continue };
        let is_surrogate = cx.index.column(table, name).is_some_and(is_generated);
        let keys = cx.index.foreign_keys(&table.schema, &table.name);
        let sets: BTreeSet<&[_]> = keys.iter().map(|own: &&Constraint| own.columns.as_slice()).collect();
        let mut others = table.columns.iter().filter(|column| column.name != *name);
        let is_junction =
            sets.len() > 1 && others.all(|column| sets.iter().any(|columns| columns.contains(&column.name)));
        if is_surrogate && is_junction && !referenced.contains(&(&*table.schema, &*table.name)) {
            let own = table.object_key();
            let detail = format!("Junction table {} has the primary key {name}, which nothing uses.", own.identity());
            report.add(Draft::of(own, detail).column(name));
        }
    }
}
