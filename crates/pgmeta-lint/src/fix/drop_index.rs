//! The plan that drops an index, with its parts where it is that of a partitioned table.

use std::collections::BTreeSet;

use pgmeta_core::model::{Constraint, ObjectRef};

use crate::analysis::{IndexObject, IndexView};
use crate::context::Context;
use crate::fix::Fix;

/// Returns the plan that drops an index or a constraint; `None` where something refers to it.
pub(crate) fn drop_index<'m>(cx: &Context<'m>, view: &IndexView<'m>) -> Option<Fix> {
    let (schema, table) = match view.object {
        IndexObject::Index(index) => (&index.schema, &index.table),
        IndexObject::Constraint(constraint) => (&constraint.schema, &constraint.table),
    };
    // A foreign key needs the index that it was created with, which the model does not know.
    let keys: BTreeSet<&str> = view.keys.iter().filter_map(|key| key.column).collect();
    let needs_it = |key: &&Constraint| {
        let columns = key.foreign_key.iter().flat_map(|own| &own.columns);
        view.unique && columns.map(|column| &**column).collect::<BTreeSet<_>>() == keys
    };
    let is_referenced = cx.index.foreign_keys_to(schema, table).iter().any(needs_it);
    if is_referenced || view.is_marked() {
        return None;
    }
    let relation = match cx.index.table(schema, table) {
        Some(table) => ObjectRef::Table(table),
        None => {
            let mut views = cx.model.materialized_views.iter();
            ObjectRef::MaterializedView(views.find(|view| view.schema == *schema && view.name == *table)?)
        }
    };
    let own = view.object();
    let mut objects = vec![relation, own];
    // The parts of a partitioned index are dropped with it.
    if let ObjectRef::Table(table) = relation
        && table.partition_by.is_some()
    {
        for partition in cx.index.descendants(table) {
            objects.push(ObjectRef::Table(partition));
            objects.extend(cx.index.attached_indexes(partition).iter().filter_map(|key| cx.index.get(key)));
        }
    }
    let mut dropped = vec![own.object().key()];
    for object in &objects {
        let is_part = object.attached_to().is_some_and(|parent| {
            dropped.iter().any(|key| key.schema() == Some(&parent.schema) && key.name() == &*parent.name)
        });
        if is_part {
            dropped.push(object.object().key());
        }
    }
    objects.retain(|object| {
        matches!(object, ObjectRef::Table(_) | ObjectRef::MaterializedView(_))
            || dropped.contains(&object.object().key())
    });
    Fix::plan(cx, objects, |model| {
        model.indexes.clear();
        model.constraints.clear();
    })
}
