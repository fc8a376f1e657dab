//! The rows of a table as its archive holds them, and the proof that both are the same.

use std::sync::Arc;

use pgmeta_archive::digest::RowDigest;
use pgmeta_archive::format::{Field, Format};
use pgmeta_archive::manifest::{DataFile, Manifest};
use pgmeta_archive::value::{Kind, Value};
use pgmeta_archive::{Batch, Batches, Group, Unfit, VerifyError, verify};
use pgmeta_core::ident::ident;
use pgmeta_core::rows::RowError;
use pgrx::PgSqlErrorCode;
use serde::Deserialize;

use crate::archive::partition::{Column, Loses, Partition};
use crate::archive::record::Stored;
use crate::encoding::{self, EncodingError};
use crate::error::Error;
use crate::guc::{self, Pinned};
use crate::memory;
use crate::rights::{as_code_owner, reader};
use crate::spi::{Connection, Shape};

/// The server's name of it.
const UTF8: &str = "UTF8";

/// How a table is read for a format.
pub struct Rows {
    oid: u32,
    schema: String,
    name: String,
    format: Format,
    sql: String,
    fields: Arc<[Field]>,
    shapes: Vec<Shape>,
    /// Which columns have JSON, whose own null would be taken for NULL.
    json: Vec<bool>,
    /// Whether text becomes UTF-8.
    utf8: bool,
    table: String,
    group: Group,
}

/// Why the rows cannot be had in a format.
#[derive(Debug)]
pub enum Refusal {
    /// The column is to be text: a value has no place in its type.
    Unfit(String),
    Error(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Refusal::Error(error)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Error(error) => error,
            Refusal::Unfit(column) => Error::from_parts(
                PgSqlErrorCode::ERRCODE_DATA_EXCEPTION,
                &format!("column {} has a value that its type in the file cannot hold", ident(&column)),
                "",
            ),
        }
    }
}

impl Rows {
    /// `as_text`: columns that are text whatever the format has for them.
    pub fn of(
        partition: &Partition,
        wanted: Option<&[String]>,
        format: Format,
        as_text: &[String],
    ) -> Result<Self, Error> {
        let columns = partition.stored_columns(wanted, format)?;
        let mut list = Vec::new();
        let (mut fields, mut shapes) = (Vec::new(), Vec::new());
        for column in &columns {
            let (kind, shape, expression) = read_as(column, format, as_text.contains(&column.name))?;
            fields.push(Field::new(&column.name, kind, &column.data_type));
            shapes.push(shape);
            list.push(expression);
        }
        let is_json = |column: &&Column| format == Format::Jsonl && matches!(column.loses, Some(Loses::JsonNull));
        let lossy: Vec<String> = columns.iter().filter_map(|column| lossy(column, format)).collect();
        if !lossy.is_empty() {
            list.push(format!("COALESCE({}, false)", lossy.join(" OR ")));
        }
        let table = partition.quoted();
        Ok(Self {
            oid: partition.oid,
            schema: partition.schema.clone(),
            name: partition.name.clone(),
            format,
            sql: format!("SELECT {} FROM ONLY {table} AS r", list.join(", ")),
            fields: fields.into(),
            shapes,
            json: columns.iter().map(is_json).collect(),
            utf8: format != Format::Binary && encoding::converts(),
            table,
            // One is being filled and one written, of which the writer has as much again.
            group: Group { rows: usize::MAX, bytes: guc::archive_memory() / 8 },
        })
    }

    /// The same, with so many rows in a group of Parquet at most.
    pub fn in_groups(self, rows: u32) -> Self {
        let rows = usize::try_from(rows).unwrap_or(usize::MAX);
        Self { group: Group { rows, ..self.group }, ..self }
    }

    /// The same, with text in the encoding of an archive.
    fn encoded_as(self, archived: &str) -> Self {
        let utf8 = self.utf8 && archived == UTF8;
        Self { utf8, ..self }
    }

