//! Rule uncommitted_transaction.

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, StatementContext};

rule! {
    /// Transaction that is not ended
    ///
    /// Reports BEGIN without a COMMIT or ROLLBACK after it.
    ///
    /// # Why
    ///
    /// The changes are rolled back when the session ends, and until then their locks are held.
    ///
    /// # Fix
    ///
    /// Write COMMIT at the end.
    ///
    /// # Bad
    ///
    /// ```sql
    /// BEGIN;
    /// ALTER TABLE app.orders ADD COLUMN remark text;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// BEGIN;
    /// ALTER TABLE app.orders ADD COLUMN remark text;
    /// COMMIT;
    /// ```
    Rule {
        name: "uncommitted_transaction",
        level: Level::Warning,
        category: Category::Migration,
        peers: &["squawk:ban-uncommitted-transaction"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    let ends = |action: &Action| matches!(action, Action::Commit | Action::Rollback);
    let is_ended = cx.later().iter().flat_map(|statement| &statement.actions).any(ends);
    // AND CHAIN ends a transaction and begins one.
    let is_first = !cx.state.begun || cx.actions().any(ends);
    if cx.actions().any(|action| *action == Action::Begin) && !is_ended && is_first {
        report.add(cx.draft_of_statement("The transaction is not committed in the script."));
    }
}
