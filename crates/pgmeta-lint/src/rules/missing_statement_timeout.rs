//! Rule missing_statement_timeout.

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{StatementContext, statements};

rule! {
    /// Strong lock without statement_timeout
    ///
    /// Reports the first statement of a script that takes a strong lock on a relation that the script has not created itself,
    /// if statement_timeout was not set before. A role or a database with the setting is not known here.
    ///
    /// # Why
    ///
    /// A statement that takes longer than expected keeps its strong lock, and all queries on the table wait.
    ///
    /// # Fix
    ///
    /// Set statement_timeout at the start of the script.
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
    /// SET statement_timeout = '10min';
    /// ALTER TABLE app.orders ADD COLUMN remark text;
    /// ```
    Rule {
        name: "missing_statement_timeout",
        level: Level::Info,
        category: Category::Migration,
        peers: &["squawk:require-timeout-settings"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    if cx.state.statement_timeout() || cx.state.has_locked_without_statement_timeout {
        return;
    }
    if let Some(name) = cx.locked().first() {
        let detail = format!("The statement takes a strong lock on {name}, and statement_timeout is not set.");
        let fix = statements(["SET statement_timeout = '10min'".to_owned(), cx.statement.sql.clone()]);
        report.add(cx.draft_of_statement(detail).fix(Some(fix).filter(|_| !cx.state.in_transaction())));
    }
}
