//! The name of a step in lists of steps, and its text.

use crate::ddl::step::Step;
use crate::model::{ObjectKey, ObjectRef, Part, Section};

/// The name of a step.
#[derive(Clone, Debug)]
pub struct Entry {
    pub key: ObjectKey,
    pub part: Part,
    pub section: Section,
    /// The relation that it belongs to, if any.
    pub parent: Option<ObjectKey>,
    /// Its folder in the file tree, if its kind has more than one.
    pub folder: Option<&'static str>,
}

/// One step as text.
#[derive(Clone, Debug)]
pub struct Item {
    pub entry: Entry,
    pub ddl: String,
}

impl Entry {
    /// Returns the entry of a step.
    pub fn of(step: &Step<'_>) -> Self {
        // Domains are of type `type`, but have their own folder.
        let folder = matches!(step.object, ObjectRef::Domain(_)).then_some("domains");
        let key = step.object.object().key();
        Self { key, part: step.part, section: step.section, parent: step.object.parent(), folder }
    }
}
