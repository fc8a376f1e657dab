//! Rule char_n.

use crate::analysis::all_typed;
use crate::context::{Context, Report};
use crate::fix::retype;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Text that is padded with blanks
    ///
    /// Reports columns and domains of type character(n). The type "char" of system catalogs is another one.
    ///
    /// # Why
    ///
    /// Values are filled up with blanks to the length, are stored so, and lose blanks at their end in comparisons. The length saves
    /// no room.
    ///
    /// # Fix
    ///
    /// Use text, or varchar(n) to keep the limit.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.countries (code char(2) PRIMARY KEY);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.countries (code text PRIMARY KEY CHECK (length(code) = 2));
    /// ```
    Rule {
        name: "char_n",
        level: Level::Info,
        category: Category::Types,
        peers: &["squawk:ban-char-field", "pg-index-health:columns_with_char_type"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for typed in all_typed(cx).filter(|typed| matches!(&*typed.data_type.base, "character" | "bpchar")) {
        let length = typed.data_type.modifier.as_ref().map(|length| format!("character varying({length})"));
        let new_type = length.unwrap_or_else(|| "text".to_owned());
        let plan = |(table, column): (_, &pgmeta_core::model::Column)| retype(cx, table, &column.name, &new_type);
        let fix = typed.column.filter(|_| !typed.data_type.is_array).and_then(plan);
        let (fix, others) = fix.unzip();
        let draft = typed.draft(&format!("has type {}", typed.name)).fix(fix);
        report.add(draft.fact("also_changed", others.unwrap_or_default()));
    }
}
