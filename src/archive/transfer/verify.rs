//! Verifies that stored files are the ones that were written, and that a table still has the archived rows. Reads rows
//! through `rows.rs`; changes nothing.

use std::sync::Arc;

use pgmeta_archive::digest::RowDigest;
use pgmeta_archive::manifest::DataFile;
use pgmeta_archive::{VerifyError, verify};
use pgrx::PgSqlErrorCode;
use serde::Deserialize;

use crate::archive::errors::TransferError;
use crate::archive::policy::slice;
use crate::archive::policy::storage::failed;
use crate::archive::records::Stored;
use crate::archive::transfer::partition::Partition;
use crate::archive::transfer::rows::digest_of;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::memory;
use crate::spi::Connection;

/// The result of verifying a stored file.
pub struct FileCheck {
    pub file: String,
    pub error: Option<Flaw>,
}

/// An error of a stored file.
pub struct Flaw {
    pub code: PgSqlErrorCode,
    pub detail: String,
}

impl Flaw {
    fn damage(detail: String) -> Self {
        Self { code: PgSqlErrorCode::ERRCODE_DATA_CORRUPTED, detail }
    }

    /// A file that cannot be read is not necessarily damaged: it may be missing, or the storage unreachable.
    pub fn of(file: &str, error: VerifyError) -> Self {
        match error {
            VerifyError::Read(source) => Self::unread(&failed("read", file)(source)),
            error => Self::damage(error.to_string()),
        }
    }

    fn unread(error: &Error) -> Self {
        match error.code() {
            code @ PgSqlErrorCode::ERRCODE_UNDEFINED_FILE => Self { code, detail: "file is missing".to_owned() },
            code => Self { code, detail: error.to_string() },
        }
    }

    /// Returns the error to raise.
    pub fn error(&self, file: &str) -> Error {
        let (file, detail) = (file.to_owned(), self.detail.clone());
        match self.code {
            PgSqlErrorCode::ERRCODE_UNDEFINED_FILE => TransferError::MissingFile(file),
            PgSqlErrorCode::ERRCODE_DATA_CORRUPTED => TransferError::DamagedFile { file, detail },
            code => TransferError::UnreadFile { code, message: detail },
        }
        .into()
    }
}

/// How an archive is verified.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VerifyOptions {
    /// Read the files; otherwise only their sizes are checked.
    pub content: bool,
}

impl Default for VerifyOptions {
    fn default() -> Self {
        Self { content: true }
    }
}

/// Verifies all files of an archive: size, hash, rows, and the digest of all rows.
pub fn prove(stored: &Stored, look: &VerifyOptions) -> Result<Vec<FileCheck>, Error> {
    let mut proofs = vec![FileCheck { file: stored.location.clone(), error: None }];
    let manifest = match stored.manifest() {
        Ok(manifest) => Arc::new(manifest),
        Err(error) => {
            proofs[0].error = Some(Flaw::unread(&error));
            return Ok(proofs);
        }
    };
    if !look.content {
        proofs
            .extend(manifest.files.iter().map(|file| FileCheck { file: file.key.clone(), error: sized(stored, file) }));
        return Ok(proofs);
    }
    let mut all = RowDigest::default();
    for file in &manifest.files {
        let (expected, of) = (Arc::clone(&manifest), file.clone());
        let error = match stored
            .client
            .run(move |store| verify(store, &expected, &expected.fields(), &of, memory::give_back))
        {
            Ok(digest) => {
                all.merge(digest);
                None
            }
            Err(error) => Some(Flaw::of(&file.key, error)),
        };
        proofs.push(FileCheck { file: file.key.clone(), error });
    }
    let readable = proofs.iter().all(|proof| proof.error.is_none());
    if readable && (all.rows() != manifest.rows || all.hex() != manifest.row_digest) {
        proofs[0].error = Some(Flaw::damage("the rows of its files are not those that it says".to_owned()));
    }
    Ok(proofs)
}

/// Returns an error if a file has another size.
fn sized(stored: &Stored, file: &DataFile) -> Option<Flaw> {
    let key = file.key.clone();
    match stored.client.run(move |store| store.size(&key)) {
        Ok(found) if found == file.bytes => None,
        Ok(found) => Some(Flaw::of(&file.key, VerifyError::Bytes { found, expected: file.bytes })),
        Err(error) => Some(Flaw::of(&file.key, VerifyError::Read(error))),
    }
}

/// Returns an error unless the archive is verified.
pub fn require_proof(stored: &Stored) -> Result<(), Error> {
    for FileCheck { file, error } in prove(stored, &VerifyOptions::default())? {
        if let Some(flaw) = error {
            return Err(flaw.error(&file));
        }
    }
    Ok(())
}

/// A measure of the stored rows and of the table's present rows; the latter is `None` if the table does not exist.
pub struct Comparison {
    pub name: &'static str,
    pub stored: String,
    pub live: Option<String>,
}

/// Compares the archive with the table.
pub fn compare(stored: &Stored, partition: u32) -> Result<Vec<Comparison>, Error> {
    let manifest = stored.manifest()?;
    let _pinned = GucGuard::archiving();
    let connection = Connection::open()?;
    let live = match Partition::read(&connection, partition) {
        Ok(partition) => {
            let condition = slice::now(&partition, &manifest)?;
            Some(digest_of(&connection, &partition, &manifest, condition.as_deref())?)
        }
        Err(Error::Missing { code: PgSqlErrorCode::ERRCODE_UNDEFINED_TABLE, .. }) => None,
        Err(error) => return Err(error),
    };
    Ok(vec![
        Comparison { name: "rows", stored: manifest.rows.to_string(), live: live.map(|live| live.rows().to_string()) },
        Comparison {
            name: "row_digest",
            stored: manifest.table_digest().to_owned(),
            live: live.map(|live| live.hex()),
        },
    ])
}
