//! The procedure `pgmeta_archive_run`: archives all candidates that are due, one after another. It commits the start of
//! each attempt before it writes files, so that a later call can delete them after a crash. A failure is recorded, and the
//! next candidate follows.

use pgmeta_archive::error_class::ErrorClass;
use pgmeta_archive::manifest::Slice;
use pgmeta_archive::state::{Event, State};
use pgrx::PgSqlErrorCode;

use crate::archive::jobs::archive_one::{self, make};
use crate::archive::jobs::attempt::{ArchiveRequest, Attempt, DdlOf};
use crate::archive::policy::candidate::{Candidate, Task};
use crate::archive::policy::candidates::candidates;
use crate::archive::policy::storage::Storage;
use crate::archive::policy::{Policy, served};
use crate::archive::queries;
use crate::archive::records::delete::expire;
use crate::archive::records::run_as::Owner;
use crate::archive::records::{self, Ending, Unfinished};
use crate::archive::retire::settle::settle;
use crate::error::{Error, sqlstate};
use crate::guc::GucGuard;
use crate::locks::{self, Mode, Subject, Until};
use crate::message::warn;
use crate::rights::{self, as_extension_owner};
use crate::server;
use crate::spi::{Arg, Connection, SnapshotGuard, Transactions, attempt, attempt_to_the_end};

/// Runs one policy, or all that are not paused.
pub fn run(policy: Option<&str>, transactions: &Transactions, ddl_of: DdlOf) -> Result<(), Error> {
    server::require_writable("pgmeta_archive_run")?;
    for served in served(policy)? {
        let due = attempt(|| {
            clear(&served)?;
            pending(&served)
        });
        let due = match due {
            Ok(due) => due,
            Err(error) if policy.is_some() => return Err(error),
            Err(error) => {
                warn(&format!("could not find what is due of policy \"{served}\": {error}"));
                Vec::new()
            }
        };
        transactions.commit();
        for Due { task, name, stored } in due {
            let is_open = match stored {
                Some(id) => !settled(task, id, &name, &served, transactions)?,
                None => true,
            };
            if is_open {
                one(task, &name, &served, transactions, ddl_of)?;
            }
        }
        expire(&served, transactions)?;
    }
    Ok(())
}

/// A partition or slice that must be archived or retired.
struct Due {
    task: Task,
    name: String,
    /// The archive that may contain its rows.
    stored: Option<i64>,
}

/// Retires a stored partition in a transaction; returns false if its rows must be stored again.
fn settled(task: Task, id: i64, name: &str, policy: &str, transactions: &Transactions) -> Result<bool, Error> {
    let done = attempt_to_the_end(|| {
        if !lock(task.partition)? {
            return Ok(true);
        }
        // Read again, now that this session holds the lock.
        let _snapshot = SnapshotGuard::committed();
        let policy = Policy::find(policy)?;
        let is_due = |due: &Candidate| due.task() == task && due.is_due() && due.stored == Some(id);
        if policy.paused || !candidates(&policy, "now")?.iter().any(is_due) {
            return Ok(true);
        }
        settle(id, task.partition, &policy.options)
    });
    let is_cancelled = |error: &Error| error.code() == PgSqlErrorCode::ERRCODE_QUERY_CANCELED;
    if let Err(error) = &done
        && !is_cancelled(error)
    {
        let recorded = attempt(|| {
            let _pinned = GucGuard::new();
            let connection = Connection::open()?;
            records::postpone(&connection, id, &error.to_string(), &sqlstate(error.code()))
        });
        if let Err(error) = recorded {
            warn(&format!("could not record that archive {id} is not retired: {error}"));
        }
        warn(&format!("could not go on with {name}, which is stored: {error}"));
    }
    transactions.commit();
    match done {
        Ok(done) => Ok(done),
        Err(error) if is_cancelled(&error) => Err(error),
        Err(_) => Ok(true),
    }
}