    /// Returns the encoding of what is written, given the database's: others read text formats as UTF-8, and only the server
    /// its own binary one.
    pub fn encoding<'a>(&self, database: &'a str) -> &'a str {
        if self.utf8 { UTF8 } else { database }
    }

    pub fn fields(&self) -> &Arc<[Field]> {
        &self.fields
    }

    /// Visits the rows, many at a time, in the snapshot that is active; returns the last ones. Output functions and the like run as
    /// the table's owner.
    pub fn batches(&self, connection: &Connection, mut visit: impl FnMut(Batch)) -> Result<Batch, Refusal> {
        let owner = reader(&self.schema, &self.name, self.oid)?;
        let mut refusal = None;
        let mut batches = Batches::new(self.format, Arc::clone(&self.fields), self.group);
        let width = self.fields.len();
        let mut spare: Vec<Value<'static>> = Vec::with_capacity(width);
        let mut printed = vec![Vec::new(); width];
        let mut converted = vec![Vec::new(); if self.utf8 { width } else { 0 }];
        let mut mark = Vec::new();
        let result = connection.scan_as(
            &self.sql,
            || as_code_owner(owner),
            |row| {
                let mut values: Vec<Value<'_>> = std::mem::take(&mut spare);
                for (at, (buffer, shape)) in printed.iter_mut().zip(&self.shapes).enumerate() {
                    values.push(row.value(at, *shape, buffer).ok_or(RowError::WrongType("column"))?);
                }
                for ((value, buffer), field) in values.iter_mut().zip(&mut converted).zip(self.fields.iter()) {
                    if let Value::Text(text) = value
                        && !text.is_ascii()
                    {
                        match encoding::decode(text) {
                            Ok(text) => *buffer = text.into_owned().into_bytes(),
                            Err(unfit) => {
                                refusal = Some(Refusal::Error(self.unfit(field, &unfit)));
                                return Err(RowError::WrongType("column"));
                            }
                        }
                        *value = Value::Text(buffer);
                    }
                }
                let loses = |(value, json): (&Value<'_>, &bool)| *json && is_json_null(value);
                let marked = row.width() > width && row.value(width, Shape::Kept, &mut mark) == Some(Value::Bool(true));
                if marked || values.iter().zip(&self.json).any(loses) {
                    refusal = Some(Refusal::Error(self.lossy()));
                    return Err(RowError::WrongType("column"));
                }
                match batches.add(&values) {
                    Ok(None) => {}
                    Ok(Some(batch)) => visit(batch),
                    Err(unfit) => {
                        refusal = Some(match unfit {
                            Unfit::Column(column) => Refusal::Unfit(self.fields[column].name.clone()),
                            Unfit::Long => Refusal::Error(self.too_long()),
                        });
                        return Err(RowError::WrongType("column"));
                    }
                }
                values.clear();
                // The same allocation, of no values.
                spare = values.into_iter().map(|_| Value::Null).collect();
                Ok(())
            },
        );
        match refusal {
            Some(refusal) => Err(refusal),
            None => Ok(result.map(|()| batches.finish())?),
        }
    }

    /// Returns the digest of the rows that are there now.
    pub fn digest(&self, connection: &Connection) -> Result<RowDigest, Error> {
        let mut digest = RowDigest::default();
        let last = self.batches(connection, |batch| batch.digest(&self.fields, &mut digest))?;
        last.digest(&self.fields, &mut digest);
        Ok(digest)
    }

    fn too_long(&self) -> Error {
        Error::from_parts(
            PgSqlErrorCode::ERRCODE_PROGRAM_LIMIT_EXCEEDED,
            &format!("{} has a row that is longer as text than the server reads", self.table),
            "Use the format binary.",
        )
    }

    fn unfit(&self, field: &Field, unfit: &EncodingError) -> Error {
        let message = format!("column {} of {} has a value that is no UTF-8: {unfit}", ident(&field.name), self.table);
        Error::from_parts(unfit.code(), &message, "Use the format binary, which keeps the database's encoding.")
    }

    fn lossy(&self) -> Error {
        let (format, hint) = match self.format {
            Format::Binary => ("binary", "The server does not read an empty tsquery that it has sent: use format csv."),
            _ => (
                "JSON",
                "JSON's null in a column, and arrays that do not begin with 1, would come back otherwise: use format csv.",
            ),
        };
        let message = format!("{} has a value that {format} cannot keep", self.table);
        Error::from_parts(PgSqlErrorCode::ERRCODE_FEATURE_NOT_SUPPORTED, &message, hint)
    }
}

fn is_json_null(value: &Value<'_>) -> bool {
    matches!(value, Value::Text(text) if text.trim_ascii() == b"null")
}

