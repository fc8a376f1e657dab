//! The plan that makes partitions of a table.

use pgmeta_core::ident::Name;
use pgmeta_core::model::{Constraint, ConstraintKind, ObjectRef, PartitionOf, RelationName, Table};

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
    let (mut made, mut checks) = (Vec::new(), Vec::new());
    for (ending, bound) in partitions {
        let mut columns = table.columns.clone();
        for column in &mut columns {
            (column.inherited, column.has_parent, column.comment, column.privileges) = (true, true, None, None);
            column.identity = None;
        }
        let name = Name::from(names.partition(&table.schema, &table.name, ending));
        // A table without the checks of its parent cannot be attached.
        let handed_down =
            cx.index.constraints_of(&table.schema, &table.name).iter().filter(|own| own.kind == ConstraintKind::Check);
        checks.extend(handed_down.map(|own| Constraint {
            table: name.clone(),
            inherited: true,
            on_partitioned: false,
            comment: None,
            ..(*own).clone()
        }));
        made.push(Table {
            schema: table.schema.clone(),
            name,
            columns,
            partition_of: Some(PartitionOf { parent: parent.clone(), bound: bound.clone() }),
            owner: table.owner.clone(),
            persistence: table.persistence,
            ..Table::default()
        });
    }
    Fix::plan(cx, [ObjectRef::Table(table)], |model| {
        model.tables.extend(made);
        model.constraints.extend(checks);
    })
}
