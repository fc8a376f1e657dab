//! Rule type_change_rewrites.

use pgmeta_core::model::ObjectKind;

use crate::analysis::ColumnType;
use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, ColumnDefinition, StatementContext, keeps_rows};

rule! {
    /// Type change that rewrites the table
    ///
    /// Reports ALTER COLUMN … TYPE where the server must rewrite the table, or where the column is not known. A longer varchar,
    /// a wider numeric of the same scale, varchar to text, a domain without constraints and the like change no rows, and are not
    /// reported. That the server leaves timestamps alone where the session's time zone is UTC does not count.
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
        let Action::AlterType { table, column, type_name, using } = action else { continue };
        if !cx.has_rows(table) {
            continue;
        }
        let old = cx.column(table, column);
        let old = old.and_then(|(own, before)| own.type_name.or_else(|| before.map(|own| own.data_type.to_string())));
        if old.as_deref().is_some_and(|old| !using && keeps(cx, old, type_name)) {
            continue;
        }
        let rows = cx.of_rows(table);
        let from = old.map_or_else(String::new, |old| format!(" from {old}"));
        let detail = format!("Table {table}{rows} is rewritten: column {column} changes{from} to {type_name}.");
        report.add(cx.draft(ObjectKind::Table, table, detail).column(column));
    }
}

/// Returns whether the server changes a column from one type to another without touching its rows.
fn keeps(cx: &StatementContext<'_, '_>, old: &str, new: &str) -> bool {
    let names = cx.names();
    if names.is_same_type(old, new) {
        return true;
    }
    let (new_domains, old_domains) = (cx.domains_of_type(new), cx.domains_of_type(old));
    // The server checks all values of a domain with constraints.
    if new_domains.iter().any(ColumnDefinition::is_constrained) {
        return false;
    }
    let new = new_domains.last().map_or_else(|| new.to_owned(), |domain| domain.type_name.clone());
    // The server does not look for the limits of values in their domain.
    let old = old_domains.last().map_or_else(|| old.to_owned(), |domain| without_limits(&domain.type_name));
    let is_stored_alike = |old: &str, new: &str| names.is_same_type(old, new) || names.is_binary_cast(old, new);
    keeps_rows(&old, &new, is_stored_alike)
}

fn without_limits(name: &str) -> String {
    let own = ColumnType::parse(name);
    if own.is_array { name.to_owned() } else { own.base }
}
