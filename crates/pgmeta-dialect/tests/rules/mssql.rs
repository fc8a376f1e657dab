//! The rules of SQL Server 2019.

use std::collections::{BTreeMap, BTreeSet};

use pgmeta_dialect::Dialect;

use super::text::{Table, end_of_name, length, statements, tables};

fn each_table(mut each: impl FnMut(&str, &Table)) {
    let mut seen = 0;
    for (path, statements) in statements(Dialect::Mssql) {
        for table in tables(&statements, '[').values() {
            each(&path, table);
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen}");
}

/// https://learn.microsoft.com/en-us/sql/t-sql/data-types/nchar-and-nvarchar-transact-sql: NVARCHAR without a length
/// has 1 character; the greatest length is 4,000.
/// https://learn.microsoft.com/en-us/sql/t-sql/data-types/decimal-and-numeric-transact-sql: 38 digits.
#[test]
fn texts_have_a_length() {
    each_table(|path, table| {
        for (name, definition) in &table.columns {
            for word in ["NVARCHAR", "NCHAR", "VARBINARY"] {
                let Some(rest) = definition.strip_prefix(word) else { continue };
                let max = rest.starts_with("(MAX)");
                let greatest = if word == "VARBINARY" { 8000 } else { 4000 };
                let fits = length(definition, word).is_some_and(|own| (1..=greatest).contains(&own));
                assert!(max || fits, "{path}: {name} {definition}");
            }
            assert!(length(definition, "DECIMAL").is_none_or(|digits| digits <= 38), "{path}: {name} {definition}");
        }
    });
}

/// https://learn.microsoft.com/en-us/sql/sql-server/maximum-capacity-specifications-for-sql-server: keys of clustered
/// indexes have 900 bytes and 32 columns.
/// https://learn.microsoft.com/en-us/sql/t-sql/statements/create-index-transact-sql: no (MAX) types, no XML in a key.
#[test]
fn keys_fit() {
    each_table(|path, table| {
        for key in &table.keys {
            let mut bytes = 0;
            assert!(key.len() <= 32, "{path}: {key:?}");
            for part in key {
                let definition = &table.columns[&part[..end_of_name(part, '[')]];
                let long = definition.starts_with("XML") || definition.starts_with("GEOMETRY");
                assert!(!long && !definition.contains("(MAX)"), "{path}: {} {part} {definition}", table.name);
                let characters = length(definition, "NVARCHAR").or_else(|| length(definition, "NCHAR"));
                bytes += characters.map_or(length(definition, "VARBINARY").unwrap_or(8), |own| 2 * own);
            }
            assert!(bytes <= 900, "{path}: {} {key:?}: {bytes}", table.name);
        }
    });
}

/// https://learn.microsoft.com/en-us/sql/relational-databases/tables/unique-constraints-and-check-constraints:
/// constraints are objects of their schema, as tables, views and sequences are.
#[test]
fn names_of_constraints_are_unique_in_a_schema() {
    for (path, statements) in statements(Dialect::Mssql) {
        let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for table in tables(&statements, '[').values() {
            let schema = table.name[..end_of_name(&table.name, '[')].to_owned();
            let own = names.entry(schema).or_default();
            let name = table.name[end_of_name(&table.name, '[') + 1..].to_lowercase();
            assert!(own.insert(name), "{path}: {}", table.name);
            for line in table.constraints.iter().filter_map(|line| line.strip_prefix("CONSTRAINT ")) {
                assert!(own.insert(line[..end_of_name(line, '[')].to_lowercase()), "{path}: {line}");
            }
        }
    }
}

/// https://learn.microsoft.com/en-us/sql/t-sql/statements/create-table-transact-sql: one IDENTITY column of a table;
/// actions of foreign keys are CASCADE, SET NULL, SET DEFAULT and NO ACTION.
#[test]
fn tables_have_one_identity_and_known_actions() {
    each_table(|path, table| {
        let numbered = table.columns.values().filter(|own| own.contains(" IDENTITY(")).count();
        assert!(numbered <= 1, "{path}: {}", table.name);
        for line in &table.constraints {
            assert!(!line.contains("RESTRICT") && !line.contains("DEFERRABLE"), "{path}: {line}");
        }
    });
}

/// https://learn.microsoft.com/en-us/sql/t-sql/data-types/bit-transact-sql: a bit is not a condition.
#[test]
fn conditions_are_comparisons() {
    for (path, statements) in statements(Dialect::Mssql) {
        for statement in statements {
            if let (true, Some((_, condition))) = (statement.contains("INDEX "), statement.rsplit_once(") WHERE ")) {
                assert!(condition.contains(" = ") || condition.contains(" IS ") || condition.contains(['<', '>', 'I']));
                assert!(!condition.contains(" OR ") && !condition.contains("LIKE"), "{path}: {statement}");
            }
        }
    }
}
