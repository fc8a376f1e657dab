//! Rule large_object_column.

use crate::analysis::all_typed;
use crate::context::{Context, Report};
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Column that refers to large objects
    ///
    /// Reports columns and domains of type oid or lo.
    ///
    /// # Why
    ///
    /// A large object stays when the row that refers to it is deleted, has an owner and privileges of its own, and is not part of
    /// logical replication. An OID of something else may be another one after an upgrade.
    ///
    /// # Fix
    ///
    /// Use bytea for values up to some megabytes, or keep files elsewhere.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.files (id bigint PRIMARY KEY, content oid);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.files (id bigint PRIMARY KEY, content bytea);
    /// ```
    Rule {
        name: "large_object_column",
        level: Level::Info,
        category: Category::Types,
        peers: &["pg-index-health:columns_with_blob_type"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let is_reference = |base: &str| base == "oid" || base == "lo" || base.ends_with(".lo");
    for typed in all_typed(cx).filter(|typed| is_reference(&typed.data_type.base)) {
        report.add(typed.draft(&format!("has type {}", typed.name)));
    }
}
