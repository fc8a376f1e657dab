//! A worker: archives the due candidates of one policy as the policy's owner, one after another. Records each stage in its
//! own transaction, so that the next worker can resume the work of one that died.

mod concurrent;
mod locks;
mod recovery;

use pgmeta_archive::manifest::{Manifest, Slice};
use pgmeta_archive::options::Retire;
use pgmeta_archive::state::{Event, State};
use pgmeta_core::ident::literal;
use pgrx::PgSqlErrorCode;

use crate::archive::jobs::attempt::{ArchiveRequest, Attempt, DdlOf};
use crate::archive::jobs::launch::application;
use crate::archive::jobs::worker::locks::{enter, lock, unlock};
use crate::archive::policy::Policy;
use crate::archive::policy::candidate::{Candidate, Task};
use crate::archive::policy::candidates::candidates;
use crate::archive::policy::storage::Purpose;
use crate::archive::records::progress::Progress;
use crate::archive::records::{self, Done, Ending, Stored, manifest_of};
use crate::archive::retire::require_unchanged;
use crate::archive::retire::settle::is_past;
use crate::archive::transfer::partition::Partition;
use crate::archive::transfer::read_back::require_restorable;
use crate::archive::transfer::verify::require_proof;
use crate::error::{Error, sqlstate};
use crate::guc::GucGuard;
use crate::server;
use crate::spi::Connection;
use crate::worker::process::is_terminated;
use crate::worker::remote_error::RemoteError;
use crate::worker::session::{self, guarded, transaction};

/// Archives candidates until none is due or the worker is terminated.
pub fn work(policy: &str, ddl_of: DdlOf) -> Result<(), RemoteError> {
    // A standby has nothing to archive. After a promotion the scheduler starts another worker.
    if server::is_in_recovery() {
        return Ok(());
    }
    let name = literal(&application(policy));
    session::run(&format!("SET application_name = {name}")).map_err(|stopped| stopped.error)?;
    let mut worker = Worker { policy: transaction(|| enter(policy))?, ddl_of };
    worker.recover()?;
    let mut tried = Vec::new();
    while !is_terminated() {
        // The policy may have been changed, paused or dropped.
        worker.policy = transaction(|| Policy::find(policy))?;
        if worker.policy.paused {
            break;
        }
        let Some(due) = worker.next(&tried)? else { break };
        tried.push(due.task());
        let is_settled = due.stored.is_some_and(|id| worker.settle(id, due.partition));
        if !is_settled && !is_terminated() {
            worker.archive(due.partition, due.slice);
        }
        unlock(due.partition)?;
    }
    worker.expire()?;
    worker.collect()
}

struct Worker {
    policy: Policy,
    ddl_of: DdlOf,
}

impl Worker {
    /// Returns a candidate that is due and was not tried yet, with its partition locked.
    fn next(&self, tried: &[Task]) -> Result<Option<Candidate>, RemoteError> {
        for due in self.pending()? {
            if tried.contains(&due.task()) || !lock(due.partition)? {
                continue;
            }
            // Another process may have archived it before this one got the lock.
            let is_same = |now: &Candidate| now.task() == due.task() && now.stored == due.stored;
            if let Some(now) = self.pending()?.into_iter().find(is_same) {
                return Ok(Some(now));
            }
            unlock(due.partition)?;
        }
        Ok(None)
    }

    fn pending(&self) -> Result<Vec<Candidate>, RemoteError> {
        transaction(|| {
            let mut due = candidates(&self.policy, "now")?;
            due.retain(|due| due.is_due() && due.waits_until.is_none());
            Ok(due)
        })
    }

    /// Retires a stored partition; returns false if its rows must be stored again.
    fn settle(&self, id: i64, partition: u32) -> bool {
        let options = &self.policy.options;
        let retires = options.retire != Retire::Keep;
        let found = transaction(|| {
            let _pinned = GucGuard::new();
            let partition = Partition::read(&Connection::open()?, partition)?;
            Ok((manifest_of(id, Purpose::Write)?, partition))
        });
        let held = found.and_then(|(stored, partition)| {
            let manifest = guarded(|| stored.manifest())?;
            transaction(|| require_unchanged(&partition, options, &manifest))?;
            if retires {
                // The files may be old: verify them again.
                guarded(|| require_proof(&stored))?;
            }
            Ok((partition, manifest))
        });
        match held {
            Ok((partition, manifest)) if retires => {
                let progress = Progress::start(partition.oid, id, partition.bytes, partition.rows);
                let _ = in_own_tables(|connection| records::set_process(connection, id));
                self.retire(id, &partition, &manifest, &progress);
            }
            Ok((partition, _)) => {
                let _ = in_own_tables(|connection| records::set_changes(connection, id, partition.changes));
            }
            Err(error) if is_past(error.code) => return false,
            Err(error) => {
                let code = code_of(&error);
                let _ = in_own_tables(|connection| records::postpone(connection, id, &error.message, &code));
            }
        }
        true
    }

