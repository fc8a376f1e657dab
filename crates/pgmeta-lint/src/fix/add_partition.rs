//! The plan that makes partitions of a table.

use pgmeta_core::model::{ObjectRef, PartitionOf, RelationName, Table};

use crate::context::Context;
use crate::fix::{Fix, NewNames};

/// Returns the plan of new partitions with these endings of their names and bounds.
pub(crate) fn add_partitions<'m>(
    cx: &Context<'m>,
    table: &'m Table,
    partitions: &[(String, String)],
    names: &mut NewNames,
) -> Option<Fix> {
    let parent = RelationName { schema: table.schema.clone(), name: table.name.clone() };
    let mut made = Vec::new();
    for (ending, bound) in partitions {
        let mut columns = table.columns.clone();
        for column in &mut columns {
            (column.inherited, column.has_parent, column.comment, column.privileges) = (true, true, None, None);
            column.identity = None;
        }
        made.push(Table {
            schema: table.schema.clone(),
            name: names.partition(&table.schema, &table.name, ending).into(),
            columns,
            partition_of: Some(PartitionOf { parent: parent.clone(), bound: bound.clone() }),
            owner: table.owner.clone(),
            persistence: table.persistence,
            ..Table::default()
        });
    }
    Fix::plan(cx, [ObjectRef::Table(table)], |model| model.tables.extend(made))
}
