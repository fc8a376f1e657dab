//! Deleting archives: recorded before a file is deleted, so that a later call resumes the deletion of a session that died. What holds
//! the only copy of rows is deleted only with an explicit option: the caller's `force`, or the policy's `expire`.

use pgmeta_archive::keys::{is_stem, prefixes};
use pgmeta_archive::store::Store;
use pgmeta_core::cells::take;
use pgrx::PgSqlErrorCode;
use serde::Deserialize;

use crate::archive::access::require_remover;
use crate::archive::proof::compare;
use crate::archive::record::{RUNNING, event, is_ours, manifest_of, missing, nothing_stored};
use crate::archive::storage::{Purpose, Storage, failed};
use crate::error::Error;
use crate::guc::Pinned;
use crate::message::warn;
use crate::rights::as_extension_owner;
use crate::server;
use crate::spi::{Arg, Connection, Latest, Transactions, attempt};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Delete {
    /// Also where the rows are nowhere else.
    pub force: bool,
}

/// Deletes an archive's files, in transactions of its own; its record stays.
pub fn delete(id: i64, options: &Delete, transactions: &Transactions) -> Result<(), Error> {
    server::require_writable("pgmeta_archive_delete")?;
    begin(id, options)?;
    transactions.commit();
    finish(id)?;
    transactions.commit();
    Ok(())
}

/// Deletes what a policy's option `expire` says is old enough, and resumes unfinished deletions.
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

/// Returns what has expired of a policy, and what is being deleted, oldest first. What its partition is still to be retired by, stays.
pub fn expired(policy: &str) -> Result<Vec<i64>, Error> {
    let find = format!(
        "SELECT r.id FROM pgmeta.archive_records r JOIN pgmeta.archive_policies p ON p.name = r.policy \
        WHERE r.policy = $1 AND {} AND (r.state = 'deleting' OR r.location IS NOT NULL \
            AND (r.state IN ('retired', 'restored') \
                OR r.state = 'stored' AND r.retire = 'keep' AND COALESCE(p.options ->> 'retire', 'keep') = 'keep') \
            AND r.stored_at + (p.options ->> 'expire')::interval < pg_catalog.clock_timestamp()) ORDER BY r.id",
        is_ours()
    );
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    let _owner = as_extension_owner(&connection)?;
    let mut ids = Vec::new();
    connection.read(&find, &[Arg::Text(policy)], &["id"], |cells| {
        ids.push(take(cells, "id")?);
        Ok(())
    })?;
    Ok(ids)
}

/// Checks that an archive may go, and records that it does.
fn begin(id: i64, options: &Delete) -> Result<(), Error> {
    let find = format!(
        "SELECT r.state, r.error, {} AS ours, r.upper IS NOT NULL AS slice FROM pgmeta.archive_records r WHERE r.id = $1",
        is_ours()
    );
    let _pinned = Pinned::archiving();
    let connection = Connection::open()?;
    let mut found: Option<(String, Option<String>, bool, bool)> = None;
    {
        let _owner = as_extension_owner(&connection)?;
        connection.read(&find, &[Arg::Int(id)], &["state", "error", "ours", "slice"], |cells| {
            let (state, error, ours) = (take(cells, "state")?, take(cells, "error")?, take(cells, "ours")?);
            found = Some((state, error, ours, take(cells, "slice")?));
            Ok(())
        })?;
    }
    let Some((state, error, ours, slice)) = found else { return Err(missing(id)) };
    require_remover(&connection, id)?;
    match state.as_str() {
        "deleting" => return Ok(()),
        "stored" | "retired" | "restored" => {}
        state if RUNNING.contains(&state) => {
            return Err(Error::from_parts(
                PgSqlErrorCode::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                &format!("archive {id} is being made: it is {state}"),
                "pgmeta_archive_cancel has whoever makes it give it up.",
            ));
        }
        state => return Err(nothing_stored(id, state, error.as_deref())),
    }
    if !options.force {
        require_elsewhere(id, (&state, slice), ours)?;
    }
    mark(id)
}

