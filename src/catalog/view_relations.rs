//! Reads the relations that views use, and the views' parse trees, from which the core traces columns.

use std::collections::BTreeSet;

use pgmeta_core::catalog_rows::class;
use pgmeta_core::cells::{RowError, take};
use pgmeta_core::ident::Name;
use pgmeta_core::model::{Model, ObjectKey};
use pgmeta_discovery::view_tree::{Relation, RelationColumn, Relations, relations_in};

use crate::catalog::outcome::Outcome;
use crate::catalog::reader::adapted;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::interrupt;
use crate::server;
use crate::spi::{Arg, Connection, Tuple};

const COLUMNS: [&str; 9] =
    ["oid", "schema", "name", "is_stored", "tree", "numbers", "names", "never_null", "never_null_in_children"];

/// Reads views by OID and the relations that they use, recursively: one query for each level of views.
pub fn view_relations(views: &BTreeSet<u32>) -> Result<Relations, Error> {
    let mut relations = Relations::new();
    let mut wanted = views.clone();
    if wanted.is_empty() {
        return Ok(relations);
    }
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    let sql = adapted(&connection, "view_relations", server::version_num())?;
    while !wanted.is_empty() {
        interrupt::look();
        let level: Vec<u32> = wanted.iter().copied().collect();
        let mut found = Relations::new();
        connection.read(&sql, &[Arg::Oids(&level)], &COLUMNS, |cells| {
            let oid = take(cells, "oid")?;
            found.insert(oid, relation(cells)?);
            Ok(())
        })?;
        // Relations that were dropped in the meantime are not searched again.
        let shown = found.values().filter_map(|own| own.tree.as_deref()).flat_map(relations_in);
        let shown: BTreeSet<u32> = shown.collect();
        relations.extend(found);
        wanted = shown.into_iter().filter(|oid| !relations.contains_key(oid) && !wanted.contains(oid)).collect();
    }
    Ok(relations)
}

fn relation(cells: &mut Tuple<'_>) -> Result<Relation, RowError> {
    let mut relation = Relation {
        schema: take(cells, "schema")?,
        name: take(cells, "name")?,
        is_stored: take(cells, "is_stored")?,
        tree: take(cells, "tree")?,
        columns: Vec::new(),
    };
    let numbers: Vec<i16> = take(cells, "numbers")?;
    let names: Vec<Name> = take(cells, "names")?;
    let never_null: Vec<bool> = take(cells, "never_null")?;
    let in_children: Vec<bool> = take(cells, "never_null_in_children")?;
    let nulls = never_null.into_iter().zip(in_children);
    let columns = numbers.into_iter().zip(names).zip(nulls);
    relation.columns = columns
        .map(|((number, name), (never_null, never_null_in_children))| RelationColumn {
            number,
            name,
            never_null,
            never_null_in_children,
        })
        .collect();
    Ok(relation)
}

/// Returns the OIDs of the views and materialized views that were read.
pub fn view_oids(outcome: &Outcome) -> BTreeSet<u32> {
    let Model { views, materialized_views, .. } = &outcome.model;
    let keys = views.iter().map(|own| own.object_key());
    let keys = keys.chain(materialized_views.iter().map(|own| own.object_key()));
    let oid = |key: ObjectKey| {
        let address = outcome.addresses.get(&key)?;
        (address.class == class::CLASS).then_some(address.oid)
    };
    keys.filter_map(oid).collect()
}
