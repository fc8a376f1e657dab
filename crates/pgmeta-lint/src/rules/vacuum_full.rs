//! Rule vacuum_full.

use pgmeta_core::model::ObjectKind;

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, StatementContext};

rule! {
    /// VACUUM FULL or CLUSTER
    ///
    /// Reports VACUUM FULL and CLUSTER of tables that the script has not created itself.
    ///
    /// # Why
    ///
    /// The table is rewritten while all queries on it wait, and for that time it takes its space twice.
    ///
    /// # Fix
    ///
    /// Use VACUUM without FULL, or rebuild indexes CONCURRENTLY. Tools such as pg_repack rewrite a table without blocking its
    /// users.
    ///
    /// # Bad
    ///
    /// ```sql
    /// VACUUM FULL app.orders;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// VACUUM app.orders;
    /// ```
    Rule {
        name: "vacuum_full",
        level: Level::Warning,
        category: Category::Migration,
        peers: &["squawk:prefer-repack"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    for action in cx.actions() {
        let (word, tables) = match action {
            Action::VacuumFull { tables } => ("VACUUM FULL", tables.iter().collect::<Vec<_>>()),
            Action::Cluster { table } => ("CLUSTER", table.iter().collect()),
            _ => continue,
        };
        if tables.is_empty() {
            report.add(cx.draft_of_statement(format!("{word} rewrites all tables of the database.")));
        }
        for table in tables.into_iter().filter(|table| cx.is_in_use(table)) {
            let detail = format!("{word} rewrites table {table} while all queries on it wait.");
            report.add(cx.draft(ObjectKind::Table, table, detail));
        }
    }
}
