//! Which columns of tables can be null.

use pgmeta_core::model::Column;

/// Returns whether NOT NULL holds for all rows of the table itself. One that is NOT VALID proves nothing.
pub fn is_never_null(column: &Column) -> bool {
    column.not_null.as_ref().is_some_and(|constraint| !constraint.not_valid)
}
