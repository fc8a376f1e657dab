//! Rule single_column.

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Table with one column
    ///
    /// Reports tables with exactly one column, unless a foreign key refers to the table: then it is a list of values.
    ///
    /// # Why
    ///
    /// Such a table is often left over, or a column of another one.
    ///
    /// # Fix
    ///
    /// Drop it, move its values, or add what is missing.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.settings (value text);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.settings (name text PRIMARY KEY, value text);
    /// ```
    Rule {
        name: "single_column",
        level: Level::Info,
        category: Category::Design,
        peers: &["pg-index-health:tables_with_zero_or_one_column"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for table in cx.own_tables().filter(|table| table.columns.len() == 1) {
        if !cx.index.is_referenced(&table.schema, &table.name) {
            let key = table.object_key();
            let detail = format!("Table {} has one column.", key.identity());
            report.add(Draft::of(key, detail));
        }
    }
}
