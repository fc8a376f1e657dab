//! Rule object_in_api.

use pgmeta_core::model::{ObjectRef, Privilege};

use crate::analysis::{others_with, reached};
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};
use crate::settings::RuleOption;

rule! {
    /// Relation without policies that others may read
    ///
    /// Reports materialized views and foreign tables that PUBLIC or a role of the option may read, in the schemas of the option or in
    /// all.
    ///
    /// # Why
    ///
    /// They cannot have row-level security: who may read them reads all rows.
    ///
    /// # Fix
    ///
    /// Revoke SELECT, or move them to a schema that programs of others do not use.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE MATERIALIZED VIEW app.totals AS SELECT 1 AS customer, 10 AS total;
    /// GRANT SELECT ON app.totals TO PUBLIC;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE MATERIALIZED VIEW app.totals AS SELECT 1 AS customer, 10 AS total;
    /// ```
    Rule {
        name: "object_in_api",
        level: Level::Warning,
        category: Category::Security,
        enabled: false,
        options: &[SCHEMAS, ROLES],
        peers: &["splinter:materialized_view_in_api", "splinter:foreign_table_in_api"],
        judge: Judge::Schema(check),
    }
}

const SCHEMAS: RuleOption = RuleOption::list("schemas", &[], "The schemas that are judged; an empty list means all.");
const ROLES: RuleOption =
    RuleOption::list("roles", &["public", "anon"], "Roles that must not read them; public is PUBLIC.");

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let (schemas, roles) = (cx.list(&SCHEMAS), cx.list(&ROLES));
    for object in cx.objects() {
        let is_foreign = matches!(object, ObjectRef::Table(table) if table.foreign.is_some());
        let is_bare = is_foreign || matches!(object, ObjectRef::MaterializedView(_));
        let key = object.object().key();
        let is_judged =
            schemas.is_empty() || key.schema().is_some_and(|own| schemas.iter().any(|name| **name == **own));
        if !is_bare || !is_judged {
            continue;
        }
        let found = reached(cx.model, &others_with(cx.model, object.object(), Privilege::Select), &roles);
        if !found.is_empty() {
            let detail = format!("{key} can be read by {}.", found.join(", "));
            report.add(Draft::of(key, crate::finding::sentence(detail)).fact("roles", found));
        }
    }
}
