//! Rule no_replica_identity.

use std::collections::{BTreeMap, BTreeSet};

use pgmeta_core::model::{ConstraintKind, ObjectRef, Persistence, Publication, ReplicaIdentity, Table};

use crate::analysis::{IndexView, index_views};
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::Fix;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Published table without a replica identity
    ///
    /// Reports tables of a publication that publishes UPDATE or DELETE if nothing identifies their rows: the replica identity is the
    /// default and there is no primary key, or it is NOTHING, or the index that it names is gone. A deferrable primary key does not
    /// identify rows. Partitions are judged by themselves and reported with their parent.
    ///
    /// # Why
    ///
    /// Every UPDATE and DELETE of the table fails on the publisher.
    ///
    /// # Fix
    ///
    /// Add a primary key, or set the replica identity to a unique index of columns that are not null. REPLICA IDENTITY FULL works for
    /// every table, but writes whole rows to the log, and the subscriber searches for them.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.visits (at timestamptz NOT NULL);
    /// CREATE PUBLICATION visits FOR TABLE app.visits;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.visits (at timestamptz NOT NULL);
    /// CREATE PUBLICATION visits FOR TABLE app.visits WITH (publish = 'insert');
    /// ```
    Rule {
        name: "no_replica_identity",
        level: Level::Error,
        category: Category::Operations,
        judge: Judge::Schema(check),
    }
}

/// Tables whose rows nothing identifies, and the publications that publish them.
type Unidentified<'m> = (Vec<&'m Table>, BTreeSet<&'m str>);

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    // By the root of partitions.
    let mut found: BTreeMap<(&str, &str), Unidentified<'_>> = BTreeMap::new();
    for publication in &cx.model.publications {
        let changes = |word: &&str| matches!(*word, "update" | "delete");
        let publishes = publication.publish.as_ref();
        if !publishes.is_none_or(|words| words.iter().any(|word| changes(&&**word))) {
            continue;
        }
        for table in cx.tables().filter(|table| is_published(cx, publication, table) && !is_identified(cx, table)) {
            let root = cx.partitions.root(table);
            let (tables, publications) = found.entry((&root.schema, &root.name)).or_default();
            if !tables.iter().any(|own| std::ptr::eq(*own, table)) {
                tables.push(table);
            }
            publications.insert(&publication.name);
        }
    }
    for ((schema, name), (tables, publications)) in found {
        let Some(root) = cx.index.table(schema, name) else { continue };
        let own = root.object_key();
        let publications: Vec<&str> = publications.into_iter().collect();
        let list = pgmeta_core::ident::ident_list(&publications);
        let detail = format!("Table {} is published by {list}, but nothing identifies its rows.", own.identity());
        let fix = fix(cx, &tables);
        let partitions: Vec<String> =
            tables.iter().filter(|own| !std::ptr::eq(**own, root)).map(|own| own.object_key().identity()).collect();
        let draft = Draft::of(own, detail).fact("publications", publications).fact("partitions", partitions);
        report.add(draft.fix(fix));
    }
}

/// Returns whether changes of a table itself are published. Those of a partitioned table are made in its partitions.
fn is_published(cx: &Context<'_>, publication: &Publication, table: &Table) -> bool {
    if table.partition_by.is_some() || table.foreign.is_some() || table.persistence != Persistence::Permanent {
        return false;
    }
    let named = |table: &Table| {
        let is_table = publication.tables.iter().any(|own| own.schema == table.schema && own.name == table.name);
        is_table || publication.schemas.contains(&table.schema)
    };
    let mut above = vec![table];
    while let Some(partition) = above.last().and_then(|own| own.partition_of.as_ref()) {
        let Some(parent) = cx.index.table(&partition.parent.schema, &partition.parent.name) else { break };
        if above.iter().any(|own| std::ptr::eq(*own, parent)) {
            break;
        }
        above.push(parent);
    }
    publication.all_tables || above.into_iter().any(named)
}

/// Returns whether rows of a table are identified.
fn is_identified<'m>(cx: &Context<'m>, table: &'m Table) -> bool {
    match table.replica_identity {
        ReplicaIdentity::Full => true,
        ReplicaIdentity::Nothing => false,
        ReplicaIdentity::Index => index_views(cx.index, &table.schema, &table.name).iter().any(IndexView::is_identity),
        ReplicaIdentity::Default => {
            let own = cx.index.constraints_of(&table.schema, &table.name).iter();
            own.into_iter().any(|key| key.kind == ConstraintKind::PrimaryKey && !key.deferrable)
        }
    }
}

/// Returns the plan that gives each table an identity: an index where one will do, else the whole row.
fn fix<'m>(cx: &Context<'m>, tables: &[&'m Table]) -> Option<Fix> {
    let mut objects: Vec<ObjectRef<'m>> = tables.iter().map(|table| ObjectRef::Table(table)).collect();
    let mut chosen = Vec::new();
    for table in tables {
        let views = index_views(cx.index, &table.schema, &table.name);
        // A part of a partitioned index is the parent's to describe.
        if let Some(view) = views.iter().find(|view| may_identify(cx, table, view) && !view.is_attached) {
            objects.push(view.object());
            chosen.push((table.schema.clone(), table.name.clone(), view.name.clone()));
        }
    }
    Fix::plan(cx, objects, |model| {
        for table in &mut model.tables {
            let own = chosen.iter().any(|(schema, name, _)| *schema == table.schema && *name == table.name);
            table.replica_identity = if own { ReplicaIdentity::Index } else { ReplicaIdentity::Full };
        }
        let is_chosen =
            |schema, table, name| chosen.iter().any(|own| (&own.0, &own.1, &own.2) == (schema, table, name));
        for index in &mut model.indexes {
            index.replica_identity = is_chosen(&index.schema, &index.table, &index.name);
        }
        for constraint in &mut model.constraints {
            let is_chosen = is_chosen(&constraint.schema, &constraint.table, &constraint.name);
            constraint.index.iter_mut().for_each(|index| index.replica_identity = is_chosen);
        }
    })
}

/// Returns whether an index can be a replica identity.
fn may_identify<'m>(cx: &Context<'m>, table: &'m Table, view: &IndexView<'_>) -> bool {
    let is_not_null = |name: &str| cx.index.column(table, name).is_some_and(|own| own.not_null.is_some());
    let is_deferrable = view.constraint().is_some_and(|own| own.deferrable);
    view.unique
        && view.predicate.is_none()
        && !is_deferrable
        && view.keys.iter().all(|key| key.column.is_some_and(is_not_null))
}
