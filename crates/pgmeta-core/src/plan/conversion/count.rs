//! The query that counts the values which a conversion changes: converted back, they differ. Runs nothing.

use crate::ident::{Name, ident};
use crate::plan::conversion::known;
use crate::plan::conversion::path::Types;
use crate::plan::conversion::shape::Shape;
use crate::plan::conversion::{Conversion, Way};

/// The count of changed values before a column changes its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    pub column: Name,
    /// Qualified and quoted, as in SQL.
    relation: String,
    /// A condition on its rows, true for values that change.
    changes: String,
}

impl Count {
    /// Prepares the count for a column. `old` is the temporary name of the old type, if it has one.
    pub fn of(relation: &str, name: &Name, there: &Conversion, new: &str, back: &Conversion, old: &str) -> Self {
        let column = ident(name);
        let value = match &there.way {
            Way::Assignment => format!("{column}::{new}"),
            Way::Explicit(to) => format!("{column}::{to}::{new}"),
            Way::ThroughText(to) => format!("{column}::text::{to}::{new}"),
            Way::Caller(expression) => format!("({expression})::{new}"),
        };
        let returned = match back.way {
            Way::ThroughText(_) => format!("({value})::text::{old}"),
            _ => format!("({value})::{old}"),
        };
        let shape = Shape::of(old);
        let changes = if known::has_exact_equality(shape.family()) {
            format!("{returned} IS DISTINCT FROM {column}")
        } else {
            // The type may lack an equality operator, or have one that treats distinguishable values as equal.
            format!("({returned})::text COLLATE \"C\" IS DISTINCT FROM {column}::text COLLATE \"C\"")
        };
        Self { column: name.clone(), relation: relation.to_owned(), changes }
    }

    /// Returns the query.
    pub fn sql(&self) -> String {
        format!("SELECT pg_catalog.count(*) AS changed FROM {} WHERE {}", self.relation, self.changes)
    }
}

impl Types<'_, '_> {
    /// Returns the types for the conversion back.
    pub fn back(self) -> Self {
        Self { old: self.new, new: self.old, recreated_types: self.recreated_types }
    }
}
