//! Facts about one column in both models, and marks of statements that change it. Prints nothing.

use crate::ident::Name;
use crate::model::{Column, ObjectKey, ObjectKind};
use crate::plan::step::Statement;

pub fn retyped(old: &Column, new: &Column) -> bool {
    old.data_type != new.data_type || old.collation != new.collation
}

/// Returns whether the column's type changes together with its parent's, even if the child declares the column.
pub fn comes_with_parent(old: &Column, new: &Column) -> bool {
    old.has_parent && new.has_parent
}

/// Marks a statement as a change of one column.
pub fn of(mut statement: Statement, column: &Name) -> Statement {
    statement.columns.push(column.clone());
    statement
}

/// Marks a statement as a change of one column whose default must not be missing between transactions.
pub fn with_default(statement: Statement, column: &Name) -> Statement {
    let default = default_key(&statement.key, column);
    of(statement, column).unit(default)
}

pub fn default_key(table: &ObjectKey, column: &Name) -> ObjectKey {
    let names: Vec<Name> = table.names.iter().chain([column]).cloned().collect();
    ObjectKey { kind: ObjectKind::DefaultValue, names: names.into(), ..ObjectKey::default() }
}

/// Returns the default that the column itself has.
pub fn own_default(column: &Column) -> Option<&str> {
    column.default.as_deref().filter(|_| column.generated.is_none())
}

/// Returns whether the change of a column sets its default.
pub fn sets_default(old: &Column, new: &Column) -> bool {
    let changed = own_default(old).map(crate::diff::expression) != own_default(new).map(crate::diff::expression);
    changed || (retyped(old, new) && !comes_with_parent(old, new))
}