/// Archives a partition in two transactions.
fn one(task: Task, name: &str, policy: &str, transactions: &Transactions, ddl_of: DdlOf) -> Result<(), Error> {
    let begun = attempt(|| begin(task, policy, ddl_of));
    if let Err(error) = &begun {
        // If the caller lacks a privilege, that is not a failure of the policy.
        if is_owner(policy)? {
            let slice = due_now(task, policy).ok().flatten().and_then(|due| due.slice);
            records::insert_failed(
                (task.partition, slice.as_ref()),
                policy,
                &error.to_string(),
                &sqlstate(error.code()),
            )?;
        }
        warn(&format!("could not archive {name}: {error}"));
    }
    transactions.commit();
    let Ok(Some(id)) = begun else { return Ok(()) };
    let made = attempt_to_the_end(|| wait(task.partition)).and_then(|()| attempt_to_the_end(|| make_begun(id, ddl_of)));
    if let Err(error) = &made {
        let recorded = attempt(|| ended(id, &error.to_string(), &sqlstate(error.code())));
        if let Err(error) = recorded {
            warn(&format!("could not record that archive {id} failed: {error}"));
        }
    }
    transactions.commit();
    match made {
        Err(error) if error.code() == PgSqlErrorCode::ERRCODE_QUERY_CANCELED => Err(error),
        Err(error) => {
            warn(&format!("could not archive {name}: {error}"));
            Ok(())
        }
        Ok(_) => Ok(()),
    }
}

/// Returns the partitions of a policy that are due.
fn pending(policy: &str) -> Result<Vec<Due>, Error> {
    // Read after the recovery above.
    let _snapshot = SnapshotGuard::new();
    let due = candidates(&Policy::find(policy)?, "now")?;
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    let named = due.into_iter().filter(Candidate::is_due).map(|due| {
        let name = queries::value(&connection, sql!("relation_name"), &[Arg::Int(due.partition.into())], "name")?;
        Ok(Due { task: due.task(), name, stored: due.stored })
    });
    named.collect()
}

/// Returns the candidate as it is now, if it is still due.
fn due_now(task: Task, policy: &str) -> Result<Option<Candidate>, Error> {
    let due = candidates(&Policy::find(policy)?, "now")?;
    Ok(due.into_iter().find(|due| due.task() == task && due.is_due()))
}

fn is_owner(policy: &str) -> Result<bool, Error> {
    let _pinned = GucGuard::new();
    let owner = Owner::find(&Connection::open()?, policy)?;
    Ok(owner.is_some_and(|owner| owner.require_able().is_ok_and(|oid| oid == rights::user())))
}

/// Records the start of an attempt; returns its ID, or none if the partition is no longer due or another session archives
/// it. Holds the partition's lock until the transaction ends.
fn begin(task: Task, policy: &str, ddl_of: DdlOf) -> Result<Option<i64>, Error> {
    server::require_writable("pgmeta_archive_run")?;
    if !lock(task.partition)? {
        return Ok(None);
    }
    // Read again, now that this session holds the lock.
    let _snapshot = SnapshotGuard::committed();
    let Some(due) = due_now(task, policy)? else { return Ok(None) };
    let policy = Policy::find(policy)?;
    if policy.paused {
        return Ok(None);
    }
    let order = order((task.partition, due.slice), &policy, ddl_of)?;
    let _pinned = GucGuard::archiving();
    let connection = Connection::open()?;
    let attempt = Attempt::new(&connection, &order)?;
    attempt.begun(&order, |begun| records::insert(&connection, begun)).map(Some)
}

/// Locks a partition against other archiving processes until the transaction ends; returns false if one holds the lock.
fn lock(partition: u32) -> Result<bool, Error> {
    let _pinned = GucGuard::new();
    archive_one::lock(&Connection::open()?, partition)
}

