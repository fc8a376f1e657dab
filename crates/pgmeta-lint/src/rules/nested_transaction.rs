//! Rule nested_transaction.

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, StatementContext};

rule! {
    /// BEGIN or COMMIT within a transaction
    ///
    /// Reports BEGIN in a transaction that the script has begun, and BEGIN, COMMIT and ROLLBACK with the option in_transaction,
    /// which says that a tool puts the script into a transaction.
    ///
    /// # Why
    ///
    /// The inner BEGIN is only a warning, and the first COMMIT ends the whole transaction: a failure after it is not rolled
    /// back.
    ///
    /// # Fix
    ///
    /// Remove the inner statements, or tell the migration tool to run the file without a transaction.
    ///
    /// # Bad
    ///
    /// ```sql
    /// BEGIN;
    /// BEGIN;
    /// COMMIT;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// BEGIN;
    /// COMMIT;
    /// ```
    Rule {
        name: "nested_transaction",
        level: Level::Warning,
        category: Category::Migration,
        peers: &["squawk:transaction-nesting"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    let of_tool = cx.state.in_transaction_of_tool;
    // AND CHAIN ends a transaction and begins one.
    let is_chain = cx.actions().any(|action| matches!(action, Action::Commit | Action::Rollback));
    for action in cx.actions() {
        let detail = match action {
            Action::Begin if !is_chain && (cx.state.begun || of_tool) => "A transaction is open already.",
            Action::Commit | Action::Rollback if of_tool => {
                "The statement ends the transaction that the tool has begun."
            }
            _ => continue,
        };
        report.add(cx.draft_of_statement(detail));
    }
}
