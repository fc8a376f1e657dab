//! Primary keys, and the pairs of columns of foreign keys.

use std::collections::BTreeSet;

use pgmeta_core::model::{Column, Constraint, ConstraintKind, ModelIndex, Table};

/// Returns the primary key of a table.
pub(crate) fn primary_key<'m>(index: &'m ModelIndex<'m>, table: &'m Table) -> Option<&'m Constraint> {
    let own = index.constraints_of(&table.schema, &table.name).iter();
    own.copied().find(|constraint| constraint.kind == ConstraintKind::PrimaryKey)
}

/// Returns whether the server chooses a column's values: it is an identity column, or its default is the next value of a sequence or
/// a new UUID.
pub(crate) fn is_generated(column: &Column) -> bool {
    const GENERATORS: [&str; 4] = ["nextval(", "gen_random_uuid(", "uuidv7(", "uuid_generate_v"];
    let default = column.default.as_deref().unwrap_or_default();
    column.identity.is_some() || GENERATORS.iter().any(|generator| default.contains(generator))
}

/// Returns the pairs of columns of a foreign key, its own and the referenced one, without their order.
pub(crate) fn pairs(constraint: &Constraint) -> BTreeSet<(&str, &str)> {
    let referenced = constraint.foreign_key.iter().flat_map(|key| &key.columns);
    constraint.columns.iter().zip(referenced).map(|(own, other)| (&**own, &**other)).collect()
}
