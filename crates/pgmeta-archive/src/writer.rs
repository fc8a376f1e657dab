//! Writing a data file: records are encoded, digested, compressed and stored in batches, so that memory does not grow
//! with the partition.

use std::io::{self, Write};

use sha2::{Digest as _, Sha256};

use crate::compression::{Compression, Encoder};
use crate::digest::{RowDigest, hex};
use crate::format::{Counted, Format};
use crate::manifest::DataFile;
use crate::store::{Pending, Store};

/// Records wait until they are worth a call of the codec.
const BATCH: usize = 256 * 1024;

/// What one data file has become.
#[derive(Debug)]
pub struct Written {
    pub file: DataFile,
    pub digest: RowDigest,
}

pub struct Writer {
    key: String,
    format: Format,
    waiting: Vec<u8>,
    digest: RowDigest,
    encoder: Encoder<Counted<Hashed>>,
}

impl Writer {
    pub fn create(
        store: &dyn Store,
        key: String,
        format: Format,
        compression: Compression,
        level: Option<i32>,
    ) -> io::Result<Self> {
        let hashed = Hashed { hash: Sha256::new(), inner: store.create(&key)? };
        let encoder = compression.encoder(level, Counted { inner: hashed, bytes: 0 })?;
        Ok(Self { key, format, waiting: Vec::with_capacity(BATCH), digest: RowDigest::default(), encoder })
    }

    /// Adds a row by its columns; `None` is NULL.
    pub fn add(&mut self, columns: &[Option<&[u8]>]) -> io::Result<()> {
        let start = self.waiting.len();
        self.format.encode(columns, &mut self.waiting);
        self.digest.add(&self.waiting[start..]);
        if self.waiting.len() >= BATCH {
            self.encoder.write_all(&self.waiting)?;
            self.waiting.clear();
        }
        Ok(())
    }

    /// Makes the file durable.
    pub fn finish(mut self) -> io::Result<Written> {
        self.encoder.write_all(&self.waiting)?;
        let Counted { inner: Hashed { hash, inner }, bytes } = self.encoder.finish()?;
        inner.commit()?;
        let file = DataFile { key: self.key, bytes, sha256: hex(&hash.finalize()), rows: self.digest.rows() };
        Ok(Written { file, digest: self.digest })
    }
}

/// Takes the SHA-256 of what passes.
struct Hashed {
    hash: Sha256,
    inner: Box<dyn Pending>,
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
