//! Rule drop_table.

use pgmeta_core::model::ObjectKind;

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, StatementContext};

rule! {
    /// Table dropped
    ///
    /// Reports DROP TABLE of tables that the script has not created itself, with their rows as far as they are known.
    ///
    /// # Why
    ///
    /// The rows are gone, and clients that still use the table fail.
    ///
    /// # Fix
    ///
    /// Deploy clients that do not use the table first. Rename or archive it, and drop it when nobody has missed it.
    ///
    /// # Bad
    ///
    /// ```sql
    /// DROP TABLE app.orders;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// SELECT pgmeta_archive('app.orders', 'cold');
    /// ```
    Rule {
        name: "drop_table",
        level: Level::Warning,
        category: Category::Migration,
        peers: &["squawk:ban-drop-table"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    for action in cx.actions() {
        let Action::Drop { kind: "table", names, cascade, .. } = action else { continue };
        for name in names.iter().filter(|name| cx.is_in_use(name)) {
            let rows = cx.of_rows(name);
            let others = if *cascade { ", and what depends on it" } else { "" };
            report.add(cx.draft(ObjectKind::Table, name, format!("Table {name}{rows} is dropped{others}.")));
        }
    }
}
