//! A worker takes a partition off its parent: under locks in one transaction, or concurrently and proved again afterwards.

use pgmeta_archive::manifest::Manifest;
use pgrx::PgSqlErrorCode;

use crate::archive::partition::Partition;
use crate::archive::progress::{Phase, Progress};
use crate::archive::record;
use crate::archive::retire;
use crate::archive::storage::Storage;
use crate::archive::worker::ask::{has_default, pending_detach, unlock, wait};
use crate::archive::worker::{Worker, code_of, in_own_tables};
use crate::guc::Pinned;
use crate::spi::Connection;
use crate::worker::relay::Relay;
use crate::worker::session::{self, transaction};

impl Worker {
    /// Takes a partition off whose archive is proved. What fails here leaves the archive as it is, unless the rows have
    /// changed.
    pub(super) fn retire(&self, id: i64, partition: &Partition, manifest: &Manifest, progress: &Progress) {
        progress.phase(Phase::Retiring);
        let retired = in_own_tables(|connection| record::becomes(connection, id, "retiring", None))
            .and_then(|()| self.take_off(id, partition, manifest));
        let Err(error) = retired else { return };
        if error.code == PgSqlErrorCode::ERRCODE_T_R_SERIALIZATION_FAILURE {
            self.failed(id, &error, || {
                let _pinned = Pinned::new();
                let connection = Connection::open()?;
                let Some(stem) = record::stem(&connection, id)? else { return Ok(true) };
                Ok(Storage::open(&connection, &self.policy.storage)?.away.sweep(&stem))
            });
        } else if let Ok(None) = transaction(|| pending_detach(partition.oid)) {
            let code = code_of(&error);
            let _ = in_own_tables(|connection| record::postponed(connection, id, &error.message, &code));
        }
    }

    fn take_off(&self, id: i64, partition: &Partition, manifest: &Manifest) -> Result<(), Relay> {
        let options = &self.policy.options;
        let retired = |how: &str| {
            let _pinned = Pinned::new();
            record::becomes(&Connection::open()?, id, "retired", Some(&format!("{}, {how}", options.retire.word())))
        };
        let Some(parent) = &partition.parent else {
            in_own_tables(|connection| record::detached(connection, id))?;
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
        // It is known whether it is worth the while before readers see anything of it.
        transaction(|| retire::require_unchanged(partition, manifest))?;
        let above = parent;
        let (parent, table) = (parent.quoted(), partition.quoted());
        let detach = format!("ALTER TABLE {parent} DETACH PARTITION {table}");
        self.alone(|| {
            self.within_lock_timeout(&format!("{detach} CONCURRENTLY")).or_else(|error| {
                // Where only the wait for readers has come to its end, the parent's new readers see nothing of it any more: it is
                // brought to an end, by the next worker if not now.
                if error.code == PgSqlErrorCode::ERRCODE_QUERY_CANCELED
                    || transaction(|| pending_detach(partition.oid))?.is_none()
                {
                    return Err(error);
                }
                self.within_lock_timeout(&format!("{detach} FINALIZE"))
            })
        })?;
        in_own_tables(|connection| record::detached(connection, id))?;
        let finished = transaction(|| {
            retire::finish(partition, options, manifest)?;
            retired("detached concurrently")
        });
        if let (Err(error), Some(bound)) = (&finished, &partition.bound)
            && error.code == PgSqlErrorCode::ERRCODE_T_R_SERIALIZATION_FAILURE
        {
            // Rows that came in the last moment are to be seen again.
            transaction(|| {
                let _pinned = Pinned::running(retire::timeout(options));
                retire::attach(above, partition, bound)
            })?;
        }
        finished
    }

    /// Does what only one session may do with a table at a time: of its partitions one can be pending detach.
    fn alone(&self, run: impl FnOnce() -> Result<(), Relay>) -> Result<(), Relay> {
        let milliseconds = retire::timeout(&self.policy.options);
        transaction(|| {
            let _pinned = Pinned::running(milliseconds);
            wait(self.policy.parent)
        })?;
        let outcome = run();
        unlock(self.policy.parent).and(outcome)
    }

    /// Runs a statement at top level, which waits for locks as long as the policy says.
    pub(super) fn within_lock_timeout(&self, statement: &str) -> Result<(), Relay> {
        let milliseconds = retire::timeout(&self.policy.options);
        let outcome = session::run(&format!("SET lock_timeout = {milliseconds}; {statement}"));
        session::run("RESET lock_timeout").and(outcome).map_err(|stopped| stopped.error)
    }
}
