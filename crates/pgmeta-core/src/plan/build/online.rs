//! Online variants of steps: indexes that overlap, DETACH PARTITION CONCURRENTLY, and the removal of what these and interrupted
//! builds leave behind. Decides no order.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ddl::Context;
use crate::ident::Name;
use crate::interrupt::check;
use crate::model::{Constraint, Index, ObjectKey, ObjectKind, ObjectRef, RelationName, Table};
use crate::plan::build::{Action, Builder};
use crate::plan::step::Statement;
use crate::plan::{index, table};

impl<'m> Builder<'_, 'm> {
    /// Returns whether the old and the new index may exist at the same time, and no object could use the wrong one.
    pub(super) fn may_overlap(&mut self, old: &Index, new: &Index) -> bool {
        self.sides.options.concurrently
            && [old, new].into_iter().all(|index| is_plain(index) && index.on_member_of.is_none())
            && old.table == new.table
            && self.dependents.on(&old.object_key()).is_empty()
            && self.can_coexist(old)
    }

    /// Returns whether an index can stay while its successor is built: no column of its table changes, and no object refers to it.
    pub(super) fn can_coexist(&mut self, index: &Index) -> bool {
        is_plain(index)
            && !(index.unique && self.sides.new.is_referenced(&index.schema, &index.table))
            && self.are_columns_unchanged(index)
    }

    /// Returns whether all columns of an index's table stay: a dropped column drops the index, and a new type would build it twice.
    fn are_columns_unchanged(&mut self, index: &Index) -> bool {
        let sides = [self.sides.old, self.sides.new].map(|side| side.table(&index.schema, &index.table));
        let [Some(before), Some(after)] = sides else { return false };
        let new = self.sides.new;
        // One table may have many indexes.
        *self.are_columns_unchanged.entry((&*before.schema, &*before.name)).or_insert_with(|| {
            before.columns.iter().all(|was| {
                check();
                new.column(after, &was.name).is_some_and(|is| {
                    was.data_type == is.data_type && was.collation == is.collation && was.generated == is.generated
                })
            })
        })
    }

    /// Returns whether an index stays until its successor has been built.
    pub(super) fn overlaps(&self, index: &Index) -> bool {
        self.overlapping.contains(&index.object_key())
            && self.is_in_use(&ObjectKey::in_schema(ObjectKind::Table, &index.schema, &index.table))
            && !self.is_detached(&index.schema, &index.table)
    }

    /// Returns the unique index with the name of an index or constraint, if one is dropped and the other created: rows must never be
    /// without it.
    pub(super) fn replaced_unique_index(&self, key: &ObjectKey) -> Option<ObjectKey> {
        let (schema, name) = match (key.kind, &*key.names) {
            (ObjectKind::Index, [schema, name]) | (ObjectKind::TableConstraint, [schema, _, name]) => (schema, name),
            _ => return None,
        };
        let index = ObjectKey::in_schema(ObjectKind::Index, schema, name);
        let of_index = |object: Option<&ObjectRef<'m>>| match object {
            Some(ObjectRef::Index(own)) if own.unique => Some(*own),
            _ => None,
        };
        let of_constraint = |objects: &FxHashMap<ObjectKey, ObjectRef<'m>>, table: &Name| {
            let key = ObjectKey::on_relation(ObjectKind::TableConstraint, schema, table, name);
            matches!(objects.get(&key), Some(ObjectRef::Constraint(own)) if own.index.is_some())
        };
        let (olds, news) = (&self.dependents.objects, self.news);
        let is_replaced = match (of_index(olds.get(&index)), of_index(news.get(&index))) {
            (Some(old), Some(_)) => self.action(&index) == Some(Action::Replace) && !self.overlaps(old),
            (Some(old), None) => self.is_dropped(&index) && of_constraint(news, &old.table),
            (None, Some(new)) => self.is_created(&index) && of_constraint(olds, &new.table),
            (None, None) => false,
        };
        is_replaced.then_some(index)
    }

    /// Returns whether the old state of an index or a table exists until the end.
    pub(super) fn is_dropped_last(&self, key: &ObjectKey) -> bool {
        let overlaps =
            matches!(self.dependents.objects.get(key), Some(ObjectRef::Index(index)) if self.overlaps(index));
        overlaps || self.is_copied(key) || self.is_emptied(key)
    }

    pub(super) fn overlapping(&self) -> impl Iterator<Item = &'m Index> {
        self.sides.old.model.indexes.iter().inspect(|_| check()).filter(|index| self.overlaps(index))
    }

    /// Drops the invalid indexes of interrupted builds whose names the plan needs.
    pub(super) fn drop_invalid_indexes(&self, out: &mut Vec<Statement>) {
        let model = self.sides.old.model;
        let of_tables = model.tables.iter().map(|own| (own.object_key(), &own.invalid_indexes));
        let of_views = model.materialized_views.iter().map(|own| (own.object_key(), &own.invalid_indexes));
        for (relation, invalid) in of_tables.chain(of_views) {
            check();
            let Some((schema, own)) = relation.relation() else { continue };
            for name in invalid.iter().filter(|_| !self.is_dropped(&relation)) {
                let index = ObjectKey::in_schema(ObjectKind::Index, schema, name);
                let constraint = ObjectKey::on_relation(ObjectKind::TableConstraint, schema, own, name);
                let is_created = |key: &&ObjectKey| matches!(self.action(key), Some(Action::Create | Action::Replace));
                let wanted = [index, constraint];
                out.extend(
                    wanted.iter().find(is_created).map(|key| index::drop_invalid(key, schema, name, self.sides)),
                );
            }
        }
    }

    /// Returns whether DETACH PARTITION CONCURRENTLY is possible: the parent has no default partition, and no rows elsewhere refer to
    /// the partition's.
    pub(super) fn is_detached_concurrently(&self, table: &Table) -> bool {
        let Some(partition) = &table.partition_of else { return false };
        let RelationName { schema, name } = &partition.parent;
        self.sides.options.concurrently
            && self.is_in_use(&ObjectKey::in_schema(ObjectKind::Table, schema, name))
            && self.sides.old.default_partition(schema, name).is_none()
            && !self.is_referred_to(table)
            && !self.has_successor_partition(table)
    }

    /// Returns whether another partition accepts the rows of a dropped one: one of them must exist at all times.
    fn has_successor_partition(&self, table: &Table) -> bool {
        let Some(partition) = &table.partition_of else { return false };
        let parent = self.sides.new.table(&partition.parent.schema, &partition.parent.name);
        let children = parent.map(|parent| self.sides.new.children(parent)).unwrap_or_default();
        children.iter().inspect(|_| check()).any(|child| {
            let Some(is) = &child.partition_of else { return false };
            let old = self.sides.old.table(&child.schema, &child.name);
            match old.and_then(|old| old.partition_of.as_ref()).filter(|was| was.parent == is.parent) {
                Some(was) => was.bound != is.bound,
                None => shares_a_limit(&partition.bound, &is.bound),
            }
        })
    }

    /// Returns whether rows elsewhere may refer to a partition's rows, through a foreign key to a table above it that stays.
    pub(super) fn is_referred_to(&self, table: &Table) -> bool {
        let mut ancestors: Vec<RelationName> = ancestors(self.sides.old, table).collect();
        ancestors.retain(|parent| self.sides.old.is_referenced(&parent.schema, &parent.name));
        let keys = self.sides.old.model.constraints.iter().filter(|own| !ancestors.is_empty() && !own.inherited);
        let refers = |own: &&Constraint| {
            check();
            own.foreign_key.as_ref().is_some_and(|key| ancestors.contains(&key.table))
        };
        keys.filter(refers).any(|own| !self.is_dropped(&own.object_key()) && !self.is_dropped(&own.table_key()))
    }

    /// Returns the statements that drop the foreign keys which a detached partition keeps from its parent, except those that its next
    /// parent has as well.
    pub(super) fn drop_inherited_foreign_keys(&self, old: &Table, new: &Table) -> Vec<Statement> {
        let before = ancestor_foreign_keys(self.sides.old, old);
        let mut after: FxHashMap<_, Vec<&Constraint>> = FxHashMap::default();
        for key in ancestor_foreign_keys(self.sides.new, new) {
            after.entry(&key.name).or_default().push(key);
        }
        let is_kept = |key: &Constraint| {
            check();
            let mut others = after.get(&key.name).into_iter().flatten();
            matches!(self.action(&key.object_key()), None | Some(Action::Alter))
                && others.any(|other| other.foreign_key == key.foreign_key)
        };
        // A key that is dropped because partitions are moved is dropped already.
        let remaining =
            before.into_iter().filter(|key| !is_kept(key) && !self.is_dropped_foreign_key(&key.object_key()));
        remaining.map(|key| table::drop_inherited_foreign_key(old, &key.name)).collect()
    }

    /// Returns whether a relation exists before the plan, so that others may use it, and is not small.
    pub(super) fn is_in_use(&self, key: &ObjectKey) -> bool {
        matches!(self.action(key), None | Some(Action::Alter))
            && self.dependents.objects.contains_key(key)
            && !self.sides.is_small(key)
    }
}

