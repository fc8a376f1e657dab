//! The differences between two models: one change for each object that only one side has, or that differs. Knows no statements.

mod detail;
mod moves;
mod normalize;
mod relocate;
mod renames;

use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};

use crate::interrupt::check;
use crate::model::{Model, ObjectKey, ObjectRef};

pub use moves::moves;
pub use normalize::{NEVER, SHARED, comparable, expression, normalized_attributes};
pub use relocate::{move_objects, rename_schema};
pub use renames::{Rename, RenameError, Renamed, Wanted as Renames, inverse, rename};

/// The kind of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    Drop,
    Create,
    Alter,
}

/// One object that differs, with its key. `old` and `new` are set according to the kind.
#[derive(Clone, Debug)]
pub struct Change<'m> {
    pub kind: ChangeKind,
    pub key: ObjectKey,
    pub old: Option<ObjectRef<'m>>,
    pub new: Option<ObjectRef<'m>>,
}

impl Change<'_> {
    /// Returns the differences by attribute, for people; `detail` describes the form.
    pub fn detail(&self) -> Value {
        let (old, new) = self.attributes();
        Value::Object(detail::differing(&old, &new))
    }

    /// Returns the attributes that differ, each with its whole old and new value.
    pub fn sides(&self) -> Value {
        let (old, new) = self.attributes();
        let names = old.keys().chain(new.keys().filter(|name| !old.contains_key(*name)));
        let differing = names.filter(|name| old.get(*name) != new.get(*name));
        let entry = |name: &String| {
            let value = |side: &Map<String, Value>| side.get(name).cloned().unwrap_or(Value::Null);
            (name.clone(), json!({"old": value(&old), "new": value(&new)}))
        };
        Value::Object(differing.map(entry).collect())
    }

    /// Returns the compared attributes of both sides.
    fn attributes(&self) -> (Map<String, Value>, Map<String, Value>) {
        let side = |object: Option<ObjectRef<'_>>| match object.map(comparable) {
            Some(Value::Object(attributes)) => attributes,
            _ => Map::new(),
        };
        (side(self.old), side(self.new))
    }
}

/// Compares two models. Drops and changes are in the order of the old model's lists, creations follow in that of the new one's.
pub fn diff<'m>(old: &'m Model, new: &'m Model) -> Vec<Change<'m>> {
    let mut news: FxHashMap<ObjectKey, ObjectRef<'m>> =
        new.objects().inspect(|_| check()).map(|object| (object.object().key(), object)).collect();
    let mut changes = Vec::new();
    for object in old.objects() {
        check();
        let key = object.object().key();
        match news.remove(&key) {
            None => changes.push(Change { kind: ChangeKind::Drop, key, old: Some(object), new: None }),
            Some(other) if !normalize::equal(object, other) => {
                changes.push(Change { kind: ChangeKind::Alter, key, old: Some(object), new: Some(other) });
            }
            Some(_) => {}
        }
    }
    let created = new.objects().filter_map(|object| {
        check();
        let key = object.object().key();
        news.contains_key(&key).then_some(Change { kind: ChangeKind::Create, key, old: None, new: Some(object) })
    });
    changes.extend(created);
    changes
}
