//! Unique indexes and constraints that are dropped while others on the same columns are made: at each commit one of them is there.
//! Prints nothing.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ddl::Context;
use crate::ident::Name;
use crate::interrupt::check;
use crate::model::{ConstraintKind, Index, ObjectKey, ObjectKind, ObjectRef};
use crate::plan::build::{Action, Builder};

/// Keys, unique constraints and unique indexes of one table on the same columns.
#[derive(Default)]
struct Guards {
    dropped: Vec<ObjectKey>,
    made: Vec<ObjectKey>,
}

impl<'a, 'm> Builder<'a, 'm> {
    /// Returns the units of each unique index or constraint that takes the place of another one, or has its place taken.
    pub(super) fn units_of_guards(&self) -> FxHashMap<ObjectKey, Vec<ObjectKey>> {
        let mut units: FxHashMap<ObjectKey, Vec<ObjectKey>> = FxHashMap::default();
        for (columns, guards) in self.unique_guards() {
            check();
            // One that is put aside is there until its successor is.
            let is_kept = guards.dropped.iter().any(|key| self.deferred.contains(key) || self.is_dropped_last(key));
            if !is_kept && guards.dropped.iter().any(|dropped| guards.made.iter().any(|made| made != dropped)) {
                for key in guards.dropped.into_iter().chain(guards.made) {
                    units.entry(key).or_default().push(columns.clone());
                }
            }
        }
        units
    }

    /// Returns the unique indexes that stay until another one is built on the same columns.
    pub(super) fn indexes_with_successors(&mut self) -> Vec<ObjectKey> {
        let guards = self.unique_guards();
        if guards.is_empty() {
            return Vec::new();
        }
        let names = self.created_names();
        let mut deferred = Vec::new();
        for guards in guards.into_values() {
            check();
            let is_heir = |key: &ObjectKey| matches!(self.news.get(key), Some(ObjectRef::Index(index)) if index.attached_to.is_none());
            if !guards.made.iter().all(is_heir) {
                continue;
            }
            for key in guards.dropped {
                if let Some(&ObjectRef::Index(index)) = self.dependents.objects.get(&key)
                    && self.action(&key) == Some(Action::Drop)
                    && self.may_stay(index, &names)
                {
                    deferred.push(key);
                }
            }
        }
        deferred
    }

    /// Returns whether an index can be there while all others change: nothing takes it along, rebuilds it, takes hold of it, or
    /// needs its name; `names`: those that the plan gives to relations.
    fn may_stay(&mut self, index: &'m Index, names: &FxHashSet<(&Name, &Name)>) -> bool {
        let parent = |side: &Context<'m>| {
            side.table(&index.schema, &index.table)
                .and_then(|table| table.partition_of.as_ref().map(|own| own.parent.clone()))
        };
        parent(self.sides.old) == parent(self.sides.new)
            && !self.disturbed.contains(&index.object_key())
            && !names.contains(&(&index.schema, &index.name))
            && self.can_coexist(index)
    }

    /// Returns the names, with their schemas, of the relations and types that the plan makes, the indexes of constraints included.
    fn created_names(&self) -> FxHashSet<(&'a Name, &'a Name)> {
        use ObjectKind::*;
        let kinds = [Index, Table, ForeignTable, View, MaterializedView, Sequence, Type, TableConstraint];
        let news: &'a FxHashMap<ObjectKey, ObjectRef<'m>> = self.news;
        let all = news.iter().inspect(|_| check()).filter(|(key, _)| kinds.contains(&key.kind) && self.is_created(key));
        all.filter_map(|(key, _)| Some((key.names.first()?, key.names.last()?))).collect()
    }

    /// Finds what keeps the same columns of a table unique, by table and columns.
    fn unique_guards(&self) -> FxHashMap<ObjectKey, Guards> {
        let mut found: FxHashMap<ObjectKey, Guards> = FxHashMap::default();
        let kinds = [ObjectKind::Index, ObjectKind::TableConstraint];
        for key in self.actions.keys().filter(|key| kinds.contains(&key.kind)) {
            check();
            let columns = |object: Option<&ObjectRef<'_>>| object.and_then(|object| unique_columns(*object));
            let is_kept = |columns: &(ObjectKey, ObjectKey)| self.is_kept(&columns.0);
            if let Some((_, columns)) =
                columns(self.dependents.objects.get(key)).filter(|_| self.is_dropped(key)).filter(is_kept)
            {
                found.entry(columns).or_default().dropped.push(key.clone());
            }
            if let Some((_, columns)) = columns(self.news.get(key)).filter(|_| self.is_created(key)).filter(is_kept) {
                found.entry(columns).or_default().made.push(key.clone());
            }
        }
        found.retain(|_, guards| !guards.dropped.is_empty() && !guards.made.is_empty());
        found
    }
}

/// Returns the table whose rows an object keeps unique, and an address of its columns.
fn unique_columns(object: ObjectRef<'_>) -> Option<(ObjectKey, ObjectKey)> {
    let (table, mut columns): (ObjectKey, Vec<Name>) = match object {
        ObjectRef::Constraint(own)
            if matches!(own.kind, ConstraintKind::PrimaryKey | ConstraintKind::Unique) && !own.excludes() =>
        {
            (own.table_key(), own.columns.clone())
        }
        ObjectRef::Index(own) if own.unique && own.predicate.is_none() => {
            (own.table_key(), own.columns.iter().map(|column| column.column.clone()).collect::<Option<_>>()?)
        }
        _ => return None,
    };
    columns.sort();
    let names = table.names.iter().cloned().chain(columns).collect::<Vec<_>>();
    Some((table, ObjectKey { kind: ObjectKind::Index, names: names.into(), ..ObjectKey::default() }))
}