/// Returns whether an index is independent: it belongs to no partition or parent, and is not a replica identity.
fn is_plain(index: &Index) -> bool {
    !index.on_partitioned && index.attached_to.is_none() && !index.replica_identity
}

/// Returns whether two bounds share a limit or a value: then both may accept the same rows.
fn shares_a_limit(one: &str, other: &str) -> bool {
    let limits = |bound: &str| -> Vec<String> {
        let bound = bound.trim_start_matches("FOR VALUES ");
        if let Some((from, to)) = bound.split_once(") TO (") {
            return vec![from.to_owned(), format!("TO {}", to.trim_end_matches(')'))];
        }
        let values = bound.trim_start_matches("IN (").trim_end_matches(')');
        values.split(", ").map(str::to_owned).collect()
    };
    let (one, other) = (limits(one), limits(other));
    one.iter().any(|limit| other.contains(limit))
}

/// Returns the foreign keys of the partitioned tables above a partition.
pub(super) fn ancestor_foreign_keys<'m>(side: &Context<'m>, table: &Table) -> Vec<&'m Constraint> {
    ancestors(side, table).flat_map(|parent| side.foreign_keys(&parent.schema, &parent.name).to_vec()).collect()
}

/// Iterates over the keys of the partitioned tables above a partition.
pub(super) fn ancestor_keys(side: &Context<'_>, table: &Table) -> impl Iterator<Item = ObjectKey> {
    ancestors(side, table).map(|parent| ObjectKey::in_schema(ObjectKind::Table, &parent.schema, &parent.name))
}

