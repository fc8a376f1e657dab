//! Reads the rows of a table for an archive: how each column is read for a format, and the digest of the rows. `verify.rs`
//! verifies stored rows.

use std::cell::Cell;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use pgmeta_archive::digest::RowDigest;
use pgmeta_archive::format::{Field, Format};
use pgmeta_archive::manifest::Manifest;
use pgmeta_archive::options::{Options, ParquetTypes};
use pgmeta_archive::value::{Kind, Value};
use pgmeta_archive::{Batch, Batches, EncodeError, Group};
use pgmeta_core::cells::RowError;
use pgmeta_core::ident::ident;
use pgrx::pg_sys::panic::{CaughtError, ErrorReport};
use pgrx::{PgLogLevel, PgTryBuilder};

use crate::archive::errors::TransferError;
use crate::archive::queries;
use crate::archive::transfer::partition::{Column, Partition};
use crate::archive::transfer::version_1;
use crate::encoding::{self, EncodingError};
use crate::error::Error;
use crate::guc;
use crate::interrupt;
use crate::rights::{as_code_owner_within, code_path, reader};
use crate::spi::{Connection, Input, Shape, Tuple, Wire, is_for_the_session};

/// The server's name of the encoding.
const UTF8: &str = "UTF8";

/// 24:00, in microseconds.
const MIDNIGHT: i64 = 86_400_000_000;

/// The plan for reading a table in a format.
pub struct Rows {
    oid: u32,
    schema: String,
    name: String,
    format: Format,
    sql: String,
    fields: Arc<[Field]>,
    shapes: Vec<Shape>,
    checks: Vec<Check>,
    /// Whether text is converted to UTF-8.
    utf8: bool,
    table: String,
    group: Group,
    /// Columns of Parquet type TIME, which cannot hold 24:00.
    hours: Vec<usize>,
    /// The search_path, after pg_catalog, of the types' functions.
    path: Option<String>,
}

/// A column whose values are verified one by one: a restore must read the same value.
struct Check {
    field: usize,
    type_oid: u32,
    type_modifier: i32,
    /// The position of the column's text in the query, if the files do not contain the text.
    text_at: Option<usize>,
}

/// Buffers for one value, reused for each.
#[derive(Default)]
struct Scratch {
    sent: Vec<u8>,
    text: Vec<u8>,
    read: Vec<u8>,
}

/// The result of reading all rows.
pub struct Read {
    pub last: Batch,
    /// See [`pgmeta_archive::manifest::Values`].
    pub values: Option<RowDigest>,
}

/// Why rows cannot be read in a format.
#[derive(Debug)]
pub enum Refusal {
    /// A value does not fit the type of this column: the column must become text.
    NeedsText(String),
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
            Refusal::NeedsText(column) => TransferError::OutOfRange { column: ident(&column) }.into(),
        }
    }
}

impl Rows {
    /// `as_text`: columns that are read as text in any format.
    pub fn of(
        partition: &Partition,
        wanted: Option<&[String]>,
        format: Format,
        types: ParquetTypes,
        as_text: &[String],
    ) -> Result<Self, Error> {
        Self::from_columns(partition, &partition.stored_columns(wanted)?, format, |column| {
            read_as(column, format, types, as_text.contains(&column.name))
        })
    }

    /// Returns the plan that reads a table like an existing archive.
    fn like(table: &Partition, manifest: &Manifest) -> Result<Self, Error> {
        let names: Vec<String> = manifest.columns.iter().map(|column| column.name.clone()).collect();
        let kind = |column: &Column| {
            manifest.columns.iter().find(|stored| stored.name == column.name).map(|stored| stored.kind)
        };
        let columns = table.stored_columns(Some(&names))?;
        let types = manifest.parquet_types.unwrap_or(ParquetTypes::Native);
        let rows = Self::from_columns(table, &columns, manifest.format, |column| {
            let old = kind(column).filter(|_| manifest.format == Format::Jsonl && !manifest.has_typed_lines());
            if let Some(old) = old.and_then(|kind| version_1::read_as(column, kind)) {
                return Ok(old);
            }
            let as_text = matches!(kind(column), Some(Kind::Number | Kind::Other));
            read_as(column, manifest.format, types, as_text)
        })?;
        let utf8 = rows.utf8 && manifest.encoding == UTF8;
        // Version 1 has no digest of values.
        let checks = if manifest.values.is_some() { rows.checks } else { Vec::new() };
        Ok(Self { utf8, checks, ..rows })
    }

