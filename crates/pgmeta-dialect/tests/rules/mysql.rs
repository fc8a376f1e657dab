//! The rules of MySQL 8. They hold for MariaDB too, which the e2e tests ask.

use std::collections::BTreeSet;

use pgmeta_dialect::Dialect;

use super::text::{Table, end_of_name, length, statements, tables};

fn each_table(mut each: impl FnMut(&str, &Table)) {
    let mut seen = 0;
    for (path, statements) in statements(Dialect::Mysql) {
        for table in tables(&statements, '`').values() {
            each(&path, table);
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen}");
}

/// https://dev.mysql.com/doc/refman/8.4/en/create-table-check-constraints.html: "each name must be unique per schema".
#[test]
fn names_of_checks_are_unique_in_a_schema() {
    for (path, statements) in statements(Dialect::Mysql) {
        let mut names = BTreeSet::new();
        for table in tables(&statements, '`').values() {
            for line in table.constraints.iter().filter(|line| line.contains(" CHECK (")) {
                let Some(named) = line.strip_prefix("CONSTRAINT ") else { continue };
                let name = named[..end_of_name(named, '`')].to_lowercase();
                assert!(names.insert(name), "{path}: {line}");
            }
        }
    }
}

/// https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html: InnoDB rejects SET DEFAULT; inline
/// REFERENCES are ignored; the names of foreign keys are unique in a schema.
#[test]
fn foreign_keys_are_constraints_of_the_table() {
    for (path, statements) in statements(Dialect::Mysql) {
        let mut names = BTreeSet::new();
        for table in tables(&statements, '`').values() {
            for definition in table.columns.values() {
                assert!(!definition.contains(" REFERENCES "), "{path}: {definition}");
            }
            for line in table.constraints.iter().filter(|line| line.contains(" FOREIGN KEY (")) {
                assert!(!line.contains("SET DEFAULT") && !line.contains("DEFERRABLE"), "{path}: {line}");
                let name = line.strip_prefix("CONSTRAINT ").unwrap();
                assert!(names.insert(name[..end_of_name(name, '`')].to_lowercase()), "{path}: {line}");
            }
        }
    }
}

/// https://dev.mysql.com/doc/refman/8.4/en/data-types.html: there is no type for UUIDs, arrays, ranges or networks.
/// https://dev.mysql.com/doc/refman/8.4/en/char.html: a VARCHAR has a length; a row has 65,535 bytes, which four bytes
/// share.
#[test]
fn types_are_those_of_mysql() {
    const TYPES: [&str; 17] = [
        "SMALLINT",
        "INT",
        "BIGINT",
        "FLOAT",
        "DOUBLE",
        "DECIMAL(",
        "TINYINT(1)",
        "CHAR(",
        "VARCHAR(",
        "LONGTEXT",
        "LONGBLOB",
        "VARBINARY(",
        "DATE",
        "TIME(",
        "JSON",
        "ENUM(",
        "BIT(",
    ];
    each_table(|path, table| {
        for (name, definition) in &table.columns {
            let spatial = definition.starts_with("POINT") || definition.starts_with("GEOMETRY");
            assert!(spatial || TYPES.iter().any(|own| definition.starts_with(own)), "{path}: {name} {definition}");
            if let Some(length) = length(definition, "VARCHAR") {
                assert!((1..=16_383).contains(&length), "{path}: {name} {definition}");
            }
            if let Some(precision) = length(definition, "DECIMAL") {
                assert!(precision <= 65, "{path}: {name} {definition}");
            }
        }
        let row: u32 = table.columns.values().map(|own| 4 * length(own, "VARCHAR").unwrap_or(3)).sum();
        assert!(row <= 65_535, "{path}: {}", table.name);
    });
}

/// https://dev.mysql.com/doc/refman/8.4/en/innodb-limits.html: a key has 3,072 bytes and 16 columns at most.
/// https://dev.mysql.com/doc/refman/8.4/en/create-index.html: BLOB and TEXT need a prefix length, JSON cannot be
/// indexed.
#[test]
fn keys_fit() {
    each_table(|path, table| {
        for key in &table.keys {
            let mut bytes = 0;
            assert!(key.len() <= 16, "{path}: {key:?}");
            for part in key {
                if !part.starts_with('`') {
                    assert!(part.starts_with('('), "{path}: {part}");
                    continue;
                }
                let end = end_of_name(part, '`');
                let definition = &table.columns[&part[..end]];
                let prefix = part[end..].strip_prefix('(').and_then(|rest| rest.split(')').next()?.parse::<u32>().ok());
                let long = ["LONGTEXT", "LONGBLOB", "JSON", "POINT", "GEOMETRY"];
                assert!(prefix.is_some() || !long.iter().any(|own| definition.starts_with(own)), "{path}: {part}");
                let characters = length(definition, "VARCHAR").or_else(|| length(definition, "CHAR"));
                bytes += match (prefix, characters, length(definition, "VARBINARY")) {
                    (Some(prefix), _, _) => 4 * prefix,
                    (None, Some(characters), _) => 4 * characters,
                    (None, None, Some(bytes)) => bytes,
                    (None, None, None) => 8,
                };
            }
            assert!(bytes <= 3072, "{path}: {} {key:?}: {bytes}", table.name);
        }
    });
}

/// https://dev.mysql.com/doc/refman/8.4/en/example-auto-increment.html: one column of a table, which leads a key.
/// https://dev.mysql.com/doc/refman/8.4/en/create-table-check-constraints.html: it is in no check.
#[test]
fn numbered_columns_lead_a_key() {
    let mut seen = 0;
    each_table(|path, table| {
        let numbered: Vec<&String> =
            table.columns.iter().filter(|(_, own)| own.contains("AUTO_INCREMENT")).map(|(name, _)| name).collect();
        assert!(numbered.len() <= 1, "{path}: {numbered:?}");
        for name in numbered {
            seen += 1;
            assert!(table.keys.iter().any(|key| key.first() == Some(name)), "{path}: {} {name}", table.name);
            let checks = table.constraints.iter().filter(|own| own.contains("CHECK ("));
            assert!(!checks.into_iter().any(|own| own.contains(name.as_str())), "{path}: {} {name}", table.name);
            assert!(!table.columns[name].contains("CHECK (") && !table.columns[name].contains("DEFAULT"));
        }
    });
    assert!(seen > 5, "{seen}");
}

/// https://dev.mysql.com/doc/refman/8.4/en/data-type-defaults.html: BLOB, TEXT, GEOMETRY and JSON have expressions as
/// defaults only.
#[test]
fn long_types_have_expressions_as_defaults() {
    each_table(|path, table| {
        for (name, definition) in &table.columns {
            let is_long = ["LONGTEXT", "LONGBLOB", "JSON"].iter().any(|own| definition.starts_with(own));
            if let (true, Some((_, default))) = (is_long, definition.split_once(" DEFAULT ")) {
                assert!(default.starts_with('('), "{path}: {name} {definition}");
            }
        }
    });
}

/// https://dev.mysql.com/doc/refman/8.4/en/identifiers.html and identifier-length.html: 64 characters, all in the Basic
/// Multilingual Plane, no blank at the end; columns that differ in letter case only clash.
#[test]
fn names_are_taken() {
    each_table(|path, table| {
        let mut seen = BTreeSet::new();
        for name in table.columns.keys().chain([&table.name]) {
            let inner = &name[1..name.len() - 1];
            let inner = inner.replace("``", "`");
            assert!(inner.chars().count() <= 64 && !inner.ends_with(' '), "{path}: {name}");
            assert!(inner.chars().all(|c| u32::from(c) <= 0xffff), "{path}: {name}");
        }
        for name in table.columns.keys() {
            assert!(seen.insert(name.to_lowercase()), "{path}: {} {name}", table.name);
        }
    });
}

/// https://dev.mysql.com/doc/refman/8.4/en/create-table-check-constraints.html: "foreign key referential actions (ON
/// UPDATE CASCADE, ON UPDATE SET NULL, ON UPDATE SET DEFAULT, ON DELETE SET NULL, ON DELETE SET DEFAULT) are prohibited
/// on columns used in CHECK constraints".
#[test]
fn no_check_has_a_column_that_a_foreign_key_changes() {
    let mut seen = 0;
    each_table(|path, table| {
        for line in table.constraints.iter().filter(|line| line.contains(" FOREIGN KEY (")) {
            if !["ON UPDATE CASCADE", "ON UPDATE SET NULL", "ON DELETE SET NULL"].iter().any(|own| line.contains(own)) {
                continue;
            }
            seen += 1;
            let columns = line.split_once(" FOREIGN KEY (").unwrap().1.split(')').next().unwrap();
            for column in columns.split(", ") {
                let checks = table.constraints.iter().filter(|own| own.contains("CHECK ("));
                let own = table.columns.get(column).filter(|own| own.contains("CHECK ("));
                for check in checks.chain(own) {
                    assert!(own.is_none() && !check.contains(column), "{path}: {} {column}: {check}", table.name);
                }
            }
        }
    });
    assert!(seen > 1, "{seen}");
}
