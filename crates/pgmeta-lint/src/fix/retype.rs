//! The plan that gives a column another type, together with the columns that must have the same: those of its partitions, and those
//! that foreign keys connect with it.

use std::collections::BTreeSet;

use pgmeta_core::ident::Name;
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{ModelIndex, ObjectKey, ObjectRef, Table};
use rustc_hash::FxHashSet;

use crate::context::Context;
use crate::fix::Fix;
use crate::fix::type_use::allows_type;

/// A column, by schema, table and name.
type Place = (Name, Name, Name);

/// Returns the plan that changes a column's type, and the other columns whose type it changes; `None` where no plan does. Values must
/// be the same in the new type.
pub(crate) fn retype<'m>(
    cx: &Context<'m>,
    table: &'m Table,
    column: &str,
    data_type: &str,
) -> Option<(Fix, Vec<String>)> {
    let columns = connected(cx.index, table, column)?;
    let tables: BTreeSet<(&Name, &Name)> = columns.iter().map(|(schema, table, _)| (schema, table)).collect();
    let mut objects = Vec::new();
    for (schema, name) in tables {
        // In a part of a database there may be others that nobody sees.
        objects.push(ObjectRef::Table(cx.index.table(schema, name)?));
    }
    let objects = with_dependents(cx.index, objects);
    let is_allowed = |(schema, table, name): &Place| {
        let table = cx.index.table(schema, table)?;
        Some(allows_type(cx.model, table, cx.index.column(table, name)?, data_type, &objects))
    };
    if !columns.iter().all(|place| is_allowed(place) == Some(true)) {
        return None;
    }
    let others = columns.iter().map(|(schema, table, name)| {
        format!("{}.{}", pgmeta_core::ident::qualified(schema, table), pgmeta_core::ident::ident(name))
    });
    let others = others.skip(1).collect();
    let is_changed: FxHashSet<&Place> = columns.iter().collect();
    let fix = Fix::plan(cx, objects, |model| {
        for table in &mut model.tables {
            for column in &mut table.columns {
                if is_changed.contains(&(table.schema.clone(), table.name.clone(), column.name.clone())) {
                    let cast = format!("::{}", column.data_type);
                    // A literal is one of the new type.
                    if let Some(literal) = column.default.as_deref().and_then(|text| text.strip_suffix(&*cast))
                        && literal.starts_with('\'')
                    {
                        column.default = Some(format!("{literal}::{data_type}").into());
                    }
                    column.data_type = data_type.into();
                }
            }
        }
        for sequence in &mut model.sequences {
            let Some(owner) = &sequence.owned_by else { continue };
            let place = (owner.schema.clone(), owner.table.clone(), owner.column.clone());
            if is_changed.contains(&place) && matches!(&*sequence.data_type, "smallint" | "integer") {
                let bound = if &*sequence.data_type == "smallint" { i64::from(i16::MAX) } else { i64::from(i32::MAX) };
                sequence.data_type = data_type.into();
                if sequence.max == bound && data_type == "bigint" {
                    sequence.max = i64::MAX;
                }
            }
        }
    })?;
    Some((fix, others))
}

/// Returns a column and those that must have its type, itself first.
fn connected<'m>(index: &'m ModelIndex<'m>, table: &'m Table, column: &str) -> Option<Vec<Place>> {
    let data_type = index.column(table, column)?.data_type.clone();
    let (mut found, mut seen): (Vec<Place>, FxHashSet<Place>) = Default::default();
    let mut waiting: Vec<Place> = vec![(table.schema.clone(), table.name.clone(), column.into())];
    while let Some(place) = waiting.pop() {
        check();
        let Some(table) = index.table(&place.0, &place.1) else { continue };
        let same_type = index.column(table, &place.2).is_some_and(|column| column.data_type == data_type);
        if !same_type || !seen.insert(place.clone()) {
            continue;
        }
        let family = index.children(table).iter().map(|child| (child.schema.clone(), child.name.clone()));
        let parents = table.parents().map(|parent| (parent.schema.clone(), parent.name.clone()));
        waiting.extend(family.chain(parents).map(|(schema, name)| (schema, name, place.2.clone())));
        for key in index.foreign_keys(&table.schema, &table.name) {
            let Some(other) = &key.foreign_key else { continue };
            let pairs = key.columns.iter().zip(&other.columns).filter(|(own, _)| **own == place.2);
            waiting.extend(
                pairs.map(|(_, column)| (other.table.schema.clone(), other.table.name.clone(), column.clone())),
            );
        }
        for constraint in index.foreign_keys_to(&table.schema, &table.name) {
            let Some(key) = &constraint.foreign_key else { continue };
            let pairs = constraint.columns.iter().zip(&key.columns).filter(|(_, own)| **own == place.2);
            waiting
                .extend(pairs.map(|(column, _)| (constraint.schema.clone(), constraint.table.clone(), column.clone())));
        }
        found.push(place);
    }
    (!found.is_empty()).then_some(found)
}

/// Returns objects with all that belongs to them or depends on them.
fn with_dependents<'m>(index: &'m ModelIndex<'m>, objects: Vec<ObjectRef<'m>>) -> Vec<ObjectRef<'m>> {
    let mut seen: FxHashSet<ObjectKey> = FxHashSet::default();
    let (mut found, mut waiting) = (Vec::new(), objects);
    while let Some(object) = waiting.pop() {
        check();
        let key = object.object().key();
        if seen.insert(key.clone()) {
            found.push(object);
            waiting.extend(index.dependents_of(&key));
            waiting.extend(index.parts_of(&key));
        }
    }
    found
}
