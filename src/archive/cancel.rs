//! Having whoever is at an archive give it up, and what may be tried again afterwards.

use pgmeta_archive::manifest::Slice;
use pgmeta_core::cells::take;
use pgrx::PgSqlErrorCode;

use crate::archive::access::require_archiver;
use crate::archive::due::candidates;
use crate::archive::owner::Owner;
use crate::archive::policy::{self, Policy};
use crate::archive::record::{RUNNING, event, missing, partition_here, slice_of};
use crate::archive::start::KIND;
use crate::error::Error;
use crate::guc::Pinned;
use crate::message::warn;
use crate::rights::{OwnTables, as_extension_owner};
use crate::server;
use crate::spi::{Arg, Connection, attempt};

/// Returns partition, slice and policy of an attempt that has failed, or was cancelled.
pub fn failure(id: i64) -> Result<(u32, Option<Slice>, String), Error> {
    let find = format!(
        "SELECT {} AS partition, r.policy, CASE WHEN r.held THEN 'held' ELSE r.state END AS state \
            FROM pgmeta.archive_records r WHERE r.id = $1",
        partition_here()
    );
    let _pinned = Pinned::new();
    let mut found: Option<(u32, Option<String>, String)> = None;
    let connection = Connection::open()?;
    connection.read(&find, &[Arg::Int(id)], &["partition", "policy", "state"], |cells| {
        found = Some((take(cells, "partition")?, take(cells, "policy")?, take(cells, "state")?));
        Ok(())
    })?;
    match found {
        Some((partition, Some(policy), state))
            if matches!(state.as_str(), "failed" | "cancelled" | "held" | "deleted") =>
        {
            Ok((partition, slice_of(&connection, id)?, policy))
        }
        Some((.., state)) => Err(Error::from_parts(
            PgSqlErrorCode::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            &format!("archive {id} has not failed: it is {state}"),
            "Only what has failed, was cancelled or deleted, or was restored into its place can be archived again.",
        )),
        None => Err(missing(id)),
    }
}

/// Has what failed tried again as if it had not, of a policy or of all whose owners' rights the caller has; returns how many partitions
/// that are.
pub fn retry_all(policy: Option<&str>) -> Result<i64, Error> {
    const FIND: &str = "SELECT p.name FROM pgmeta.archive_policies p WHERE p.name = $1 OR $1 IS NULL ORDER BY p.name";
    server::require_writable("pgmeta_archive_retry_all")?;
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    let owner = as_extension_owner(&connection)?;
    let mut names: Vec<String> = Vec::new();
    connection.read(FIND, &[Arg::MaybeText(policy)], &["name"], |cells| {
        names.push(take(cells, "name")?);
        Ok(())
    })?;
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
    const UPDATE: &str = "UPDATE pgmeta.archive_records SET waived = true, next_try_at = NULL \
        WHERE policy = $1 AND (state = 'failed' OR state = 'stored' AND next_try_at IS NOT NULL) AND NOT waived";
    Owner::find(connection, name)?.map_or(Ok(()), |owner| owner.require_rights())?;
    let due = candidates(&Policy::find(name)?, "now")?;
    let _owner = as_extension_owner(connection)?;
    connection.change(UPDATE, &[Arg::Text(name)])?;
    let failed = due.iter().filter(|due| due.error.is_some() || due.waits_until.is_some() || due.state == "failed");
    Ok(i64::try_from(failed.count()).unwrap_or(i64::MAX))
}

/// Has whoever is at an archive end, or keeps a failed one from being tried again.
pub fn cancel(id: i64) -> Result<(), Error> {
    // Process numbers come again: it is that process which holds the lock on the partition.
    const FIND: &str = "SELECT r.state, (SELECT a.pid FROM pg_catalog.pg_stat_activity a JOIN pg_catalog.pg_locks l ON l.pid = a.pid \
            WHERE a.pid = r.pid AND a.datname = pg_catalog.current_database() AND l.locktype = 'object' AND l.granted \
                AND l.database = a.datid AND l.classid = $2::oid AND l.objid = r.partition_oid LIMIT 1) AS pid, \
            EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.pid = r.pid AND a.backend_type = $3) AS worker \
        FROM pgmeta.archive_records r WHERE r.id = $1";
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    require_archiver(&connection, id)?;
    let records = OwnTables::require(&connection)?.records;
    let owner = as_extension_owner(&connection)?;
    let mut found: Option<(String, Option<i32>, bool)> = None;
    let args = [Arg::Int(id), Arg::Int(records.into()), Arg::Text(KIND)];
    connection.read(FIND, &args, &["state", "pid", "worker"], |cells| {
        found = Some((take(cells, "state")?, take(cells, "pid")?, take(cells, "worker")?));
        Ok(())
    })?;
    let Some((state, pid, worker)) = found else { return Err(missing(id)) };
    let pid = pid.filter(|_| RUNNING.contains(&state.as_str()));
    if let Some(pid) = pid {
        let signal = "SELECT pg_catalog.pg_cancel_backend($1::int) AS sent";
        connection.read(signal, &[Arg::Int(pid.into())], &["sent"], |_| Ok(()))?;
    }
    drop(owner);
    // A worker records the result itself.
    if (pid.is_some() && worker) || cancelled(&connection, id)? {
        return Ok(());
    }
    Err(Error::from_parts(
        PgSqlErrorCode::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
        &format!("archive {id} is not being made: it is {state}"),
        "Only what is being made, or would be tried again, can be cancelled.",
    ))
}

/// Records that an attempt is cancelled, unless it has come to its end.
fn cancelled(connection: &Connection, id: i64) -> Result<bool, Error> {
    const UPDATE: &str = "UPDATE pgmeta.archive_records SET state = 'cancelled' \
        WHERE id = $1 AND state IN ('scanning', 'uploading', 'verifying', 'retiring', 'failed')";
    let _owner = as_extension_owner(connection)?;
    let changed = connection.changed(UPDATE, &[Arg::Int(id)])? > 0;
    if changed {
        event(connection, id, "cancelled", None)?;
    }
    Ok(changed)
}
