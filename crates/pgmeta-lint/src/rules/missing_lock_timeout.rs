//! Rule missing_lock_timeout.

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{StatementContext, statements};

rule! {
    /// Strong lock without lock_timeout
    ///
    /// Reports the first statement of a script that takes a strong lock on a relation that the script has not created itself,
    /// if lock_timeout was not set before. A role or a database with the setting is not known here.
    ///
    /// # Why
    ///
    /// A statement that waits for a strong lock makes all later queries on the table wait behind it, for as long as one old
    /// transaction lasts.
    ///
    /// # Fix
    ///
    /// Set lock_timeout at the start of the script.
    ///
    /// # Bad
    ///
    /// ```sql
    /// ALTER TABLE app.orders ADD COLUMN remark text;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// SET lock_timeout = '2s';
    /// ALTER TABLE app.orders ADD COLUMN remark text;
    /// ```
    Rule {
        name: "missing_lock_timeout",
        level: Level::Warning,
        category: Category::Migration,
        peers: &["squawk:require-timeout-settings"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    if cx.state.lock_timeout() || cx.state.has_locked_without_lock_timeout {
        return;
    }
    if let Some(name) = cx.locked().first() {
        let detail = format!("The statement takes a strong lock on {name}, and lock_timeout is not set.");
        let fix = statements(["SET lock_timeout = '2s'".to_owned(), cx.statement.sql.clone()]);
        report.add(cx.draft_of_statement(detail).fix(Some(fix).filter(|_| !cx.state.in_transaction())));
    }
}
