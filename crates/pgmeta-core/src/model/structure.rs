//! The relations between objects: the parent of an object, the objects that must exist before it, and its parts with a place of
//! their own in the order. Prints nothing.

use serde::Deserialize;

use crate::model::{Column, Object, ObjectKey, RelationName};

/// The relations of every kind of object to other objects.
pub trait Structure: Object {
    /// Returns the relation that it belongs to, if any.
    fn parent(&self) -> Option<ObjectKey> {
        None
    }

    /// Returns the objects in its attributes that must exist before it, without `depends_on`.
    fn requires(&self) -> Vec<ObjectKey> {
        Vec::new()
    }

    /// Returns whether it is created before or after the data is loaded.
    fn section(&self) -> Section {
        Section::PreData
    }

    /// Returns the parts that it always has besides [`Part::Main`].
    fn parts(&self) -> Vec<ObjectPart> {
        Vec::new()
    }

    /// Returns its columns, if it is a relation with columns.
    fn columns(&self) -> &[Box<Column>] {
        &[]
    }

    /// Returns the parent's index that its index is attached to.
    fn attached_to(&self) -> Option<&RelationName> {
        None
    }

    /// Returns whether the relation's parent has the same one, and hands it down.
    fn is_inherited(&self) -> bool {
        false
    }

    /// Returns the SQL texts in which it may name columns of the relations that it uses.
    fn texts(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Calls `each` with the expressions whose dependencies are not in `depends_on`, and these dependencies.
    fn each_expression(&self, _each: &mut dyn FnMut(ExpressionPlace, &[ObjectKey])) {}
}

/// The place of an expression in an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpressionPlace {
    /// The default of the column at a position of a table.
    Default(usize),
    /// The generation expression of the column at a position of a table.
    Generated(usize),
    /// The default of a column of a view.
    ViewDefault,
    /// The check at a position of a domain.
    Check(usize),
}

/// The sections of a dump, as in pg_dump: before and after the data.
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

/// A part of an object with a place of its own in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// The object itself, with its owner, comment and privileges.
    Main,
    /// `CREATE TYPE x;`, so that its functions can use the name.
    Shell,
    /// A view with the right columns and no rows.
    Placeholder,
    /// ATTACH PARTITION of a table or an index.
    Attach,
    /// OWNED BY of a sequence.
    OwnedBy,
    /// The default of the column at a position, if CREATE TABLE cannot contain it.
    Default(usize),
    /// The check of a domain at a position, if CREATE DOMAIN cannot contain it.
    Check(usize),
    /// The not-null constraint, not valid, of the column at a position: only children that exist already inherit it as not valid.
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
    /// Whether it is created before or after the data is loaded.
    pub section: Section,
    /// The objects that must exist before it, besides the object itself.
    pub requires: Vec<ObjectKey>,
}

impl ObjectPart {
    /// Returns a part that is created before the data is loaded.
    pub(crate) fn before_data(part: Part, requires: Vec<ObjectKey>) -> Self {
        Self { part, section: Section::PreData, requires }
    }

    /// Returns a part that is created after the data is loaded.
    pub(crate) fn after_data(part: Part, requires: Vec<ObjectKey>) -> Self {
        Self { part, section: Section::PostData, requires }
    }
}
