//! Reads stored files as a restore would: by COPY and the input functions of the columns' types. Checks that the values
//! equal the archived ones. Stores no rows.

use std::cell::Cell;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use pgmeta_archive::digest::RowDigest;
use pgmeta_archive::format::Format;
use pgmeta_archive::manifest::{DataFile, Manifest, Values};
use pgmeta_archive::{contents, records};
use pgrx::{PgMemoryContexts, PgTryBuilder};

use crate::archive::errors::TransferError;
use crate::archive::records::Stored;
use crate::archive::transfer::copy_from::each_record;
use crate::archive::transfer::download::Downloader;
use crate::archive::transfer::partition::Partition;
use crate::archive::transfer::rows::raise_of;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::interrupt;
use crate::rights::{as_code_owner_within, code_path, reader};
use crate::spi::{Connection, Input, SnapshotGuard, Wire};

/// Returns an error unless all values of an archive can be restored unchanged. Types whose text is known to be restorable
/// are skipped.
pub fn require_restorable(stored: &Stored, manifest: &Manifest, path: Option<&str>) -> Result<(), Error> {
    let Some(values) = &manifest.values else { return Ok(()) };
    let _pinned = GucGuard::archiving();
    let _snapshot = SnapshotGuard::new();
    let partition = Partition::read(&Connection::open()?, stored.partition)?;
    let owner = reader(&partition.schema, &partition.name, partition.oid)?;
    let mut back = Back::new(&partition, manifest, values)?;
    let manifest = Arc::new(manifest.clone());
    let path = code_path(owner, path)?;
    let code = as_code_owner_within(owner, path.as_ref());
    for file in &manifest.files {
        back.read(stored, &manifest, file)?;
    }
    drop(code);
    if back.digest.rows() == manifest.rows && back.digest.hex() == values.digest {
        return Ok(());
    }
    Err(TransferError::NotRestorable { table: partition.quoted() }.into())
}

/// Reads values back.
struct Back {
    table: u32,
    quoted: String,
    columns: Vec<String>,
    /// For each field of a record: its name and its input function. Fields without one are compared as they are.
    inputs: Vec<(String, Option<Input>)>,
    digest: RowDigest,
    record: Vec<u8>,
    text: Vec<u8>,
}

impl Back {
    fn new(partition: &Partition, manifest: &Manifest, values: &Values) -> Result<Self, Error> {
        let wire = if manifest.format == Format::Binary { Wire::Binary } else { Wire::Text };
        let input = |name: &String| -> Result<Input, Error> {
            let found = partition.stored_columns(Some(std::slice::from_ref(name)))?;
            let column = found.first().ok_or_else(|| Error::NoRow(name.clone()))?;
            Ok(Input::of(column.type_oid, column.type_modifier, wire))
        };
        // Lines and Parquet return only the requested fields; other formats return whole records.
        let is_whole = matches!(manifest.format, Format::Csv | Format::Binary);
        let inputs = manifest.columns.iter().filter_map(|column| match values.columns.contains(&column.name) {
            true => Some(input(&column.name).map(|input| (column.name.clone(), Some(input)))),
            false => is_whole.then(|| Ok((column.name.clone(), None))),
        });
        Ok(Self {
            table: partition.oid,
            quoted: partition.quoted(),
            columns: values.columns.clone(),
            inputs: inputs.collect::<Result<_, _>>()?,
            digest: RowDigest::default(),
            record: Vec::new(),
            text: Vec::new(),
        })
    }

    fn read(&mut self, stored: &Stored, manifest: &Arc<Manifest>, file: &DataFile) -> Result<(), Error> {
        let reading = Cell::new(None);
        let names: Vec<String> = self.inputs.iter().map(|(name, _)| name.clone()).collect();
        let raise = AssertUnwindSafe((&reading, names, self.quoted.clone()));
        let read = AssertUnwindSafe(|| match manifest.format {
            Format::Binary => self.read_binary(stored, manifest, file, &reading),
            _ => self.read_text(stored, manifest, file, &reading),
        });
        PgTryBuilder::new(|| { read }.0())
            .catch_others(move |error| {
                let AssertUnwindSafe((reading, names, table)) = &raise;
                raise_of(reading.get().map(|field| names[field].as_str()), table, error)
            })
            .execute()
    }

    fn read_text(
        &mut self,
        stored: &Stored,
        manifest: &Arc<Manifest>,
        file: &DataFile,
        reading: &Cell<Option<usize>>,
    ) -> Result<(), Error> {
        let (expected, of, wanted) = (Arc::clone(manifest), file.clone(), self.columns.clone());
        let mut downloader = Downloader::start(&stored.client, &file.key, move |store, hand| {
            contents(store, &expected, &of, &wanted, hand)
        })?;
        let mut next = || downloader.next_batch();
        let Self { table, inputs, digest, record, text, .. } = self;
        each_record(*table, &manifest.encoding, &mut next, |fields| {
            record.clear();
            for (at, (field, (_, input))) in fields.iter().zip(inputs.iter_mut()).enumerate() {
                let Some(input) = input else { continue };
                reading.set(Some(at));
                reprint(input, *field, record, text);
            }
            reading.set(None);
            digest.add(record);
        })
    }

    fn read_binary(
        &mut self,
        stored: &Stored,
        manifest: &Arc<Manifest>,
        file: &DataFile,
        reading: &Cell<Option<usize>>,
    ) -> Result<(), Error> {
        let (expected, of) = (Arc::clone(manifest), file.clone());
        let mut downloader =
            Downloader::start(&stored.client, &file.key, move |store, hand| records(store, &expected, &of, hand))?;
        let mut row = PgMemoryContexts::new("pgmeta record");
        while let Some(batch) = downloader.next_batch()? {
            let mut rest = batch.as_slice();
            while let Some(length) = Format::Binary.record(rest, true) {
                let Self { inputs, digest, record, text, .. } = self;
                record.clear();
                let mut fields = &rest[2..length];
                // SAFETY: memory that the row allocates is not used afterwards.
                unsafe {
                    row.switch_to(|_| {
                        for (at, (_, input)) in inputs.iter_mut().enumerate() {
                            let (whole, value) = first_field(&mut fields);
                            match input {
                                None => record.extend_from_slice(whole),
                                Some(input) => {
                                    reading.set(Some(at));
                                    reprint(input, value, record, text);
                                }
                            }
                        }
                    });
                    row.reset();
                }
                reading.set(None);
                digest.add(record);
                rest = &rest[length..];
            }
            interrupt::look();
        }
        Ok(())
    }
}

/// Splits the first field off a record of COPY's binary format; returns it with its length, and its content.
fn first_field<'a>(fields: &mut &'a [u8]) -> (&'a [u8], Option<&'a [u8]>) {
    let length = fields.first_chunk().map_or(-1, |length| i32::from_be_bytes(*length));
    let end = usize::try_from(length).map_or(4, |length| 4 + length).min(fields.len());
    let (whole, rest) = fields.split_at(end);
    *fields = rest;
    (whole, (length >= 0).then(|| &whole[4..]))
}

/// Reads a value, and appends the text that its type prints, with the length.
fn reprint(input: &mut Input, value: Option<&[u8]>, record: &mut Vec<u8>, text: &mut Vec<u8>) {
    text.clear();
    match input.reprint(value, text) {
        true => pgmeta_archive::value::Value::Text(text).write_binary(record),
        false => pgmeta_archive::value::Value::Null.write_binary(record),
    }
}
