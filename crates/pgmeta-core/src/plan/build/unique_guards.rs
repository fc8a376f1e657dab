//! Unique indexes and constraints that replace others on the same columns: at each commit one of them exists. Prints nothing.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ddl::Context;
use crate::ident::Name;
use crate::interrupt::check;
use crate::model::{ConstraintKind, Index, ObjectKey, ObjectKind, ObjectRef};
use crate::plan::build::{Action, Builder};

/// The unique indexes and constraints of one table on the same columns.
#[derive(Default)]
struct Guards {
    dropped: Vec<ObjectKey>,
    created: Vec<ObjectKey>,
}

impl<'a, 'm> Builder<'a, 'm> {
    /// Returns the units of each unique index or constraint that replaces another one, or is replaced.
    pub(super) fn units_of_guards(&self) -> FxHashMap<ObjectKey, Vec<ObjectKey>> {
        let mut units: FxHashMap<ObjectKey, Vec<ObjectKey>> = FxHashMap::default();
        for (columns, guards) in self.unique_guards() {
            check();
            // An old index under another name exists until its successor does.
            let is_kept = guards.dropped.iter().any(|key| self.deferred.contains(key) || self.is_dropped_last(key));
            if !is_kept && guards.dropped.iter().any(|dropped| guards.created.iter().any(|created| created != dropped))
            {
                for key in guards.dropped.into_iter().chain(guards.created) {
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
            let is_successor = |key: &ObjectKey| matches!(self.news.get(key), Some(ObjectRef::Index(index)) if index.attached_to.is_none());
            if !guards.created.iter().all(is_successor) {
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

    /// Returns whether an index can exist during all other changes: nothing drops or rebuilds it, refers to it, or needs its name.
    /// `names`: the names that the plan gives to relations.
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

    /// Returns the names, with their schemas, of the relations and types that the plan creates, and of the indexes of constraints.
    fn created_names(&self) -> FxHashSet<(&'a Name, &'a Name)> {
        use ObjectKind::*;
        let kinds = [Index, Table, ForeignTable, View, MaterializedView, Sequence, Type, TableConstraint];
        let news: &'a FxHashMap<ObjectKey, ObjectRef<'m>> = self.news;
        let all = news.iter().inspect(|_| check()).filter(|(key, _)| kinds.contains(&key.kind) && self.is_created(key));
        all.filter_map(|(key, _)| Some((key.names.first()?, key.names.last()?))).collect()
    }

    /// Finds the unique indexes and constraints that are dropped while others are created, by table and columns.
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
                found.entry(columns).or_default().created.push(key.clone());
            }
        }
        found.retain(|_, guards| !guards.dropped.is_empty() && !guards.created.is_empty());
        found
    }
}

/// Returns the table whose rows an object keeps unique, and a key for its columns.
fn unique_columns(object: ObjectRef<'_>) -> Option<(ObjectKey, ObjectKey)> {
    let (table, mut columns): (ObjectKey, Vec<Name>) = if let ObjectRef::Constraint(own) = object {
        let unique = matches!(own.kind, ConstraintKind::PrimaryKey | ConstraintKind::Unique) && !own.excludes();
        (unique.then(|| own.table_key())?, own.columns.clone())
    } else if let ObjectRef::Index(own) = object {
        let unique = own.unique && own.predicate.is_none();
        let columns = own.columns.iter().map(|column| column.column.clone());
        (unique.then(|| own.table_key())?, columns.collect::<Option<_>>()?)
    } else {
        return None;
    };
    columns.sort();
    let names = table.names.iter().cloned().chain(columns).collect::<Vec<_>>();
    Some((table, ObjectKey { kind: ObjectKind::Index, names: names.into(), ..ObjectKey::default() }))
}
