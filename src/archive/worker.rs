//! A worker: archives what is due of one policy, as the policy's owner, one partition after another. Each stage is recorded
//! in a transaction of its own, so that whoever comes after a worker that died knows what to go on with.

use pgmeta_archive::manifest::Manifest;
use pgmeta_archive::options::Retire;
use pgmeta_core::ident::literal;
use pgmeta_core::rows::take;
use pgrx::PgSqlErrorCode;

use crate::archive::attempt::{Attempt, Order, clear};
use crate::archive::due::candidates;
use crate::archive::export::LOCK;
use crate::archive::partition::Partition;
use crate::archive::policy::Policy;
use crate::archive::progress::{Phase, Progress};
use crate::archive::record::{self, Done, Ending, Left, Stored, manifest_of};
use crate::archive::retire;
use crate::archive::rows::require_proof;
use crate::archive::start::application;
use crate::archive::storage::Storage;
use crate::error::{Error, sqlstate};
use crate::guc::Pinned;
use crate::server;
use crate::spi::{Arg, Connection};
use crate::worker::process::is_terminated;
use crate::worker::relay::Relay;
use crate::worker::session::{self, guarded, transaction};

/// Returns the SQL that makes a table.
pub type DdlOf = fn(u32) -> Result<String, Error>;

/// Archives all that is due, until nothing is, or the worker is told to end.
pub fn work(policy: &str, ddl_of: DdlOf) -> Result<(), Relay> {
    // On a standby there is nothing to do; after a promotion somebody starts another.
    if server::is_in_recovery() {
        return Ok(());
    }
    let name = literal(&application(policy));
    session::run(&format!("SET application_name = {name}")).map_err(|stopped| stopped.error)?;
    let policy = transaction(|| Policy::find(policy))?;
    let worker = Worker { policy, ddl_of };
    worker.take_over()?;
    let mut tried = Vec::new();
    while !is_terminated() {
        let Some(partition) = worker.next(&tried)? else { break };
        tried.push(partition);
        worker.archive(partition);
        unlock(partition)?;
    }
    worker.collect()
}

struct Worker {
    policy: Policy,
    ddl_of: DdlOf,
}

impl Worker {
    /// Returns what is due and not tried yet, locked.
    fn next(&self, tried: &[u32]) -> Result<Option<u32>, Relay> {
        for partition in self.pending()? {
            if tried.contains(&partition) || !lock(partition)? {
                continue;
            }
            // Another may have done it between the look and the lock.
            if self.pending()?.contains(&partition) {
                return Ok(Some(partition));
            }
            unlock(partition)?;
        }
        Ok(None)
    }

    fn pending(&self) -> Result<Vec<u32>, Relay> {
        transaction(|| {
            let due = candidates(&self.policy, "now")?;
            let ready = due.iter().filter(|due| due.state == "pending" && due.waits_until.is_none());
            Ok(ready.map(|due| due.partition).collect())
        })
    }

    /// Archives a partition, and records what has become of it.
    fn archive(&self, partition: u32) {
        let Policy { name, storage, options, .. } = &self.policy;
        let begun = transaction(|| {
            let ddl = (self.ddl_of)(partition)?;
            let order = Order { partition, storage, options, policy: Some(name), ddl };
            let _pinned = Pinned::archiving();
            let connection = Connection::open()?;
            let attempt = Attempt::new(&connection, &order)?;
            let id = attempt.begun(&order, |begun| record::begin(&connection, begun))?;
            Ok((id, attempt, order))
        });
        let (id, attempt, order) = match begun {
            Ok(begun) => begun,
            Err(error) => {
                let code = code_of(&error);
                let _ = transaction(|| record::failed(partition, name, &error.message, &code));
                return;
            }
        };
        let progress = Progress::start(partition, id, attempt.partition.bytes, attempt.partition.rows);
        match self.store(id, &attempt, &order, &progress) {
            Ok(manifest) if options.retire != Retire::Keep => self.retire(id, &attempt.partition, &manifest, &progress),
            Ok(_) => {}
            Err(error) => self.failed(id, &error, || Ok(attempt.away.sweep(&attempt.stem))),
        }
    }

    /// Reads, stores and proves.
    fn store(&self, id: i64, attempt: &Attempt, order: &Order<'_>, progress: &Progress) -> Result<Manifest, Relay> {
        let scanned = transaction(|| {
            let _pinned = Pinned::archiving();
            let connection = Connection::open()?;
            let scanned = attempt.scan(&connection, order.options)?;
            record::becomes(&connection, id, "uploading", None)?;
            Ok(scanned)
        })?;
        // No snapshot is held from here on: a slow storage does not keep VACUUM from its work.
        progress.phase(Phase::Uploading);
        let committed = guarded(|| attempt.commit(attempt.store(scanned)?, order))?;
        let done = Done { location: &committed.location, sha256: &committed.sha256, manifest: &committed.manifest };
        in_own_tables(|connection| record::written(connection, id, &done))?;
        progress.phase(Phase::Verifying);
        let stored = Stored {
            partition: order.partition,
            location: committed.location.clone(),
            sha256: committed.sha256.clone(),
            away: attempt.away.clone(),
        };
        self.prove(id, &stored)?;
        Ok(committed.manifest)
    }

