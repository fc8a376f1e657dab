//! What is known of one column on both sides, and how statements note that they change it. Prints nothing.

use crate::ident::Name;
use crate::model::{Column, ObjectKey, ObjectKind};
use crate::plan::step::Statement;

pub fn retyped(old: &Column, new: &Column) -> bool {
    old.data_type != new.data_type || old.collation != new.collation
}

/// Returns whether what changes of a column's type changes with its parent's, be it declared by the child too.
pub fn comes_with_parent(old: &Column, new: &Column) -> bool {
    old.has_parent && new.has_parent
}

/// Notes that a statement changes one column.
pub fn of(mut statement: Statement, column: &Name) -> Statement {
    statement.columns.push(column.clone());
    statement
}

/// Notes that a statement changes one column, whose default is not to be missing on the way.
pub fn with_default(statement: Statement, column: &Name) -> Statement {
    let default = default_key(&statement.key, column);
    of(statement, column).unit(default)
}

pub fn default_key(table: &ObjectKey, column: &Name) -> ObjectKey {
    let names: Vec<Name> = table.names.iter().chain([column]).cloned().collect();
    ObjectKey { kind: ObjectKind::DefaultValue, names: names.into(), ..ObjectKey::default() }
}

/// Returns the default that a column says itself.
pub fn own_default(column: &Column) -> Option<&str> {
    column.default.as_deref().filter(|_| column.generated.is_none())
}

/// Returns whether changing a column says its default, where it has one.
pub fn sets_default(old: &Column, new: &Column) -> bool {
    let changed = own_default(old).map(crate::diff::expression) != own_default(new).map(crate::diff::expression);
    changed || (retyped(old, new) && !comes_with_parent(old, new))
}
