//! Rule reg_type_column.

use crate::analysis::{ColumnType, all_typed};
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::retype;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Column that keeps pg_upgrade from running
    ///
    /// Reports columns of tables and materialized views, and domains, whose type is one of regcollation, regconfig, regdictionary,
    /// regnamespace, regoper, regoperator, regproc, regprocedure, or an array of it. The types regclass, regrole and regtype are
    /// allowed.
    ///
    /// # Why
    ///
    /// The values are OIDs, which are others after an upgrade. pg_upgrade refuses the database.
    ///
    /// # Fix
    ///
    /// Store the name as text.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.jobs (id bigint PRIMARY KEY, handler regprocedure);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.jobs (id bigint PRIMARY KEY, handler text);
    /// ```
    Rule {
        name: "reg_type_column",
        level: Level::Error,
        category: Category::Types,
        peers: &["splinter:unsupported_reg_types"],
        judge: Judge::Schema(check),
    }
}

const TYPES: [&str; 8] =
    ["regcollation", "regconfig", "regdictionary", "regnamespace", "regoper", "regoperator", "regproc", "regprocedure"];

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for typed in all_typed(cx).filter(|typed| TYPES.contains(&&*typed.data_type.base)) {
        let new_type = if typed.data_type.is_array { "text[]" } else { "text" };
        let fix = typed.column.and_then(|(table, column)| retype(cx, table, &column.name, new_type));
        report.add(typed.draft(&format!("has type {}", typed.name)).fix(fix.map(|(fix, _)| fix)));
    }
    for view in &cx.model.materialized_views {
        for column in &view.columns {
            if TYPES.contains(&&*ColumnType::of(cx.index, &column.data_type).base) {
                let key = view.object_key();
                let detail = format!(
                    "Column {} of materialized view {} has type {}.",
                    column.name,
                    key.identity(),
                    column.data_type
                );
                report.add(Draft::of(key, detail).column(&column.name).fact("type", &*column.data_type));
            }
        }
    }
}
