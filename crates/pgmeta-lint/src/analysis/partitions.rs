//! Which tables are judged with their parent: partitions, whose keys, indexes and columns are the parent's to have.

use pgmeta_core::model::{ModelIndex, Table};

use crate::analysis::Bound;
use crate::context::Context;

/// How many partitioned tables may be above a partition.
const DEEPEST: usize = 64;

/// Partitions of a model.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Partitions<'m> {
    index: &'m ModelIndex<'m>,
}

impl<'m> Partitions<'m> {
    /// Returns the partitions of a model.
    pub fn of(index: &'m ModelIndex<'m>) -> Self {
        Self { index }
    }

    /// Returns whether a table is a partition whose parent is in the model, so that it is judged there.
    pub fn is_folded(&self, table: &Table) -> bool {
        let Some(partition) = &table.partition_of else { return false };
        self.index.table(&partition.parent.schema, &partition.parent.name).is_some()
    }

    /// Returns the table that a partition is a part of in the end; of another table itself.
    pub fn root(&self, table: &'m Table) -> &'m Table {
        let mut root = table;
        // A snapshot may say of a table that it is its own parent.
        for _ in 0..DEEPEST {
            let parent = root.partition_of.as_ref().map(|partition| &partition.parent);
            match parent.and_then(|parent| self.index.table(&parent.schema, &parent.name)) {
                Some(parent) => root = parent,
                None => break,
            }
        }
        root
    }
}

/// Returns the bounds of a table's partitions.
pub(crate) fn bounds_of<'m>(cx: &Context<'m>, table: &'m Table) -> Vec<Bound> {
    let partitions = cx.index.children(table).iter().filter_map(|own| own.partition_of.as_ref());
    partitions.filter_map(|own| Bound::of(&own.bound)).collect()
}

#[cfg(test)]
mod tests {
    use pgmeta_core::model::{Model, PartitionOf, RelationName};

    use super::*;

    #[test]
    fn a_partition_is_folded_where_its_parent_is_known() {
        let of = |parent: &str| PartitionOf {
            parent: RelationName { schema: "s".into(), name: parent.into() },
            ..PartitionOf::default()
        };
        let table = |name: &str, partition_of| Table {
            schema: "s".into(),
            name: name.into(),
            partition_of,
            ..Table::default()
        };
        let tables = vec![table("a", None), table("a1", Some(of("a"))), table("b1", Some(of("b")))];
        let model = Model { tables, ..Model::default() };
        let index = ModelIndex::of(&model);
        let partitions = Partitions::of(&index);
        assert_eq!([0, 1, 2].map(|at| partitions.is_folded(&model.tables[at])), [false, true, false]);
    }
}
