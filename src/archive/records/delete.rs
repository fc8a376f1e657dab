//! Deletes archives. The start is recorded before a file is deleted, so that a later call can resume after a crash. The
//! only copy of rows is deleted only by an explicit option: `force` of the caller, or `expire` of the policy.

use pgmeta_archive::keys::{is_stem, prefixes};
use pgmeta_archive::state::{Event, State};
use pgmeta_archive::store::Store;
use pgmeta_core::cells::RowError;
use serde::Deserialize;

use crate::archive::errors::RecordError;
use crate::archive::policy::storage::{Purpose, Storage, failed};
use crate::archive::queries::{self, RecordedState};
use crate::archive::records::access::require_remover;
use crate::archive::records::{manifest_of, missing, nothing_stored, record_event, sources};
use crate::archive::transfer::verify::compare;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::message::warn;
use crate::rights::as_extension_owner;
use crate::server;
use crate::spi::{Arg, Connection, SnapshotGuard, Transactions, attempt};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Delete {
    /// Delete the archive even if it is the only copy of its rows.
    pub force: bool,
}

/// Deletes an archive's files, in separate transactions; its record stays.
pub fn delete(id: i64, options: &Delete, transactions: &Transactions) -> Result<(), Error> {
    server::require_writable("pgmeta_archive_delete")?;
    begin(id, options)?;
    transactions.commit();
    finish(id)?;
    transactions.commit();
    Ok(())
}

/// Deletes the expired archives of a policy, and resumes unfinished deletions.
pub fn expire(policy: &str, transactions: &Transactions) -> Result<(), Error> {
    let ids = match attempt(|| expired(policy)) {
        Ok(ids) => ids,
        Err(error) => {
            warn(&format!("could not find what has expired of policy \"{policy}\": {error}"));
            Vec::new()
        }
    };
    transactions.commit();
    for id in ids {
        if let Err(error) = attempt(|| mark(id)) {
            warn(&format!("could not delete archive {id}: {error}"));
            continue;
        }
        transactions.commit();
        if let Err(error) = attempt(|| finish(id)) {
            warn(&format!("could not delete archive {id}: {error}"));
        }
        transactions.commit();
    }
    Ok(())
}

/// Returns the expired archives of a policy and those that are being deleted, oldest first. Archives whose partition is not
/// retired yet are not expired.
pub fn expired(policy: &str) -> Result<Vec<i64>, Error> {
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    let _owner = as_extension_owner(&connection)?;
    queries::values(&connection, sql!("expired_archives"), &[Arg::Text(policy)], "id")
}

query! {
    struct ArchiveToDelete = "archive_to_delete" {
        state: RecordedState,
        error: Option<String>,
        ours: bool,
        slice: bool,
    }
}

/// Checks that an archive may be deleted, and records the start.
fn begin(id: i64, options: &Delete) -> Result<(), Error> {
    let _pinned = GucGuard::archiving();
    let connection = Connection::open()?;
    let found: Option<ArchiveToDelete> = {
        let _owner = as_extension_owner(&connection)?;
        queries::optional(&connection, &[Arg::Int(id)])?
    };
    let Some(ArchiveToDelete { state, error, ours, slice }) = found else { return Err(missing(id)) };
    let state = state.0;
    require_remover(&connection, id)?;
    if state == State::Deleting {
        return Ok(());
    }
    if state.is_running() {
        return Err(RecordError::InProgress { id, state }.into());
    }
    if !state.allows(Event::DeleteStarted) {
        return Err(nothing_stored(id, state, error.as_deref()));
    }
    if !options.force {
        require_elsewhere(id, (state, slice), ours)?;
    }
    mark(id)
}

/// Returns an error if the archive is the only copy of its rows.
fn require_elsewhere(id: i64, (state, slice): (State, bool), ours: bool) -> Result<(), Error> {
    if !ours {
        return Err(RecordError::OfAnotherDatabase { id }.into());
    }
    if state == State::Retired {
        return Err(RecordError::OnlyCopy { id, of_slice: slice }.into());
    }
    let stored = manifest_of(id, Purpose::Write)?;
    let rows = compare(&stored, stored.partition)?;
    match rows.iter().all(|row| row.live.as_ref() == Some(&row.stored)) {
        true => Ok(()),
        false => Err(RecordError::OtherRows { id }.into()),
    }
}

/// Records the start of a deletion, unless another session was faster.
pub fn mark(id: i64) -> Result<(), Error> {
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    let _owner = as_extension_owner(&connection)?;
    let args = [Arg::Int(id), Arg::Texts(&sources(Event::DeleteStarted))];
    if queries::change(&connection, sql!("start_delete"), &args)? > 0 {
        record_event(&connection, id, State::Deleting, None)?;
    }
    Ok(())
}

query! {
    struct FilesToDelete = "files_to_delete" {
        storage: Option<String>,
        location: Option<String>,
        stem: Option<String>,
    }
}

/// Deletes the files of an archive, and records that they are deleted.
pub fn finish(id: i64) -> Result<(), Error> {
    // Read the record as it is after its start was committed.
    let _snapshot = SnapshotGuard::committed();
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    let (found, keys): (Option<FilesToDelete>, Vec<String>) = {
        let _owner = as_extension_owner(&connection)?;
        let args = [Arg::Int(id)];
        (queries::optional(&connection, &args)?, queries::values(&connection, sql!("stored_paths"), &args, "path")?)
    };
    // Another session has finished the deletion.
    let Some(FilesToDelete { storage, location, stem }) = found else { return Ok(()) };
    let storage = Storage::open(&connection, &storage.ok_or(RowError::UnexpectedNull("storage"))?)?;
    // The manifest is deleted first: without it nobody treats the files as an archive.
    let name = location.clone().unwrap_or_default();
    let gone = storage.client.run(move |store| remove(&**store, location.as_deref(), &keys, stem.as_deref()));
    gone.map_err(failed("remove", &name))?;
    let _owner = as_extension_owner(&connection)?;
    let args = [Arg::Int(id), Arg::Texts(&sources(Event::Deleted))];
    if queries::change(&connection, sql!("finish_delete"), &args)? > 0 {
        queries::change(&connection, sql!("forget_files"), &[Arg::Int(id)])?;
        record_event(&connection, id, State::Deleted, None)?;
    }
    Ok(())
}

/// Deletes the manifest, the recorded files, and other files of the attempt.
fn remove(store: &dyn Store, location: Option<&str>, keys: &[String], stem: Option<&str>) -> std::io::Result<()> {
    location.map_or(Ok(()), |location| store.delete(location))?;
    keys.iter().try_for_each(|key| store.delete(key))?;
    for prefix in stem.filter(|stem| is_stem(stem)).into_iter().flat_map(prefixes) {
        store.list(&prefix)?.iter().try_for_each(|key| store.delete(key))?;
    }
    Ok(())
}
