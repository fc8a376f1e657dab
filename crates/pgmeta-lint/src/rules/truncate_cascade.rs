//! Rule truncate_cascade.

use pgmeta_core::model::ObjectKind;

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, StatementContext};

rule! {
    /// TRUNCATE with CASCADE
    ///
    /// Reports TRUNCATE … CASCADE.
    ///
    /// # Why
    ///
    /// All tables with foreign keys to the table are emptied too, and so are those with foreign keys to them.
    ///
    /// # Fix
    ///
    /// Name all tables that are to be emptied, without CASCADE.
    ///
    /// # Bad
    ///
    /// ```sql
    /// TRUNCATE app.customers CASCADE;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// TRUNCATE app.customers, app.orders;
    /// ```
    Rule {
        name: "truncate_cascade",
        level: Level::Warning,
        category: Category::Migration,
        peers: &["squawk:ban-truncate-cascade"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    for action in cx.actions() {
        let Action::Truncate { tables, cascade: true } = action else { continue };
        for table in tables.iter().filter(|table| cx.is_in_use(table)) {
            let detail = format!("All tables with foreign keys to {table} are emptied too.");
            report.add(cx.draft(ObjectKind::Table, table, detail));
        }
    }
}
