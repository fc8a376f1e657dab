//! Rule column_count.

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};
use crate::settings::RuleOption;

rule! {
    /// Table with very many columns
    ///
    /// Reports tables with more columns than the option allows. Partitions are judged with their parent.
    ///
    /// # Why
    ///
    /// Wide rows make every scan and every update of the table slower, and such a table often holds several things.
    ///
    /// # Fix
    ///
    /// Move columns that are used apart from the others into tables of their own.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// DO $$ BEGIN EXECUTE (SELECT 'CREATE TABLE app.t (' || string_agg('c' || n || ' int', ', ') || ')' FROM generate_series(1, 60) n); END $$;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.t (id int PRIMARY KEY, a int);
    /// ```
    Rule {
        name: "column_count",
        level: Level::Info,
        category: Category::Design,
        options: &[MAX_COLUMNS],
        judge: Judge::Schema(check),
    }
}

const MAX_COLUMNS: RuleOption = RuleOption::number("max_columns", 50, "The number of columns that a table may have.");

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let most = usize::try_from(cx.number(&MAX_COLUMNS)).unwrap_or(usize::MAX);
    for table in cx.own_tables().filter(|table| table.columns.len() > most) {
        let (key, count) = (table.object_key(), table.columns.len());
        let detail = format!("Table {} has {count} columns, and {most} are allowed.", key.identity());
        report.add(Draft::of(key, detail).fact("columns", count).fact("max_columns", most));
    }
}
