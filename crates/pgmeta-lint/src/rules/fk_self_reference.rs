//! Rule fk_self_reference.

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Foreign key of a table to itself
    ///
    /// Reports foreign keys whose table refers to itself: trees and lists.
    ///
    /// # Why
    ///
    /// Rows cannot be loaded in any order unless the constraint is deferrable or is created after the data, a row can refer to itself,
    /// and rows can refer to each other in a circle: recursive queries must stop then.
    ///
    /// # Fix
    ///
    /// Keep it where the table is a tree. A check can forbid a row that refers to itself, a CYCLE clause ends recursive queries.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.categories (id bigint PRIMARY KEY, parent_id bigint REFERENCES app.categories);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.categories (id bigint PRIMARY KEY, path text NOT NULL);
    /// ```
    Rule {
        name: "fk_self_reference",
        level: Level::Info,
        category: Category::Design,
        peers: &["pg-index-health:self_referenced_foreign_keys"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for constraint in cx.constraints() {
        let Some(key) = &constraint.foreign_key else { continue };
        if key.table.schema == constraint.schema && key.table.name == constraint.table {
            let own = constraint.object_key();
            let detail = format!("Foreign key {} refers to its own table.", own.identity());
            report.add(Draft::of(own, detail).fact("deferrable", constraint.deferrable));
        }
    }
}
