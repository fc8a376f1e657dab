//! Bringing an archive back into a table of its own: everything or nothing, and only if what is stored is proved before
//! and what is restored is proved afterwards.

use pgmeta_archive::Records;
use pgmeta_archive::format::{Format, csv_columns};
use pgmeta_archive::manifest::Manifest;
use pgmeta_core::ident::{ident, literal, qualified};
use pgmeta_core::rows::take;
use pgrx::{PgSqlErrorCode, check_for_interrupts};
use serde::Deserialize;

use crate::archive::partition::Partition;
use crate::archive::record::{Stored, becomes, manifest_of};
use crate::archive::rows::{digest_of, require_proof};
use crate::archive::storage::failed;
use crate::error::Error;
use crate::guc::Pinned;
use crate::server;
use crate::spi::{Arg, Connection, Latest, execute_within};

/// How much text goes to the server at once.
const BATCH: usize = 1024 * 1024;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Restore {
    /// The new table, as SQL writes its name; without it, the partition's own.
    pub into: Option<String>,
    /// Whether it becomes a partition again.
    pub attach: bool,
}

/// Restores an archive and returns the table's OID.
pub fn restore(id: i64, options: &Restore) -> Result<u32, Error> {
    server::require_writable(c"pgmeta_archive_restore()");
    let stored = manifest_of(id)?;
    require_proof(&stored)?;
    let manifest = stored.manifest()?;
    let table = match &options.into {
        Some(name) => name_of(name)?,
        None => qualified(&manifest.schema, &manifest.partition),
    };
    create(&manifest, &table, options.attach)?;
    let oid = {
        let _pinned = Pinned::archiving();
        let _latest = Latest::new();
        let connection = Connection::open()?;
        let oid = oid_of(&connection, &table)?;
        load(&connection, &stored, &manifest, &insertion(&manifest, &table, options.attach))?;
        oid
    };
    prove_restored(&manifest, oid)?;
    if let (true, Some(parent), Some(bound)) = (options.attach, &manifest.parent, &manifest.bound) {
        let _pinned = Pinned::running(0);
        execute_within(&format!("ALTER TABLE {parent} ATTACH PARTITION {table} {bound}"), 0)?;
    }
    let _pinned = Pinned::new();
    becomes(&Connection::open()?, id, "restored", Some(&table))?;
    Ok(oid)
}

/// Makes the table: like the parent that it is to be a partition of, otherwise of the archive's own columns.
fn create(manifest: &Manifest, table: &str, attach: bool) -> Result<(), Error> {
    let sql = match (&manifest.parent, attach) {
        (Some(parent), true) => format!(
            "CREATE TABLE {table} (LIKE {parent} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING STORAGE)"
        ),
        (None, true) => {
            return Err(Error::from_parts(
                PgSqlErrorCode::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                "what was archived was not a partition",
                "Restore it without the option attach.",
            ));
        }
        (_, false) => {
            let columns: Vec<String> =
                manifest.columns.iter().map(|column| format!("{} {}", ident(&column.name), column.data_type)).collect();
            format!("CREATE TABLE {table} ({})", columns.join(", "))
        }
    };
    let _pinned = Pinned::running(0);
    execute_within(&sql, 0)
}

/// Reads `schema.table` as SQL does.
fn name_of(text: &str) -> Result<String, Error> {
    const PARSE: &str = "SELECT pg_catalog.parse_ident($1) AS names";
    let wrong = || Error::BadArgument {
        name: "option into",
        value: text.to_owned(),
        hint: "Name a new table with its schema: \"archive.events_2024\".".into(),
    };
    let _pinned = Pinned::new();
    let mut names: Vec<Option<String>> = Vec::new();
    Connection::open()?.read(PARSE, &[Arg::Text(text)], &["names"], |cells| {
        names = take(cells, "names")?;
        Ok(())
    })?;
    match names.as_slice() {
        [Some(schema), Some(name)] => Ok(qualified(schema, name)),
        _ => Err(wrong()),
    }
}

fn oid_of(connection: &Connection, table: &str) -> Result<u32, Error> {
    let mut oid = 0;
    connection.read("SELECT $1::regclass::oid AS oid", &[Arg::Text(table)], &["oid"], |cells| {
        oid = take(cells, "oid")?;
        Ok(())
    })?;
    Ok(oid)
}