    fn from_columns(
        partition: &Partition,
        columns: &[&Column],
        format: Format,
        read_as: impl Fn(&Column) -> Result<(Kind, Shape, String), Error>,
    ) -> Result<Self, Error> {
        if format == Format::Parquet && columns.is_empty() {
            return Err(TransferError::NoColumns { table: partition.quoted() }.into());
        }
        let utf8 = format != Format::Binary && !encoding::is_utf8();
        let converts = utf8 && encoding::converts();
        let (mut list, mut texts) = (Vec::new(), Vec::new());
        let (mut fields, mut shapes, mut checks) = (Vec::new(), Vec::new(), Vec::new());
        for (field, column) in columns.iter().enumerate() {
            let (kind, shape, expression) = read_as(column)?;
            let is_text = format != Format::Binary && shape == Shape::Text;
            // A conversion to UTF-8 may lose information.
            if !column.is_plain() || (converts && (is_text || kind == Kind::Text)) {
                let text_at = (!is_text && kind != Kind::Text).then(|| {
                    texts.push(printed(column));
                    columns.len() + texts.len() - 1
                });
                let Column { type_oid, type_modifier, .. } = **column;
                checks.push(Check { field, type_oid, type_modifier, text_at });
            }
            let new = Field::new(&column.name, kind, &column.data_type);
            fields.push(if format == Format::Parquet { new.with_id(column.number) } else { new });
            shapes.push(shape);
            list.push(expression);
        }
        list.append(&mut texts);
        let table = partition.quoted();
        Ok(Self {
            oid: partition.oid,
            schema: partition.schema.clone(),
            name: partition.name.clone(),
            format,
            sql: queries::fill(sql!("table_rows"), &[("values", &list.join(", ")), ("table", &table)])?,
            fields: fields.into(),
            shapes,
            checks,
            utf8,
            table,
            // One group is filled while another is written, and the writer needs as much again.
            group: Group { rows: usize::MAX, bytes: guc::archive_memory() / 8 },
            hours: Vec::new(),
            path: None,
        })
    }

    /// Restricts the rows to those that match a condition on `r`.
    pub fn only(self, condition: Option<&str>) -> Self {
        let Some(condition) = condition else { return self };
        Self { sql: format!("{} WHERE {condition}", self.sql), ..self }
    }

    /// Adds limits for new files: the rows of a Parquet group, and an error for values that other readers would misread.
    pub fn for_files(self, options: &Options) -> Self {
        let rows = usize::try_from(options.row_group_size).unwrap_or(usize::MAX);
        let is_time = |at: &usize| self.format == Format::Parquet && self.fields[*at].kind == Kind::Time;
        let hours = (0..self.fields.len()).filter(is_time).collect();
        let path = options.search_path.clone();
        Self { group: Group { rows, ..self.group }, hours, path, ..self }
    }

