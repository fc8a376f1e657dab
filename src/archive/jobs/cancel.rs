//! Cancels running attempts, and makes failed ones possible to repeat.

use pgmeta_archive::manifest::Slice;
use pgmeta_archive::standing::Standing;
use pgmeta_archive::state::{Event, State};

use crate::archive::errors::RecordError;
use crate::archive::jobs::launch::KIND;
use crate::archive::policy::candidates::candidates;
use crate::archive::policy::{self, Policy};
use crate::archive::queries::{self, RecordedState};
use crate::archive::records::access::require_archiver;
use crate::archive::records::run_as::Owner;
use crate::archive::records::{missing, set_state, slice_of};
use crate::error::Error;
use crate::guc::GucGuard;
use crate::message::warn;
use crate::rights::{OwnTables, as_extension_owner};
use crate::server;
use crate::spi::{Arg, Connection, attempt};

query! {
    struct RetriedArchive = "retried_archive" {
        partition: u32,
        policy: Option<String>,
        state: RecordedState,
        held: bool,
    }
}

/// Returns partition, slice and policy of a failed or cancelled attempt.
pub fn failure(id: i64) -> Result<(u32, Option<Slice>, String), Error> {
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    let found: Option<RetriedArchive> = queries::optional(&connection, &[Arg::Int(id)])?;
    let Some(RetriedArchive { partition, policy, state, held }) = found else { return Err(missing(id)) };
    let state = state.0;
    match policy {
        Some(policy) if held || state.is_unsuccessful() || state == State::Deleted => {
            Ok((partition, slice_of(&connection, id)?, policy))
        }
        _ => Err(RecordError::NotRetriable { id, state }.into()),
    }
}

/// Clears the failures of a policy, or of all policies whose owner's rights the caller has; returns the number of
/// partitions that will be tried again.
pub fn retry_all(policy: Option<&str>) -> Result<i64, Error> {
    server::require_writable("pgmeta_archive_retry_all")?;
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    let owner = as_extension_owner(&connection)?;
    let names: Vec<String> = policy::listed(&connection, policy)?.into_iter().map(|listed| listed.name).collect();
    drop(owner);
    if let (Some(name), []) = (policy, names.as_slice()) {
        return Err(policy::missing(name));
    }
    let mut count = 0;
    for name in names {
        match attempt(|| waive(&connection, &name)) {
            Ok(waived) => count += waived,
            Err(error) if policy.is_none() => warn(&format!("policy \"{name}\" is left as it is: {error}")),
            Err(error) => return Err(error),
        }
    }
    Ok(count)
}

fn waive(connection: &Connection, name: &str) -> Result<i64, Error> {
    Owner::find(connection, name)?.map_or(Ok(()), |owner| owner.require_rights())?;
    let due = candidates(&Policy::find(name)?, "now")?;
    let _owner = as_extension_owner(connection)?;
    queries::change(connection, sql!("waive_failures"), &[Arg::Text(name)])?;
    let failed = due.iter().filter(|due| {
        due.error.is_some() || due.waits_until.is_some() || due.state == Standing::Archive(State::Failed)
    });
    Ok(i64::try_from(failed.count()).unwrap_or(i64::MAX))
}

query! {
    /// The process that makes an archive. Process IDs are reused: only the process that holds the lock on the partition
    /// counts.
    struct ArchiveProcess = "archive_process" {
        state: RecordedState,
        pid: Option<i32>,
        worker: bool,
    }
}

/// Cancels a running attempt, or prevents a failed one from being tried again.
pub fn cancel(id: i64) -> Result<(), Error> {
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    require_archiver(&connection, id)?;
    let records = OwnTables::require(&connection)?.records;
    let owner = as_extension_owner(&connection)?;
    let args = [Arg::Int(id), Arg::Int(records.into()), Arg::Text(KIND)];
    let found: Option<ArchiveProcess> = queries::optional(&connection, &args)?;
    let Some(ArchiveProcess { state, pid, worker }) = found else { return Err(missing(id)) };
    let state = state.0;
    let pid = pid.filter(|_| state.is_running());
    if let Some(pid) = pid {
        // The process may have ended in the meantime: then no signal is sent.
        let _sent: bool = queries::value(&connection, sql!("cancel_backend"), &[Arg::Int(pid.into())], "sent")?;
    }
    // A worker records the result itself.
    if pid.is_some() && worker {
        return Ok(());
    }
    if !state.allows(Event::Cancelled) {
        return Err(RecordError::NotInProgress { id, state }.into());
    }
    drop(owner);
    set_state(&connection, id, Event::Cancelled, None)
}
