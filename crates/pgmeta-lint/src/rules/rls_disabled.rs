//! Rule rls_disabled.

use pgmeta_core::model::ObjectRef;

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::Fix;
use crate::rule::{Category, Judge, Level, rule};
use crate::settings::RuleOption;

rule! {
    /// Table without row-level security
    ///
    /// Reports tables on which row-level security is not enabled, in the schemas of the option or in all. Partitions are judged with
    /// their parent.
    ///
    /// # Why
    ///
    /// Every role with a privilege on the table reads or changes all rows: where programs of others connect to the database, that is
    /// often more than they should.
    ///
    /// # Fix
    ///
    /// Enable it, and create policies: without one, only the owner sees rows.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.notes (id bigint PRIMARY KEY);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.notes (id bigint PRIMARY KEY);
    /// ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
    /// ```
    Rule {
        name: "rls_disabled",
        level: Level::Warning,
        category: Category::Security,
        enabled: false,
        options: &[SCHEMAS],
        peers: &["splinter:rls_disabled_in_public"],
        judge: Judge::Schema(check),
    }
}

const SCHEMAS: RuleOption = RuleOption::list("schemas", &[], "The schemas that are judged; an empty list means all.");

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let schemas = cx.list(&SCHEMAS);
    let is_judged = |schema: &str| schemas.is_empty() || schemas.iter().any(|own| own == schema);
    for table in cx.own_tables().filter(|table| !table.row_security && is_judged(&table.schema)) {
        let key = table.object_key();
        let detail = format!("Row-level security is not enabled on table {}.", key.identity());
        let fix = Fix::plan(cx, [ObjectRef::Table(table)], |model| {
            model.tables.iter_mut().for_each(|own| own.row_security = true);
        });
        report.add(Draft::of(key, detail).fix(fix));
    }
}
