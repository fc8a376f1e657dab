//! Reading data files back: their records, and the proof that they are what was written.

use std::io::{self, BufRead, Read};

use sha2::{Digest as _, Sha256};

use crate::compression::Compression;
use crate::digest::{RowDigest, hex};
use crate::format::Format;
use crate::manifest::{DataFile, Manifest};
use crate::store::Store;

const CHUNK: usize = 256 * 1024;

/// What is wrong with a stored file.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    #[error("could not read it: {0}")]
    Read(#[from] io::Error),
    #[error("it has {found} bytes, and had {expected} when it was written")]
    Bytes { found: u64, expected: u64 },
    #[error("its SHA-256 is {found}, and was {expected} when it was written")]
    Hash { found: String, expected: String },
    #[error("it has {found} rows, and had {expected} when it was written")]
    Rows { found: u64, expected: u64 },
    #[error("its last record has no end")]
    Torn,
}

/// The records of a data file, with their newlines.
pub struct Records<'a> {
    format: Format,
    inner: Box<dyn Read + 'a>,
    buffer: Vec<u8>,
    start: usize,
    ended: bool,
}

impl<'a> Records<'a> {
    pub fn open(store: &dyn Store, manifest: &Manifest, file: &DataFile) -> io::Result<Records<'static>> {
        Records::of(store.open(&file.key)?, manifest.compression, manifest.format)
    }

    fn of(bytes: impl BufRead + 'a, compression: Compression, format: Format) -> io::Result<Self> {
        Ok(Self { format, inner: compression.decoder(bytes)?, buffer: Vec::new(), start: 0, ended: false })
    }

    /// Returns the next record.
    pub fn next_record(&mut self) -> Result<Option<&[u8]>, VerifyError> {
        let mut chunk = CHUNK;
        let length = loop {
            if let Some(length) = self.format.record(&self.buffer[self.start..]) {
                break length;
            }
            if self.ended {
                return if self.start == self.buffer.len() { Ok(None) } else { Err(VerifyError::Torn) };
            }
            self.buffer.drain(..self.start);
            self.start = 0;
            let filled = self.buffer.len();
            let read = self.inner.by_ref().take(chunk as u64).read_to_end(&mut self.buffer)?;
            self.ended = read == 0;
            // A long record is looked through a few times only.
            chunk = chunk.max(filled);
        };
        let record = self.start..self.start + length;
        self.start = record.end;
        Ok(Some(&self.buffer[record]))
    }
}

/// Reads a file to its end: bytes, hash, rows. Returns the digest of its rows. `check` is called now and then.
pub fn verify<E: From<VerifyError>>(
    store: &dyn Store,
    manifest: &Manifest,
    file: &DataFile,
    mut check: impl FnMut() -> Result<(), E>,
) -> Result<RowDigest, E> {
    let failed = |error: io::Error| VerifyError::Read(error);
    let mut hashing = Hashing { inner: store.open(&file.key).map_err(failed)?, hash: Sha256::new(), bytes: 0 };
    let mut digest = RowDigest::default();
    let mut decoded = Ok(());
    {
        let bytes = io::BufReader::with_capacity(CHUNK, &mut hashing);
        let mut records = Records::of(bytes, manifest.compression, manifest.format).map_err(failed)?;
        loop {
            match records.next_record() {
                Ok(Some(record)) => digest.add(record),
                Ok(None) => break,
                // The bytes say more of what has happened than the codec does.
                Err(error) => {
                    decoded = Err(error);
                    break;
                }
            }
            if digest.rows() % 1024 == 0 {
                check()?;
            }
        }
    }
    io::copy(&mut hashing, &mut io::sink()).map_err(failed)?;
    let found = hex(&hashing.hash.finalize());
    if hashing.bytes != file.bytes {
        return Err(VerifyError::Bytes { found: hashing.bytes, expected: file.bytes }.into());
    }
    if found != file.sha256 {
        return Err(VerifyError::Hash { found, expected: file.sha256.clone() }.into());
    }
    decoded?;
    if digest.rows() != file.rows {
        return Err(VerifyError::Rows { found: digest.rows(), expected: file.rows }.into());
    }
    Ok(digest)
}

/// Takes the SHA-256 of what is read.
struct Hashing<R> {
    inner: R,
    hash: Sha256,
    bytes: u64,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.hash.update(&into[..read]);
        self.bytes += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::store::FileStore;
    use crate::{Batches, Sink};
    use std::fs;

    fn manifest(format: Format, compression: Compression) -> Manifest {
        let text = String::new;
        Manifest {
            format_version: 1,
            pgmeta_version: text(),
            server_version_num: 150_000,
            database: text(),
            schema: text(),
            partition: text(),
            parent: None,
            bound: None,
            columns: Vec::new(),
            ddl: text(),
            format,
            compression,
            rows: 0,
            row_digest: text(),
            lsn: text(),
            written_at: text(),
            files: Vec::new(),
        }
    }

    fn proved(store: &FileStore, manifest: &Manifest, file: &DataFile) -> Result<RowDigest, VerifyError> {
        verify(store, manifest, file, || Ok(()))
    }

    #[test]
    fn what_is_written_is_proved_and_what_is_changed_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let store = FileStore::new(folder.path());
        for (format, compression) in [
            (Format::Csv, Compression::Zstd),
            (Format::Jsonl, Compression::Gzip),
            (Format::Jsonl, Compression::None),
            (Format::Jsonl, Compression::Lz4),
            (Format::Csv, Compression::None),
        ] {
            let manifest = manifest(format, compression);
            for rows in [0u32, 1, 50_000] {
                let key = format!("{}{rows}{}", format.extension(), compression.suffix());
                let mut sink = Sink::create(&store, key.clone(), compression, None).unwrap();
                let mut batches = Batches::new(format);
                for row in 0..rows {
                    let batch = batches.add(&[Some(format!("{{\"a\":\"{row}\\n\"}}").as_bytes())]);
                    batch.iter().for_each(|batch| sink.write(batch).unwrap());
                }
                let (last, digest) = batches.finish();
                sink.write(&last).unwrap();
                let file = sink.finish(digest.rows()).unwrap();
                assert_eq!(file.rows, u64::from(rows));
                assert_eq!(proved(&store, &manifest, &file).unwrap(), digest);
                let path = folder.path().join(&key);
                let good = fs::read(&path).unwrap();
                if good.is_empty() {
                    continue;
                }
                let mut flipped = good.clone();
                flipped[good.len() / 2] ^= 1;
                fs::write(&path, &flipped).unwrap();
                assert!(matches!(proved(&store, &manifest, &file), Err(VerifyError::Hash { .. })));
                fs::write(&path, &good[..good.len() - 1]).unwrap();
                assert!(matches!(proved(&store, &manifest, &file), Err(VerifyError::Bytes { .. })));
                fs::remove_file(&path).unwrap();
                assert!(matches!(proved(&store, &manifest, &file), Err(VerifyError::Read(_))));
            }
        }
    }
}
