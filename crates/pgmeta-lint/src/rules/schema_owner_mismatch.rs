//! Rule schema_owner_mismatch.

use pgmeta_core::model::ObjectRef;
use rustc_hash::FxHashMap;

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::Fix;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Relation that another role than the schema's owns
    ///
    /// Reports tables, views, materialized views and sequences of their own whose owner is not that of their schema. Schemas of
    /// pg_database_owner, as public is, are not judged, nor are partitions.
    ///
    /// # Why
    ///
    /// The owner of the schema can drop the object, but not change it. Migrations that run as one of the owners fail for objects of
    /// the other.
    ///
    /// # Fix
    ///
    /// Give both the same owner.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.t (id bigint PRIMARY KEY);
    /// ALTER TABLE app.t OWNER TO pg_monitor;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.t (id bigint PRIMARY KEY);
    /// ```
    Rule {
        name: "schema_owner_mismatch",
        level: Level::Info,
        category: Category::Security,
        peers: &["pglinter:S005", "pglinter:B011", "pglinter:S004"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let owners: FxHashMap<&str, _> = cx
        .model
        .schemas
        .iter()
        .filter_map(|schema| Some((&*schema.name, schema.owner.as_ref()?)))
        .filter(|(_, owner)| &***owner != "pg_database_owner")
        .collect();
    for object in cx.objects() {
        let is_judged = matches!(object, ObjectRef::View(_) | ObjectRef::MaterializedView(_))
            || matches!(object, ObjectRef::Table(table) if !cx.partitions.is_folded(table))
            || matches!(object, ObjectRef::Sequence(sequence) if sequence.owned_by.is_none());
        let key = object.object().key();
        let expected = key.schema().and_then(|schema| owners.get(&**schema));
        let (Some(expected), Some(owner)) = (expected, object.object().shared().owner) else { continue };
        if !is_judged || *expected == owner {
            continue;
        }
        let detail = format!("{key} is owned by {owner}, and its schema by {expected}.");
        // The sequences of a table's columns follow it.
        let fix = Fix::plan(cx, [object], |model| {
            let new = || Some((*expected).clone());
            model.tables.iter_mut().for_each(|own| own.owner = new());
            model.views.iter_mut().for_each(|own| own.owner = new());
            model.materialized_views.iter_mut().for_each(|own| own.owner = new());
            model.sequences.iter_mut().for_each(|own| own.owner = new());
        });
        let draft = Draft::of(key, crate::finding::sentence(detail)).fact("owner", &**owner);
        report.add(draft.fact("schema_owner", &***expected).fix(fix));
    }
}
