//! Reads the rows of data files back: as input for COPY, or record by record.

use std::io::Read;
use std::sync::Arc;

use crate::batch::each_row;
use crate::columns::Column;
use crate::format::{Field, Format, csv_value};
use crate::jsonl::each_value;
use crate::manifest::{DataFile, Manifest};
use crate::parquet_file;
use crate::reader::{CHUNK, Records, VerifyError};
use crate::store::Store;

/// Receives a chunk of rows, and returns whether it accepts more.
pub type RowSink<'a> = dyn FnMut(Vec<u8>) -> bool + 'a;

/// Reads a file as input for COPY: in COPY's binary format with header and trailer, or as CSV. `wanted`: the columns of the
/// CSV, unless the files are CSV already. Lines of version 1 are passed unchanged: only the server can parse them.
pub fn contents(
    store: &Arc<dyn Store>,
    manifest: &Manifest,
    file: &DataFile,
    wanted: &[String],
    sink: &mut RowSink<'_>,
) -> Result<(), VerifyError> {
    match manifest.format {
        Format::Parquet => parquet_as_csv(store, manifest, file, wanted, sink),
        Format::Jsonl if manifest.has_typed_lines() => lines_as_csv(store, manifest, file, wanted, sink),
        Format::Jsonl => records(store, manifest, file, sink),
        Format::Binary | Format::Csv => {
            let mut bytes = manifest.compression.decoder(store.open(&file.key)?)?;
            loop {
                let mut batch = Vec::with_capacity(CHUNK);
                let read = bytes.by_ref().take(CHUNK as u64).read_to_end(&mut batch)?;
                if read == 0 || !sink(batch) {
                    return Ok(());
                }
            }
        }
    }
}

/// Buffers records for a restore.
struct RecordBuffer<'a, 'h> {
    batch: Vec<u8>,
    sink: &'a mut RowSink<'h>,
    wanted: bool,
}

impl<'a, 'h> RecordBuffer<'a, 'h> {
    fn new(sink: &'a mut RowSink<'h>) -> Self {
        Self { batch: Vec::with_capacity(CHUNK), sink, wanted: true }
    }

    /// Passes the buffer on if it is large enough; returns whether the restore accepts more.
    fn record_ends(&mut self) -> bool {
        if self.batch.len() >= CHUNK {
            let full = std::mem::replace(&mut self.batch, Vec::with_capacity(CHUNK));
            self.wanted = (self.sink)(full);
        }
        self.wanted
    }

    fn finish(self) {
        if self.wanted && !self.batch.is_empty() {
            (self.sink)(self.batch);
        }
    }
}

/// Reads the records of a stream.
pub fn records(
    store: &Arc<dyn Store>,
    manifest: &Manifest,
    file: &DataFile,
    sink: &mut RowSink<'_>,
) -> Result<(), VerifyError> {
    let mut records = Records::of(store.open(&file.key)?, manifest.compression, manifest.format)?;
    let mut out = RecordBuffer::new(sink);
    while let Some(record) = records.next_record()? {
        out.batch.extend_from_slice(record);
        if !out.record_ends() {
            break;
        }
    }
    out.finish();
    Ok(())
}

/// Returns the fields, and for each whether it is wanted.
fn choose(manifest: &Manifest, wanted: &[String]) -> (Arc<[Field]>, Vec<bool>) {
    let fields = manifest.fields();
    let mask = fields.iter().map(|field| wanted.contains(&field.name)).collect();
    (fields, mask)
}

fn parquet_as_csv(
    store: &Arc<dyn Store>,
    manifest: &Manifest,
    file: &DataFile,
    wanted: &[String],
    sink: &mut RowSink<'_>,
) -> Result<(), VerifyError> {
    let (fields, mask) = choose(manifest, wanted);
    let chosen: Vec<Field> =
        fields.iter().zip(&mask).filter(|(_, wanted)| **wanted).map(|(field, _)| field.clone()).collect();
    let mut out = RecordBuffer::new(sink);
    parquet_file::each_group(store, &file.key, &fields, &mut drop, |columns, rows| {
        let columns: Vec<&Column> =
            columns.iter().zip(&mask).filter(|(_, wanted)| **wanted).map(|(column, _)| column).collect();
        each_row(&columns, rows, |values| {
            if out.wanted {
                Format::Csv.encode(&chosen, values, &mut out.batch);
                out.record_ends();
            }
        });
        out.wanted
    })?;
    out.finish();
    Ok(())
}

fn lines_as_csv(
    store: &Arc<dyn Store>,
    manifest: &Manifest,
    file: &DataFile,
    wanted: &[String],
    sink: &mut RowSink<'_>,
) -> Result<(), VerifyError> {
    let (fields, mask) = choose(manifest, wanted);
    let width = mask.iter().filter(|wanted| **wanted).count();
    let mut records = Records::of(store.open(&file.key)?, manifest.compression, manifest.format)?;
    let mut out = RecordBuffer::new(sink);
    while let Some(record) = records.next_record()? {
        let mut written = 0;
        each_value(record, &fields, |at, text| {
            if mask[at] {
                if written > 0 {
                    out.batch.push(b',');
                }
                if let Some(text) = text {
                    csv_value(&text, width == 1, &mut out.batch);
                }
                written += 1;
            }
            Ok(())
        })?;
        out.batch.push(b'\n');
        if !out.record_ends() {
            break;
        }
    }
    out.finish();
    Ok(())
}
