//! Rule drop_database.

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, StatementContext};

rule! {
    /// Database dropped
    ///
    /// Reports DROP DATABASE.
    ///
    /// # Why
    ///
    /// All data of the database is gone. A migration has no reason to do that.
    ///
    /// # Fix
    ///
    /// Remove the statement from the script. Drop databases by hand.
    ///
    /// # Bad
    ///
    /// ```sql
    /// DROP DATABASE shop;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// DROP TABLE IF EXISTS app.scratch;
    /// ```
    Rule {
        name: "drop_database",
        level: Level::Error,
        category: Category::Migration,
        peers: &["squawk:ban-drop-database"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    for action in cx.actions() {
        let Action::Drop { kind: "database", names, .. } = action else { continue };
        for name in names {
            report.add(cx.draft_of_statement(format!("Database {name} is dropped with all its data.")));
        }
    }
}
