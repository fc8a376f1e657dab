//! Rule timestamp_without_tz.

use crate::analysis::all_typed;
use crate::context::{Context, Report};
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Timestamp without time zone
    ///
    /// Reports columns and domains of type timestamp without time zone, arrays of it included. Columns of a domain are judged with
    /// the domain.
    ///
    /// # Why
    ///
    /// The value is a reading of a clock somewhere. It is not known which point in time it is, and comparisons with `now()` depend on
    /// the session's time zone.
    ///
    /// # Fix
    ///
    /// Use timestamp with time zone: ALTER TABLE … ALTER COLUMN … TYPE timestamptz USING … AT TIME ZONE with the zone in which the
    /// values were written.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.visits (id bigint PRIMARY KEY, at timestamp);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.visits (id bigint PRIMARY KEY, at timestamptz);
    /// ```
    Rule {
        name: "timestamp_without_tz",
        level: Level::Warning,
        category: Category::Types,
        peers: &["squawk:prefer-timestamp-tz", "squawk:prefer-timestamptz", "pg-index-health:columns_with_timestamp_or_timetz_type"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for typed in all_typed(cx).filter(|typed| typed.data_type.base == "timestamp without time zone") {
        report.add(typed.draft(&format!("has type {}", typed.name)));
    }
}