/// Puts the rows of all files into the table.
fn load(connection: &Connection, stored: &Stored, manifest: &Manifest, sql: &str) -> Result<(), Error> {
    let width = if manifest.format == Format::Jsonl { 1 } else { manifest.columns.len() };
    for file in &manifest.files {
        let unreadable = failed("read", &file.key);
        let mut records = Records::open(&*stored.store, manifest, file).map_err(&unreadable)?;
        let mut batch: Vec<Vec<Option<String>>> = vec![Vec::new(); width];
        let mut bytes = 0;
        loop {
            check_for_interrupts!();
            let record = records.next_record().map_err(|error| damaged(&file.key, &error.to_string()))?;
            if bytes >= BATCH || (record.is_none() && !batch[0].is_empty()) {
                insert(connection, sql, &batch)?;
                batch.iter_mut().for_each(Vec::clear);
                bytes = 0;
            }
            let Some(record) = record else { break };
            bytes += record.len();
            let record = record.strip_suffix(b"\n").unwrap_or(record);
            let columns = match manifest.format {
                Format::Jsonl => vec![Some(record.to_vec())],
                Format::Csv => csv_columns(record),
            };
            if columns.len() != width {
                return Err(damaged(&file.key, "a record has another number of columns"));
            }
            for (list, value) in batch.iter_mut().zip(columns) {
                let value = value.map(String::from_utf8).transpose();
                list.push(value.map_err(|_| damaged(&file.key, "a record is not in UTF-8"))?);
            }
        }
    }
    Ok(())
}

fn damaged(key: &str, what: &str) -> Error {
    let message = format!("stored file \"{key}\" is damaged: {what}");
    Error::from_parts(PgSqlErrorCode::ERRCODE_DATA_CORRUPTED, &message, "")
}

fn insert(connection: &Connection, sql: &str, batch: &[Vec<Option<String>>]) -> Result<(), Error> {
    let args: Vec<Arg<'_>> = batch.iter().map(|list| Arg::MaybeTexts(list)).collect();
    connection.change(sql, &args)
}

/// Returns the statement that adds a batch of rows; each parameter is one column of all of them. `computes`: the table
/// generates columns itself.
fn insertion(manifest: &Manifest, table: &str, computes: bool) -> String {
    let own = manifest.columns.iter().filter(|column| !(computes && column.generated));
    let names: Vec<String> = own.map(|column| ident(&column.name)).collect();
    let into = format!("INSERT INTO {table} ({}) OVERRIDING SYSTEM VALUE", names.join(", "));
    match manifest.format {
        Format::Jsonl => {
            let values: Vec<String> = names.iter().map(|name| format!("r.{name}")).collect();
            format!(
                "{into} SELECT {} FROM pg_catalog.unnest($1) AS l (line), \
                pg_catalog.json_populate_record(NULL::{table}, l.line::json) AS r",
                values.join(", ")
            )
        }
        Format::Csv => {
            let values = manifest.columns.iter().enumerate();
            let values: Vec<String> =
                values.map(|(at, column)| format!("CAST(l.c{at} AS {})", column.data_type)).collect();
            let range = 0..manifest.columns.len();
            let lists: Vec<String> = range.clone().map(|at| format!("pg_catalog.unnest(${})", at + 1)).collect();
            let columns: Vec<String> = range.map(|at| format!("c{at}")).collect();
            format!(
                "{into} SELECT {} FROM ROWS FROM ({}) AS l ({})",
                values.join(", "),
                lists.join(", "),
                columns.join(", ")
            )
        }
    }
}

/// Compares what was restored with what was archived.
fn prove_restored(manifest: &Manifest, oid: u32) -> Result<(), Error> {
    let _pinned = Pinned::archiving();
    let _latest = Latest::new();
    let connection = Connection::open()?;
    let partition = Partition::read(&connection, oid)?;
    let found = digest_of(&connection, &partition, manifest)?;
    if found.rows() == manifest.rows && found.hex() == manifest.row_digest {
        return Ok(());
    }
    let table = literal(&partition.quoted());
    Err(Error::from_parts(
        PgSqlErrorCode::ERRCODE_DATA_EXCEPTION,
        &format!("what was restored into {table} is not what was archived"),
        "Nothing was restored. A type whose text has changed since, or a trigger, may be the reason.",
    ))
}
