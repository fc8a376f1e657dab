//! The plan that gives a partitioned index the parts that it lacks.

use pgmeta_core::ident::qualified;
use pgmeta_core::model::{Index, ObjectRef, RelationName, Table};
use pgmeta_core::plan::{LockLevel, Statement};

use crate::context::Context;
use crate::fix::{Fix, NewNames};

/// Returns the plan that attaches an index of each partition, a new one where none will do; `None` where a partition is partitioned
/// itself or foreign.
pub(crate) fn attach_index<'m>(
    cx: &Context<'m>,
    index: &'m Index,
    partitions: &[&'m Table],
    names: &mut NewNames,
) -> Option<Fix> {
    let table = cx.index.table(&index.schema, &index.table)?;
    let parent = RelationName { schema: index.schema.clone(), name: index.name.clone() };
    let mut objects = vec![ObjectRef::Table(table), ObjectRef::Index(index)];
    let (mut parts, mut attached) = (Vec::new(), Vec::new());
    for &partition in partitions {
        if partition.partition_by.is_some() || partition.foreign.is_some() {
            return None;
        }
        objects.push(ObjectRef::Table(partition));
        let own = Index {
            schema: partition.schema.clone(),
            table: partition.name.clone(),
            on_partitioned: false,
            attached_to: Some(parent.clone()),
            comment: None,
            ..index.clone()
        };
        let existing = cx.index.indexes_of(&partition.schema, &partition.name).iter().copied();
        let twin = existing.into_iter().find(|other| {
            let same =
                Index { name: other.name.clone(), attached_to: None, comment: other.comment.clone(), ..own.clone() };
            **other == same
        });
        match twin {
            // A plan would build it again.
            Some(twin) => {
                let (name, part) = (qualified(&index.schema, &index.name), qualified(&twin.schema, &twin.name));
                let sql = format!("ALTER INDEX {name} ATTACH PARTITION {part}");
                attached.push(Statement::new(&twin.object_key(), sql).lock(LockLevel::AccessExclusive));
            }
            None => {
                let columns: Vec<&str> =
                    index.columns.iter().map(|key| key.column.as_deref().unwrap_or("expr")).collect();
                let name = names.index(&partition.schema, &partition.name, &columns);
                parts.push(Index { name: name.into(), ..own });
            }
        }
    }
    let start =
        if parts.is_empty() { Fix::default() } else { Fix::plan(cx, objects, |model| model.indexes.extend(parts))? };
    Some(attached.into_iter().fold(start, Fix::and))
}
