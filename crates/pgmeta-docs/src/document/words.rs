//! Words for what the discovery document has as enums and numbers.

use pgmeta_core::ident::{Name, ident_list};
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

/// Returns names with commas, as SQL.
pub fn list(names: &[Name]) -> String {
    ident_list(names)
}

/// Returns texts with commas.
pub fn joined<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    texts.into_iter().collect::<Vec<_>>().join(", ")
}

/// Returns a number of bytes as `pg_size_pretty` prints it.
pub fn size(bytes: i64) -> String {
    const UNITS: [&str; 6] = ["bytes", "kB", "MB", "GB", "TB", "PB"];
    let mut value = bytes;
    for unit in UNITS {
        let limit = if unit == "PB" { i64::MAX } else { 10 * 1024 };
        if value < limit {
            return format!("{value} {unit}");
        }
        value = (value + 512) / 1024;
    }
    format!("{value} {}", UNITS[UNITS.len() - 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_the_server() {
        let cases =
            [(0, "0 bytes"), (8192, "8192 bytes"), (16384, "16 kB"), (10_485_760, "10 MB"), (1 << 40, "1024 GB")];
        for (bytes, expected) in cases {
            assert_eq!(size(bytes), expected);
        }
    }
}
