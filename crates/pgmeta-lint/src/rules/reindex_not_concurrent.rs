//! Rule reindex_not_concurrent.

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, StatementContext, with_concurrently};

rule! {
    /// Index rebuilt without CONCURRENTLY
    ///
    /// Reports REINDEX without CONCURRENTLY.
    ///
    /// # Why
    ///
    /// Writes to the table wait until the index is rebuilt, and so do queries that would use the index.
    ///
    /// # Fix
    ///
    /// Write CONCURRENTLY, outside of a transaction.
    ///
    /// # Bad
    ///
    /// ```sql
    /// REINDEX INDEX app.orders_customer;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// REINDEX INDEX CONCURRENTLY app.orders_customer;
    /// ```
    Rule {
        name: "reindex_not_concurrent",
        level: Level::Warning,
        category: Category::Migration,
        peers: &["squawk:require-concurrent-reindex"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    for action in cx.actions() {
        let Action::Reindex { object, concurrently: false } = action else { continue };
        if object.as_ref().is_some_and(|object| !cx.is_in_use(object)) {
            continue;
        }
        let what = object.as_ref().map_or_else(|| "each table".to_owned(), |object| format!("the table of {object}"));
        let draft = cx.draft_of_statement(format!("Writes to {what} wait until the index is rebuilt."));
        let fix = with_concurrently(&cx.statement.sql, &["INDEX", "TABLE", "SCHEMA", "DATABASE"]);
        // The server rebuilds no index of its own catalogs CONCURRENTLY.
        let is_of_system = object.as_ref().is_some_and(|object| match &object.schema {
            Some(schema) => schema == "pg_catalog",
            None => object.name.starts_with("pg_"),
        });
        report.add(draft.fix(fix.filter(|_| !cx.state.in_transaction() && !is_of_system)));
    }
}
