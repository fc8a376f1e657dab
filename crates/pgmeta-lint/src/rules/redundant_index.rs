//! Rule redundant_index.

use crate::analysis::{Likeness, replaceable_of_all};
use crate::context::{Context, Report};
use crate::finding::{Draft, sentence};
use crate::fix::drop_index;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Index that is the beginning of another one
    ///
    /// Reports a btree index whose key columns are the first key columns of another one with the same operator classes, collations and
    /// condition, or which stores fewer columns with the same key. Unique indexes, those of constraints, replica identities and
    /// those on which a table is clustered are not reported, nor are duplicates, which are another rule's.
    ///
    /// # Why
    ///
    /// The longer index serves the same searches. Every write maintains both.
    ///
    /// # Fix
    ///
    /// Drop the shorter index. It may be worth its cost if the longer one is many times as large.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY, customer_id bigint, placed_at timestamptz);
    /// CREATE INDEX orders_customer_idx ON app.orders (customer_id);
    /// CREATE INDEX orders_customer_placed_idx ON app.orders (customer_id, placed_at);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY, customer_id bigint, placed_at timestamptz);
    /// CREATE INDEX orders_placed_idx ON app.orders (placed_at);
    /// CREATE INDEX orders_customer_placed_idx ON app.orders (customer_id, placed_at);
    /// ```
    Rule {
        name: "redundant_index",
        level: Level::Warning,
        category: Category::Performance,
        peers: &["pglinter:B002", "pg-index-health:intersected_indexes"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for found in replaceable_of_all(cx).filter(|found| found.likeness == Likeness::Prefix) {
        let (own, by) = (found.index.key(), found.by.key());
        let detail = sentence(format!("{own} serves no search that {by} does not serve."));
        report.add(Draft::of(own, detail).fact("covered_by", by.identity()).fix(drop_index(cx, &found.index)));
    }
}
