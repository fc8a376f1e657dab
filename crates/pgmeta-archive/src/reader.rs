//! Reads the records of data files and verifies the files.

use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, Builder};

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use crate::batch::each_row;
use crate::compression::Compression;
use crate::digest::RowDigest;
use crate::format::{Field, Format};
use crate::frames::no_thread;
use crate::jsonl::Malformed;
use crate::manifest::{DataFile, Manifest};
use crate::parquet_file;
use crate::store::Store;

pub(crate) const CHUNK: usize = 256 * 1024;

/// Why a stored file fails verification.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    #[error("could not read file: {0}")]
    Read(#[from] io::Error),
    #[error("size is {found} bytes, expected {expected}")]
    Bytes { found: u64, expected: u64 },
    #[error("SHA-256 is {found}, expected {expected}")]
    Hash { found: String, expected: String },
    #[error("row count is {found}, expected {expected}")]
    Rows { found: u64, expected: u64 },
    #[error("file is truncated")]
    Truncated,
    #[error(transparent)]
    Line(#[from] Malformed),
    #[error("invalid Parquet file: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
}

/// The records of a stream.
pub(crate) struct Records<'a> {
    format: Format,
    inner: Box<dyn Read + 'a>,
    buffer: Vec<u8>,
    start: usize,
    begun: bool,
    ended: bool,
}

impl<'a> Records<'a> {
    pub(crate) fn of(bytes: impl BufRead + 'a, compression: Compression, format: Format) -> io::Result<Self> {
        let inner = compression.decoder(bytes)?;
        Ok(Self { format, inner, buffer: Vec::new(), start: 0, begun: false, ended: false })
    }

    /// Returns the next record.
    pub(crate) fn next_record(&mut self) -> Result<Option<&[u8]>, VerifyError> {
        let (begin, end) = self.format.frame();
        let mut chunk = CHUNK;
        loop {
            let waiting = &self.buffer[self.start..];
            if !self.begun && (waiting.len() >= begin.len() || self.ended) {
                if !waiting.starts_with(begin) {
                    return Err(VerifyError::Truncated);
                }
                self.start += begin.len();
                self.begun = true;
                continue;
            }
            if self.begun {
                if self.ended && waiting == end {
                    return Ok(None);
                }
                let last = !end.is_empty() && waiting.starts_with(end);
                if let (false, Some(length)) = (last, self.format.record(waiting, self.ended)) {
                    let record = self.start..self.start + length;
                    self.start = record.end;
                    return Ok(Some(&self.buffer[record]));
                }
            }
            if self.ended {
                return Err(VerifyError::Truncated);
            }
            self.buffer.drain(..self.start);
            self.start = 0;
            let filled = self.buffer.len();
            let read = self.inner.by_ref().take(chunk as u64).read_to_end(&mut self.buffer)?;
            self.ended = read == 0;
            // Doubles the chunk, so that a long record is scanned only a few times.
            chunk = chunk.max(filled);
        }
    }
}

/// Reads a file once, to its end, and checks its size, SHA-256 and rows. Returns the digest of its rows. `give_back` is
/// called after large buffers are freed.
pub fn verify(
    store: &Arc<dyn Store>,
    manifest: &Manifest,
    fields: &[Field],
    file: &DataFile,
    give_back: fn(),
) -> Result<RowDigest, VerifyError> {
    let mut file_digest = FileDigest::default();
    let decoded = if manifest.format.is_stream() {
        digest_of_stream(store.open(&file.key)?, manifest, &mut file_digest)?
    } else {
        digest_of_groups(store, manifest, fields, file, &mut file_digest, give_back)?
    };
    // A wrong size or hash explains more than the error of a codec: report it first.
    let found = base16ct::lower::encode_string(&file_digest.hash.finalize());
    if file_digest.bytes != file.bytes {
        return Err(VerifyError::Bytes { found: file_digest.bytes, expected: file.bytes });
    }
    if found != file.sha256 {
        return Err(VerifyError::Hash { found, expected: file.sha256.clone() });
    }
    let digest = decoded?;
    if digest.rows() != file.rows {
        return Err(VerifyError::Rows { found: digest.rows(), expected: file.rows });
    }
    Ok(digest)
}

/// Size and hash of a file.
#[derive(Default)]
struct FileDigest {
    hash: Sha256,
    bytes: u64,
}

impl FileDigest {
    fn add(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
    }
}

