//! Rule duplicate_index.

use crate::analysis::{Likeness, replaceable_of_all};
use crate::context::{Context, Report};
use crate::finding::{Draft, sentence};
use crate::fix::drop_index;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Two indexes that do the same
    ///
    /// Reports an index if another one of its table has the same access method, key columns and expressions, operator classes,
    /// collations, condition and stored columns. Two that are sorted in opposite directions are the same: an index is read both ways.
    /// Of the two the primary key, the constraint or the unique index stays. An index that enforces more than the other is not
    /// reported. Parts of partitioned indexes are judged with these.
    ///
    /// # Why
    ///
    /// Every write maintains both, both use disk and cache, and the planner uses one of them.
    ///
    /// # Fix
    ///
    /// Drop the index that is reported.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.users (id bigint PRIMARY KEY, email text UNIQUE);
    /// CREATE INDEX users_email_idx ON app.users (email);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.users (id bigint PRIMARY KEY, email text UNIQUE);
    /// CREATE INDEX users_email_idx ON app.users (email text_pattern_ops);
    /// ```
    Rule {
        name: "duplicate_index",
        level: Level::Warning,
        category: Category::Performance,
        peers: &["splinter:duplicate_index", "pglinter:B002", "pg-index-health:duplicated_indexes"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for found in replaceable_of_all(cx).filter(|found| found.likeness == Likeness::Same) {
        let (own, by) = (found.index.key(), found.by.key());
        let detail = sentence(format!("{own} is a duplicate of {by}."));
        report.add(Draft::of(own, detail).fact("duplicate_of", by.identity()).fix(drop_index(cx, &found.index)));
    }
}
