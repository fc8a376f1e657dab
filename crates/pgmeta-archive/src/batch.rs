//! Buffers rows of a file: as encoded records, or by columns for Parquet.

use std::sync::Arc;

use crate::columns::{Column, EncodeError};
use crate::digest::RowDigest;
use crate::format::{Field, Format};
use crate::value::Value;

/// Maximum length of a row as text: the server reads less than 1 GiB, including escapes and quotes.
const LONGEST: usize = 500_000_000;

fn text_length(value: &Value<'_>) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::Bytes(bytes) => 2 * bytes.len(),
        _ => 0,
    }
}

/// Rows of a data file.
#[derive(Debug)]
pub enum Batch {
    Records { bytes: Vec<u8>, ends: Vec<usize> },
    Columns { columns: Vec<Column>, rows: usize },
}

impl Batch {
    /// Size at which buffered records are passed to the codec, in bytes.
    pub const RECORDS: usize = 256 * 1024;

    pub fn rows(&self) -> u64 {
        match self {
            Batch::Records { ends, .. } => ends.len() as u64,
            Batch::Columns { rows, .. } => *rows as u64,
        }
    }

    /// Returns the memory that the rows use, in bytes.
    pub fn bytes(&self) -> usize {
        match self {
            Batch::Records { bytes, .. } => bytes.len(),
            Batch::Columns { columns, .. } => columns.iter().map(Column::bytes).sum(),
        }
    }

    /// Returns an empty batch with the same capacity.
    fn emptied(&self) -> Self {
        match self {
            Batch::Records { .. } => records(),
            Batch::Columns { columns, .. } => {
                Batch::Columns { columns: columns.iter().map(Column::like).collect(), rows: 0 }
            }
        }
    }

    /// Adds the rows to a digest.
    pub fn digest(&self, fields: &[Field], digest: &mut RowDigest) {
        match self {
            Batch::Records { bytes, ends } => {
                let mut start = 0;
                for &end in ends {
                    digest.add(&bytes[start..end]);
                    start = end;
                }
            }
            Batch::Columns { columns, rows } => {
                let mut record = Vec::new();
                each_row(&columns.iter().collect::<Vec<_>>(), *rows, |values| {
                    record.clear();
                    Format::Parquet.encode(fields, values, &mut record);
                    digest.add(&record);
                });
            }
        }
    }
}

/// Calls `visit` for each row of the columns.
pub(crate) fn each_row(columns: &[&Column], rows: usize, mut visit: impl FnMut(&[Value<'_>])) {
    let mut cursors: Vec<_> = columns.iter().map(|column| column.values()).collect();
    let mut values = vec![Value::Null; columns.len()];
    for _ in 0..rows {
        for (value, cursor) in values.iter_mut().zip(&mut cursors) {
            *value = cursor.next().unwrap_or(Value::Null);
        }
        visit(&values);
    }
}

/// Collects rows into batches.
pub struct Batches {
    format: Format,
    fields: Arc<[Field]>,
    group: Group,
    waiting: Batch,
    /// Whether the columns got capacity for a whole row group, computed from the first rows.
    sampled: bool,
}

/// Number of rows from which the length of the others is estimated.
const SAMPLE: usize = 1000;

/// Maximum size of a row group, in rows and in approximate bytes. Two row groups may be in memory.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    pub rows: usize,
    pub bytes: usize,
}

impl Batches {
    pub fn new(format: Format, fields: Arc<[Field]>, group: Group) -> Self {
        let waiting = match format.is_stream() {
            true => records(),
            false => Batch::Columns { columns: fields.iter().map(|field| Column::new(field.kind)).collect(), rows: 0 },
        };
        Self { format, fields, group, waiting, sampled: false }
    }

    /// Adds a row; returns a batch if it is full.
    pub fn add(&mut self, values: &[Value<'_>]) -> Result<Option<Batch>, EncodeError> {
        if self.format != Format::Binary && values.iter().map(text_length).sum::<usize>() > LONGEST {
            return Err(EncodeError::Long);
        }
        let full = match &mut self.waiting {
            Batch::Records { bytes, ends } => {
                self.format.encode(&self.fields, values, bytes);
                ends.push(bytes.len());
                bytes.len() >= Batch::RECORDS
            }
            Batch::Columns { columns, rows } => {
                let mut size = 0;
                for (at, (column, value)) in columns.iter_mut().zip(values).enumerate() {
                    column.push(*value).map_err(|()| EncodeError::Column(at))?;
                    size += column.bytes();
                }
                *rows += 1;
                if *rows == SAMPLE && !self.sampled {
                    // A vector that grows by doubling needs both copies for a moment, and up to half of the new one stays
                    // unused.
                    self.sampled = true;
                    let times = (self.group.bytes / size.max(1)).min(self.group.rows / SAMPLE);
                    columns.iter_mut().for_each(|column| column.reserve(times));
                }
                *rows >= self.group.rows || size >= self.group.bytes
            }
        };
        Ok(full.then(|| {
            let next = self.waiting.emptied();
            std::mem::replace(&mut self.waiting, next)
        }))
    }

    /// Returns the rows that do not fill a batch.
    pub fn finish(self) -> Batch {
        self.waiting
    }
}

fn records() -> Batch {
    Batch::Records { bytes: Vec::with_capacity(Batch::RECORDS + Batch::RECORDS / 8), ends: Vec::new() }
}