    /// Returns the encoding of the files. Other programs read text formats as UTF-8; only the server reads its binary
    /// format.
    pub fn encoding<'a>(&self, database: &'a str) -> &'a str {
        if self.utf8 { UTF8 } else { database }
    }

    pub fn fields(&self) -> &Arc<[Field]> {
        &self.fields
    }

    /// Returns the columns whose values are verified.
    pub fn proved(&self) -> Vec<String> {
        self.checks.iter().map(|check| self.fields[check.field].name.clone()).collect()
    }

    /// Reads the rows in the active snapshot, and passes them on in batches. Functions of the types run as the table's
    /// owner. A value that its type cannot read back is an error that names the column.
    pub fn batches(&self, connection: &Connection, visit: impl FnMut(Batch)) -> Result<Read, Refusal> {
        let wire = if self.format == Format::Binary { Wire::Binary } else { Wire::Text };
        let of = |check: &Check| Input::of(check.type_oid, check.type_modifier, wire);
        let inputs: Vec<Input> = self.checks.iter().map(of).collect();
        let proving = Cell::new(None);
        let read = AssertUnwindSafe(|| self.read(connection, inputs, &proving, visit));
        let raise = AssertUnwindSafe((self, &proving));
        PgTryBuilder::new(|| { read }.0())
            .catch_others(move |error| {
                let AssertUnwindSafe((rows, proving)) = &raise;
                let column = proving.get().map(|field| rows.fields[field].name.as_str());
                raise_of(column, &rows.table, error)
            })
            .execute()
    }

    /// Returns the digest of the present rows.
    pub fn digest(&self, connection: &Connection) -> Result<RowDigest, Error> {
        let mut digest = RowDigest::default();
        let read =
            self.read(connection, Vec::new(), &Cell::new(None), |batch| batch.digest(&self.fields, &mut digest))?;
        read.last.digest(&self.fields, &mut digest);
        Ok(read.values.filter(|_| self.format == Format::Binary).unwrap_or(digest))
    }

    fn read(
        &self,
        connection: &Connection,
        mut inputs: Vec<Input>,
        proving: &Cell<Option<usize>>,
        mut visit: impl FnMut(Batch),
    ) -> Result<Read, Refusal> {
        let owner = reader(&self.schema, &self.name, self.oid)?;
        let path = code_path(owner, self.path.as_deref())?;
        let mut refusal = None;
        let mut batches = Batches::new(self.format, Arc::clone(&self.fields), self.group);
        let width = self.fields.len();
        let mut spare: Vec<Value<'static>> = Vec::with_capacity(width);
        let mut printed = vec![Vec::new(); width];
        let mut converted = vec![Vec::new(); if self.utf8 { width } else { 0 }];
        let mut digest = (!self.checks.is_empty()).then(RowDigest::default);
        let (mut record, mut scratch) = (Vec::new(), Scratch::default());
        let result = connection.scan_as(
            &self.sql,
            || as_code_owner_within(owner, path.as_ref()),
            |row| {
                let mut values: Vec<Value<'_>> = std::mem::take(&mut spare);
                for (at, (buffer, shape)) in printed.iter_mut().zip(&self.shapes).enumerate() {
                    proving.set((*shape == Shape::Sent).then_some(at));
                    values.push(row.value(at, *shape, buffer).ok_or(RowError::WrongType("column"))?);
                }
                proving.set(None);
                if let Some(digest) = &mut digest {
                    for (check, input) in self.checks.iter().zip(&mut inputs) {
                        proving.set(Some(check.field));
                        self.require_restorable(check, values[check.field], row, input, &mut scratch)?;
                    }
                    proving.set(None);
                    record.clear();
                    self.write_values(&values, row, &mut record, &mut scratch.text)?;
                    digest.add(&record);
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
                if let Some(&at) = self.hours.iter().find(|&&at| values[at] == Value::Time(MIDNIGHT)) {
                    refusal = Some(Refusal::NeedsText(self.fields[at].name.clone()));
                    return Err(RowError::WrongType("column"));
                }
                match batches.add(&values) {
                    Ok(None) => {}
                    Ok(Some(batch)) => {
                        interrupt::look();
                        visit(batch);
                    }
                    Err(unfit) => {
                        refusal = Some(match unfit {
                            EncodeError::Column(column) => Refusal::NeedsText(self.fields[column].name.clone()),
                            EncodeError::Long => Refusal::Error(self.too_long()),
                        });
                        return Err(RowError::WrongType("column"));
                    }
                }
                values.clear();
                // Reuses the allocation, without the values.
                spare = values.into_iter().map(|_| Value::Null).collect();
                Ok(())
            },
        );
        match refusal {
            Some(refusal) => Err(refusal),
            None => Ok(result.map(|()| Read { last: batches.finish(), values: digest })?),
        }
    }

    /// Reads a value as a restore would. Returns an error if it cannot be read, or if the result differs.
    fn require_restorable(
        &self,
        check: &Check,
        value: Value<'_>,
        row: &Tuple<'_>,
        input: &mut Input,
        scratch: &mut Scratch,
    ) -> Result<(), RowError> {
        let Scratch { sent, text, read } = scratch;
        let text = match check.text_at {
            Some(at) => text_at(row, at, text)?,
            None => value,
        };
        let text = if let Value::Text(text) = text { Some(text) } else { None };
        let stored = match self.format {
            Format::Binary => {
                sent.clear();
                value.write_binary(sent);
                (value != Value::Null).then(|| &sent[4..])
            }
            _ => text,
        };
        read.clear();
        let is_there = input.reprint(stored, read);
        if text != is_there.then_some(read.as_slice()) {
            let unfit = unrestorable(&self.fields[check.field].name, &self.table, "another value would come back");
            ErrorReport::from(unfit).report(PgLogLevel::ERROR);
        }
        Ok(())
    }

    /// Writes the values for the digest, in a form without OIDs.
    fn write_values(
        &self,
        values: &[Value<'_>],
        row: &Tuple<'_>,
        record: &mut Vec<u8>,
        scratch: &mut Vec<u8>,
    ) -> Result<(), RowError> {
        let mut checks = self.checks.iter().peekable();
        for (field, value) in values.iter().enumerate() {
            match checks.next_if(|check| check.field == field) {
                Some(Check { text_at: Some(at), .. }) => text_at(row, *at, scratch)?.write_binary(record),
                Some(_) => value.write_binary(record),
                None if self.format == Format::Binary => value.write_binary(record),
                None => {}
            }
        }
        Ok(())
    }

    fn too_long(&self) -> Error {
        Error::from(TransferError::RowTooLong { table: self.table.clone() })
    }

    fn unfit(&self, field: &Field, unfit: &EncodingError) -> Error {
        TransferError::NotUtf8 { column: ident(&field.name), table: self.table.clone(), source: unfit.clone() }.into()
    }
}

/// Returns the text of a column that the query returns in addition to the columns of the files.
fn text_at<'a: 'b, 'b>(row: &Tuple<'a>, at: usize, buffer: &'b mut Vec<u8>) -> Result<Value<'b>, RowError> {
    row.value(at, Shape::Text, buffer).ok_or(RowError::WrongType("text of a column"))
}

/// Raises an error that was caught while a column was sent or read, as an error of that column.
pub fn raise_of<T>(column: Option<&str>, table: &str, error: CaughtError) -> T {
    if let (Some(column), CaughtError::PostgresError(report)) = (column, &error)
        && !is_for_the_session(report.sql_error_code())
    {
        let unfit = unrestorable(column, table, &encoding::from_message(report.message()));
        ErrorReport::from(unfit).report(PgLogLevel::ERROR);
    }
    error.rethrow()
}

/// Returns the error for a column whose values could not be restored.
fn unrestorable(column: &str, table: &str, why: &str) -> Error {
    TransferError::Unrestorable { column: ident(column), table: table.to_owned(), message: why.to_owned() }.into()
}

/// Returns how a column is read for a format: the kind of its values, their transport, and the SQL expression.
fn read_as(
    column: &Column,
    format: Format,
    types: ParquetTypes,
    as_text: bool,
) -> Result<(Kind, Shape, String), Error> {
    let portable = format == Format::Parquet && types == ParquetTypes::Portable;
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
        "time" if portable => Some(Kind::TimeText),
        "time" => Some(Kind::Time),
        "timestamp" => Some(Kind::Timestamp),
        "timestamptz" => Some(Kind::Timestamptz),
        "uuid" if portable => Some(Kind::UuidText),
        "uuid" => Some(Kind::Uuid),
        _ => None,
    };
    // Only the server prints floating-point numbers with the same digits.
    let is_printed =
        matches!(native, Some(Kind::Float4 | Kind::Float8)) && matches!(format, Format::Jsonl | Format::Csv);
    if let (Some(kind), false) = (native, as_text || is_printed) {
        return Ok((kind, Shape::Kept, kept()));
    }
    let printed = || printed(column);
    Ok(match (format, column.base.as_str()) {
        (Format::Binary, "numeric") => (Kind::Sent, Shape::Sent, kept()),
        (Format::Binary, _) if column.sends => (Kind::Sent, Shape::Sent, name.clone()),
        (Format::Binary, _) => {
            return Err(TransferError::NoBinaryForm {
                column: ident(&column.name),
                data_type: column.data_type.clone(),
            }
            .into());
        }
        (Format::Parquet, "numeric") if !as_text && decimal(column.typmod).is_some() => {
            (decimal(column.typmod).unwrap_or(Kind::Number), Shape::Sent, kept())
        }
        (_, "numeric" | "float4" | "float8") => (Kind::Number, Shape::Text, kept()),
        (Format::Jsonl, "json" | "jsonb") => (Kind::Document, Shape::Text, kept()),
        (_, "json" | "jsonb") => (Kind::Json, Shape::Text, kept()),
        // Not by a cast: the owner of the type can define the cast, and it may print another value.
        (Format::Parquet, "enum") if !portable => (Kind::Enum, Shape::Text, printed()),
        (_, "enum") => (Kind::Text, Shape::Text, printed()),
        (Format::Jsonl, _) if let Some(element) = column.element => (Kind::Array(element), Shape::Text, printed()),
        (Format::Jsonl | Format::Csv | Format::Parquet, _) => (Kind::Other, Shape::Text, printed()),
    })
}

/// Returns the decimal type that holds all numbers of a type modifier.
fn decimal(typmod: i32) -> Option<Kind> {
    let packed = typmod.checked_sub(4).filter(|packed| *packed >= 0)?;
    // The scale is a signed number of eleven bits.
    let scale = ((packed & 0x7ff) ^ 1024) - 1024;
    let (precision, scale) = (u8::try_from(packed >> 16).ok()?, u8::try_from(scale).ok()?);
    (precision <= 38 && scale <= precision).then_some(Kind::Decimal { precision, scale })
}

/// Returns the expression for the output function's text. A composite value of NULLs is not NULL.
fn printed(column: &Column) -> String {
    let name = format!("r.{}", ident(&column.name));
    format!("CASE WHEN {name} IS DISTINCT FROM NULL THEN pg_catalog.format('%s', {name}) END")
}

/// Returns the digest of the archived columns of a table, for all rows or those that match a condition.
pub fn digest_of(
    connection: &Connection,
    table: &Partition,
    manifest: &Manifest,
    condition: Option<&str>,
) -> Result<RowDigest, Error> {
    Rows::like(table, manifest)?.only(condition).digest(connection)
}
