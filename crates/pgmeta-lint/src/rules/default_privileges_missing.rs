//! Rule default_privileges_missing.

use pgmeta_core::model::DefaultPrivilegesOn;
use rustc_hash::FxHashSet;

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Schema without default privileges
    ///
    /// Reports schemas with tables for which no default privileges for tables are set, neither in the schema nor for all schemas.
    ///
    /// # Why
    ///
    /// Every new table has to be granted to the roles that read it, and programs fail until somebody does.
    ///
    /// # Fix
    ///
    /// ALTER DEFAULT PRIVILEGES IN SCHEMA … GRANT … for the roles that read the tables.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.t (id bigint PRIMARY KEY);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.t (id bigint PRIMARY KEY);
    /// ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO pg_monitor;
    /// ```
    Rule {
        name: "default_privileges_missing",
        level: Level::Info,
        category: Category::Security,
        enabled: false,
        peers: &["pglinter:S001"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let with_tables: FxHashSet<&str> = cx.tables().map(|table| &*table.schema).collect();
    for schema in cx.model.schemas.iter().filter(|schema| with_tables.contains(&*schema.name)) {
        if cx.index.defaults_in(DefaultPrivilegesOn::Tables, Some(&*schema.name)).next().is_none() {
            let key = schema.object_key();
            let detail = format!("Schema {} has no default privileges for tables.", key.identity());
            report.add(Draft::of(key, detail));
        }
    }
}
