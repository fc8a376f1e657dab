//! Rule rls_not_forced.

use pgmeta_core::model::ObjectRef;

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::Fix;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Row-level security that the owner bypasses
    ///
    /// Reports tables with row-level security that is not forced.
    ///
    /// # Why
    ///
    /// The owner of the table, and functions that run as the owner, see and change all rows. Programs often connect as the owner.
    ///
    /// # Fix
    ///
    /// Force it, unless the owner is a role that no program uses.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.notes (id bigint PRIMARY KEY);
    /// ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.notes (id bigint PRIMARY KEY);
    /// ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    /// ```
    Rule {
        name: "rls_not_forced",
        level: Level::Info,
        category: Category::Security,
        enabled: false,
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for table in cx.tables().filter(|table| table.row_security && !table.force_row_security) {
        let key = table.object_key();
        let detail = format!("The owner of table {} bypasses its policies.", key.identity());
        let fix = Fix::plan(cx, [ObjectRef::Table(table)], |model| {
            model.tables.iter_mut().for_each(|own| own.force_row_security = true);
        });
        report.add(Draft::of(key, detail).fix(fix));
    }
}
