//! Resumes or cleans up the work of earlier workers: attempts that died, archives that are not retired, files of failed
//! attempts.

use pgmeta_archive::manifest::Manifest;
use pgmeta_archive::options::Retire;
use pgmeta_archive::state::{Event, State};
use pgrx::{PgLogLevel, PgSqlErrorCode};

use crate::archive::jobs::attempt::delete_files;
use crate::archive::jobs::worker::concurrent::FINALIZE;
use crate::archive::jobs::worker::locks::{lock, pending_detach, unlock};
use crate::archive::jobs::worker::{Worker, code_of, in_own_tables};
use crate::archive::policy::storage::{Purpose, Storage};
use crate::archive::records::delete;
use crate::archive::records::progress::Progress;
use crate::archive::records::{self, Unfinished, manifest_of};
use crate::archive::transfer::partition::Partition;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::message::tell;
use crate::spi::Connection;
use crate::worker::process::is_terminated;
use crate::worker::remote_error::RemoteError;
use crate::worker::session::{guarded, transaction};

impl Worker {
    /// Resumes the work of dead workers, and deletes the files of failed attempts.
    pub(super) fn recover(&self) -> Result<(), RemoteError> {
        let retires = self.policy.options.retire != Retire::Keep;
        let left = |id: Option<i64>| {
            in_own_tables(|connection| records::unfinished(connection, &self.policy.name, retires))
                .map(|left| left.into_iter().filter(|left| id.is_none_or(|id| left.id == id)).collect::<Vec<_>>())
        };
        for Unfinished { id, partition, .. } in left(None)? {
            if is_terminated() || !lock(partition)? {
                continue;
            }
            // Read again, now that this process holds the lock.
            for left in left(Some(id))? {
                self.go_on(&left);
            }
            unlock(partition)?;
        }
        Ok(())
    }

    /// Deletes files that earlier workers could not delete quickly.
    pub(super) fn collect(&self) -> Result<(), RemoteError> {
        for left in in_own_tables(|connection| records::unfinished(connection, &self.policy.name, false))? {
            let Some(stem) = left.stem.filter(|_| !is_terminated() && left.state.0.is_unsuccessful()) else {
                continue;
            };
            transaction(|| {
                let _pinned = GucGuard::new();
                let connection = Connection::open()?;
                delete_files(&Storage::open(&connection, &left.storage)?.client, &stem)?;
                records::clear_key_prefix(&connection, left.id)
            })?;
        }
        Ok(())
    }

    /// Deletes archives by the policy's option `expire`, and resumes unfinished deletions. The next worker retries
    /// deletions that fail.
    pub(super) fn expire(&self) -> Result<(), RemoteError> {
        for id in transaction(|| delete::expired(&self.policy.name))? {
            if is_terminated() {
                break;
            }
            let deleted = transaction(|| delete::mark(id)).and_then(|()| transaction(|| delete::finish(id)));
            if let Err(error) = deleted {
                let line = serde_json::json!({ "archive": id, "policy": self.policy.name, "error": error.message });
                tell(PgLogLevel::LOG, error.code, format!("pgmeta archive: {line}"));
            }
        }
        Ok(())
    }

    fn go_on(&self, left: &Unfinished) {
        let remove = || {
            let Some(stem) = &left.stem else { return Ok(true) };
            let _pinned = GucGuard::new();
            // If the storage does not answer, try again after everything else is done.
            Ok(Storage::open(&Connection::open()?, &left.storage)?.client.delete_prefix(stem))
        };
        match left.state.0 {
            State::Scanning | State::Uploading => {
                let error = RemoteError {
                    code: PgSqlErrorCode::ERRCODE_CRASH_SHUTDOWN,
                    ..RemoteError::from(Error::WorkerEnded)
                };
                self.failed(left.id, &error, remove);
            }
            State::Failed | State::Cancelled => {
                if let Ok(true) = transaction(remove) {
                    let _ = in_own_tables(|connection| records::clear_key_prefix(connection, left.id));
                }
            }
            State::Deleting | State::Deleted | State::Restored => {}
            state @ (State::Verifying | State::Stored | State::Retiring | State::Retired) => {
                let progress = Progress::start(left.partition, left.id, 0, 0);
                // From now on a cancel is sent to this process.
                let _ = in_own_tables(|connection| records::set_process(connection, left.id));
                let stored = transaction(|| manifest_of(left.id, Purpose::Write));
                let proved = stored.and_then(|stored| {
                    let manifest = guarded(|| stored.manifest())?;
                    if state == State::Verifying {
                        progress.phase(State::Verifying);
                        self.prove(left.id, &stored, &manifest)?;
                    }
                    Ok(manifest)
                });
                match proved {
                    Ok(manifest) if self.policy.options.retire != Retire::Keep => {
                        self.go_on_retiring(left, &manifest, &progress)
                    }
                    Ok(_) => {}
                    Err(error) => self.proof_failed(left.id, state, &error, remove),
                }
            }
        }
    }

