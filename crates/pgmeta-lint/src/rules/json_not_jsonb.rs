//! Rule json_not_jsonb.

use crate::analysis::all_typed;
use crate::context::{Context, Report};
use crate::fix::retype;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// JSON stored as text
    ///
    /// Reports columns and domains of type json, arrays of it included.
    ///
    /// # Why
    ///
    /// The server parses the text at each access. The type has no equality, so DISTINCT, GROUP BY and UNION fail, and no index finds
    /// what is in it.
    ///
    /// # Fix
    ///
    /// Use jsonb, unless the text itself counts: jsonb keeps neither blanks, nor the order of keys, nor the first of two equal ones.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.events (id bigint PRIMARY KEY, payload json);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.events (id bigint PRIMARY KEY, payload jsonb);
    /// ```
    Rule {
        name: "json_not_jsonb",
        level: Level::Info,
        category: Category::Types,
        peers: &["pg-index-health:columns_with_json_type"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for typed in all_typed(cx).filter(|typed| typed.data_type.base == "json") {
        let plan = |(table, column): (_, &pgmeta_core::model::Column)| retype(cx, table, &column.name, "jsonb");
        let fix = typed.column.filter(|_| !typed.data_type.is_array).and_then(plan);
        report.add(typed.draft(&format!("has type {}", typed.name)).fix(fix.map(|(fix, _)| fix)));
    }
}
