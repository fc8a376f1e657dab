//! Rule policy_rls_disabled.

use pgmeta_core::model::ObjectRef;

use crate::analysis::policies_by_table;
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::Fix;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Policies that are not in force
    ///
    /// Reports tables with policies on which row-level security is not enabled.
    ///
    /// # Why
    ///
    /// The policies do nothing. Somebody wrote them, and relies on them.
    ///
    /// # Fix
    ///
    /// Enable row-level security, or drop the policies.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.notes (id bigint PRIMARY KEY, author text);
    /// CREATE POLICY own ON app.notes USING (author = current_user);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.notes (id bigint PRIMARY KEY, author text);
    /// ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
    /// CREATE POLICY own ON app.notes USING (author = current_user);
    /// ```
    Rule {
        name: "policy_rls_disabled",
        level: Level::Error,
        category: Category::Security,
        peers: &["splinter:policy_exists_rls_disabled"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let policies = policies_by_table(cx);
    for table in cx.tables().filter(|table| !table.row_security) {
        let Some(own) = policies.get(&(&*table.schema, &*table.name)) else { continue };
        let key = table.object_key();
        let names: Vec<&str> = own.iter().map(|policy| &*policy.name).collect();
        let detail = format!(
            "Table {} has the policies {}, but row-level security is not enabled.",
            key.identity(),
            pgmeta_core::ident::ident_list(&names)
        );
        let fix = Fix::plan(cx, [ObjectRef::Table(table)], |model| {
            model.tables.iter_mut().for_each(|own| own.row_security = true);
        });
        report.add(Draft::of(key, detail).fact("policies", names).fix(fix));
    }
}
