//! Rule constraint_without_not_valid.

use pgmeta_core::ident::ident;
use pgmeta_core::model::{ConstraintKind, ObjectKind};

use crate::context::Report;
use crate::finding::Draft;
use crate::fix::Fix;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, ConstraintDefinition, ObjectName, StatementContext, begins_with, statements};

rule! {
    /// Constraint validated under the lock
    ///
    /// Reports foreign keys and checks that are added without NOT VALID to tables that the script has not created itself, also as
    /// part of a new column or of a domain that columns have, or validated in the transaction that adds them. A new foreign key of a
    /// column without a default needs no look at the rows, and is not reported.
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
        match action {
            Action::AddConstraint { table, constraint } if constraint.reads_rows() && cx.has_rows(table) => {
                report.add(draft(cx, table).fix(fix(cx, table, constraint)));
            }
            Action::ValidateConstraint { table, name } if cx.has_rows(table) && cx.adds_in_transaction(table, name) => {
                report.add(draft(cx, table));
            }
            Action::AddColumn { table, column, .. } if cx.has_rows(table) => {
                let has_value = column.default_functions.is_some() && !column.default_is_null;
                // The server knows that a foreign key of NULL holds.
                let reads =
                    |own: &ConstraintDefinition| own.reads_rows() && (own.kind == ConstraintKind::Check || has_value);
                if column.constraints.iter().any(reads) {
                    report.add(draft(cx, table).column(&column.name));
                }
            }
            Action::ConstrainDomain { name, checks: true, reads_rows: true, .. } => {
                let mut tables: Vec<_> = cx.names().columns_of_type(name).into_iter().map(|(table, _)| table).collect();
                tables.dedup();
                for table in tables.iter().filter(|table| cx.has_rows(table)) {
                    report.add(draft(cx, table));
                }
            }
            _ => {}
        }
    }
}

fn draft(cx: &StatementContext<'_, '_>, table: &ObjectName) -> Draft {
    let rows = cx.of_rows(table);
    cx.draft(ObjectKind::Table, table, format!("Table {table}{rows} is read for the constraint while others wait."))
}

fn fix(cx: &StatementContext<'_, '_>, table: &ObjectName, constraint: &ConstraintDefinition) -> Option<Fix> {
    // A foreign key of a partitioned table cannot be NOT VALID before 18.
    let is_partitioned = cx.table(table).is_some_and(|own| own.partition_by.is_some());
    let is_alone = cx.actions().filter(|action| !matches!(action, Action::Lock { .. })).count() == 1;
    let name = constraint.name.as_ref().filter(|_| is_alone && !is_partitioned && !cx.state.in_transaction())?;
    let exists = if begins_with(&cx.statement.sql, &["ALTER", "TABLE", "IF", "EXISTS"]) { "IF EXISTS " } else { "" };
    let validation = format!("ALTER TABLE {exists}{table} VALIDATE CONSTRAINT {}", ident(name));
    Some(statements([format!("{} NOT VALID", cx.statement.sql), validation]))
}
