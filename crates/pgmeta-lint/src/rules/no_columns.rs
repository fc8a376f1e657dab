//! Rule no_columns.

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Table without columns
    ///
    /// Reports tables that have no column.
    ///
    /// # Why
    ///
    /// It can hold rows, but no values. It is left over, or was meant to get columns.
    ///
    /// # Fix
    ///
    /// Drop the table, or add columns.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.t ();
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.t (id bigint PRIMARY KEY);
    /// ```
    Rule {
        name: "no_columns",
        level: Level::Info,
        category: Category::Design,
        peers: &["pg-index-health:tables_with_zero_or_one_column"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for table in cx.own_tables().filter(|table| table.columns.is_empty()) {
        let key = table.object_key();
        let detail = format!("Table {} has no columns.", key.identity());
        report.add(Draft::of(key, detail));
    }
}
