//! Selects a part of a model: by type, by name, or by parent.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use crate::interrupt::check;
use crate::model::{Model, ObjectKey, ObjectKind, ObjectRef};

/// The words of the option `types`: those of `pg_identify_object`, and `domain` for types that are domains.
pub fn type_words() -> impl Iterator<Item = &'static str> {
    ObjectKind::ALL.iter().map(|kind| kind.word()).chain(["domain"])
}

/// Returns whether the object is of one of the types.
pub fn has_type(object: ObjectRef<'_>, types: &BTreeSet<String>) -> bool {
    let domain = matches!(object, ObjectRef::Domain(_)) && types.contains("domain");
    domain || types.contains(object.object().key().kind.word())
}

impl Model {
    /// Keeps the objects with these keys, and objects that are printed inside of them: checks and identity sequences of tables.
    pub fn keep(&mut self, keys: &FxHashSet<ObjectKey>) {
        let inside = |object: ObjectRef<'_>| {
            let inline = if let ObjectRef::Constraint(constraint) = object {
                constraint.is_inline_check()
            } else {
                matches!(object, ObjectRef::Sequence(sequence) if sequence.identity)
            };
            inline && object.parent().is_some_and(|parent| keys.contains(&parent))
        };
        let inner: FxHashSet<ObjectKey> = self
            .objects()
            .inspect(|_| check())
            .filter(|&object| inside(object))
            .map(|object| object.object().key())
            .collect();
        self.retain(|object| {
            check();
            let key = object.key();
            keys.contains(&key) || inner.contains(&key)
        });
    }

    /// Returns the key and, with `dependents`, the keys of its parts: of a relation its indexes, constraints, triggers, rules, policies,
    /// sequences and statistics; of a schema all objects in it.
    pub fn keys_of(&self, key: &ObjectKey, dependents: bool) -> FxHashSet<ObjectKey> {
        let mut keys = FxHashSet::from_iter([key.clone()]);
        if dependents {
            for object in self.objects() {
                check();
                let own = object.object().key();
                let in_schema = key.kind == ObjectKind::Schema && own.schema() == Some(&key.names[0]);
                let part = !matches!(own.kind, ObjectKind::Table | ObjectKind::ForeignTable);
                let belongs = part && object.parent().is_some_and(|parent| same_relation(&parent, key));
                if in_schema || belongs {
                    keys.insert(own);
                }
            }
        }
        keys
    }
}

/// Compares parents by name only: a child may not contain the kind of its parent.
fn same_relation(parent: &ObjectKey, key: &ObjectKey) -> bool {
    use ObjectKind::*;
    let relation = |kind| matches!(kind, Table | ForeignTable | View | MaterializedView);
    parent.names == key.names && relation(parent.kind) && relation(key.kind)
}
