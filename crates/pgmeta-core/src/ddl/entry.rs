//! What a step is called where steps are listed one by one, and its text.

use crate::ddl::step::Step;
use crate::model::{ObjectKey, ObjectRef, Part, Section};

/// What a step is called.
#[derive(Clone, Debug)]
pub struct Entry {
    pub key: ObjectKey,
    pub part: Part,
    pub section: Section,
    /// The relation it belongs to, if it belongs to one.
    pub parent: Option<ObjectKey>,
    /// Its folder in the file tree, where its kind has more than one.
    pub folder: Option<&'static str>,
}

/// One step as text.
#[derive(Clone, Debug)]
pub struct Item {
    pub entry: Entry,
    pub ddl: String,
}

impl Entry {
    /// Returns what a step is called.
    pub fn of(step: &Step<'_>) -> Self {
        // Domains are types, and have a folder of their own.
        let folder = matches!(step.object, ObjectRef::Domain(_)).then_some("domains");
        let key = step.object.object().key();
        Self { key, part: step.part, section: step.section, parent: step.object.parent(), folder }
    }
}
