//! Which objects of the old side must make way: what depends on something that is made anew, or on a column that goes.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::interrupt::check;
use crate::model::{Model, ObjectKey, ObjectKind, ObjectRef};
use crate::plan::alter::Loss;
use crate::plan::losses::Losses;

/// How an object depends on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    Whole,
    /// Through the default of the column at this position of the table; or a domain's default.
    Default(usize),
    /// Through the check at this position of the domain.
    DomainCheck(usize),
}

/// Who depends on whom, by key.
#[derive(Debug, Default)]
pub struct Dependents<'m> {
    pub objects: FxHashMap<ObjectKey, ObjectRef<'m>>,
    on: FxHashMap<ObjectKey, Vec<(ObjectKey, Link)>>,
}

impl<'m> Dependents<'m> {
    pub fn of(model: &'m Model) -> Self {
        let mut dependents = Self::default();
        for object in model.objects() {
            check();
            let key = object.object().key();
            // The index behind a constraint is addressed as an index by those attached to it.
            if let ObjectRef::Constraint(constraint) = object
                && constraint.index.is_some()
            {
                let index = ObjectKey::in_schema(ObjectKind::Index, &constraint.schema, &constraint.name);
                dependents.on.entry(index).or_default().push((key.clone(), Link::Whole));
            }
            each_whole(object, |needed| dependents.add(needed, &key, Link::Whole));
            match object {
                ObjectRef::Table(table) => {
                    for (position, column) in table.columns.iter().enumerate() {
                        let link = if column.generated.is_some() { Link::Whole } else { Link::Default(position) };
                        for needed in &column.default_depends_on {
                            dependents.add(needed.clone(), &key, link);
                        }
                    }
                }
                ObjectRef::Domain(domain) => {
                    for (position, check) in domain.checks.iter().enumerate() {
                        for needed in &check.depends_on {
                            dependents.add(needed.clone(), &key, Link::DomainCheck(position));
                        }
                    }
                }
                _ => {}
            }
            dependents.objects.insert(key, object);
        }
        dependents
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

    /// Returns whether an object depends on another as a whole.
    pub fn needs(&self, object: ObjectRef<'m>, other: &ObjectKey) -> bool {
        let mut found = false;
        each_whole(object, |needed| found |= needed == *other);
        found
    }

    /// Returns those that must let go of columns before they can go or change their type.
    pub fn of_columns(&self, table: &ObjectKey, losses: &[Loss]) -> Vec<ObjectKey> {
        let losses = Losses::of(losses);
        let mut found = Vec::new();
        let mut seen = FxHashSet::default();
        for (key, link) in self.on(table) {
            check();
            let Some(&object) = self.objects.get(key) else { continue };
            if *link == Link::Whole && seen.insert(key) && losses.held_by(object, table) {
                found.push(key.clone());
            }
        }
        found
    }
}

/// Shows what an object depends on as a whole.
fn each_whole(object: ObjectRef<'_>, mut each: impl FnMut(ObjectKey)) {
    object.render().requires().into_iter().for_each(&mut each);
    object.object().shared().depends_on.iter().cloned().for_each(&mut each);
    object.render().parts().into_iter().flat_map(|(_, _, needs)| needs).for_each(&mut each);
}
