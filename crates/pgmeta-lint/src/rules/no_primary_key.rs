//! Rule no_primary_key.

use pgmeta_core::model::ConstraintKind;

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Table without a primary key
    ///
    /// Reports ordinary and partitioned tables that have no primary key. Partitions are judged with their parent, tables that inherit
    /// are judged by themselves. Foreign tables are not reported.
    ///
    /// # Why
    ///
    /// Nothing distinguishes two rows with the same values: one of them cannot be updated or deleted alone. Logical replication of
    /// UPDATE and DELETE requires a key or writes whole rows, and tools that edit or move rows rely on one.
    ///
    /// # Fix
    ///
    /// Declare the columns that identify a row as the primary key, or add an identity column.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.visits (visitor uuid NOT NULL, at timestamptz NOT NULL);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.visits (visitor uuid, at timestamptz, PRIMARY KEY (visitor, at));
    /// ```
    Rule {
        name: "no_primary_key",
        level: Level::Warning,
        category: Category::Design,
        peers: &[
            "splinter:no_primary_key",
            "pglinter:B001",
            "pg-index-health:tables_without_primary_key",
        ],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for table in cx.own_tables() {
        let constraints = cx.index.constraints_of(&table.schema, &table.name);
        if !constraints.iter().any(|constraint| constraint.kind == ConstraintKind::PrimaryKey) {
            let key = table.object_key();
            let detail = format!("Table {} has no primary key.", key.identity());
            report.add(Draft::of(key, detail));
        }
    }
}
