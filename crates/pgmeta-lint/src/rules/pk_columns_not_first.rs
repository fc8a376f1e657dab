//! Rule pk_columns_not_first.

use crate::analysis::primary_key;
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Primary key that is not the first columns
    ///
    /// Reports tables in which another column stands before a column of the primary key. Columns of parents, which come first in tables
    /// that inherit, are not counted.
    ///
    /// # Why
    ///
    /// Readers of a table look for its key at the front. The order also decides how rows are laid out, a little.
    ///
    /// # Fix
    ///
    /// Put the key first when the table is created. The order of columns of a table cannot be changed.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.users (name text, id bigint PRIMARY KEY);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.users (id bigint PRIMARY KEY, name text);
    /// ```
    Rule {
        name: "pk_columns_not_first",
        level: Level::Info,
        category: Category::Design,
        enabled: false,
        peers: &["pg-index-health:tables_where_primary_key_columns_not_first"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for table in cx.own_tables() {
        let Some(key) = primary_key(cx.index, table) else { continue };
        let own = table.columns.iter().filter(|column| !column.has_parent || key.columns.contains(&column.name));
        if own.take(key.columns.len()).any(|column| !key.columns.contains(&column.name)) {
            let object = table.object_key();
            let detail = format!("The primary key of table {} is not its first columns.", object.identity());
            let columns: Vec<&str> = key.columns.iter().map(|column| &**column).collect();
            report.add(Draft::of(object, detail).fact("columns", columns));
        }
    }
}
