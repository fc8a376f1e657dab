//! The rows of a table as its archive holds them, and the proof that both are the same.

use pgmeta_archive::digest::RowDigest;
use pgmeta_archive::format::Format;
use pgmeta_archive::manifest::{DataFile, Manifest};
use pgmeta_archive::{VerifyError, verify};
use pgmeta_core::ident::ident;
use pgmeta_core::rows::{Cell, Cells, RowError};
use pgrx::{PgSqlErrorCode, check_for_interrupts};
use serde::Deserialize;

use crate::archive::partition::{Column, Loses, Partition};
use crate::archive::record::Stored;
use crate::error::Error;
use crate::guc::Pinned;
use crate::spi::Connection;

/// How a table is read for a format.
pub struct Rows {
    format: Format,
    sql: String,
    width: usize,
    table: String,
}

impl Rows {
    pub fn of(partition: &Partition, wanted: Option<&[String]>, format: Format) -> Result<Self, Error> {
        let table = partition.quoted();
        let columns = partition.stored_columns(wanted, format)?;
        let sql = match format {
            Format::Jsonl => {
                let source = match wanted {
                    None => format!("ONLY {table} AS r"),
                    Some(_) => format!("(SELECT {} FROM ONLY {table} AS r) AS r", list(&columns, "r.")),
                };
                let lossy: Vec<String> = columns.iter().filter_map(|column| lossy(column)).collect();
                let lossy = if lossy.is_empty() { "false".to_owned() } else { lossy.join(" OR ") };
                format!("SELECT pg_catalog.row_to_json(r.*)::text, COALESCE({lossy}, false) FROM {source}")
            }
            Format::Csv => {
                // What COPY writes: each value as its type's output function prints it.
                let values: Vec<String> = columns
                    .iter()
                    .map(|column| {
                        let name = ident(&column.name);
                        format!("CASE WHEN r.{name} IS DISTINCT FROM NULL THEN pg_catalog.format('%s', r.{name}) END")
                    })
                    .collect();
                format!("SELECT {} FROM ONLY {table} AS r", values.join(", "))
            }
        };
        Ok(Self { format, sql, width: if format == Format::Jsonl { 1 } else { columns.len() }, table })
    }

    /// Visits each row's columns, in the snapshot that is active.
    pub fn visit(&self, connection: &Connection, mut visit: impl FnMut(&[Option<&[u8]>])) -> Result<(), Error> {
        let mut failure = None;
        let mut values: Vec<Option<String>> = Vec::with_capacity(self.width);
        let result = connection.scan(&self.sql, |cells| {
            values.clear();
            for _ in 0..self.width {
                values.push(match cells.next_cell()? {
                    Cell::Text(text) => Some(text.to_owned()),
                    Cell::Null => None,
                    _ => return Err(RowError::WrongType("column")),
                });
            }
            if self.format == Format::Jsonl && cells.next_cell()? == Cell::Bool(true) {
                failure = Some(self.lossy());
                return Err(RowError::WrongType("column"));
            }
            let columns: Vec<Option<&[u8]>> = values.iter().map(|value| value.as_deref().map(str::as_bytes)).collect();
            visit(&columns);
            Ok(())
        });
        match failure {
            Some(failure) => Err(failure),
            None => result,
        }
    }

    /// Returns the digest of the rows that are there now.
    pub fn digest(&self, connection: &Connection) -> Result<RowDigest, Error> {
        let mut digest = RowDigest::default();
        let mut record = Vec::new();
        self.visit(connection, |columns| {
            record.clear();
            self.format.encode(columns, &mut record);
            digest.add(&record);
        })?;
        Ok(digest)
    }

    fn lossy(&self) -> Error {
        Error::from_parts(
            PgSqlErrorCode::ERRCODE_FEATURE_NOT_SUPPORTED,
            &format!("{} has a value that JSON cannot keep", self.table),
            "JSON's null in a column, and arrays that do not begin with 1, would come back otherwise: use format csv.",
        )
    }
}

/// Returns names as a list of columns.
pub fn list(columns: &[&Column], prefix: &str) -> String {
    columns.iter().map(|column| format!("{prefix}{}", ident(&column.name))).collect::<Vec<_>>().join(", ")
}

