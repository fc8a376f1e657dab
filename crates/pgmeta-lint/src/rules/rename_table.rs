//! Rule rename_table.

use pgmeta_core::model::ObjectKind;

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, StatementContext};

rule! {
    /// Table or view renamed
    ///
    /// Reports RENAME TO of tables, views and materialized views that the script has not created itself.
    ///
    /// # Why
    ///
    /// Clients that use the old name fail as soon as the script is committed.
    ///
    /// # Fix
    ///
    /// Create a view with the old name in the same transaction, and drop it when no client uses it.
    ///
    /// # Bad
    ///
    /// ```sql
    /// ALTER TABLE app.orders RENAME TO purchases;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// ALTER INDEX app.orders_customer RENAME TO orders_by_customer;
    /// ```
    Rule {
        name: "rename_table",
        level: Level::Warning,
        category: Category::Migration,
        peers: &["squawk:renaming-table"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    for action in cx.actions() {
        let Action::Rename {
            kind: kind @ ("table" | "view" | "materialized view" | "foreign table"),
            object,
            part: None,
            ..
        } = action
        else {
            continue;
        };
        if cx.is_in_use(object) {
            report.add(cx.draft(
                ObjectKind::Table,
                object,
                format!("Clients that use {kind} {object} by its name fail."),
            ));
        }
    }
}
