//! Rule type_change_rebuilds.

use pgmeta_core::model::ObjectKind;

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, StatementContext, TypeChange};

rule! {
    /// Type change that builds indexes again
    ///
    /// Reports ALTER COLUMN … TYPE that leaves the rows as they are, but builds an index again or reads the table: the server builds
    /// each index with the column that has an expression, a condition, another operator class or another collation than before, or that
    /// is part of an index of the parent, and it reads the table for each valid check that names the column. It does so even if the type
    /// remains the same. type_change_rewrites reports where it rewrites the table.
    ///
    /// # Why
    ///
    /// The server reads the whole table while all queries on it wait.
    ///
    /// # Fix
    ///
    /// Before the change, drop the check and the indexes. After it, build the indexes CONCURRENTLY, and add the check NOT VALID and
    /// validate it.
    ///
    /// # Bad
    ///
    /// ```sql
    /// ALTER TABLE app.orders ADD CONSTRAINT filled CHECK (note <> '') NOT VALID;
    /// ALTER TABLE app.orders VALIDATE CONSTRAINT filled;
    /// ALTER TABLE app.orders ALTER COLUMN note TYPE text;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// ALTER TABLE app.orders ALTER COLUMN note TYPE text;
    /// ALTER TABLE app.orders ADD CONSTRAINT filled CHECK (note <> '') NOT VALID;
    /// ALTER TABLE app.orders VALIDATE CONSTRAINT filled;
    /// ```
    Rule {
        name: "type_change_rebuilds",
        level: Level::Warning,
        category: Category::Migration,
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    for action in cx.actions() {
        let Action::AlterType { table, column, type_name, collation, using } = action else { continue };
        let change = TypeChange::of(cx, table, column, type_name, collation.as_deref());
        if *using || !cx.has_rows(table) || !change.keeps_rows() {
            continue;
        }
        let rebuilt = change.rebuilt(&|name| cx.drops_constraint(name));
        if !rebuilt.is_empty() {
            let (rows, list) = (cx.of_rows(table), rebuilt.join(", "));
            let detail = format!(
                "All queries on table {table}{rows} wait until rows were read for {list}: column {column} changes to {type_name}."
            );
            report.add(cx.draft(ObjectKind::Table, table, detail).column(column));
        }
    }
}
