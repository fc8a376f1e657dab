//! The columns of a table in which no two rows are equal, nulls aside.

use pgmeta_core::ident::Name;
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Constraint, ConstraintKind, Index, ModelIndex, RelationName, Table};

/// Columns in which no two rows of a table are equal. Rows with a null in one of them may be.
#[derive(Clone, Debug)]
pub struct UniqueKey<'m> {
    /// The columns, in the order of the key.
    pub columns: Vec<&'m Name>,
    /// Whether it is the primary key.
    pub primary: bool,
}

impl UniqueKey<'_> {
    /// Returns whether no two rows are equal in these columns, because they contain the whole key.
    pub fn is_within(&self, columns: &[Name]) -> bool {
        self.columns.iter().all(|column| columns.contains(column))
    }
}

/// Returns the unique keys of a table: its constraints and its unique indexes. Those that say nothing of whole rows do not
/// count: partial indexes, indexes on expressions, keys WITHOUT OVERLAPS, and keys that not all partitions have.
pub fn unique_keys<'m>(index: &ModelIndex<'m>, table: &Table) -> Vec<UniqueKey<'m>> {
    let constraints = index.constraints_of(&table.schema, &table.name).iter();
    let constraints = constraints.filter(|own| is_key(own) && covers_partitions(index, table, &own.name));
    let constraints = constraints.map(|own| UniqueKey {
        columns: own.columns.iter().collect(),
        primary: own.kind == ConstraintKind::PrimaryKey,
    });
    let indexes = index.indexes_of(&table.schema, &table.name).iter();
    let indexes = indexes.filter(|own| covers_partitions(index, table, &own.name));
    let indexes = indexes.filter_map(|own| Some(UniqueKey { columns: plain_columns(own)?, primary: false }));
    constraints.chain(indexes).inspect(|_| check()).collect()
}

fn is_key(constraint: &Constraint) -> bool {
    let unique = matches!(constraint.kind, ConstraintKind::PrimaryKey | ConstraintKind::Unique);
    unique && !constraint.period && !constraint.not_enforced
}

/// Returns the columns of a unique index, if it is on all rows and compares values as the columns' types do.
fn plain_columns(index: &Index) -> Option<Vec<&Name>> {
    if !index.unique || index.predicate.is_some() {
        return None;
    }
    let columns = index.columns.iter();
    columns.map(|own| own.column.as_ref().filter(|_| own.collation.is_none() && own.operator_class.is_none())).collect()
}

/// Returns whether each partition of a table has its part of an index. An index of a partitioned table that was made with
/// ONLY says nothing of the rows of partitions without one.
fn covers_partitions(index: &ModelIndex<'_>, table: &Table, own: &Name) -> bool {
    if table.partition_by.is_none() {
        return true;
    }
    index.children(table).iter().all(|partition| {
        let indexes = index.indexes_of(&partition.schema, &partition.name).iter();
        let indexes = indexes.map(|part| (&part.name, part.attached_to.as_ref()));
        let constraints = index.constraints_of(&partition.schema, &partition.name).iter();
        let constraints =
            constraints.map(|part| (&part.name, part.index.as_ref().and_then(|behind| behind.attached_to.as_ref())));
        let mut parts = indexes.chain(constraints);
        parts.any(|(part, parent)| {
            parent.is_some_and(|parent| is_called(parent, &table.schema, own))
                && covers_partitions(index, partition, part)
        })
    })
}

fn is_called(name: &RelationName, schema: &str, own: &str) -> bool {
    *name.schema == *schema && *name.name == *own
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sample::Sample;

    fn keys(sample: Sample) -> Vec<String> {
        let model = sample.model();
        let index = ModelIndex::of(&model);
        let of = index.table("s", "t").map(|table| unique_keys(&index, table)).unwrap_or_default();
        let text = |key: &UniqueKey<'_>| key.columns.iter().map(|name| &***name).collect::<Vec<_>>().join(" ");
        let mut texts: Vec<String> = of.iter().map(text).collect();
        texts.sort();
        texts
    }

    fn table() -> Sample {
        Sample::new().table("t", &["a integer!", "b integer", "c text"])
    }

    #[test]
    fn keys_are_constraints_and_unique_indexes() {
        let sample = table().primary_key("t", &["a"]).unique("t", &["b", "c"]).unique_index("t", &["c"], json!({}));
        assert_eq!(keys(sample), ["a", "b c", "c"]);
    }

    #[test]
    fn nulls_not_distinct_keys_are_unique_keys() {
        let sample = table().unique_index("t", &["b"], json!({"nulls_not_distinct": true, "include": ["c"]}));
        assert_eq!(keys(sample), ["b"]);
    }

    #[test]
    fn weaker_indexes_are_not_unique_keys() {
        let partial = table().unique_index("t", &["b"], json!({"predicate": "(c IS NOT NULL)"}));
        assert!(keys(partial).is_empty());
        let expression = json!({"columns": [{"column": "b"}, {"expression": "lower(c)"}]});
        assert!(keys(table().unique_index("t", &["b"], expression)).is_empty());
        assert!(keys(table().unique_index("t", &["b"], json!({"unique": false}))).is_empty());
        let collated = json!({"columns": [{"column": "c", "collation": "pg_catalog.\"C\""}]});
        assert!(keys(table().unique_index("t", &["c"], collated)).is_empty());
        let period = json!({"kind": "unique", "columns": ["a", "c"], "index": {}, "period": true});
        assert!(keys(table().constraint("t", "t_key", period)).is_empty());
    }

    /// CREATE UNIQUE INDEX … ON ONLY, before the indexes of all partitions are attached.
    #[test]
    fn a_key_of_a_partitioned_table_is_one_of_all_partitions() {
        let columns = ["a integer!", "b integer"];
        let parent = || {
            Sample::new()
                .table_with("t", &columns, json!({"partition_by": "RANGE (a)"}))
                .partition("p1", "t", &columns)
                .partition("p2", "t", &columns)
                .unique_index("t", &["a"], json!({"on_partitioned": true}))
        };
        let attached = json!({"attached_to": {"schema": "s", "name": "t_a_idx"}});
        let one = parent().unique_index("p1", &["a"], attached.clone());
        assert!(keys(one).is_empty());
        let by_constraint = json!({"kind": "unique", "columns": ["a"], "index": attached});
        let both = parent().unique_index("p1", &["a"], attached).constraint("p2", "p2_a_key", by_constraint);
        assert_eq!(keys(both), ["a"]);
        assert!(keys(parent()).is_empty());
    }
}
