//! Rule drop_column.

use pgmeta_core::model::ObjectKind;

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, StatementContext};

rule! {
    /// Column dropped
    ///
    /// Reports DROP COLUMN on tables that the script has not created itself.
    ///
    /// # Why
    ///
    /// The values are gone, and clients that still name the column fail. Views and functions that use it must be dropped first.
    ///
    /// # Fix
    ///
    /// Deploy clients that do not use the column first, then drop it.
    ///
    /// # Bad
    ///
    /// ```sql
    /// ALTER TABLE app.orders DROP COLUMN note;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// ALTER TABLE app.orders ALTER COLUMN note DROP NOT NULL;
    /// ```
    Rule {
        name: "drop_column",
        level: Level::Warning,
        category: Category::Migration,
        peers: &["squawk:ban-drop-column"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    for action in cx.actions() {
        match action {
            Action::DropColumn { table, column, .. } if cx.is_in_use(table) => {
                let detail = format!("Column {column} of table {table} is dropped with its values.");
                report.add(cx.draft(ObjectKind::Table, table, detail).column(column));
            }
            Action::Drop { kind, names, cascade: true, .. } => {
                for name in names {
                    for (table, column) in cx.names().columns_with(kind, name) {
                        let detail = format!("Column {column} of table {table} is dropped with {kind} {name}.");
                        report.add(cx.draft(ObjectKind::Table, &table, detail).column(&column));
                    }
                }
            }
            _ => {}
        }
    }
}