/// Refuses to delete the only copy of rows.
fn require_elsewhere(id: i64, (state, slice): (&str, bool), ours: bool) -> Result<(), Error> {
    let refuse = |why: &str| {
        Err(Error::from_parts(
            PgSqlErrorCode::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            &format!("archive {id} {why}"),
            "Pass the option {\"force\": true} to delete it for good.",
        ))
    };
    if !ours {
        return refuse("was recorded in another database, which may need its files");
    }
    if state == "retired" && slice {
        return refuse("holds the only copy of its rows: they are deleted from their partition");
    }
    if state == "retired" {
        return refuse("holds the only copy of its rows: its partition is gone");
    }
    let stored = manifest_of(id, Purpose::Write)?;
    let rows = compare(&stored, stored.partition)?;
    match rows.iter().all(|row| row.live.as_ref() == Some(&row.stored)) {
        true => Ok(()),
        false => refuse("holds other rows than its table does now"),
    }
}

/// Records that an archive is being deleted, unless somebody else was faster.
pub fn mark(id: i64) -> Result<(), Error> {
    const UPDATE: &str = "UPDATE pgmeta.archive_records SET state = 'deleting', next_try_at = NULL \
        WHERE id = $1 AND location IS NOT NULL AND state IN ('stored', 'retired', 'restored')";
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    let _owner = as_extension_owner(&connection)?;
    if connection.changed(UPDATE, &[Arg::Int(id)])? > 0 {
        event(&connection, id, "deleting", None)?;
    }
    Ok(())
}

/// Removes the files of an archive that is being deleted, and records that they are gone.
pub fn finish(id: i64) -> Result<(), Error> {
    const FIND: &str = "SELECT r.storage::text AS storage, r.location, r.stem FROM pgmeta.archive_records r \
        WHERE r.id = $1 AND r.state = 'deleting'";
    const FILES: &str = "SELECT f.path FROM pgmeta.archive_stored_files f WHERE f.archive = $1";
    const UPDATE: &str = "UPDATE pgmeta.archive_records SET state = 'deleted', location = NULL, manifest_sha256 = NULL, \
        stem = NULL WHERE id = $1 AND state = 'deleting'";
    const FORGET: &str = "DELETE FROM pgmeta.archive_stored_files WHERE archive = $1";
    // As it is now that it is on record.
    let _latest = Latest::committed();
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    let mut found: Option<(Option<String>, Option<String>, Option<String>)> = None;
    let mut keys: Vec<String> = Vec::new();
    {
        let _owner = as_extension_owner(&connection)?;
        connection.read(FIND, &[Arg::Int(id)], &["storage", "location", "stem"], |cells| {
            found = Some((take(cells, "storage")?, take(cells, "location")?, take(cells, "stem")?));
            Ok(())
        })?;
        connection.read(FILES, &[Arg::Int(id)], &["path"], |cells| {
            keys.push(take(cells, "path")?);
            Ok(())
        })?;
    }
    // Another has brought it to its end.
    let Some((storage, location, stem)) = found else { return Ok(()) };
    let storage = Storage::open(&connection, &storage.unwrap_or_default())?;
    // Without its manifest an archive is none, for everybody.
    let name = location.clone().unwrap_or_default();
    let gone = storage.away.run(move |store| remove(&**store, location.as_deref(), &keys, stem.as_deref()));
    gone.map_err(failed("remove", &name))?;
    let _owner = as_extension_owner(&connection)?;
    if connection.changed(UPDATE, &[Arg::Int(id)])? > 0 {
        connection.change(FORGET, &[Arg::Int(id)])?;
        event(&connection, id, "deleted", None)?;
    }
    Ok(())
}

/// Removes the manifest, the files that are on record, and what else its attempt has left.
fn remove(store: &dyn Store, location: Option<&str>, keys: &[String], stem: Option<&str>) -> std::io::Result<()> {
    location.map_or(Ok(()), |location| store.delete(location))?;
    keys.iter().try_for_each(|key| store.delete(key))?;
    for prefix in stem.filter(|stem| is_stem(stem)).into_iter().flat_map(prefixes) {
        store.list(&prefix)?.iter().try_for_each(|key| store.delete(key))?;
    }
    Ok(())
}