/// Returns the condition under which a column's JSON says less than its value.
fn lossy(column: &Column) -> Option<String> {
    let name = ident(&column.name);
    Some(match column.loses? {
        Loses::JsonNull => format!("pg_catalog.btrim(r.{name}::text, E' \\t\\n\\r') = 'null'"),
        Loses::LowerBounds => format!("pg_catalog.left(r.{name}::text, 1) = '['"),
    })
}

/// What a check of a stored file has found.
pub struct Proof {
    pub file: String,
    pub error: Option<String>,
}

/// How an archive is looked at.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Look {
    /// Read the files, not only ask for their sizes.
    pub content: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { content: true }
    }
}

/// Looks at all files of an archive: bytes, hashes, rows, and the digest of all rows.
pub fn prove(stored: &Stored, look: &Look) -> Result<Vec<Proof>, Error> {
    let mut proofs = vec![Proof { file: stored.location.clone(), error: None }];
    let manifest = match stored.manifest() {
        Ok(manifest) => manifest,
        Err(error) => {
            proofs[0].error = Some(error.to_string());
            return Ok(proofs);
        }
    };
    if !look.content {
        proofs.extend(manifest.files.iter().map(|file| Proof { file: file.key.clone(), error: sized(stored, file) }));
        return Ok(proofs);
    }
    let mut all = RowDigest::default();
    for file in &manifest.files {
        let check = || {
            check_for_interrupts!();
            Ok::<(), VerifyError>(())
        };
        let error = match verify(&*stored.store, &manifest, file, check) {
            Ok(digest) => {
                all.merge(digest);
                None
            }
            Err(error) => Some(error.to_string()),
        };
        proofs.push(Proof { file: file.key.clone(), error });
    }
    let readable = proofs.iter().all(|proof| proof.error.is_none());
    if readable && (all.rows() != manifest.rows || all.hex() != manifest.row_digest) {
        proofs[0].error = Some("the rows of its files are not those that it says".to_owned());
    }
    Ok(proofs)
}

/// Returns what is wrong with a file's size.
fn sized(stored: &Stored, file: &DataFile) -> Option<String> {
    match stored.store.size(&file.key) {
        Ok(found) if found == file.bytes => None,
        Ok(found) => Some(VerifyError::Bytes { found, expected: file.bytes }.to_string()),
        Err(error) => Some(VerifyError::Read(error).to_string()),
    }
}

/// Raises what is wrong with an archive.
pub fn require_proof(stored: &Stored) -> Result<(), Error> {
    for Proof { file, error } in prove(stored, &Look::default())? {
        if let Some(error) = error {
            return Err(Error::from_parts(
                PgSqlErrorCode::ERRCODE_DATA_CORRUPTED,
                &format!("stored file \"{file}\" is damaged: {error}"),
                "pgmeta_archive_verify shows each file of the archive.",
            ));
        }
    }
    Ok(())
}

/// Returns the digest of what a table holds in the columns of an archive.
pub fn digest_of(connection: &Connection, table: &Partition, manifest: &Manifest) -> Result<RowDigest, Error> {
    let names: Vec<String> = manifest.columns.iter().map(|column| column.name.clone()).collect();
    Rows::of(table, Some(&names), manifest.format)?.digest(connection)
}

/// A measure of what is stored and of what the table holds now; `None` where there is no such table.
pub struct Comparison {
    pub name: &'static str,
    pub stored: String,
    pub live: Option<String>,
}

/// Compares the archive with the table.
pub fn compare(stored: &Stored, partition: u32) -> Result<Vec<Comparison>, Error> {
    let manifest = stored.manifest()?;
    let _pinned = Pinned::archiving();
    let connection = Connection::open()?;
    let live = match Partition::read(&connection, partition) {
        Ok(partition) => Some(digest_of(&connection, &partition, &manifest)?),
        Err(Error::Missing { code: PgSqlErrorCode::ERRCODE_UNDEFINED_TABLE, .. }) => None,
        Err(error) => return Err(error),
    };
    Ok(vec![
        Comparison { name: "rows", stored: manifest.rows.to_string(), live: live.map(|live| live.rows().to_string()) },
        Comparison { name: "row_digest", stored: manifest.row_digest, live: live.map(|live| live.hex()) },
    ])
}
