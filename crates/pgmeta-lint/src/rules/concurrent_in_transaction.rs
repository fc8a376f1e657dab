//! Rule concurrent_in_transaction.

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, ObjectName, StatementContext};

rule! {
    /// Statement that cannot run in a transaction
    ///
    /// Reports CONCURRENTLY, VACUUM, ALTER SYSTEM, REINDEX of a schema, CREATE and DROP of a database or tablespace after BEGIN, and
    /// anywhere with the option in_transaction.
    ///
    /// # Why
    ///
    /// The server refuses the statement in a transaction (25001).
    ///
    /// # Fix
    ///
    /// Commit before it, or tell the migration tool to run the file without a transaction.
    ///
    /// # Bad
    ///
    /// ```sql
    /// BEGIN;
    /// CREATE INDEX CONCURRENTLY i ON app.orders (note);
    /// COMMIT;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE INDEX CONCURRENTLY i ON app.orders (note);
    /// ```
    Rule {
        name: "concurrent_in_transaction",
        level: Level::Error,
        category: Category::Migration,
        peers: &["squawk:ban-concurrent-index-creation-in-transaction"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    let is_partitioned = |name: &ObjectName| cx.table(name).is_some_and(|own| own.partition_by.is_some());
    let is_refused = |action: &Action| match action {
        Action::Reindex { object: Some(name), .. } | Action::Cluster { table: Some(name) } if is_partitioned(name) => {
            true
        }
        _ => action.needs_no_transaction(),
    };
    if cx.state.in_transaction() && cx.actions().any(is_refused) {
        report.add(cx.draft_of_statement("The server refuses the statement within a transaction."));
    }
}
