//! Every value of every type that a column can have is archived and restored, or rejected with the name of its column
//! before anything is stored; in the same database, and in another one with records from a dump.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::archives::{files, with_storage};

use pgmeta_e2e::{Database, Outcome, run};

/// Contrib's types, and PostGIS's.
const EXTENSIONS: [&str; 10] =
    ["hstore", "ltree", "cube", "seg", "isn", "citext", "intarray", "lo", "pg_trgm", "postgis"];

const FORMATS: [(&str, &str); 7] = [
    ("jsonl", "zstd"),
    ("jsonl", "none"),
    ("csv", "gzip"),
    ("csv", "lz4"),
    ("parquet", "zstd"),
    ("parquet", "none"),
    ("binary", "zstd"),
];

/// Types whose receive function rejects the binary form of empty values. Other types without a binary format have no such
/// functions.
const NOT_BINARY: [&str; 3] = ["tsquery", "int2vector", "oidvector"];

struct Table {
    name: String,
    columns: Vec<String>,
}

fn tables(database: &Database<'_>) -> Result<Vec<Table>> {
    let found = database.psql(
        "SELECT c.relname, string_agg(a.attname, ',' ORDER BY a.attnum) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        WHERE c.relnamespace = 'v'::regnamespace AND c.relkind = 'r' AND c.relname ~ '^t[0-9]+$' GROUP BY c.relname ORDER BY c.relname",
    )?;
    let table = |line: &str| {
        let (name, columns) = line.split_once('|').context("a table")?;
        Ok(Table { name: name.to_owned(), columns: columns.split(',').map(str::to_owned).collect() })
    };
    found.lines().map(table).collect()
}

/// Archives a table without the rejected columns; returns the archive and the rejected columns.
fn archive(
    database: &Database<'_>,
    folder: &Path,
    table: &Table,
    format: (&str, &str),
) -> Result<(String, Vec<String>, Vec<String>)> {
    let (mut columns, mut refused) = (table.columns.clone(), Vec::new());
    loop {
        let before = files(folder)?.len();
        let options = serde_json::json!({"format": format.0, "compression": format.1, "columns": columns});
        let output = database.run_as(
            "postgres",
            &format!(
                "\\set VERBOSITY verbose\nSELECT pgmeta_archive('v.{}', 'cold', $options${options}$options$)",
                table.name
            ),
        )?;
        if output.ok {
            return Ok((output.stdout.trim().to_owned(), columns, refused));
        }
        let error = output.stderr;
        ensure!(error.contains("0A000"), "{}: {error}", table.name);
        let name = error.split("column ").nth(1).and_then(|rest| rest.split(' ').next()).context("a column")?;
        ensure!(columns.iter().any(|column| column == name), "{error}");
        ensure!(files(folder)?.len() == before, "a refused archive has left files");
        columns.retain(|column| column != name);
        refused.push(name.to_owned());
    }
}

/// Restores an archive and compares all values by their text.
fn compare(database: &Database<'_>, archive: &str, table: &str, columns: &[String]) -> Outcome {
    let list = |alias: &str| {
        let columns: Vec<String> = columns.iter().map(|column| format!("{alias}.{column}")).collect();
        format!("ROW({})", columns.join(", "))
    };
    let found = database.psql(&format!(
        "SELECT pgmeta_archive_restore({archive}, '{{\"into\": \"v.back\"}}') AS back \\gset
        SELECT count(*), count(*) FILTER (WHERE {a}::text IS DISTINCT FROM {b}::text) FROM v.{table} a FULL JOIN v.back b ON b.id = a.id;
        DROP TABLE v.back",
        a = list("a"),
        b = list("b")
    ))?;
    ensure!(found == "47|0", "{table} of archive {archive}: {found}");
    Ok(())
}

#[test]
fn every_value_of_every_type_is_restored() -> Outcome {
    let (database, folder) = with_storage("values")?;
    for extension in EXTENSIONS {
        let found = database.run_as("postgres", &format!("CREATE EXTENSION {extension}"))?;
        if !found.ok {
            println!("left out: this installation has no {extension}");
        }
    }
    database.psql(include_str!("archive_values.sql"))?;
    let types: usize = database.psql("SELECT count(*) FROM v.types")?.parse()?;
    ensure!(types > 60, "{types} types only");
    let mut stored = Vec::new();
    for table in tables(&database)? {
        for format in FORMATS {
            let (id, columns, refused) = archive(&database, folder.path(), &table, format)?;
            for column in &refused {
                let number = &column[1..];
                let of = database.psql(&format!("SELECT name, sends FROM v.types WHERE id = {number}"))?;
                let (name, sends) = of.split_once('|').context("a type")?;
                let is_known = sends == "f" || NOT_BINARY.contains(&name);
                ensure!(format.0 == "binary" && is_known, "{format:?} refuses {column}: {of}");
            }
            compare(&database, &id, &table.name, &columns)?;
            stored.push((id, table.name.clone(), columns));
        }
    }
    in_another_database(&database, &stored)
}

/// Restores the same archives in a database whose types, tables and records come from pg_dump.
fn in_another_database(database: &Database<'_>, stored: &[(String, String, Vec<String>)]) -> Outcome {
    let other = Database::create("values_dumped")?;
    // Make sure that the types' OIDs differ.
    other.psql("CREATE TYPE public.first AS (a int); CREATE DOMAIN public.second AS first[]")?;
    let mut pg_dump = pgmeta_e2e::server()?.program("pg_dump");
    let dump = run(pg_dump.args(["-d", database.name()]), "")?.checked("pg_dump")?;
    other.psql(&dump)?;
    for (id, table, columns) in stored {
        compare(&other, id, table, columns)?;
    }
    Ok(())
}
