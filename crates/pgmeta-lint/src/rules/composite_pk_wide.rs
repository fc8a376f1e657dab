//! Rule composite_pk_wide.

use crate::analysis::primary_key;
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};
use crate::settings::RuleOption;

rule! {
    /// Primary key of many columns
    ///
    /// Reports primary keys with more columns than the option allows.
    ///
    /// # Why
    ///
    /// Every table that refers to it repeats all the columns, in its rows and in its indexes.
    ///
    /// # Fix
    ///
    /// Add an identity column as the primary key, and keep the columns as a unique constraint.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.seats (house int, floor int, room int, line int, seat int,
    ///     PRIMARY KEY (house, floor, room, line, seat));
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.seats (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, house int, floor int, room int, line int, seat int,
    ///     UNIQUE (house, floor, room, line, seat));
    /// ```
    Rule {
        name: "composite_pk_wide",
        level: Level::Info,
        category: Category::Design,
        options: &[MAX_COLUMNS],
        peers: &["pglinter:B012"],
        judge: Judge::Schema(check),
    }
}

const MAX_COLUMNS: RuleOption =
    RuleOption::number("max_columns", 4, "The number of columns that a primary key may have.");

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let most = usize::try_from(cx.number(&MAX_COLUMNS)).unwrap_or(usize::MAX);
    for table in cx.own_tables() {
        let Some(key) = primary_key(cx.index, table).filter(|key| key.columns.len() > most) else { continue };
        let (own, count) = (key.object_key(), key.columns.len());
        let detail = format!("Primary key {} has {count} columns, and {most} are allowed.", own.identity());
        report.add(Draft::of(own, detail).fact("columns", count).fact("max_columns", most));
    }
}