    fn prove(&self, id: i64, stored: &Stored) -> Result<(), Relay> {
        guarded(|| require_proof(stored))?;
        in_own_tables(|connection| record::becomes(connection, id, "stored", None))
    }

    /// Takes a partition off whose archive is proved. What fails here leaves the archive as it is, unless the rows have
    /// changed.
    fn retire(&self, id: i64, partition: &Partition, manifest: &Manifest, progress: &Progress) {
        progress.phase(Phase::Retiring);
        let retired = in_own_tables(|connection| record::becomes(connection, id, "retiring", None))
            .and_then(|()| self.take_off(id, partition, manifest));
        let Err(error) = retired else { return };
        if error.code == PgSqlErrorCode::ERRCODE_T_R_SERIALIZATION_FAILURE {
            self.failed(id, &error, || {
                let _pinned = Pinned::new();
                remove(&self.policy.storage, manifest)?;
                Ok(true)
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
        let (parent, table) = (parent.quoted(), partition.quoted());
        let detach = format!("ALTER TABLE {parent} DETACH PARTITION {table}");
        self.within_lock_timeout(&format!("{detach} CONCURRENTLY")).or_else(|error| {
            // Where only the wait for readers has come to its end, the parent's new readers see nothing of it any more: it is
            // brought to an end, by the next worker if not now.
            if error.code == PgSqlErrorCode::ERRCODE_QUERY_CANCELED
                || transaction(|| pending_detach(partition.oid))?.is_none()
            {
                return Err(error);
            }
            self.within_lock_timeout(&format!("{detach} FINALIZE"))
        })?;
        let finished = transaction(|| {
            retire::finish(partition, options, manifest)?;
            retired("detached concurrently")
        });
        if let (Err(error), Some(bound)) = (&finished, &partition.bound)
            && error.code == PgSqlErrorCode::ERRCODE_T_R_SERIALIZATION_FAILURE
        {
            // Rows that came in the last moment are to be seen again.
            session::run(&format!("ALTER TABLE {parent} ATTACH PARTITION {table} {bound}"))
                .map_err(|stopped| stopped.error)?;
        }
        finished
    }

    /// Runs a statement at top level, which waits for locks as long as the policy says.
    fn within_lock_timeout(&self, statement: &str) -> Result<(), Relay> {
        let milliseconds = retire::timeout(&self.policy.options);
        let outcome = session::run(&format!("SET lock_timeout = {milliseconds}; {statement}"));
        session::run("RESET lock_timeout").and(outcome).map_err(|stopped| stopped.error)
    }

    /// Records an attempt that came to nothing, and removes its files; `remove` returns whether all are gone.
    fn failed(&self, id: i64, error: &Relay, remove: impl FnOnce() -> Result<bool, Error>) {
        let state = match error.code {
            PgSqlErrorCode::ERRCODE_QUERY_CANCELED if !is_terminated() => "cancelled",
            _ => "failed",
        };
        let code = if is_terminated() { "57P01".to_owned() } else { code_of(error) };
        let ending = Ending { state, message: &error.message, sqlstate: code };
        let _ = in_own_tables(|connection| record::ended(connection, id, &ending));
        // What cannot be removed now, the next worker will find by the record.
        if let Ok(true) = transaction(remove) {
            let _ = in_own_tables(|connection| record::collected(connection, id));
        }
    }

    /// Goes on with what earlier workers have left, and removes what is left of attempts that came to nothing.
    fn take_over(&self) -> Result<(), Relay> {
        let retires = self.policy.options.retire != Retire::Keep;
        let left = |id: Option<i64>| {
            in_own_tables(|connection| record::left(connection, &self.policy.name, retires))
                .map(|left| left.into_iter().filter(|left| id.is_none_or(|id| left.id == id)).collect::<Vec<_>>())
        };
        for Left { id, partition, .. } in left(None)? {
            if is_terminated() || !lock(partition)? {
                continue;
            }
            // As it is now that nobody else is at it.
            for left in left(Some(id))? {
                self.go_on(&left);
            }
            unlock(partition)?;
        }
        Ok(())
    }

    /// Removes what could not be removed in a moment.
    fn collect(&self) -> Result<(), Relay> {
        for left in in_own_tables(|connection| record::left(connection, &self.policy.name, false))? {
            let Some(stem) =
                left.stem.filter(|_| !is_terminated() && matches!(left.state.as_str(), "failed" | "cancelled"))
            else {
                continue;
            };
            transaction(|| {
                let _pinned = Pinned::new();
                let connection = Connection::open()?;
                clear(&Storage::open(&connection, &left.storage)?.away, &stem)?;
                record::collected(&connection, left.id)
            })?;
        }
        Ok(())
    }

    fn go_on(&self, left: &Left) {
        let remove = || {
            let Some(stem) = &left.stem else { return Ok(true) };
            let _pinned = Pinned::new();
            // A storage that does not answer is asked again when there is nothing else to do.
            Ok(Storage::open(&Connection::open()?, &left.storage)?.away.sweep(stem))
        };
        match left.state.as_str() {
            "scanning" | "uploading" => {
                let error = Relay::from(Error::WorkerEnded);
                self.failed(left.id, &error, remove);
            }
            "failed" | "cancelled" => {
                if let Ok(true) = transaction(remove) {
                    let _ = in_own_tables(|connection| record::collected(connection, left.id));
                }
            }
            state => {
                let progress = Progress::start(left.partition, left.id, 0, 0);
                let stored = transaction(|| manifest_of(left.id));
                let proved = stored.and_then(|stored| {
                    if state == "verifying" {
                        progress.phase(Phase::Verifying);
                        self.prove(left.id, &stored)?;
                    }
                    guarded(|| stored.manifest())
                });
                match proved {
                    Ok(manifest) if self.policy.options.retire != Retire::Keep => {
                        self.go_on_retiring(left, &manifest, &progress)
                    }
                    Ok(_) => {}
                    Err(error) if error.code == PgSqlErrorCode::ERRCODE_DATA_CORRUPTED => {
                        self.failed(left.id, &error, remove)
                    }
                    // Reading it back may work another time.
                    Err(_) => {}
                }
            }
        }
    }

    fn go_on_retiring(&self, left: &Left, manifest: &Manifest, progress: &Progress) {
        if let Some(parent) = &left.parent {
            let table = transaction(|| pending_detach(left.partition));
            if let Ok(Some(table)) = table {
                let finalize = format!("ALTER TABLE {parent} DETACH PARTITION {table} FINALIZE");
                if self.within_lock_timeout(&finalize).is_err() {
                    return;
                }
            }
        }
        let found = transaction(|| {
            let _pinned = Pinned::new();
            match Partition::read(&Connection::open()?, left.partition) {
                Ok(mut partition) => {
                    // A table that was detached alone has no bound of its own any more.
                    partition.bound = partition.bound.or_else(|| left.bound.clone());
                    Ok(Some(partition))
                }
                Err(Error::Missing { code: PgSqlErrorCode::ERRCODE_UNDEFINED_TABLE, .. }) => Ok(None),
                Err(error) => Err(error),
            }
        });
        match found {
            // Detached by this archive, which was at it; or by somebody else, whose business it is.
            Ok(Some(partition)) if partition.parent.is_some() || left.state == "retiring" => {
                self.retire(left.id, &partition, manifest, progress);
            }
            Ok(_) => {
                let gone = "was gone already";
                let _ = in_own_tables(|connection| record::becomes(connection, left.id, "retired", Some(gone)));
            }
            Err(_) => {}
        }
    }
}

fn code_of(error: &Relay) -> String {
    sqlstate(error.code)
}

/// Reads or writes pgmeta's tables in a transaction of its own.
fn in_own_tables<T>(run: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Relay> {
    transaction(|| {
        let _pinned = Pinned::new();
        run(&Connection::open()?)
    })
}

/// Removes the files of an archive whose partition has other rows by now.
fn remove(storage: &str, manifest: &Manifest) -> Result<(), Error> {
    let away = Storage::open(&Connection::open()?, storage)?.away;
    let Some(first) = manifest.files.first() else { return Ok(()) };
    let stem = first.key.split_once('.').map_or(first.key.as_str(), |(stem, _)| stem);
    clear(&away, stem)
}

/// Keeps others from a partition until `unlock`, or the end of this process.
fn lock(partition: u32) -> Result<bool, Relay> {
    of_partition(&format!("SELECT pg_catalog.pg_try_advisory_lock({LOCK}, $1::oid::int4) AS found"), partition)
}

fn unlock(partition: u32) -> Result<bool, Relay> {
    of_partition(&format!("SELECT pg_catalog.pg_advisory_unlock({LOCK}, $1::oid::int4) AS found"), partition)
}

fn of_partition(sql: &str, partition: u32) -> Result<bool, Relay> {
    transaction(|| ask(sql, partition))
}

fn ask(sql: &str, partition: u32) -> Result<bool, Error> {
    let mut found = false;
    Connection::open()?.read(sql, &[Arg::Int(partition.into())], &["found"], |cells| {
        found = take(cells, "found")?;
        Ok(())
    })?;
    Ok(found)
}

/// Returns whether the parent has a DEFAULT partition, with which none is detached concurrently.
fn has_default(partition: u32) -> Result<bool, Error> {
    ask(
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = i.inhparent \
            WHERE i.inhrelid = $1::oid AND p.partdefid <> 0) AS found",
        partition,
    )
}

/// Returns the name of a partition whose detachment was interrupted.
fn pending_detach(partition: u32) -> Result<Option<String>, Error> {
    const FIND: &str = "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name FROM pg_catalog.pg_inherits i \
        JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
        WHERE i.inhrelid = $1::oid AND i.inhdetachpending";
    let mut name = None;
    Connection::open()?.read(FIND, &[Arg::Int(partition.into())], &["name"], |cells| {
        name = Some(take(cells, "name")?);
        Ok(())
    })?;
    Ok(name)
}
