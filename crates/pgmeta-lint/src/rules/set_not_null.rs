//! Rule set_not_null.

use pgmeta_core::model::{ConstraintKind, ObjectKind};

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, ObjectName, StatementContext};

rule! {
    /// NOT NULL set with a scan under the lock
    ///
    /// Reports SET NOT NULL on tables that the script has not created itself, unless a valid CHECK (column IS NOT NULL) proves
    /// it already, by itself or joined with others by AND. The script may have added or validated the check itself. ADD PRIMARY
    /// KEY USING INDEX sets NOT NULL, too, and so does SET NOT NULL of a domain for all columns with it.
    ///
    /// # Why
    ///
    /// The server reads the whole table while all queries on it wait.
    ///
    /// # Fix
    ///
    /// Add CHECK (column IS NOT NULL) NOT VALID, validate it, set NOT NULL, and drop the check.
    ///
    /// # Bad
    ///
    /// ```sql
    /// ALTER TABLE app.orders ALTER COLUMN customer_id SET NOT NULL;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// ALTER TABLE app.orders ADD CONSTRAINT known CHECK (customer_id IS NOT NULL) NOT VALID;
    /// ALTER TABLE app.orders VALIDATE CONSTRAINT known;
    /// ALTER TABLE app.orders ALTER COLUMN customer_id SET NOT NULL;
    /// ALTER TABLE app.orders DROP CONSTRAINT known;
    /// ```
    Rule {
        name: "set_not_null",
        level: Level::Warning,
        category: Category::Migration,
        peers: &["squawk:adding-not-nullable-field"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    for action in cx.actions() {
        match action {
            Action::SetNotNull { table, column } => add(cx, table, column, report),
            Action::AddConstraint { table, constraint } if constraint.kind == ConstraintKind::PrimaryKey => {
                // Without an index, the server builds one, which another rule reports.
                let index = constraint.using_index.iter();
                for column in index.flat_map(|index| cx.index_columns(table, index)) {
                    add(cx, table, &column, report);
                }
            }
            Action::ConstrainDomain { name, not_null: Some(true), .. } => {
                for (table, column) in cx.names().columns_of_type(name) {
                    add(cx, &table, &column, report);
                }
            }
            _ => {}
        }
    }
}

fn add(cx: &StatementContext<'_, '_>, table: &ObjectName, column: &str, report: &mut Report<'_>) {
    if cx.reads_for_null(table, column) {
        let rows = cx.of_rows(table);
        let detail = format!("Queries wait until table {table}{rows} was read for NULL in column {column}.");
        report.add(cx.draft(ObjectKind::Table, table, detail).column(column));
    }
}
