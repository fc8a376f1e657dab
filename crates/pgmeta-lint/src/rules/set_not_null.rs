//! Rule set_not_null.

use pgmeta_core::model::{Constraint, ConstraintKind, ObjectKind};

use crate::analysis::implies_not_null;
use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, ObjectName, StatementContext};

rule! {
    /// NOT NULL set with a scan under the lock
    ///
    /// Reports SET NOT NULL on tables that the script has not created itself, unless a valid CHECK (column IS NOT NULL) proves
    /// it already, by itself or joined with others by AND. The script may have added or validated the check itself.
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
        let Action::SetNotNull { table, column } = action else { continue };
        if cx.has_rows(table) && !is_proved(cx, table, column) {
            let rows = cx.of_rows(table);
            let detail = format!("Queries wait until table {table}{rows} was read for NULL in column {column}.");
            report.add(cx.draft(ObjectKind::Table, table, detail).column(column));
        }
    }
}

/// Returns whether the column is NOT NULL already, or a valid check of the table proves that it has no NULL.
fn is_proved(cx: &StatementContext<'_, '_>, name: &ObjectName, column: &str) -> bool {
    let names = cx.names();
    let Some(relation) = names.find(name) else { return false };
    let Some((own, before)) = cx.column(name, column) else { return names.is_proved(&relation, column) };
    if own.not_null.unwrap_or_else(|| before.is_some_and(|own| own.not_null.is_some())) {
        return true;
    }
    // The server drops constraints of the same statement before.
    let drops = |constraint: &str| {
        cx.actions().any(|action| matches!(action, Action::DropConstraint { name, .. } if name == constraint))
    };
    if names.is_proved(&relation, column) {
        return true;
    }
    let (Some(table), Some(before)) = (cx.table(name), before) else { return false };
    let of_table = cx.cx.index.constraints_of(&table.schema, &table.name).iter();
    let is_valid =
        |own: &Constraint| names.is_valid(&relation, &own.name).unwrap_or(!own.not_valid) && !drops(&own.name);
    let mut checks = of_table.filter(|own| own.kind == ConstraintKind::Check && is_valid(own));
    checks.any(|own| own.expression.as_deref().is_some_and(|text| implies_not_null(text, &before.name)))
}