/// Waits for a partition's lock. Other sessions take it for a moment to check whether the partition is due.
fn wait(partition: u32) -> Result<(), Error> {
    let _pinned = GucGuard::new();
    locks::wait(&Connection::open()?, Subject::Table(partition), Mode::Exclusive, Until::TransactionEnd)
}

/// Completes an attempt that this session began; returns false if another session ended it.
fn make_begun(id: i64, ddl_of: DdlOf) -> Result<bool, Error> {
    let begun = {
        let _snapshot = SnapshotGuard::committed();
        match begun(id)? {
            Some(begun) => begun,
            None => return Ok(false),
        }
    };
    let policy = Policy::find(&begun.policy)?;
    let order = order((begun.partition, begun.slice), &policy, ddl_of)?;
    let attempt = {
        let _pinned = GucGuard::archiving();
        Attempt::resume(&Connection::open()?, &order, begun.stem)?
    };
    make(id, &attempt, &order)?;
    Ok(true)
}

/// Records that an attempt of this session failed. Its files are deleted, or the next run deletes them.
fn ended(id: i64, message: &str, sqlstate: &str) -> Result<(), Error> {
    // A session that cancelled it may have recorded that already.
    let _snapshot = SnapshotGuard::committed();
    let _pinned = GucGuard::new();
    if begun(id)?.is_none() {
        return Ok(());
    }
    records::end(&Connection::open()?, id, &Ending { event: Event::Failed, message, sqlstate: sqlstate.to_owned() })
}

/// Marks attempts of dead sessions as failed, unless they were already retiring, and deletes the files of failed attempts.
/// Workers resume retiring.
fn clear(policy: &str) -> Result<(), Error> {
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    let mut locked = Vec::new();
    for left in records::unfinished(&connection, policy, false)? {
        if lock(left.partition)? {
            locked.push(left.id);
        }
    }
    let left = {
        let _snapshot = SnapshotGuard::committed();
        records::unfinished(&connection, policy, false)?
    };
    for Unfinished { id, state, storage, stem, .. } in left.into_iter().filter(|left| locked.contains(&left.id)) {
        match state.0 {
            State::Retiring => continue,
            state if state.is_unsuccessful() => {}
            _ => {
                let message = "archiving session terminated unexpectedly";
                let sqlstate = ErrorClass::LOST_SQLSTATE.to_owned();
                match records::end(&connection, id, &Ending { event: Event::Failed, message, sqlstate }) {
                    // Another session cancelled it in the meantime.
                    Err(error) if error.code() == PgSqlErrorCode::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE => continue,
                    ended => ended?,
                }
            }
        }
        // If the storage does not answer, the next run tries again.
        if stem.is_none_or(|stem| {
            Storage::open(&connection, &storage).is_ok_and(|storage| storage.client.delete_prefix(&stem))
        }) {
            records::clear_key_prefix(&connection, id)?;
        }
    }
    Ok(())
}

fn order(
    (partition, slice): (u32, Option<Slice>),
    policy: &Policy,
    ddl_of: DdlOf,
) -> Result<ArchiveRequest<'_>, Error> {
    let Policy { name, storage, options, .. } = policy;
    Ok(ArchiveRequest { partition, slice, storage, options, policy: Some(name), ddl: ddl_of(partition)? })
}

/// An attempt that this session began and did not end yet.
struct Begun {
    partition: u32,
    slice: Option<Slice>,
    policy: String,
    stem: String,
}

query! {
    struct BegunAttempt = "begun_attempt" {
        partition: u32,
        policy: String,
        stem: String,
    }
}

fn begun(id: i64) -> Result<Option<Begun>, Error> {
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    let slice = records::slice_of(&connection, id)?;
    let _owner = as_extension_owner(&connection)?;
    let args = [Arg::Int(id), Arg::Int(server::own_pid().into())];
    let found: Option<BegunAttempt> = queries::optional(&connection, &args)?;
    Ok(found.map(|BegunAttempt { partition, policy, stem }| Begun { partition, slice, policy, stem }))
}