/// Reads a file in this thread, decompresses it in a second one, and computes the digest of its records in a third.
fn digest_of_stream(
    mut bytes: impl Read,
    manifest: &Manifest,
    file_digest: &mut FileDigest,
) -> io::Result<Result<RowDigest, VerifyError>> {
    let Manifest { format, compression, .. } = *manifest;
    thread::scope(|scope| {
        let (stored, chunks) = sync_channel(CHUNKS);
        let (plain, records) = sync_channel(CHUNKS);
        let decompressing =
            Builder::new().spawn_scoped(scope, move || decompress(Chunks::of(chunks), compression, &plain));
        let decompressing = decompressing.map_err(no_thread)?;
        let digesting = Builder::new().spawn_scoped(scope, move || {
            let mut digest = RowDigest::default();
            let mut records = Records::of(Chunks::of(records), Compression::None, format)?;
            while let Some(record) = records.next_record()? {
                digest.add(record);
            }
            Ok(digest)
        });
        let digesting = digesting.map_err(no_thread)?;
        loop {
            let mut chunk = Vec::with_capacity(CHUNK);
            if bytes.by_ref().take(CHUNK as u64).read_to_end(&mut chunk)? == 0 {
                break;
            }
            file_digest.add(&chunk);
            // If the other threads have stopped, this thread still hashes the rest.
            let _ = stored.send(Ok(chunk));
        }
        drop(stored);
        // The decoder may panic on damaged bytes.
        let _ = decompressing.join();
        Ok(digesting.join().unwrap_or(Err(VerifyError::Truncated)))
    })
}

/// Number of chunks in the queue between two threads.
const CHUNKS: usize = 8;

fn decompress(stored: Chunks, compression: Compression, plain: &SyncSender<io::Result<Vec<u8>>>) {
    let mut decoder = match compression.decoder(stored) {
        Ok(decoder) => decoder,
        Err(error) => return drop(plain.send(Err(error))),
    };
    loop {
        let mut chunk = Vec::with_capacity(CHUNK);
        let read = decoder.by_ref().take(CHUNK as u64).read_to_end(&mut chunk);
        let more = matches!(read, Ok(read) if read > 0);
        if plain.send(read.map(|_| chunk)).is_err() || !more {
            break;
        }
    }
}

/// Reads chunks from another thread as one stream.
struct Chunks {
    source: Receiver<io::Result<Vec<u8>>>,
    chunk: Vec<u8>,
    start: usize,
}

impl Chunks {
    fn of(source: Receiver<io::Result<Vec<u8>>>) -> Self {
        Self { source, chunk: Vec::new(), start: 0 }
    }
}

impl BufRead for Chunks {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.chunk.len() {
            self.chunk = self.source.recv().unwrap_or(Ok(Vec::new()))?;
            self.start = 0;
        }
        Ok(&self.chunk[self.start..])
    }

    fn consume(&mut self, taken: usize) {
        self.start += taken;
    }
}

impl Read for Chunks {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let waiting = self.fill_buf()?;
        let taken = waiting.len().min(into.len());
        into[..taken].copy_from_slice(&waiting[..taken]);
        self.consume(taken);
        Ok(taken)
    }
}

