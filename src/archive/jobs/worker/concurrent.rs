//! A worker detaches a partition: under locks in one transaction, or concurrently, with a verification afterwards.

use pgmeta_archive::manifest::Manifest;
use pgmeta_archive::state::{Event, State};
use pgrx::PgSqlErrorCode;

use crate::archive::jobs::worker::locks::{has_default, pending_detach, unlock, wait};
use crate::archive::jobs::worker::{Worker, code_of, in_own_tables};
use crate::archive::policy::storage::Storage;
use crate::archive::records;
use crate::archive::records::progress::Progress;
use crate::archive::retire;
use crate::archive::retire::table_locks::{Patience, is_busy};
use crate::archive::transfer::partition::Partition;
use crate::guc::{self, GucGuard};
use crate::spi::Connection;
use crate::worker::remote_error::RemoteError;
use crate::worker::session::{self, guarded, transaction};

/// The clause of DETACH PARTITION that completes an interrupted one.
pub(super) const FINALIZE: &str = "FINALIZE";

impl Worker {
    /// Detaches and retires a partition whose archive is verified. An error leaves the archive as it is, unless the rows
    /// have changed.
    pub(super) fn retire(&self, id: i64, partition: &Partition, manifest: &Manifest, progress: &Progress) {
        progress.phase(State::Retiring);
        let retired = in_own_tables(|connection| records::set_state(connection, id, Event::RetireStarted, None))
            .and_then(|()| self.take_off(id, partition, manifest));
        let Err(error) = retired else { return };
        if error.code == PgSqlErrorCode::ERRCODE_T_R_SERIALIZATION_FAILURE {
            self.failed(id, &error, || {
                let _pinned = GucGuard::new();
                let connection = Connection::open()?;
                let Some(stem) = records::key_prefix(&connection, id)? else { return Ok(true) };
                Ok(Storage::open(&connection, &self.policy.storage)?.client.delete_prefix(&stem))
            });
        } else if let Ok(None) = transaction(|| pending_detach(partition.oid)) {
            let code = code_of(&error);
            let _ = in_own_tables(|connection| records::postpone(connection, id, &error.message, &code));
        }
    }

    fn take_off(&self, id: i64, partition: &Partition, manifest: &Manifest) -> Result<(), RemoteError> {
        let options = &self.policy.options;
        let retired = |how: &str| {
            let _pinned = GucGuard::new();
            let word = options.retire.word();
            records::set_retired(&Connection::open()?, id, word, &format!("{word}, {how}"))
        };
        if manifest.slice.is_some() {
            return transaction(|| {
                retire::retire(partition, options, manifest)?;
                retired("rows deleted")
            });
        }
        let Some(parent) = &partition.parent else {
            in_own_tables(|connection| records::set_detached(connection, id))?;
            return transaction(|| {
                retire::finish(partition, options, manifest)?;
                retired("was detached")
            });
        };
        let concurrently = options.detach_concurrently && !transaction(|| has_default(partition.oid))?;
        if !concurrently {
            return transaction(|| {
                retire::retire(partition, options, manifest)?;
                retired("detached")
            });
        }
        // Compare the rows first, so that a changed partition is never detached.
        transaction(|| retire::require_unchanged(partition, options, manifest))?;
        let (above, table) = (parent, partition.quoted());
        let detach = format!("ALTER TABLE {} DETACH PARTITION {table}", parent.quoted());
        self.alone(|| self.detach(partition.oid, &detach, "CONCURRENTLY"))?;
        in_own_tables(|connection| records::set_detached(connection, id))?;
        let finished = transaction(|| {
            retire::finish(partition, options, manifest)?;
            retired("detached concurrently")
        });
        if let (Err(error), Some(bound)) = (&finished, &partition.bound)
            && error.code == PgSqlErrorCode::ERRCODE_T_R_SERIALIZATION_FAILURE
        {
            // Rows were added before the detach: readers must see them again.
            transaction(|| retire::attach_again(above, partition, bound, options))?;
        }
        finished
    }

    /// Runs with a lock on the table: only one of its partitions can be pending detach.
    fn alone(&self, run: impl FnOnce() -> Result<(), RemoteError>) -> Result<(), RemoteError> {
        let options = &self.policy.options;
        let milliseconds = options.lock_timeout.unwrap_or_else(guc::archive_lock_timeout);
        transaction(|| {
            let _pinned = GucGuard::running(i32::try_from(milliseconds).unwrap_or(i32::MAX));
            wait(self.policy.parent)
        })?;
        let outcome = run();
        unlock(self.policy.parent).and(outcome)
    }

    /// Runs `ALTER TABLE … DETACH PARTITION …` with a time limit, CONCURRENTLY or FINALIZE. If only the wait for readers
    /// timed out, new readers do not see the partition any longer: it must be finalized, by the next worker if not now.
    pub(super) fn detach(&self, partition: u32, detach: &str, way: &str) -> Result<(), RemoteError> {
        let patience = Patience::new(&self.policy.options);
        let mut way = way;
        loop {
            // The statement waits for several locks, one after another.
            let milliseconds = (patience.turn() / 2).max(1);
            let script = format!("SET lock_timeout = {milliseconds}; {detach} {way}");
            let outcome = patience.wait(|| session::run(&script));
            let Err(error) = session::run("RESET lock_timeout").and(outcome).map_err(|stopped| stopped.error) else {
                return Ok(());
            };
            if error.code == PgSqlErrorCode::ERRCODE_QUERY_CANCELED {
                return Err(error);
            }
            let is_pending = way != FINALIZE && transaction(|| pending_detach(partition))?.is_some();
            if !is_pending && (!is_busy(error.code) || patience.is_over()) {
                return Err(error);
            }
            if is_pending {
                way = FINALIZE;
            }
            guarded(|| {
                patience.pause();
                Ok(())
            })?;
        }
    }
}
