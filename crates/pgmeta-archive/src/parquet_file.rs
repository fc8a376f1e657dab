//! Reads and writes Parquet files by row groups: one row group is in memory, never the file.

use std::io::{self, BufReader, Read, Write};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Buf, Bytes};
use parquet::basic::{Compression as Codec, GzipLevel, ZstdLevel};
use parquet::column::reader::ColumnReader;
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, FloatType, Int32Type,
    Int64Type,
};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{ChunkReader, FileReader, Length, RowGroupReader};
use parquet::file::serialized_reader::SerializedFileReader;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, Type};

use crate::columns::{Column, FIXED, Values, parquet_type};
use crate::compression::Compression;
use crate::format::Field;
use crate::store::Store;
use crate::value::Kind;

pub(crate) struct Writer<W: Write + Send> {
    inner: SerializedFileWriter<W>,
}

impl<W: Write + Send> Writer<W> {
    pub fn create(out: W, fields: &[Field], compression: Compression, level: Option<i32>) -> Result<Self> {
        let columns = fields.iter().map(|field| Ok(Arc::new(parquet_type(field)?))).collect::<Result<Vec<_>>>()?;
        let schema = Type::group_type_builder("schema").with_fields(columns).build()?;
        let level = level.or(compression.levels().map(|(_, level)| level)).unwrap_or_default();
        let codec = match compression {
            Compression::Zstd => Codec::ZSTD(ZstdLevel::try_new(level)?),
            Compression::Gzip => Codec::GZIP(GzipLevel::try_new(level.unsigned_abs())?),
            Compression::Lz4 => Codec::LZ4_RAW,
            Compression::None => Codec::UNCOMPRESSED,
        };
        let mut properties = WriterProperties::builder()
            .set_compression(codec)
            .set_created_by(format!("pgmeta {}", env!("CARGO_PKG_VERSION")))
            .set_key_value_metadata(Some(types(fields)));
        for field in fields {
            // Values of these kinds are mostly distinct: a dictionary would be built and then given up.
            if matches!(field.kind, Kind::Uuid | Kind::UuidText | Kind::Float8 | Kind::Bytes) {
                properties = properties.set_column_dictionary_enabled(ColumnPath::new(vec![field.name.clone()]), false);
            }
        }
        let inner = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties.build()))?;
        Ok(Self { inner })
    }

    /// Writes a row group. Frees each column as soon as it is written.
    pub fn write(&mut self, columns: Vec<Column>) -> Result<()> {
        let mut group = self.inner.next_row_group()?;
        for column in columns {
            let Some(mut writer) = group.next_column()? else { break };
            let levels = Some(column.levels.as_slice());
            match column.values {
                Values::Bool(values) => writer.typed::<BoolType>().write_batch(&values, levels, None)?,
                Values::Int32(values) => writer.typed::<Int32Type>().write_batch(&values, levels, None)?,
                Values::Int64(values) => writer.typed::<Int64Type>().write_batch(&values, levels, None)?,
                Values::Float(values) => writer.typed::<FloatType>().write_batch(&values, levels, None)?,
                Values::Double(values) => writer.typed::<DoubleType>().write_batch(&values, levels, None)?,
                Values::Bytes { bytes, ends } => {
                    let all = Bytes::from(bytes);
                    let mut start = 0;
                    let values: Vec<ByteArray> = ends
                        .into_iter()
                        .map(|end| ByteArray::from(all.slice(std::mem::replace(&mut start, end)..end)))
                        .collect();
                    writer.typed::<ByteArrayType>().write_batch(&values, levels, None)?
                }
                Values::Fixed(bytes) => {
                    let all = Bytes::from(bytes);
                    let values: Vec<FixedLenByteArray> = (0..all.len() / FIXED)
                        .map(|at| ByteArray::from(all.slice(at * FIXED..(at + 1) * FIXED)).into())
                        .collect();
                    writer.typed::<FixedLenByteArrayType>().write_batch(&values, levels, None)?
                }
            };
            writer.close()?;
        }
        group.close()?;
        Ok(())
    }

    pub fn bytes_written(&self) -> u64 {
        self.inner.bytes_written() as u64
    }

    pub fn finish(self) -> Result<W> {
        self.inner.into_inner()
    }
}

/// Returns the metadata of the file: the PostgreSQL type of each column, and which columns are text only because Parquet
/// has no suitable type.
fn types(fields: &[Field]) -> Vec<KeyValue> {
    let of = |field: &Field| KeyValue::new(format!("pgmeta.type.{}", field.name), field.data_type.clone());
    let exact = |field: &Field| KeyValue::new(format!("pgmeta.note.{}", field.name), "exact text".to_owned());
    let as_text = |field: &&Field| matches!(field.kind, Kind::Number | Kind::Other);
    fields.iter().map(of).chain(fields.iter().filter(as_text).map(exact)).collect()
}

