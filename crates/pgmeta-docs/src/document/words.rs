//! Words for what the discovery document has as enums and numbers.

use pgmeta_discovery::{RoutineKind, TableEntry, TableKind, TypeKind, ViewKind};

/// Returns the kind of a table.
pub fn of_table(table: &TableEntry) -> &'static str {
    match (table.kind, &table.partition_of) {
        (TableKind::Partitioned, _) => "partitioned table",
        (TableKind::Foreign, _) => "foreign table",
        (TableKind::Table, Some(_)) => "partition",
        (TableKind::Table, None) => "table",
    }
}

/// Returns the kind of a view.
pub fn of_view(kind: ViewKind) -> &'static str {
    match kind {
        ViewKind::View => "view",
        ViewKind::Materialized => "materialized view",
    }
}

/// Returns the kind of a routine.
pub fn of_routine(kind: RoutineKind) -> &'static str {
    match kind {
        RoutineKind::Function => "function",
        RoutineKind::Procedure => "procedure",
        RoutineKind::Window => "window function",
        RoutineKind::Aggregate => "aggregate",
    }
}

/// Returns the kind of a type.
pub fn of_type(kind: TypeKind) -> &'static str {
    match kind {
        TypeKind::Base => "base type",
        TypeKind::Range => "range type",
        TypeKind::Multirange => "multirange type",
        TypeKind::Domain => "domain",
        TypeKind::Composite => "composite type",
        TypeKind::Enum => "enum type",
        TypeKind::Array => "array type",
    }
}

/// Returns texts with commas.
pub fn joined<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    texts.into_iter().collect::<Vec<_>>().join(", ")
}
