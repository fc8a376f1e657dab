//! Rule drop_not_null.

use pgmeta_core::model::ObjectKind;

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, StatementContext};

rule! {
    /// NOT NULL dropped
    ///
    /// Reports DROP NOT NULL on tables that the script has not created itself.
    ///
    /// # Why
    ///
    /// Clients that expect a value may get NULL.
    ///
    /// # Fix
    ///
    /// Make the clients ready for NULL first.
    ///
    /// # Bad
    ///
    /// ```sql
    /// ALTER TABLE app.orders ALTER COLUMN note DROP NOT NULL;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// ALTER TABLE app.orders ALTER COLUMN note SET DEFAULT 'none';
    /// ```
    Rule {
        name: "drop_not_null",
        level: Level::Warning,
        category: Category::Migration,
        peers: &["squawk:ban-drop-not-null"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    for action in cx.actions() {
        let Action::DropNotNull { table, column } = action else { continue };
        if cx.is_in_use(table) {
            let detail = format!("Column {column} of table {table} may be NULL afterwards.");
            report.add(cx.draft(ObjectKind::Table, table, detail).column(column));
        }
    }
}
