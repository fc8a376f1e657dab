//! Rule add_required_column.

use pgmeta_core::model::ObjectKind;

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, StatementContext};

rule! {
    /// Required column added without a default
    ///
    /// Reports ADD COLUMN with NOT NULL, a primary key or a domain that is NOT NULL, and without a default, on tables that the script
    /// has not created itself.
    ///
    /// # Why
    ///
    /// The statement fails if the table has a row, and INSERT of older clients fails afterwards.
    ///
    /// # Fix
    ///
    /// Add the column with a default, or without NOT NULL.
    ///
    /// # Bad
    ///
    /// ```sql
    /// ALTER TABLE app.orders ADD COLUMN state text NOT NULL;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// ALTER TABLE app.orders ADD COLUMN state text NOT NULL DEFAULT 'new';
    /// ```
    Rule {
        name: "add_required_column",
        level: Level::Error,
        category: Category::Migration,
        peers: &["squawk:adding-required-field"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    for action in cx.actions() {
        let Action::AddColumn { table, column, .. } = action else { continue };
        let domains = cx.domains_of(column);
        let mut all = std::iter::once(column).chain(&domains);
        let default = all.clone().find(|own| own.default_functions.is_some());
        let has_value = default.is_some_and(|own| !own.default_is_null) || column.generated || column.identity;
        if all.any(|own| own.not_null) && !has_value && cx.has_rows(table) {
            let detail = format!("ADD COLUMN {} fails if table {table} has a row.", column.name);
            report.add(cx.draft(ObjectKind::Table, table, detail).column(&column.name));
        }
    }
}