/// A second thread reads and decodes row groups; this thread hashes the bytes.
fn digest_of_groups(
    store: &Arc<dyn Store>,
    manifest: &Manifest,
    fields: &[Field],
    file: &DataFile,
    file_digest: &mut FileDigest,
    give_back: fn(),
) -> io::Result<Result<RowDigest, VerifyError>> {
    let decoded = thread::scope(|scope| {
        let (sender, passed) = sync_channel::<Bytes>(1);
        let decoding = Builder::new().spawn_scoped(scope, move || {
            let mut digest = RowDigest::default();
            let mut record = Vec::new();
            let mut pass = |bytes| drop(sender.send(bytes));
            parquet_file::each_group(store, &file.key, fields, &mut pass, |columns, rows| {
                // Returns the memory of the previous group to the system.
                give_back();
                each_row(&columns.iter().collect::<Vec<_>>(), rows, |values| {
                    record.clear();
                    manifest.format.encode(fields, values, &mut record);
                    digest.add(&record);
                });
                true
            })?;
            Ok(digest)
        });
        let decoding = decoding.map_err(no_thread)?;
        passed.iter().for_each(|bytes| file_digest.add(&bytes));
        // The decoder may panic on damaged bytes.
        io::Result::Ok(decoding.join().unwrap_or(Err(VerifyError::Truncated)))
    })?;
    if decoded.is_err() {
        // The decoder stopped early: read and hash the file again.
        *file_digest = FileDigest::default();
        let mut bytes = store.open(&file.key)?;
        let mut chunk = vec![0; CHUNK];
        loop {
            match bytes.read(&mut chunk)? {
                0 => break,
                read => file_digest.add(&chunk[..read]),
            }
        }
    }
    Ok(decoded)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::batch::{Batches, Group};
    use crate::contents::contents;
    use crate::manifest::FORMAT_VERSION;
    use crate::store::{FileStore, ObjectWriter};
    use crate::value::{Kind, Value};
    use crate::writer::{DataFileWriter, FileOptions, WriteProgress};
    use std::fs;
    use std::sync::atomic::{AtomicU64, Ordering};

    fn manifest(format: Format, compression: Compression) -> Manifest {
        let text = String::new;
        Manifest {
            format_version: FORMAT_VERSION,
            pgmeta_version: text(),
            server_version_num: 150_000,
            database: text(),
            encoding: text(),
            schema: text(),
            partition: text(),
            parent: None,
            bound: None,
            slice: None,
            snapshot: None,
            columns: Vec::new(),
            composites: Vec::new(),
            ddl: text(),
            properties: None,
            format,
            compression,
            parquet_types: None,
            rows: 0,
            row_digest: text(),
            values: None,
            lsn: text(),
            written_at: text(),
            files: Vec::new(),
        }
    }

    fn fields() -> Arc<[Field]> {
        let kinds = [
            ("i", Kind::Int4, "integer"),
            ("t", Kind::Text, "text"),
            ("at", Kind::Timestamptz, "timestamp with time zone"),
            ("d", Kind::Date, "date"),
            ("n", Kind::Decimal { precision: 20, scale: 2 }, "numeric(20,2)"),
            ("u", Kind::Uuid, "uuid"),
        ];
        kinds.iter().map(|&(name, kind, of)| Field::new(name, kind, of)).collect()
    }

    /// Writes the given number of rows, and returns the files with the digest of all rows.
    fn write(
        folder: &std::path::Path,
        manifest: &Manifest,
        rows: i32,
        size: Option<u64>,
    ) -> (Vec<DataFile>, RowDigest) {
        let fields = fields();
        let Manifest { format, compression, .. } = *manifest;
        let file_options =
            FileOptions { format, fields: Arc::clone(&fields), compression, level: None, threads: 2, file_size: size };
        let store = Arc::new(FileStore::new(folder));
        let mut files =
            DataFileWriter::new(store, format!("x{rows}"), file_options, Arc::new(WriteProgress::default()));
        let mut batches = Batches::new(format, fields, Group { rows: 10_000, bytes: 1 << 24 });
        // 12345678.50 in the format of numeric_send.
        let sent: Vec<u8> = [3i16, 1, 0, 2, 1234, 5678, 5000].iter().flat_map(|word| word.to_be_bytes()).collect();
        for row in 0..rows {
            let text = format!("{{\"a\":\"{row}\\n\"}}\n");
            let values = [
                if row % 7 == 0 { Value::Null } else { Value::Int4(row) },
                Value::Text(text.as_bytes()),
                Value::Timestamptz(if row == 1 { i64::MAX } else { i64::from(row) * 1_000_001 }),
                Value::Date(if row == 2 { i32::MIN } else { row }),
                if format == Format::Parquet { Value::Bytes(&sent) } else { Value::Decimal(row.into()) },
                Value::Uuid(&[7; 16]),
            ];
            if let Some(batch) = batches.add(&values).unwrap() {
                files.write(batch).unwrap();
            }
        }
        files.write(batches.finish()).unwrap();
        files.finish().unwrap()
    }

    #[test]
    fn verify_accepts_written_files_and_detects_changes() {
        let folder = tempfile::tempdir().unwrap();
        for (format, compression) in [
            (Format::Csv, Compression::Zstd),
            (Format::Jsonl, Compression::Gzip),
            (Format::Jsonl, Compression::None),
            (Format::Binary, Compression::Lz4),
            (Format::Binary, Compression::None),
            (Format::Parquet, Compression::Zstd),
            (Format::Parquet, Compression::Lz4),
            (Format::Parquet, Compression::Gzip),
            (Format::Csv, Compression::None),
        ] {
            let manifest = manifest(format, compression);
            for rows in [0, 1, 20_000] {
                let folder = folder.path().join(format!("{format:?}{compression:?}"));
                fs::create_dir_all(&folder).unwrap();
                let store: Arc<dyn Store> = Arc::new(FileStore::new(&folder));
                let proved = |file: &DataFile| verify(&store, &manifest, &fields(), file, || {});
                let (files, digest) = write(&folder, &manifest, rows, None);
                assert_eq!(files.len(), 1);
                let file = &files[0];
                assert_eq!(file.rows, u64::try_from(rows).unwrap());
                assert_eq!(proved(file).unwrap(), digest);
                let path = folder.join(&file.key);
                let good = fs::read(&path).unwrap();
                if good.is_empty() {
                    continue;
                }
                let mut flipped = good.clone();
                flipped[good.len() / 2] ^= 1;
                fs::write(&path, &flipped).unwrap();
                assert!(matches!(proved(file), Err(VerifyError::Hash { .. })));
                fs::write(&path, &good[..good.len() - 1]).unwrap();
                assert!(matches!(proved(file), Err(VerifyError::Bytes { .. })));
                fs::remove_file(&path).unwrap();
                assert!(matches!(proved(file), Err(VerifyError::Read(_))));
            }
        }
    }

    #[test]
    fn files_have_the_requested_size() {
        for format in [Format::Csv, Format::Parquet, Format::Binary] {
            let folder = tempfile::tempdir().unwrap();
            let store: Arc<dyn Store> = Arc::new(FileStore::new(folder.path()));
            let manifest = manifest(format, Compression::None);
            let (files, digest) = write(folder.path(), &manifest, 30_000, Some(200_000));
            assert!(files.len() > 2, "{files:?}");
            let mut all = RowDigest::default();
            for file in &files {
                all.merge(verify(&store, &manifest, &fields(), file, || {}).unwrap());
            }
            assert_eq!(all, digest);
        }
    }

    /// Counts the requests to a store.
    struct Counting {
        inner: FileStore,
        requests: AtomicU64,
        bytes: AtomicU64,
        opened: AtomicU64,
    }

    impl Store for Counting {
        fn create(&self, key: &str) -> io::Result<Box<dyn ObjectWriter>> {
            self.inner.create(key)
        }

        fn open(&self, key: &str) -> io::Result<Box<dyn BufRead + Send>> {
            self.opened.fetch_add(1, Ordering::Relaxed);
            self.inner.open(key)
        }

        fn size(&self, key: &str) -> io::Result<u64> {
            self.inner.size(key)
        }

        fn read_at(&self, key: &str, start: u64, length: usize) -> io::Result<Vec<u8>> {
            self.requests.fetch_add(1, Ordering::Relaxed);
            self.bytes.fetch_add(length as u64, Ordering::Relaxed);
            self.inner.read_at(key, start, length)
        }

        fn delete(&self, key: &str) -> io::Result<()> {
            self.inner.delete(key)
        }

        fn list(&self, prefix: &str) -> io::Result<Vec<String>> {
            self.inner.list(prefix)
        }

        fn walk(&self, prefix: &str, visit: &mut dyn FnMut(&str) -> bool) -> io::Result<()> {
            self.inner.walk(prefix, visit)
        }
    }

    /// An object store answers slowly: a row group is one request, and only the end of a file is read twice.
    #[test]
    fn a_parquet_group_is_read_in_one_request() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = manifest(Format::Parquet, Compression::Zstd);
        let (files, digest) = write(folder.path(), &manifest, 45_000, None);
        let inner = FileStore::new(folder.path());
        let counting = Arc::new(Counting { inner, requests: 0.into(), bytes: 0.into(), opened: 0.into() });
        let store: Arc<dyn Store> = Arc::clone(&counting) as Arc<dyn Store>;
        assert_eq!(verify(&store, &manifest, &fields(), &files[0], || {}).unwrap(), digest);
        let (requests, bytes) = (counting.requests.load(Ordering::Relaxed), counting.bytes.load(Ordering::Relaxed));
        // Five groups and the end of the file.
        assert!(requests <= 5 + 2, "{requests} requests");
        assert!(bytes <= files[0].bytes + 64 * 1024, "{bytes} of {} bytes", files[0].bytes);
        assert_eq!(counting.opened.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn parquet_rows_are_read_back_as_csv() {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::new(FileStore::new(folder.path()));
        let mut manifest = manifest(Format::Parquet, Compression::Zstd);
        let column = |field: &Field| crate::manifest::Column {
            name: field.name.clone(),
            data_type: field.data_type.clone(),
            generated: false,
            kind: field.kind,
            field_id: None,
        };
        manifest.columns = fields().iter().map(column).collect();
        let (files, _) = write(folder.path(), &manifest, 3, None);
        let mut all = Vec::new();
        let wanted: Vec<String> = ["i", "t", "at", "d", "n", "u"].map(str::to_owned).into();
        contents(&store, &manifest, &files[0], &wanted, &mut |batch| {
            all.extend(batch);
            true
        })
        .unwrap();
        let uuid = "07070707-0707-0707-0707-070707070707";
        let expected = format!(
            ",\"{{\"\"a\"\":\"\"0\\n\"\"}}\n\",2000-01-01 00:00:00+00,2000-01-01,12345678.50,{uuid}\n\
            1,\"{{\"\"a\"\":\"\"1\\n\"\"}}\n\",infinity,2000-01-02,12345678.50,{uuid}\n\
            2,\"{{\"\"a\"\":\"\"2\\n\"\"}}\n\",2000-01-01 00:00:02.000002+00,-infinity,12345678.50,{uuid}\n"
        );
        assert_eq!(String::from_utf8(all).unwrap(), expected);
    }
}
