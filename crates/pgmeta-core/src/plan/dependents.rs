//! The dependents of each object of the old model, and of dropped or retyped columns.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::interrupt::check;
use crate::model::{ExpressionPlace, Model, ObjectKey, ObjectKind, ObjectRef, each_need_of_whole};
use crate::plan::alter::ColumnChange;
use crate::plan::column_changes::ChangedColumns;

/// How an object depends on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    Whole,
    /// Through the default of the column at this position of the table, or through a domain's default.
    Default(usize),
    /// Through the expression of the generated column at this position of the table.
    Generated(usize),
    /// Through the check at this position of the domain.
    DomainCheck(usize),
}

/// The dependents of each object, by key.
#[derive(Debug, Default)]
pub struct Dependents<'m> {
    pub objects: FxHashMap<ObjectKey, ObjectRef<'m>>,
    on: FxHashMap<ObjectKey, Vec<(ObjectKey, Link)>>,
}

/// The objects of both models by key, with the dependents of each object of the old one.
#[derive(Debug)]
pub struct Objects<'m> {
    pub dependents: Dependents<'m>,
    pub news: FxHashMap<ObjectKey, ObjectRef<'m>>,
}

impl<'m> Objects<'m> {
    pub fn of(old: &'m Model, new: &'m Model) -> Self {
        let news = new.objects().inspect(|_| check()).map(|object| (object.object().key(), object));
        Self { dependents: Dependents::of(old), news: news.collect() }
    }

    /// Returns the object's states in the old and in the new model, where it exists.
    pub fn states(&self, key: &ObjectKey) -> impl Iterator<Item = ObjectRef<'m>> {
        [self.dependents.objects.get(key), self.news.get(key)].into_iter().flatten().copied()
    }
}

impl<'m> Dependents<'m> {
    pub fn of(model: &'m Model) -> Self {
        let mut dependents = Self::default();
        for object in model.objects() {
            check();
            let key = object.object().key();
            // Attached indexes refer to the index of a constraint by the key of an index.
            if let ObjectRef::Constraint(constraint) = object
                && constraint.index.is_some()
            {
                let index = constraint.index_key();
                dependents.on.entry(index).or_default().push((key.clone(), Link::Whole));
            }
            let of_domain = matches!(object, ObjectRef::Domain(_));
            each_need_of_whole(object, |needed| {
                let link = if of_domain && !defines_domain(needed.kind) { Link::Default(0) } else { Link::Whole };
                dependents.add(needed, &key, link);
            });
            object.each_expression(&mut |place, needs| {
                let link = match place {
                    ExpressionPlace::Default(position) => Link::Default(position),
                    ExpressionPlace::Generated(position) => Link::Generated(position),
                    ExpressionPlace::ViewDefault => Link::Whole,
                    ExpressionPlace::Check(position) => Link::DomainCheck(position),
                };
                needs.iter().for_each(|needed| dependents.add(needed.clone(), &key, link));
            });
            dependents.objects.insert(key, object);
        }
        dependents.depend_on_casts(model);
        dependents
    }

    /// An object that uses a function behind a cast may use it through the cast.
    fn depend_on_casts(&mut self, model: &Model) {
        for (function, casts) in model.casts_by_function() {
            let users =
                self.on(function).iter().filter(|(key, _)| self.objects.get(key).is_some_and(|own| own.may_cast()));
            let users = users.cloned().collect::<Vec<_>>();
            for cast in casts {
                check();
                self.on.entry(cast).or_default().extend(users.iter().cloned());
            }
        }
    }

    fn add(&mut self, on: ObjectKey, dependent: &ObjectKey, link: Link) {
        check();
        if on != *dependent {
            self.on.entry(on).or_default().push((dependent.clone(), link));
        }
    }

    pub fn on(&self, key: &ObjectKey) -> &[(ObjectKey, Link)] {
        self.on.get(key).map_or(&[], Vec::as_slice)
    }

    /// Returns whether one object depends on another in any way.
    pub fn depend(&self, dependent: &ObjectKey, on: &ObjectKey) -> bool {
        self.on(on).iter().any(|(key, _)| key == dependent)
    }

    /// Returns whether an object depends on another as a whole.
    pub fn needs(&self, object: ObjectRef<'m>, other: &ObjectKey) -> bool {
        let mut found = false;
        each_need_of_whole(object, |needed| found |= needed == *other);
        found
    }

    /// Returns the objects that must be dropped before columns are dropped or change their type.
    pub fn of_columns(&self, table: &ObjectKey, column_changes: &[ColumnChange]) -> Vec<ObjectKey> {
        let column_changes = ChangedColumns::of(column_changes);
        let mut found = Vec::new();
        let mut seen = FxHashSet::default();
        for (key, link) in self.on(table) {
            check();
            let Some(&object) = self.objects.get(key) else { continue };
            if *link == Link::Whole && seen.insert(key) && column_changes.may_affect(object, table) {
                found.push(key.clone());
            }
        }
        found
    }
}

/// Returns whether the definition of a domain needs objects of this kind: its default needs all others.
pub fn defines_domain(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Type | ObjectKind::Collation | ObjectKind::Schema)
}