    /// Records why an archive of another worker could not be verified. Without a verification it is not stored yet.
    fn proof_failed(&self, id: i64, state: State, error: &RemoteError, remove: impl FnOnce() -> Result<bool, Error>) {
        use PgSqlErrorCode::*;
        // If another session has changed the state in the meantime, there is nothing to record.
        let _ = match (state, error.code) {
            (_, ERRCODE_DATA_CORRUPTED) => return self.failed(id, error, remove),
            // The rows are still in the partition: it is archived again.
            (State::Verifying, ERRCODE_UNDEFINED_FILE | ERRCODE_FEATURE_NOT_SUPPORTED) => {
                return self.failed(id, error, remove);
            }
            // The files match, but there is no table to restore into. This may be the only copy, so it stays.
            (State::Verifying, ERRCODE_UNDEFINED_TABLE) => {
                in_own_tables(|connection| records::set_state(connection, id, Event::Proved, None))
            }
            // The next worker verifies it.
            (State::Verifying, _) => {
                let line = serde_json::json!({ "archive": id, "policy": self.policy.name, "error": error.message });
                return tell(PgLogLevel::LOG, error.code, format!("pgmeta archive: {line}"));
            }
            _ => in_own_tables(|connection| records::postpone(connection, id, &error.message, &code_of(error))),
        };
    }

    fn go_on_retiring(&self, left: &Unfinished, manifest: &Manifest, progress: &Progress) {
        if let Some(parent) = &left.parent {
            let table = transaction(|| pending_detach(left.partition));
            if let Ok(Some(table)) = table {
                let detach = format!("ALTER TABLE {parent} DETACH PARTITION {table}");
                if self.detach(left.partition, &detach, FINALIZE).is_err() {
                    return;
                }
            }
        }
        let found = transaction(|| {
            let _pinned = GucGuard::new();
            match Partition::read(&Connection::open()?, left.partition) {
                // An attached partition is a candidate like any other, or not due.
                Ok(partition) if partition.parent.is_some() && left.state.0 == State::Stored => Ok(Remains::Attached),
                Ok(mut partition) => {
                    // A table that was detached by itself has no partition bound: the record has it.
                    partition.bound = partition.bound.or_else(|| left.bound.clone());
                    Ok(Remains::Table(Box::new(partition)))
                }
                Err(Error::Missing { code: PgSqlErrorCode::ERRCODE_UNDEFINED_TABLE, .. }) => Ok(Remains::Nothing),
                Err(error) => Err(error),
            }
        });
        match found {
            // This archive detached it and its worker died, or a user detached it. The second case is left as it is.
            Ok(Remains::Table(partition))
                if partition.parent.is_some() || left.detached || left.state.0 == State::Retiring =>
            {
                self.retire(left.id, &partition, manifest, progress);
            }
            Ok(Remains::Attached) | Err(_) => {}
            Ok(Remains::Table(_) | Remains::Nothing) => {
                let gone = "was gone already";
                let _ = in_own_tables(|connection| records::set_state(connection, left.id, Event::Retired, Some(gone)));
            }
        }
    }
}

/// The present form of an archived partition.
enum Remains {
    /// A partition that no worker has begun to retire.
    Attached,
    Table(Box<Partition>),
    Nothing,
}
