//! Writes batches to data files: encodes, compresses, hashes and stores them, and begins a new file when one is large
//! enough. Memory does not depend on the size of the partition.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest as _, Sha256};

use crate::batch::Batch;
use crate::compression::{Compression, Encoder};
use crate::digest::RowDigest;
use crate::format::{Counted, Field, Format};
use crate::manifest::DataFile;
use crate::parquet_file;
use crate::store::{ObjectWriter, Store};

/// The format and size of files.
#[derive(Clone, Debug)]
pub struct FileOptions {
    pub format: Format,
    pub fields: Arc<[Field]>,
    pub compression: Compression,
    pub level: Option<i32>,
    /// Number of threads that compress.
    pub threads: usize,
    /// Size in bytes after which the next file begins.
    pub file_size: Option<u64>,
}

/// Progress of writing, which other threads may read.
#[derive(Debug, Default)]
pub struct WriteProgress {
    pub rows: AtomicU64,
    pub bytes: AtomicU64,
}

/// The data files of one archive.
pub struct DataFileWriter {
    store: Arc<dyn Store>,
    stem: String,
    options: FileOptions,
    open: Option<Sink>,
    done: Vec<DataFile>,
    digest: RowDigest,
    written: Arc<WriteProgress>,
}

impl DataFileWriter {
    /// `stem`: the prefix of the keys of all files.
    pub fn new(store: Arc<dyn Store>, stem: String, options: FileOptions, written: Arc<WriteProgress>) -> Self {
        Self { store, stem, options, open: None, done: Vec::new(), digest: RowDigest::default(), written }
    }

    pub fn write(&mut self, batch: Batch) -> io::Result<()> {
        batch.digest(&self.options.fields, &mut self.digest);
        let sink = self.sink()?;
        sink.write(batch)?;
        let grown = sink.bytes();
        let before: u64 = self.done.iter().map(|file| file.bytes).sum();
        self.written.rows.store(self.digest.rows(), Ordering::Relaxed);
        self.written.bytes.store(before + grown, Ordering::Relaxed);
        if self.options.file_size.is_some_and(|size| grown >= size) {
            self.close()?;
        }
        Ok(())
    }

    /// Commits the last file; returns all files. An archive without rows has one file.
    pub fn finish(mut self) -> io::Result<(Vec<DataFile>, RowDigest)> {
        if self.done.is_empty() {
            self.sink()?;
        }
        self.close()?;
        Ok((self.done, self.digest))
    }

    fn sink(&mut self) -> io::Result<&mut Sink> {
        let sink = match self.open.take() {
            Some(sink) => sink,
            None => {
                let number = match self.done.len() {
                    0 => String::new(),
                    others => format!("-{}", others + 1),
                };
                let FileOptions { format, compression, .. } = self.options;
                let suffix = if format.is_stream() { compression.suffix() } else { "" };
                let key = format!("{}{number}.{}{suffix}", self.stem, format.extension());
                Sink::create(&*self.store, key, &self.options)?
            }
        };
        Ok(self.open.insert(sink))
    }

    fn close(&mut self) -> io::Result<()> {
        if let Some(sink) = self.open.take() {
            self.done.push(sink.finish()?);
        }
        Ok(())
    }
}

type Out = Counted<Hashed>;

struct Sink {
    key: String,
    rows: u64,
    end: &'static [u8],
    inner: Inner,
}

enum Inner {
    Stream(Box<Encoder<Out>>),
    Parquet(Box<parquet_file::Writer<Out>>),
}

impl Sink {
    fn create(store: &dyn Store, key: String, options: &FileOptions) -> io::Result<Self> {
        let out = Counted {
            inner: Hashed { hash: Sha256::new(), inner: store.create_large(&key, options.file_size.unwrap_or(0))? },
            bytes: 0,
        };
        let FileOptions { format, compression, level, threads, .. } = *options;
        let (begin, end) = format.frame();
        let inner = if format.is_stream() {
            let mut encoder = compression.encoder(level, threads, out)?;
            encoder.write_all(begin)?;
            Inner::Stream(Box::new(encoder))
        } else {
            Inner::Parquet(Box::new(parquet_file::Writer::create(out, &options.fields, compression, level)?))
        };
        Ok(Self { key, rows: 0, end, inner })
    }

    fn write(&mut self, batch: Batch) -> io::Result<()> {
        self.rows += batch.rows();
        match (&mut self.inner, batch) {
            (Inner::Stream(encoder), Batch::Records { bytes, .. }) => encoder.write_all(&bytes),
            (Inner::Parquet(writer), Batch::Columns { columns, rows }) if rows > 0 => Ok(writer.write(columns)?),
            (Inner::Parquet(_), Batch::Columns { .. }) => Ok(()),
            _ => Err(io::Error::other("rows of another format")),
        }
    }

    fn bytes(&self) -> u64 {
        match &self.inner {
            Inner::Stream(encoder) => encoder.out().bytes,
            Inner::Parquet(writer) => writer.bytes_written(),
        }
    }

    /// Commits the file. Without this call it does not appear.
    fn finish(self) -> io::Result<DataFile> {
        let Counted { inner: Hashed { hash, inner }, bytes } = match self.inner {
            Inner::Stream(mut encoder) => {
                encoder.write_all(self.end)?;
                encoder.finish()?
            }
            Inner::Parquet(writer) => writer.finish()?,
        };
        inner.commit()?;
        Ok(DataFile { key: self.key, bytes, sha256: base16ct::lower::encode_string(&hash.finalize()), rows: self.rows })
    }
}

/// Computes the SHA-256 of the bytes that pass.
struct Hashed {
    hash: Sha256,
    inner: Box<dyn ObjectWriter>,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