/// Iterates over the names of the partitioned tables above a partition.
pub(super) fn ancestors(side: &Context<'_>, table: &Table) -> impl Iterator<Item = RelationName> {
    // A malformed snapshot may make a table its own partition.
    let mut seen: FxHashSet<(Name, Name)> = FxHashSet::default();
    let mut next = table.partition_of.as_ref().map(|partition| partition.parent.clone());
    std::iter::from_fn(move || {
        check();
        let parent = next.take().filter(|parent| seen.insert((parent.schema.clone(), parent.name.clone())))?;
        let own = side.table(&parent.schema, &parent.name);
        next = own.and_then(|table| table.partition_of.as_ref()).map(|partition| partition.parent.clone());
        Some(parent)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_with_a_common_limit_may_accept_the_same_rows() {
        let range = |from: &str, to: &str| format!("FOR VALUES FROM ({from}) TO ({to})");
        assert!(shares_a_limit(&range("50", "100"), &range("0", "100")));
        assert!(shares_a_limit(&range("50", "100"), &range("50", "70")));
        assert!(!shares_a_limit(&range("50", "100"), &range("100", "150")));
        assert!(shares_a_limit("FOR VALUES IN (1, 2)", "FOR VALUES IN (2, 3)"));
        assert!(!shares_a_limit("FOR VALUES IN (1, 2)", "FOR VALUES IN (12)"));
        let hash = |remainder: u32| format!("FOR VALUES WITH (modulus 2, remainder {remainder})");
        assert!(shares_a_limit(&hash(0), &hash(1)), "a partition of another modulus may accept the rows");
    }
}
