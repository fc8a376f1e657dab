//! The relations between objects: the parent of an object, the objects that must exist before it, and its parts that have
//! their own place in the order. Prints nothing.

use serde::Deserialize;

use crate::model::{Object, ObjectKey};

/// The relations of every kind of object to other objects.
pub trait Structure: Object {
    /// Returns the relation it belongs to, if it belongs to one.
    fn parent(&self) -> Option<ObjectKey> {
        None
    }

    /// Returns what must exist before it because its attributes name it; `depends_on` comes on top.
    fn requires(&self) -> Vec<ObjectKey> {
        Vec::new()
    }

    /// Returns whether it is made before or after the data is loaded.
    fn section(&self) -> Section {
        Section::PreData
    }

    /// Returns the parts besides [`Part::Main`] that it always has.
    fn parts(&self) -> Vec<ObjectPart> {
        Vec::new()
    }
}

/// The parts of a dump that pg_dump knows too: before and after loading data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Section {
    /// Before the data: schemas, types, functions, tables.
    PreData,
    /// After the data: constraints, indexes, triggers, policies.
    PostData,
}

impl Section {
    /// Returns pg_dump's word for it.
    pub fn word(self) -> &'static str {
        match self {
            Section::PreData => "pre-data",
            Section::PostData => "post-data",
        }
    }
}

/// A piece of an object that must come at its own place in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// The object itself, with its owner, comment and privileges.
    Main,
    /// `CREATE TYPE x;`, so that its functions can name it.
    Shell,
    /// A view with the right columns and no content.
    Placeholder,
    /// ATTACH PARTITION of a table or an index.
    Attach,
    /// OWNED BY of a sequence.
    OwnedBy,
    /// A column's default (its position), where it could not stand in CREATE TABLE.
    Default(usize),
    /// A domain's check (its position), where it could not stand in CREATE DOMAIN.
    Check(usize),
    /// A column's not-null constraint (the column's position) that is not valid: the children inherit it as it is
    /// only where they exist before.
    NotNull(usize),
    /// ENABLE ROW LEVEL SECURITY.
    RowSecurity,
    /// REFRESH of a materialized view.
    Refresh,
}

/// A part that an object has besides [`Part::Main`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectPart {
    /// Which part it is.
    pub part: Part,
    /// Whether it is made before or after the data is loaded.
    pub section: Section,
    /// What must exist before it, besides the object itself.
    pub requires: Vec<ObjectKey>,
}

impl ObjectPart {
    /// Returns a part that is made before the data is loaded.
    pub(crate) fn before_data(part: Part, requires: Vec<ObjectKey>) -> Self {
        Self { part, section: Section::PreData, requires }
    }

    /// Returns a part that is made after the data is loaded.
    pub(crate) fn after_data(part: Part, requires: Vec<ObjectKey>) -> Self {
        Self { part, section: Section::PostData, requires }
    }
}
