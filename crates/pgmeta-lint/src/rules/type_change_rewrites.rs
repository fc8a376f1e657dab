//! Rule type_change_rewrites.

use pgmeta_core::model::ObjectKind;

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, StatementContext, TypeChange};

rule! {
    /// Type change that rewrites the table
    ///
    /// Reports ALTER COLUMN … TYPE where the server must rewrite the table, or where the column is not known. A longer varchar,
    /// a wider numeric of the same scale, varchar to text, a domain without constraints and the like change no rows, and are not
    /// reported here: type_change_rebuilds says where they read the rows. That the server leaves timestamps alone where the session's time zone is UTC does not count.
    ///
    /// # Why
    ///
    /// The table is rewritten and all its indexes are rebuilt while all queries on it wait.
    ///
    /// # Fix
    ///
    /// Add a column with the new type, fill it in batches, and let it take the place of the old one in one transaction.
    ///
    /// # Bad
    ///
    /// ```sql
    /// ALTER TABLE app.orders ALTER COLUMN id TYPE bigint;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// ALTER TABLE app.orders ADD COLUMN id_new bigint;
    /// ```
    Rule {
        name: "type_change_rewrites",
        level: Level::Error,
        category: Category::Migration,
        peers: &["squawk:changing-column-type"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    for action in cx.actions() {
        let Action::AlterType { table, column, type_name, collation, using } = action else { continue };
        if !cx.has_rows(table) {
            continue;
        }
        let change = TypeChange::of(cx, table, column, type_name, collation.as_deref());
        if change.keeps_rows() && !using {
            continue;
        }
        let rows = cx.of_rows(table);
        let from = change.old.map_or_else(String::new, |old| format!(" from {old}"));
        let detail = format!("Table {table}{rows} is rewritten: column {column} changes{from} to {type_name}.");
        report.add(cx.draft(ObjectKind::Table, table, detail).column(column));
    }
}
