//! Rule unique_without_index.

use pgmeta_core::model::{ConstraintKind, ObjectKind};

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, ConstraintDefinition, StatementContext};

rule! {
    /// Key that builds its index under the lock
    ///
    /// Reports primary keys, unique and exclusion constraints that are added without USING INDEX to tables that the script has
    /// not created itself.
    ///
    /// # Why
    ///
    /// The index is built while all queries on the table wait.
    ///
    /// # Fix
    ///
    /// Build a unique index CONCURRENTLY, and add the constraint USING INDEX.
    ///
    /// # Bad
    ///
    /// ```sql
    /// ALTER TABLE app.orders ADD CONSTRAINT one_note UNIQUE (note);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE UNIQUE INDEX CONCURRENTLY one_note ON app.orders (note);
    /// ALTER TABLE app.orders ADD CONSTRAINT one_note UNIQUE USING INDEX one_note;
    /// ```
    Rule {
        name: "unique_without_index",
        level: Level::Warning,
        category: Category::Migration,
        peers: &["squawk:disallowed-unique-constraint", "squawk:adding-serial-primary-key-field"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    let builds = |constraint: &ConstraintDefinition| {
        use ConstraintKind::{Exclusion, PrimaryKey, Unique};
        matches!(constraint.kind, PrimaryKey | Unique | Exclusion) && constraint.using_index.is_none()
    };
    for action in cx.actions() {
        let (table, column) = match action {
            Action::AddConstraint { table, constraint } if builds(constraint) => (table, None),
            Action::AddColumn { table, column, .. } if column.constraints.iter().any(builds) => {
                (table, Some(&column.name))
            }
            _ => continue,
        };
        if cx.is_in_use(table) {
            let rows = cx.of_rows(table);
            let detail = format!("Queries on table {table}{rows} wait until an index is built.");
            let draft = cx.draft(ObjectKind::Table, table, detail);
            report.add(match column {
                Some(column) => draft.column(column),
                None => draft,
            });
        }
    }
}