    /// Archives a partition and records the result.
    fn archive(&self, partition: u32, slice: Option<Slice>) {
        let Policy { name, storage, options, .. } = &self.policy;
        let begun = transaction(|| {
            let ddl = (self.ddl_of)(partition)?;
            let order = ArchiveRequest { partition, slice: slice.clone(), storage, options, policy: Some(name), ddl };
            let _pinned = GucGuard::archiving();
            let connection = Connection::open()?;
            let attempt = Attempt::new(&connection, &order)?;
            let id = attempt.begun(&order, |begun| records::insert(&connection, begun))?;
            Ok((id, attempt, order))
        });
        let (id, attempt, order) = match begun {
            Ok(begun) => begun,
            Err(error) => {
                let code = code_of(&error);
                let _ =
                    transaction(|| records::insert_failed((partition, slice.as_ref()), name, &error.message, &code));
                return;
            }
        };
        let progress = Progress::start(partition, id, attempt.partition.bytes, attempt.partition.rows);
        match self.store(id, &attempt, &order, &progress) {
            Ok(manifest) if options.retire != Retire::Keep => self.retire(id, &attempt.partition, &manifest, &progress),
            Ok(_) => {}
            Err(error) => self.failed(id, &error, || Ok(attempt.client.delete_prefix(&attempt.stem))),
        }
    }

    /// Reads, stores and verifies a partition.
    fn store(
        &self,
        id: i64,
        attempt: &Attempt,
        order: &ArchiveRequest<'_>,
        progress: &Progress,
    ) -> Result<Manifest, RemoteError> {
        let scanned = transaction(|| {
            let _pinned = GucGuard::archiving();
            let connection = Connection::open()?;
            let scanned = attempt.scan(&connection, order.options)?;
            records::set_state(&connection, id, Event::Read, None)?;
            Ok(scanned)
        })?;
        // No snapshot is held during the upload: a slow storage must not hold back VACUUM.
        progress.phase(State::Uploading);
        let committed = guarded(|| attempt.commit(attempt.store(scanned)?, order))?;
        let done = Done { location: &committed.location, sha256: &committed.sha256, manifest: &committed.manifest };
        in_own_tables(|connection| records::set_written(connection, id, &done))?;
        progress.phase(State::Verifying);
        let stored = Stored {
            partition: order.partition,
            location: committed.location.clone(),
            sha256: committed.sha256.clone(),
            client: attempt.client.clone(),
        };
        self.prove(id, &stored, &committed.manifest)?;
        Ok(committed.manifest)
    }

    fn prove(&self, id: i64, stored: &Stored, manifest: &Manifest) -> Result<(), RemoteError> {
        guarded(|| require_proof(stored))?;
        if manifest.values.is_some() {
            let path = self.policy.options.search_path.as_deref();
            transaction(|| require_restorable(stored, manifest, path))?;
        }
        in_own_tables(|connection| records::set_state(connection, id, Event::Proved, None))
    }

    /// Records a failed attempt and deletes its files; `remove` returns whether all are deleted.
    fn failed(&self, id: i64, error: &RemoteError, remove: impl FnOnce() -> Result<bool, Error>) {
        let event = match error.code {
            PgSqlErrorCode::ERRCODE_QUERY_CANCELED if !is_terminated() => Event::Cancelled,
            _ => Event::Failed,
        };
        let code = if is_terminated() { "57P01".to_owned() } else { code_of(error) };
        let ending = Ending { event, message: &error.message, sqlstate: code };
        // Another session may have changed the state: then that session decides about the files.
        if in_own_tables(|connection| records::end(connection, id, &ending)).is_err() {
            return;
        }
        // Files that could not be deleted stay on record: the next worker deletes them.
        if let Ok(true) = transaction(remove) {
            let _ = in_own_tables(|connection| records::clear_key_prefix(connection, id));
        }
    }
}

fn code_of(error: &RemoteError) -> String {
    sqlstate(error.code)
}

/// Reads or writes pgmeta's tables in a separate transaction.
fn in_own_tables<T>(run: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, RemoteError> {
    transaction(|| {
        let _pinned = GucGuard::new();
        run(&Connection::open()?)
    })
}
