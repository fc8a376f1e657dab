//! Rule varchar_n.

use crate::analysis::all_typed;
use crate::context::{Context, Report};
use crate::fix::retype;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Text with a maximum length
    ///
    /// Reports columns and domains of type varchar(n).
    ///
    /// # Why
    ///
    /// Limits change, and to shorten one the server has to read the table while nobody uses it. PostgreSQL needs no limit to store a
    /// text well.
    ///
    /// # Fix
    ///
    /// Use text, with a check if there is a limit: it can be changed without blocking the table.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.users (id bigint PRIMARY KEY, name varchar(100));
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.users (id bigint PRIMARY KEY, name text);
    /// ```
    Rule {
        name: "varchar_n",
        level: Level::Info,
        category: Category::Types,
        enabled: false,
        peers: &["squawk:prefer-text-field", "pg-index-health:columns_with_fixed_length_varchar"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let is_limited =
        |data_type: &crate::analysis::ColumnType| data_type.base == "character varying" && data_type.modifier.is_some();
    for typed in all_typed(cx).filter(|typed| is_limited(&typed.data_type)) {
        let new_type = if typed.data_type.is_array { "text[]" } else { "text" };
        let fix = typed.column.and_then(|(table, column)| retype(cx, table, &column.name, new_type));
        let (fix, others) = fix.unzip();
        let draft = typed.draft(&format!("has type {}", typed.name)).fix(fix);
        report.add(draft.fact("also_changed", others.unwrap_or_default()));
    }
}
