//! Rule not_idempotent.

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, StatementContext};

rule! {
    /// Statement that cannot be repeated
    ///
    /// Reports statements outside of a transaction that fail when they are repeated: CREATE without IF NOT EXISTS or OR
    /// REPLACE, DROP without IF EXISTS, and the like.
    ///
    /// # Why
    ///
    /// A script that failed half-way cannot be started again.
    ///
    /// # Fix
    ///
    /// Write IF NOT EXISTS, IF EXISTS or OR REPLACE, or put the script into one transaction.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE TABLE app.new (id int);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE TABLE IF NOT EXISTS app.new (id int);
    /// ```
    Rule {
        name: "not_idempotent",
        level: Level::Info,
        category: Category::Migration,
        enabled: false,
        peers: &["squawk:prefer-robust-stmts"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    if cx.state.in_transaction() {
        return;
    }
    let missing = cx.statement.actions.iter().find_map(|action| match action {
        Action::Create { kind: "view" | "function" | "procedure" | "trigger", repeatable: false, .. } => {
            Some("OR REPLACE")
        }
        Action::Create { repeatable: false, .. }
        | Action::CreateIndex { repeatable: false, .. }
        | Action::AddColumn { repeatable: false, .. }
        | Action::AddEnumValue { repeatable: false, .. } => Some("IF NOT EXISTS"),
        Action::Drop { repeatable: false, .. }
        | Action::DropColumn { repeatable: false, .. }
        | Action::DropConstraint { repeatable: false, .. } => Some("IF EXISTS"),
        _ => None,
    });
    if let Some(words) = missing {
        report.add(cx.draft_of_statement(format!("The statement fails when it is repeated: it has no {words}.")));
    }
}
