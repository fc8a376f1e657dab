//! Rule index_not_concurrent.

use pgmeta_core::model::ObjectKind;

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, ObjectName, StatementContext, with_concurrently};

rule! {
    /// Index built or dropped without CONCURRENTLY
    ///
    /// Reports CREATE INDEX and DROP INDEX without CONCURRENTLY on tables that the script has not created itself.
    ///
    /// # Why
    ///
    /// CREATE INDEX blocks all writes until the index is built, which takes minutes on a large table. DROP INDEX blocks reads too, and
    /// waits for every query that uses the table.
    ///
    /// # Fix
    ///
    /// Write CONCURRENTLY, outside of a transaction.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE INDEX orders_customer ON app.orders (customer_id);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE INDEX CONCURRENTLY orders_customer ON app.orders (customer_id);
    /// ```
    Rule {
        name: "index_not_concurrent",
        level: Level::Warning,
        category: Category::Migration,
        peers: &["squawk:require-concurrent-index-creation", "squawk:require-concurrent-index-deletion"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    for action in cx.actions() {
        // The server builds no index of a partitioned table CONCURRENTLY.
        let mut can = !cx.state.in_transaction();
        let draft = match action {
            Action::CreateIndex { table, concurrently: false, only: false, .. } if cx.is_in_use(table) => {
                can &= cx.table(table).is_none_or(|own| own.partition_by.is_none());
                let rows = cx.of_rows(table);
                let detail = format!("Writes to table {table}{rows} wait until the index is built.");
                cx.draft(ObjectKind::Table, table, detail)
            }
            Action::Drop { kind: "index", names, concurrently: false, cascade, .. } => {
                let Some(index) = names.iter().find(|name| cx.is_in_use(name)) else { continue };
                // With CONCURRENTLY, one index is dropped, and nothing with it.
                can &= names.len() == 1 && !cascade && !is_partitioned(cx, index);
                let detail = format!("All queries on the table of index {index} wait for DROP INDEX.");
                cx.draft(ObjectKind::Index, index, detail)
            }
            _ => continue,
        };
        report.add(draft.fix(with_concurrently(&cx.statement.sql, &["INDEX"]).filter(|_| can)));
    }
}

/// Returns whether an index belongs to a partitioned table.
fn is_partitioned(cx: &StatementContext<'_, '_>, index: &ObjectName) -> bool {
    let is_meant = |schema: &str| index.schema.as_deref().is_none_or(|own| own == schema);
    cx.cx.indexes().any(|own| own.on_partitioned && *own.name == *index.name && is_meant(&own.schema))
}
