//! Rule detach_not_concurrent.

use pgmeta_core::model::ObjectKind;

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, ObjectName, StatementContext, statements};

rule! {
    /// Partition detached without CONCURRENTLY
    ///
    /// Reports DETACH PARTITION without CONCURRENTLY.
    ///
    /// # Why
    ///
    /// All queries on the partitioned table wait.
    ///
    /// # Fix
    ///
    /// Write DETACH PARTITION … CONCURRENTLY, outside of a transaction. It requires that the table has no default partition.
    ///
    /// # Bad
    ///
    /// ```sql
    /// ALTER TABLE app.events DETACH PARTITION app.events_2024;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// ALTER TABLE app.events DETACH PARTITION app.events_2024 CONCURRENTLY;
    /// ```
    Rule {
        name: "detach_not_concurrent",
        level: Level::Warning,
        category: Category::Migration,
        peers: &["squawk:require-concurrent-partition-detach"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    for action in cx.actions() {
        let Action::DetachPartition { table, partition, concurrently: false } = action else { continue };
        if cx.is_in_use(table) {
            let detail = format!("All queries on table {table} wait until partition {partition} is detached.");
            let can = !cx.state.in_transaction() && !has_default(cx, table);
            let fix = can.then(|| statements([format!("{} CONCURRENTLY", cx.statement.sql)]));
            report.add(cx.draft(ObjectKind::Table, table, detail).fix(fix));
        }
    }
}

/// Returns whether a table has a default partition, or is not known.
fn has_default(cx: &StatementContext<'_, '_>, table: &ObjectName) -> bool {
    let Some(table) = cx.table(table) else { return true };
    cx.cx.index.default_partition(&table.schema, &table.name).is_some()
}
