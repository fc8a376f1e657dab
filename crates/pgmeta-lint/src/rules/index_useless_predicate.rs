//! Rule index_useless_predicate.

use pgmeta_core::model::ObjectRef;

use crate::analysis::not_null_columns;
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::Fix;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Partial index whose condition is always true
    ///
    /// Reports partial indexes whose condition says only that columns are not null which cannot be null.
    ///
    /// # Why
    ///
    /// The planner uses the index only for queries from which the condition follows, and it indexes all rows anyway.
    ///
    /// # Fix
    ///
    /// Create the index without the condition.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.users (id bigint PRIMARY KEY, email text NOT NULL);
    /// CREATE INDEX ON app.users (email) WHERE email IS NOT NULL;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.users (id bigint PRIMARY KEY, email text);
    /// CREATE INDEX ON app.users (email) WHERE email IS NOT NULL;
    /// ```
    Rule {
        name: "index_useless_predicate",
        level: Level::Info,
        category: Category::Performance,
        peers: &["pg-index-health:indexes_with_unnecessary_where_clause"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for index in cx.indexes().filter(|own| own.attached_to.is_none()) {
        let Some(columns) = index.predicate.as_deref().and_then(not_null_columns) else { continue };
        let Some(table) = cx.index.table(&index.schema, &index.table) else { continue };
        let is_not_null = |name: &String| cx.index.column(table, name).is_some_and(|own| own.not_null.is_some());
        if columns.iter().all(is_not_null) {
            let key = index.object_key();
            let list = pgmeta_core::ident::ident_list(&columns);
            let detail = format!("Index {} has a condition on {list}, which cannot be null.", key.identity());
            // A partitioned index is built with its parts.
            let objects = [ObjectRef::Table(table), ObjectRef::Index(index)];
            let plan = || Fix::plan(cx, objects, |model| model.indexes.iter_mut().for_each(|own| own.predicate = None));
            let fix = (!index.on_partitioned).then(plan).flatten();
            report.add(Draft::of(key, detail).fact("columns", columns).fix(fix));
        }
    }
}
