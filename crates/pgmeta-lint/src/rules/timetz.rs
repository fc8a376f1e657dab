//! Rule timetz.

use crate::analysis::all_typed;
use crate::context::{Context, Report};
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Time of day with time zone
    ///
    /// Reports columns and domains of type time with time zone, arrays of it included.
    ///
    /// # Why
    ///
    /// An offset without a date is of no use where clocks change in summer. PostgreSQL's documentation advises against the type.
    ///
    /// # Fix
    ///
    /// Use timestamp with time zone, or time and the name of a time zone.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.shops (id bigint PRIMARY KEY, opens timetz);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.shops (id bigint PRIMARY KEY, opens time, time_zone text);
    /// ```
    Rule {
        name: "timetz",
        level: Level::Warning,
        category: Category::Types,
        peers: &["pg-index-health:columns_with_timestamp_or_timetz_type"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for typed in all_typed(cx).filter(|typed| typed.data_type.base == "time with time zone") {
        report.add(typed.draft(&format!("has type {}", typed.name)));
    }
}