/// Returns how a column is read for a format: what its values are, how they come, and the expression that has them.
fn read_as(column: &Column, format: Format, as_text: bool) -> Result<(Kind, Shape, String), Error> {
    let name = format!("r.{}", ident(&column.name));
    let kept = || if column.domain { format!("{name}::pg_catalog.{}", column.base) } else { name.clone() };
    let native = match column.base.as_str() {
        "bool" => Some(Kind::Bool),
        "int2" => Some(Kind::Int2),
        "int4" => Some(Kind::Int4),
        "int8" => Some(Kind::Int8),
        "float4" => Some(Kind::Float4),
        "float8" => Some(Kind::Float8),
        "text" | "varchar" | "bpchar" => Some(Kind::Text),
        "bytea" => Some(Kind::Bytes),
        "date" => Some(Kind::Date),
        "time" => Some(Kind::Time),
        "timestamp" => Some(Kind::Timestamp),
        "timestamptz" => Some(Kind::Timestamptz),
        "uuid" => Some(Kind::Uuid),
        _ => None,
    };
    // The digits of floating-point numbers are the server's.
    let is_printed =
        matches!(native, Some(Kind::Float4 | Kind::Float8)) && matches!(format, Format::Jsonl | Format::Csv);
    if let (Some(kind), false) = (native, as_text || is_printed) {
        return Ok((kind, Shape::Kept, kept()));
    }
    // What the type's output function prints; a composite of NULLs is not NULL.
    let printed = || format!("CASE WHEN {name} IS DISTINCT FROM NULL THEN pg_catalog.format('%s', {name}) END");
    Ok(match (format, column.base.as_str()) {
        (Format::Binary, "numeric") => (Kind::Sent, Shape::Sent, kept()),
        (Format::Binary, _) if column.sends => (Kind::Sent, Shape::Sent, name.clone()),
        (Format::Binary, _) => {
            return Err(Error::from_parts(
                PgSqlErrorCode::ERRCODE_FEATURE_NOT_SUPPORTED,
                &format!("column {} is of a type without a binary form: {}", ident(&column.name), column.data_type),
                "Use another format, or leave the column out by the option columns.",
            ));
        }
        (Format::Parquet, "numeric") if !as_text && decimal(column.typmod).is_some() => {
            (decimal(column.typmod).unwrap_or(Kind::Number), Shape::Sent, kept())
        }
        (_, "numeric" | "float4" | "float8") => (Kind::Number, Shape::Text, kept()),
        (_, "json" | "jsonb") => (Kind::Json, Shape::Text, kept()),
        // Never by a cast, which anybody who owns the type can make: what it printed would not be what was there.
        (Format::Parquet, "enum") => (Kind::Enum, Shape::Text, printed()),
        (_, "enum") => (Kind::Text, Shape::Text, printed()),
        (Format::Jsonl, _) if column.casts_to_json => (Kind::Text, Shape::Text, printed()),
        (Format::Jsonl, _) => (Kind::Json, Shape::Text, format!("pg_catalog.to_json({name})::pg_catalog.text")),
        (Format::Csv | Format::Parquet, _) => (Kind::Other, Shape::Text, printed()),
    })
}

/// Returns the decimal that has room for all numbers of a type modifier.
fn decimal(typmod: i32) -> Option<Kind> {
    let packed = typmod.checked_sub(4).filter(|packed| *packed >= 0)?;
    // The scale is signed, of eleven bits.
    let scale = ((packed & 0x7ff) ^ 1024) - 1024;
    let (precision, scale) = (u8::try_from(packed >> 16).ok()?, u8::try_from(scale).ok()?);
    (precision <= 38 && scale <= precision).then_some(Kind::Decimal { precision, scale })
}

/// Returns the condition under which a format says less than a column's value.
fn lossy(column: &Column, format: Format) -> Option<String> {
    let name = ident(&column.name);
    match (format, column.loses?) {
        (Format::Jsonl, Loses::LowerBounds) if !column.casts_to_json => {
            Some(format!("pg_catalog.left(pg_catalog.format('%s', r.{name}), 1) = '['"))
        }
        (Format::Binary, Loses::EmptyQuery) => Some(format!("pg_catalog.numnode(r.{name}) = 0")),
        _ => None,
    }
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
        Ok(manifest) => Arc::new(manifest),
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
        let (expected, of) = (Arc::clone(&manifest), file.clone());
        let error =
            match stored.away.run(move |store| verify(store, &expected, &expected.fields(), &of, memory::give_back)) {
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
    let key = file.key.clone();
    match stored.away.run(move |store| store.size(&key)) {
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
    let text = manifest.columns.iter().filter(|column| matches!(column.kind, Kind::Number | Kind::Other));
    let text: Vec<String> = text.map(|column| column.name.clone()).collect();
    Rows::of(table, Some(&names), manifest.format, &text)?.encoded_as(&manifest.encoding).digest(connection)
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
