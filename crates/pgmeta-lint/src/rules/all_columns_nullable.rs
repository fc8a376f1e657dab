//! Rule all_columns_nullable.

use crate::analysis::primary_key;
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};
use crate::settings::RuleOption;

rule! {
    /// Table in which everything may be null
    ///
    /// Reports tables in which every column beside those of the primary key may be null, if there are at least as many as the option
    /// says.
    ///
    /// # Why
    ///
    /// A row without any value is allowed. Queries and programs have to handle nulls that are not meant to be there.
    ///
    /// # Fix
    ///
    /// Declare the columns NOT NULL that every row has.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.users (id bigint PRIMARY KEY, name text, email text);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.users (id bigint PRIMARY KEY, name text NOT NULL, email text);
    /// ```
    Rule {
        name: "all_columns_nullable",
        level: Level::Info,
        category: Category::Design,
        options: &[MIN_COLUMNS],
        peers: &["pg-index-health:tables_where_all_columns_nullable_except_pk"],
        judge: Judge::Schema(check),
    }
}

const MIN_COLUMNS: RuleOption =
    RuleOption::number("min_columns", 2, "The number of such columns from which a table is reported.");

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let least = usize::try_from(cx.number(&MIN_COLUMNS)).unwrap_or(usize::MAX);
    for table in cx.own_tables() {
        let key = primary_key(cx.index, table);
        let in_key = |name| key.is_some_and(|key| key.columns.contains(name));
        let mut others = table.columns.iter().filter(|column| !in_key(&column.name) && column.generated.is_none());
        let count = others.clone().count();
        if count >= least && count > 0 && others.all(|column| column.not_null.is_none()) {
            let object = table.object_key();
            let detail = format!("All {count} columns of table {} beside its key may be null.", object.identity());
            report.add(Draft::of(object, detail).fact("columns", count));
        }
    }
}
