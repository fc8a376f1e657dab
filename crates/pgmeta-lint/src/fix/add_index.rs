//! The index that a fix makes: on a partitioned table it is one of the table and one of each partition, attached to each other.

use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Index, IndexColumn, ObjectRef, RelationName, Table};

use crate::context::Context;
use crate::fix::{Fix, NewNames};

/// Returns the plan of a new index of some columns, and its name; `None` where a partition cannot have an index.
pub(crate) fn add_index<'m>(
    cx: &Context<'m>,
    table: &'m Table,
    columns: &[&str],
    names: &mut NewNames,
) -> Option<(Fix, String)> {
    let (mut tables, mut indexes) = (Vec::new(), Vec::new());
    let mut waiting: Vec<(&'m Table, Option<RelationName>)> = vec![(table, None)];
    while let Some((table, attached_to)) = waiting.pop() {
        check();
        if table.foreign.is_some() {
            return None;
        }
        let name = names.index(&table.schema, &table.name, columns);
        let own = RelationName { schema: table.schema.clone(), name: name.as_str().into() };
        let key = |&column: &&str| IndexColumn { column: Some(column.into()), ..IndexColumn::default() };
        indexes.push(Index {
            schema: table.schema.clone(),
            name: own.name.clone(),
            table: table.name.clone(),
            method: "btree".into(),
            columns: columns.iter().map(key).collect(),
            on_partitioned: table.partition_by.is_some(),
            attached_to,
            ..Index::default()
        });
        tables.push(ObjectRef::Table(table));
        let partitions = cx.index.children(table).iter().filter(|child| child.partition_of.is_some());
        waiting.extend(partitions.map(|&child| (child, Some(own.clone()))));
    }
    let name = indexes.first()?.name.to_string();
    Some((Fix::plan(cx, tables, |model| model.indexes.extend(indexes))?, name))
}
