//! Rule table_rewrite.

use pgmeta_core::model::{Generated, ObjectKind, Persistence};

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, ObjectName, StatementContext};

rule! {
    /// Table rewritten as a whole
    ///
    /// Reports SET LOGGED, SET UNLOGGED, SET ACCESS METHOD, SET TABLESPACE and, for stored columns, SET EXPRESSION of tables that the script has not created itself. Changes of
    /// a type that rewrite the table are reported by type_change_rewrites.
    ///
    /// # Why
    ///
    /// The server rewrites the table and its indexes while all queries on it wait. Until it ends, both need their space twice.
    ///
    /// # Fix
    ///
    /// Make the change while nobody uses the table, with a lock_timeout. For a large table, create a new one with the setting, copy
    /// the rows in batches, and let it take the name of the old one.
    ///
    /// # Bad
    ///
    /// ```sql
    /// ALTER TABLE app.orders SET UNLOGGED;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// ALTER TABLE app.orders SET (fillfactor = 90);
    /// ```
    Rule {
        name: "table_rewrite",
        level: Level::Warning,
        category: Category::Migration,
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    for action in cx.actions() {
        let Action::Rewrite { table, command, column } = action else { continue };
        let persistence = cx.table(table).map(|own| own.persistence);
        let is_so_already = match *command {
            "SET LOGGED" => persistence == Some(Persistence::Permanent),
            "SET UNLOGGED" => persistence == Some(Persistence::Unlogged),
            // Values of a virtual column are not stored.
            _ => column.as_deref().is_some_and(|name| is_virtual(cx, table, name)),
        };
        if cx.is_in_use(table) && !is_so_already {
            let rows = cx.of_rows(table);
            let detail = format!("{command} rewrites table {table}{rows} while all queries on it wait.");
            report.add(cx.draft(ObjectKind::Table, table, detail));
        }
    }
}

fn is_virtual(cx: &StatementContext<'_, '_>, table: &ObjectName, name: &str) -> bool {
    let before = cx.column(table, name).and_then(|(_, before)| before);
    before.is_some_and(|own| own.generated == Some(Generated::Virtual))
}
