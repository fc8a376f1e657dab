//! Rule constraint_without_not_valid.

use pgmeta_core::ident::ident;
use pgmeta_core::model::{ConstraintKind, ObjectKind};

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, StatementContext, statements};

rule! {
    /// Constraint validated under the lock
    ///
    /// Reports foreign keys and checks that are added without NOT VALID to tables that the script has not created itself.
    ///
    /// # Why
    ///
    /// The server reads the whole table while writes wait, for a check all queries; a foreign key also blocks writes to the
    /// other table.
    ///
    /// # Fix
    ///
    /// Add the constraint NOT VALID, and validate it in another transaction.
    ///
    /// # Bad
    ///
    /// ```sql
    /// ALTER TABLE app.orders ADD CONSTRAINT positive CHECK (price > 0);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// ALTER TABLE app.orders ADD CONSTRAINT positive CHECK (price > 0) NOT VALID;
    /// ALTER TABLE app.orders VALIDATE CONSTRAINT positive;
    /// ```
    Rule {
        name: "constraint_without_not_valid",
        level: Level::Warning,
        category: Category::Migration,
        peers: &["squawk:constraint-missing-not-valid", "squawk:adding-foreign-key-constraint"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    for action in cx.actions() {
        let Action::AddConstraint { table, constraint } = action else { continue };
        let is_checked = matches!(constraint.kind, ConstraintKind::ForeignKey | ConstraintKind::Check);
        if !is_checked || constraint.not_valid || !cx.is_in_use(table) {
            continue;
        }
        let rows = cx.of_rows(table);
        let detail = format!("Table {table}{rows} is read for the constraint while others wait.");
        // A foreign key of a partitioned table cannot be NOT VALID before 18.
        let is_partitioned = cx.table(table).is_some_and(|own| own.partition_by.is_some());
        let is_alone = cx.statement.actions.len() == 1 && !is_partitioned;
        let fix = constraint.name.as_ref().filter(|_| is_alone && !cx.state.in_transaction).map(|name| {
            let validation = format!("ALTER TABLE {table} VALIDATE CONSTRAINT {}", ident(name));
            statements([format!("{} NOT VALID", cx.statement.sql), validation])
        });
        report.add(cx.draft(ObjectKind::Table, table, detail).fix(fix));
    }
}
