//! Retires partitions whose rows are stored already: their policy kept them until now, or they were attached again. If the
//! archive has all present rows of the partition, they are not stored again.

use pgmeta_archive::manifest::Manifest;
use pgmeta_archive::options::{Options, Retire};
use pgrx::PgSqlErrorCode;

use crate::archive::policy::storage::Purpose;
use crate::archive::records::{self, Stored, manifest_of};
use crate::archive::retire::{require_unchanged, retire};
use crate::archive::transfer::partition::Partition;
use crate::archive::transfer::verify::require_proof;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::spi::{Connection, run_and_roll_back};

/// Retires a stored partition in this transaction; returns false if its rows must be stored again.
pub fn settle(id: i64, partition: u32, options: &Options) -> Result<bool, Error> {
    let partition = {
        let _pinned = GucGuard::new();
        Partition::read(&Connection::open()?, partition)?
    };
    let found = {
        let stored = manifest_of(id, Purpose::Write)?;
        // Release the locks of the comparison.
        run_and_roll_back(|| holds(&stored, &partition, options))
    };
    let manifest = match found {
        Ok(manifest) => manifest,
        Err(error) if is_past(error.code()) => return Ok(false),
        Err(error) => return Err(error),
    };
    if options.retire == Retire::Keep {
        let _pinned = GucGuard::new();
        records::set_changes(&Connection::open()?, id, partition.changes)?;
        return Ok(true);
    }
    retire(&partition, options, &manifest)?;
    let how = options.retire.word();
    let _pinned = GucGuard::new();
    records::set_retired(&Connection::open()?, id, how, how)?;
    Ok(true)
}

/// Returns the manifest of the archive if it has the present rows of the partition.
fn holds(stored: &Stored, partition: &Partition, options: &Options) -> Result<Manifest, Error> {
    let manifest = stored.manifest()?;
    require_unchanged(partition, options, &manifest)?;
    if options.retire != Retire::Keep {
        // The files may be old: verify them again.
        require_proof(stored)?;
    }
    Ok(manifest)
}

/// Returns whether an error means that the archive or its partition has changed.
pub fn is_past(code: PgSqlErrorCode) -> bool {
    use PgSqlErrorCode::*;
    matches!(code, ERRCODE_DATA_CORRUPTED | ERRCODE_UNDEFINED_FILE | ERRCODE_T_R_SERIALIZATION_FAILURE)
}
