//! Rule rename_column.

use pgmeta_core::model::ObjectKind;

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, StatementContext};

rule! {
    /// Column renamed
    ///
    /// Reports RENAME COLUMN of relations that the script has not created itself.
    ///
    /// # Why
    ///
    /// Clients that use the old name fail as soon as the script is committed.
    ///
    /// # Fix
    ///
    /// Add a column with the new name, keep both equal by a trigger, and drop the old one when no client uses it.
    ///
    /// # Bad
    ///
    /// ```sql
    /// ALTER TABLE app.orders RENAME COLUMN note TO remark;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// ALTER TABLE app.orders ADD COLUMN remark text;
    /// ```
    Rule {
        name: "rename_column",
        level: Level::Warning,
        category: Category::Migration,
        peers: &["squawk:renaming-column"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    for action in cx.actions() {
        let Action::Rename { object, part: Some(column), is_column: true, .. } = action else { continue };
        if cx.is_in_use(object) {
            let detail = format!("Clients that use column {column} of {object} by its name fail.");
            report.add(cx.draft(ObjectKind::Table, object, detail).column(column));
        }
    }
}