/// Calls `visit` for the row groups of a file until it returns false. `pass` gets the bytes before they are decoded: all
/// bytes of the file in order, if all groups are visited.
pub(crate) fn each_group(
    store: &Arc<dyn Store>,
    key: &str,
    fields: &[Field],
    pass: &mut dyn FnMut(Bytes),
    mut visit: impl FnMut(&[Column], usize) -> bool,
) -> Result<()> {
    let length = store.size(key)?;
    let end = Fetched::new(&**store, key, length.saturating_sub(END)..length)?;
    let group_bytes = Arc::new(Mutex::new(Fetched::default()));
    let fetched = Arc::clone(&group_bytes);
    let object = Object { store: Arc::clone(store), key: key.into(), length, fetched, end: end.clone() };
    let reader = SerializedFileReader::new(object)?;
    let mut passed = 0;
    for at in 0..reader.num_row_groups() {
        let columns = reader.metadata().row_group(at).columns();
        let ends = columns.iter().map(|column| column.byte_range()).map(|(start, bytes)| start.saturating_add(bytes));
        let until = ends.fold(passed, u64::max).min(length);
        // Free the previous group first.
        *group_bytes.lock().unwrap_or_else(PoisonError::into_inner) = Fetched::default();
        let fetched = Fetched::new(&**store, key, passed..until)?;
        passed = until;
        pass(fetched.bytes.clone());
        *group_bytes.lock().unwrap_or_else(PoisonError::into_inner) = fetched;
        let group = reader.get_row_group(at)?;
        let rows = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
        let columns = fields
            .iter()
            .enumerate()
            .map(|(at, field)| read_column(&*group, at, field.kind, rows))
            .collect::<Result<Vec<_>>>()?;
        if !visit(&columns, rows) {
            return Ok(());
        }
    }
    // There may be indexes between the last group and the end that is in memory.
    pass(Fetched::new(&**store, key, passed..end.start.max(passed))?.bytes);
    end.from(passed.max(end.start)).into_iter().for_each(pass);
    Ok(())
}

/// Number of bytes at the end of a file that are read in one request. The footer, which locates the row groups, is there.
const END: u64 = 64 * 1024;

fn read_column(group: &dyn RowGroupReader, at: usize, kind: Kind, rows: usize) -> Result<Column> {
    let mut column = Column::new(kind);
    let levels = &mut column.levels;
    // `read_records` may stop at the end of a page.
    macro_rules! read {
        ($reader:expr, $values:expr) => {{
            let mut reader = $reader;
            while levels.len() < rows {
                let (read, _, _) = reader.read_records(rows - levels.len(), Some(levels), None, $values)?;
                if read == 0 {
                    return Err(ParquetError::EOF("a column has fewer values than its group has rows".into()));
                }
            }
        }};
    }
    match (group.get_column_reader(at)?, &mut column.values) {
        (ColumnReader::BoolColumnReader(reader), Values::Bool(values)) => read!(reader, values),
        (ColumnReader::Int32ColumnReader(reader), Values::Int32(values)) => read!(reader, values),
        (ColumnReader::Int64ColumnReader(reader), Values::Int64(values)) => read!(reader, values),
        (ColumnReader::FloatColumnReader(reader), Values::Float(values)) => read!(reader, values),
        (ColumnReader::DoubleColumnReader(reader), Values::Double(values)) => read!(reader, values),
        (ColumnReader::ByteArrayColumnReader(reader), Values::Bytes { bytes, ends }) => {
            let mut values: Vec<ByteArray> = Vec::new();
            read!(reader, &mut values);
            for value in values {
                bytes.extend_from_slice(value.data());
                ends.push(bytes.len());
            }
        }
        (ColumnReader::FixedLenByteArrayColumnReader(reader), Values::Fixed(bytes)) => {
            let mut values: Vec<FixedLenByteArray> = Vec::new();
            read!(reader, &mut values);
            values.iter().for_each(|value| bytes.extend_from_slice(value.data()));
        }
        _ => return Err(ParquetError::General("a column has another type than the manifest says".into())),
    }
    Ok(column)
}

/// The bytes of the current row group, fetched in one request: the decoder reads page by page.
#[derive(Clone, Default)]
struct Fetched {
    start: u64,
    bytes: Bytes,
}

impl Fetched {
    fn new(store: &dyn Store, key: &str, range: Range<u64>) -> Result<Self> {
        let length = usize::try_from(range.end.saturating_sub(range.start))?;
        if length == 0 {
            return Ok(Self { start: range.start, bytes: Bytes::new() });
        }
        Ok(Self { start: range.start, bytes: store.read_at(key, range.start, length)?.into() })
    }

    /// Returns the bytes from an offset to the end.
    fn from(&self, start: u64) -> Option<Bytes> {
        let at = usize::try_from(start.checked_sub(self.start)?).ok()?;
        (at < self.bytes.len()).then(|| self.bytes.slice(at..))
    }
}

/// An object of a store, read in parts.
struct Object {
    store: Arc<dyn Store>,
    key: Arc<str>,
    length: u64,
    fetched: Arc<Mutex<Fetched>>,
    end: Fetched,
}

impl Object {
    fn fetched(&self, start: u64) -> Option<Bytes> {
        let group = self.fetched.lock().unwrap_or_else(PoisonError::into_inner).from(start);
        group.or_else(|| self.end.from(start))
    }
}

impl Length for Object {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Object {
    type T = Box<dyn Read>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        if let Some(bytes) = self.fetched(start) {
            return Ok(Box::new(bytes.reader()));
        }
        let part = Part { store: Arc::clone(&self.store), key: Arc::clone(&self.key), at: start, end: self.length };
        Ok(Box::new(BufReader::with_capacity(64 * 1024, part)))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        match self.fetched(start) {
            Some(bytes) if bytes.len() >= length => Ok(bytes.slice(..length)),
            _ => Ok(self.store.read_at(&self.key, start, length)?.into()),
        }
    }
}

struct Part {
    store: Arc<dyn Store>,
    key: Arc<str>,
    at: u64,
    end: u64,
}

impl Read for Part {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
        let length = into.len().min(left);
        if length > 0 {
            into[..length].copy_from_slice(&self.store.read_at(&self.key, self.at, length)?);
            self.at += length as u64;
        }
        Ok(length)
    }
}
