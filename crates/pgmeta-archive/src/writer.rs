//! Writing a data file in two halves, which may be on two threads: rows become batches of encoded records, and batches are
//! compressed and stored. Memory does not grow with the partition.

use std::io::{self, Write};

use sha2::{Digest as _, Sha256};

use crate::compression::{Compression, Encoder};
use crate::digest::{RowDigest, hex};
use crate::format::{Counted, Format};
use crate::manifest::DataFile;
use crate::store::{Pending, Store};

/// Records wait until they are worth a call of the codec.
const BATCH: usize = 256 * 1024;

/// The half that rows go into.
pub struct Batches {
    format: Format,
    waiting: Vec<u8>,
    digest: RowDigest,
}

impl Batches {
    pub fn new(format: Format) -> Self {
        Self { format, waiting: Vec::with_capacity(BATCH), digest: RowDigest::default() }
    }

    /// Adds a row by its columns (`None` is NULL); returns a batch when one is full.
    pub fn add(&mut self, columns: &[Option<&[u8]>]) -> Option<Vec<u8>> {
        let start = self.waiting.len();
        self.format.encode(columns, &mut self.waiting);
        self.digest.add(&self.waiting[start..]);
        (self.waiting.len() >= BATCH).then(|| std::mem::replace(&mut self.waiting, Vec::with_capacity(BATCH)))
    }

    /// Returns the last batch, and the digest of all rows.
    pub fn finish(self) -> (Vec<u8>, RowDigest) {
        (self.waiting, self.digest)
    }
}

/// The half that batches go into.
pub struct Sink {
    key: String,
    encoder: Encoder<Counted<Hashed>>,
}

impl Sink {
    pub fn create(store: &dyn Store, key: String, compression: Compression, level: Option<i32>) -> io::Result<Self> {
        let hashed = Hashed { hash: Sha256::new(), inner: store.create(&key)? };
        let encoder = compression.encoder(level, Counted { inner: hashed, bytes: 0 })?;
        Ok(Self { key, encoder })
    }

    pub fn write(&mut self, batch: &[u8]) -> io::Result<()> {
        self.encoder.write_all(batch)
    }

    /// Makes the file durable; without it there will be none.
    pub fn finish(self, rows: u64) -> io::Result<DataFile> {
        let Counted { inner: Hashed { hash, inner }, bytes } = self.encoder.finish()?;
        inner.commit()?;
        Ok(DataFile { key: self.key, bytes, sha256: hex(&hash.finalize()), rows })
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
