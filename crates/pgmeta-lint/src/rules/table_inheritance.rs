//! Rule table_inheritance.

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Table that inherits from another one
    ///
    /// Reports tables with INHERITS. Partitions are not reported.
    ///
    /// # Why
    ///
    /// Unique constraints, primary keys and foreign keys hold for each table alone: two rows of the family can have one key, and a
    /// reference to the parent does not find the rows of its children.
    ///
    /// # Fix
    ///
    /// Use partitions for rows of one kind, or tables with a common key for different kinds.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.animals (id bigint PRIMARY KEY);
    /// CREATE TABLE app.dogs (breed text) INHERITS (app.animals);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.animals (id bigint PRIMARY KEY);
    /// CREATE TABLE app.dogs (id bigint PRIMARY KEY REFERENCES app.animals, breed text);
    /// ```
    Rule {
        name: "table_inheritance",
        level: Level::Info,
        category: Category::Design,
        peers: &["pg-index-health:tables_with_inheritance"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for table in cx.own_tables().filter(|table| !table.inherits.is_empty()) {
        let key = table.object_key();
        let parents = table.inherits.iter().map(|own| pgmeta_core::ident::qualified(&own.schema, &own.name));
        let parents: Vec<String> = parents.collect();
        let detail = format!("Table {} inherits from {}.", key.identity(), parents.join(", "));
        report.add(Draft::of(key, detail).fact("parents", parents));
    }
}
