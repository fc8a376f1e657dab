//! The record of archives: the tables of `sql/archive.sql`, read and written with the rights of their owner.

use std::io::{Read, Write};

use pgmeta_archive::manifest::{Manifest, Slice};
use pgmeta_core::cells::take;
use pgrx::{PgLogLevel, PgSqlErrorCode};
use sha2::{Digest, Sha256};

use crate::archive::away::Away;
use crate::archive::storage::{Purpose, Storage, failed as unreadable, hold};
use crate::encoding;
use crate::error::Error;
use crate::guc::Pinned;
use crate::message::tell;
use crate::rights::{as_extension_owner, user, user_name};
use crate::server;
use crate::spi::{Arg, Connection};

/// An archive as it is recorded, with its storage.
pub struct Stored {
    pub partition: u32,
    pub location: String,
    pub sha256: String,
    pub away: Away,
}

impl Stored {
    /// Reads the manifest, which must be the one that was written.
    pub fn manifest(&self) -> Result<Manifest, Error> {
        let location = self.location.clone();
        let read = self.away.run(move |store| {
            let mut text = String::new();
            store.open(&location)?.read_to_string(&mut text)?;
            Ok(text)
        });
        let text = read.map_err(unreadable("read", &self.location))?;
        if sha256(&text) != self.sha256 {
            return Err(Error::from_parts(
                PgSqlErrorCode::ERRCODE_DATA_CORRUPTED,
                &format!("manifest \"{}\" is not the one that was written", self.location),
                "Its SHA-256 differs from the recorded one.",
            ));
        }
        Manifest::from_json(&text)
            .map_err(|error| Error::from_parts(PgSqlErrorCode::ERRCODE_DATA_CORRUPTED, &error.to_string(), ""))
    }
}

/// Finds an archive that has been stored, to read it back: as its maker, who proves it, or as somebody who wants to know what is
/// in it.
pub fn manifest_of(id: i64, purpose: Purpose) -> Result<Stored, Error> {
    let find = format!(
        "SELECT {} AS partition, r.location, r.manifest_sha256 AS sha256, r.storage, r.state, r.error \
        FROM pgmeta.archive_records r WHERE r.id = $1",
        partition_here()
    );
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    let owner = as_extension_owner(&connection)?;
    let mut found = None;
    let names = ["partition", "location", "sha256", "storage", "state", "error"];
    connection.read(&find, &[Arg::Int(id)], &names, |cells| {
        let partition: u32 = take(cells, "partition")?;
        let file: (Option<String>, Option<String>) = (take(cells, "location")?, take(cells, "sha256")?);
        let storage: Option<String> = take(cells, "storage")?;
        let state: (String, Option<String>) = (take(cells, "state")?, take(cells, "error")?);
        found = Some((partition, file, storage, state));
        Ok(())
    })?;
    drop(owner);
    let Some((partition, file, storage, (state, error))) = found else { return Err(missing(id)) };
    let ((Some(location), Some(sha256)), Some(storage), false) = (file, storage, state == "deleting") else {
        return Err(nothing_stored(id, &state, error.as_deref()));
    };
    let away = Storage::open_for(&connection, &storage, purpose)?.away;
    Ok(Stored { partition, location, sha256, away })
}

pub fn missing(id: i64) -> Error {
    Error::Missing {
        what: format!("archive {id}"),
        hint: "The view pgmeta.archives lists them.".into(),
        code: PgSqlErrorCode::ERRCODE_UNDEFINED_OBJECT,
    }
}

/// Says why there is nothing to read of an archive that is on record.
pub fn nothing_stored(id: i64, state: &str, error: Option<&str>) -> Error {
    let (what, hint) = match state {
        "failed" => (format!("has failed: {}", error.unwrap_or_default()), "pgmeta_archive_retry tries it again."),
        "cancelled" => ("was cancelled".to_owned(), "pgmeta_archive_retry tries it again."),
        "deleting" => ("is being deleted".to_owned(), "CALL pgmeta_archive_delete goes on with it."),
        "deleted" => ("was deleted".to_owned(), "What is left of it is the record."),
        state => (format!("is not stored yet: it is {state}"), "pgmeta.archive_progress shows how far it has come."),
    };
    let message = format!("archive {id} {what}");
    Error::from_parts(PgSqlErrorCode::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, &message, hint)
}

/// Writes the manifest, which makes its files an archive; returns its SHA-256.
pub fn write_manifest(away: &Away, key: &str, manifest: &Manifest) -> Result<String, Error> {
    let text = manifest
        .to_json()
        .map_err(|error| Error::from_parts(PgSqlErrorCode::ERRCODE_INTERNAL_ERROR, &error.to_string(), ""))?;
    let hash = sha256(&text);
    let path = key.to_owned();
    let written = away.run(move |store| {
        let mut file = store.create(&path)?;
        file.write_all(text.as_bytes())?;
        file.commit()
    });
    written.map_err(unreadable("write", key))?;
    Ok(hash)
}

pub fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is recorded of an archive that is stored.
pub struct Done<'a> {
    pub location: &'a str,
    pub sha256: &'a str,
    pub manifest: &'a Manifest,
}

/// What is recorded of an attempt as it begins.
pub struct Begun<'a> {
    pub policy: Option<&'a str>,
    pub partition: u32,
    pub quoted: &'a str,
    pub parent: Option<&'a str>,
    pub parent_oid: Option<u32>,
    /// The role that owns the partition: its name and number.
    pub owner: Option<(&'a str, u32)>,
    pub bound: Option<&'a str>,
    /// The rows that it is about, of a DEFAULT partition.
    pub slice: Option<&'a Slice>,
    pub retire: &'a str,
    pub storage: &'a str,
    /// What the keys of all its files begin with.
    pub stem: &'a str,
    /// The server's count of its changes at that time.
    pub changes: Option<i64>,
}

/// SQL for the partition of a record `r` in this database, 0 where it has none: a record that came with pg_dump is of the
/// partition with that name, unless that is gone by the record's own account.
pub fn partition_here() -> String {
    let is_ours = is_ours();
    format!(
        "CASE WHEN {is_ours} THEN r.partition_oid WHEN r.state = 'retired' THEN 0::oid \
            ELSE COALESCE(pg_catalog.to_regclass(r.partition)::oid, 0) END"
    )
}

/// SQL for whether a record `r` was made in this database. The files of others' attempts may be at work there.
pub fn is_ours() -> String {
    format!("r.origin = '{}'", server::origin())
}

/// Returns the partitioned table that an archive's partition belonged to, where it is there still, whatever it is called now.
pub fn parent_here(connection: &Connection, id: i64) -> Result<Option<u32>, Error> {
    let find = format!(
        "SELECT c.oid FROM pgmeta.archive_records r JOIN pg_catalog.pg_class c ON c.oid = r.parent_oid AND c.relkind = 'p' \
        WHERE r.id = $1 AND {}",
        is_ours()
    );
    let _owner = as_extension_owner(connection)?;
    connection.value(&find, &[Arg::Int(id)], "oid")
}

/// Returns the role that owned an archived table, by its name, and by its number where it is there still.
pub fn owner_of_archived(connection: &Connection, id: i64) -> Result<Option<(String, Option<u32>)>, Error> {
    let find = format!(
        "SELECT r.table_owner AS name, a.oid FROM pgmeta.archive_records r LEFT JOIN pg_catalog.pg_roles a \
            ON a.rolname = r.table_owner AND (NOT {} OR a.oid = r.table_owner_oid) \
        WHERE r.id = $1 AND r.table_owner IS NOT NULL",
        is_ours()
    );
    let _owner = as_extension_owner(connection)?;
    let mut found = None;
    connection.read(&find, &[Arg::Int(id)], &["name", "oid"], |cells| {
        found = Some((take(cells, "name")?, take(cells, "oid")?));
        Ok(())
    })?;
    Ok(found)
}

/// Records that an attempt begins; returns its number.
pub fn begin(connection: &Connection, begun: &Begun<'_>) -> Result<i64, Error> {
    let here = partition_here();
    let insert = format!(
        "INSERT INTO pgmeta.archive_records (policy, partition_oid, partition, parent, bound, state, retire, storage, \
            stem, pid, archived_by, origin, archived_by_oid, parent_oid, table_owner, table_owner_oid, changes, key_column, lower, upper, attempt, started_at) \
        VALUES ($1, $2::oid, $3, $4, $5, 'scanning', $6, $7, $8, $9::int, $10, $11, $12::oid, $13::oid, $14, $15::oid, $16, $17, $18, $19, \
            1 + (SELECT pg_catalog.count(*) FROM pgmeta.archive_records r WHERE {here} = $2::oid \
                AND r.policy = $1 AND r.state = 'failed' AND NOT r.waived AND r.archived_by = $10), pg_catalog.clock_timestamp()) RETURNING id"
    );
    if !begun.storage.is_empty() {
        hold(connection, begun.storage)?;
    }
    let origin = server::origin();
    let (by, by_oid) = (user_name(connection)?, user());
    let _owner = as_extension_owner(connection)?;
    let args = [
        Arg::MaybeText(begun.policy),
        Arg::Int(begun.partition.into()),
        Arg::Text(begun.quoted),
        Arg::MaybeText(begun.parent),
        Arg::MaybeText(begun.bound),
        Arg::Text(begun.retire),
        Arg::Text(begun.storage),
        Arg::Text(begun.stem),
        Arg::Int(server::own_pid().into()),
        Arg::Text(&by),
        Arg::Text(&origin),
        Arg::Int(by_oid.into()),
        Arg::MaybeInt(begun.parent_oid.map(i64::from)),
        Arg::MaybeText(begun.owner.map(|(name, _)| name)),
        Arg::MaybeInt(begun.owner.map(|(_, oid)| oid.into())),
        Arg::MaybeInt(begun.changes),
        Arg::MaybeText(begun.slice.map(|slice| slice.column.as_str())),
        Arg::MaybeText(begun.slice.map(|slice| slice.lower.as_str())),
        Arg::MaybeText(begun.slice.map(|slice| slice.upper.as_str())),
    ];
    let mut id = 0;
    connection.write(&insert, &args, &["id"], |cells| {
        id = take(cells, "id")?;
        Ok(())
    })?;
    event(connection, id, "scanning", None)?;
    Ok(id)
}

/// An archive that was found in a storage.
pub struct Found<'a> {
    pub partition: &'a str,
    pub parent: Option<&'a str>,
    pub storage: &'a str,
    pub stem: &'a str,
    pub location: &'a str,
    pub sha256: &'a str,
    pub manifest: &'a Manifest,
}

/// Records an archive that was found, as the caller's; returns its number. Its partition is not here by its own account: whatever has
/// the name here, its rows may be nowhere else.
pub fn adopted(connection: &Connection, found: &Found<'_>) -> Result<i64, Error> {
    const INSERT: &str = "INSERT INTO pgmeta.archive_records (adopted, partition_oid, partition, parent, bound, state, storage, stem, \
            location, manifest_sha256, rows, bytes, row_digest, archived_by, origin, archived_by_oid, key_column, lower, upper, started_at, stored_at) \
        VALUES (true, 0, $1, $2, $3, 'retired', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::oid, $15, $16, $17, pg_catalog.clock_timestamp(), \
            LEAST($14::timestamptz, pg_catalog.clock_timestamp())) RETURNING id";
    let origin = server::origin();
    let (by, by_oid) = (user_name(connection)?, user());
    let manifest = found.manifest;
    let args = [
        Arg::Text(found.partition),
        Arg::MaybeText(found.parent),
        Arg::MaybeText(manifest.bound.as_deref()),
        Arg::Text(found.storage),
        Arg::Text(found.stem),
        Arg::Text(found.location),
        Arg::Text(found.sha256),
        count(manifest.rows),
        count(bytes_of(manifest)),
        Arg::Text(&manifest.row_digest),
        Arg::Text(&by),
        Arg::Text(&origin),
        Arg::Int(by_oid.into()),
        Arg::Text(&manifest.written_at),
        Arg::MaybeText(manifest.slice.as_ref().map(|slice| slice.column.as_str())),
        Arg::MaybeText(manifest.slice.as_ref().map(|slice| slice.lower.as_str())),
        Arg::MaybeText(manifest.slice.as_ref().map(|slice| slice.upper.as_str())),
    ];
    let _owner = as_extension_owner(connection)?;
    let mut id = 0;
    connection.write(INSERT, &args, &["id"], |cells| {
        id = take(cells, "id")?;
        Ok(())
    })?;
    files(connection, id, manifest)?;
    let detail = format!("adopted: written by database {:?} at {}", manifest.database, manifest.written_at);
    event(connection, id, "retired", Some(&encoding::fitting(&detail)))?;
    Ok(id)
}

/// Returns whether an archive was found in a storage, so that others may have written what its manifest says.
pub fn is_adopted(connection: &Connection, id: i64) -> Result<bool, Error> {
    const FIND: &str = "SELECT r.adopted FROM pgmeta.archive_records r WHERE r.id = $1";
    let _owner = as_extension_owner(connection)?;
    Ok(connection.value(FIND, &[Arg::Int(id)], "adopted")?.unwrap_or_default())
}

fn count(number: u64) -> Arg<'static> {
    Arg::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

fn bytes_of(manifest: &Manifest) -> u64 {
    manifest.files.iter().map(|file| file.bytes).sum()
}

/// Records the files of an archive.
fn files(connection: &Connection, id: i64, manifest: &Manifest) -> Result<(), Error> {
    const FILE: &str = "INSERT INTO pgmeta.archive_stored_files (archive, ordinal, path, rows, bytes, sha256) \
        VALUES ($1, $2::int, $3, $4, $5, $6)";
    for (at, file) in manifest.files.iter().enumerate() {
        let args = [
            Arg::Int(id),
            count(at as u64 + 1),
            Arg::Text(&file.key),
            count(file.rows),
            count(file.bytes),
            Arg::Text(&file.sha256),
        ];
        connection.change(FILE, &args)?;
    }
    Ok(())
}

/// Records where an attempt has put its files, and what they hold.
pub fn written(connection: &Connection, id: i64, done: &Done<'_>) -> Result<(), Error> {
    const UPDATE: &str = "UPDATE pgmeta.archive_records SET location = $2, manifest_sha256 = $3, rows = $4, bytes = $5, \
        row_digest = $6 WHERE id = $1";
    let owner = as_extension_owner(connection)?;
    let manifest = done.manifest;
    let args = [
        Arg::Int(id),
        Arg::Text(done.location),
        Arg::Text(done.sha256),
        count(manifest.rows),
        count(bytes_of(manifest)),
        Arg::Text(&manifest.row_digest),
    ];
    connection.change(UPDATE, &args)?;
    files(connection, id, manifest)?;
    drop(owner);
    becomes(connection, id, "verifying", None)
}

/// Records that an archive has come into another state.
pub fn becomes(connection: &Connection, id: i64, state: &str, detail: Option<&str>) -> Result<(), Error> {
    const UPDATE: &str = "UPDATE pgmeta.archive_records SET state = $2, \
        stored_at = CASE WHEN $2 = 'stored' THEN pg_catalog.clock_timestamp() ELSE stored_at END, \
        retired_at = CASE WHEN $2 = 'retired' THEN pg_catalog.clock_timestamp() ELSE retired_at END WHERE id = $1";
    let _owner = as_extension_owner(connection)?;
    connection.change(UPDATE, &[Arg::Int(id), Arg::Text(state)])?;
    event(connection, id, state, detail)
}

/// Records that an archive's partition is retired, which its policy may not have said when it was stored.
pub fn retired(connection: &Connection, id: i64, how: &str, detail: &str) -> Result<(), Error> {
    let owner = as_extension_owner(connection)?;
    connection.change(
        "UPDATE pgmeta.archive_records SET retire = $2 WHERE id = $1 AND retire <> $2",
        &[Arg::Int(id), Arg::Text(how)],
    )?;
    drop(owner);
    becomes(connection, id, "retired", Some(detail))
}

/// Records that an archive has the rows of its partition still, which were written so often.
pub fn unchanged(connection: &Connection, id: i64, changes: Option<i64>) -> Result<(), Error> {
    let _owner = as_extension_owner(connection)?;
    let args = [Arg::Int(id), Arg::MaybeInt(changes)];
    connection.change("UPDATE pgmeta.archive_records SET changes = $2 WHERE id = $1", &args)
}

/// Where an archive was restored.
pub struct Place<'a> {
    pub table: &'a str,
    pub oid: u32,
    /// Where the partition was.
    pub is_original: bool,
    /// As a partition that is to stay there, whatever its policy says.
    pub held: bool,
}

/// Records that an archive was restored. Rows that are in a copy are archived still, and their partition is where it was.
pub fn restored(connection: &Connection, id: i64, place: &Place<'_>) -> Result<(), Error> {
    const HERE: &str =
        "UPDATE pgmeta.archive_records SET partition_oid = $2::oid, origin = $3, held = $4 <> 0 WHERE id = $1";
    if !place.is_original && !place.held {
        let _owner = as_extension_owner(connection)?;
        return event(connection, id, "restored", Some(place.table));
    }
    let args = [Arg::Int(id), Arg::Int(place.oid.into()), Arg::Text(&server::origin()), Arg::Int(place.held.into())];
    let owner = as_extension_owner(connection)?;
    connection.change(HERE, &args)?;
    drop(owner);
    becomes(connection, id, "restored", Some(place.table))
}

/// Records what has gone wrong with an attempt, and when the next one may be. Its files do not belong to an archive any more.
pub fn ended(connection: &Connection, id: i64, ending: &Ending<'_>) -> Result<(), Error> {
    const UPDATE: &str = "UPDATE pgmeta.archive_records r SET state = $2, error = $3, sqlstate = $4, class = $5, \
        location = NULL, manifest_sha256 = NULL, \
        next_try_at = CASE WHEN $2 = 'failed' THEN pg_catalog.clock_timestamp() + (0.8 + 0.4 * pg_catalog.random()) \
            * pg_catalog.power(2, LEAST(r.attempt - 1, 10)) * COALESCE((SELECT (p.options ->> 'backoff')::interval \
                FROM pgmeta.archive_policies p WHERE p.name = r.policy), '1 minute') END WHERE id = $1";
    const FILES: &str = "DELETE FROM pgmeta.archive_stored_files WHERE archive = $1";
    let _owner = as_extension_owner(connection)?;
    let message = encoding::fitting(ending.message);
    let args = [
        Arg::Int(id),
        Arg::Text(ending.state),
        Arg::Text(&message),
        Arg::Text(&ending.sqlstate),
        Arg::Text(class_of(&ending.sqlstate)),
    ];
    connection.change(UPDATE, &args)?;
    connection.change(FILES, &[Arg::Int(id)])?;
    event(connection, id, ending.state, Some(&message))
}

/// Records that a stored archive's partition could not be retired, and when that is tried again.
pub fn postponed(connection: &Connection, id: i64, message: &str, sqlstate: &str) -> Result<(), Error> {
    const UPDATE: &str = "UPDATE pgmeta.archive_records r SET state = 'stored', error = $2, sqlstate = $3, class = $4, waived = false, \
        next_try_at = pg_catalog.clock_timestamp() + COALESCE((SELECT (p.options ->> 'backoff')::interval \
            FROM pgmeta.archive_policies p WHERE p.name = r.policy), '1 minute') WHERE id = $1";
    let message = &*encoding::fitting(message);
    let _owner = as_extension_owner(connection)?;
    connection
        .change(UPDATE, &[Arg::Int(id), Arg::Text(message), Arg::Text(sqlstate), Arg::Text(class_of(sqlstate))])?;
    event(connection, id, "stored", Some(message))
}

/// Records that the partition is off its parent, whatever becomes of it then.
pub fn detached(connection: &Connection, id: i64) -> Result<(), Error> {
    let _owner = as_extension_owner(connection)?;
    connection.change("UPDATE pgmeta.archive_records SET detached = true WHERE id = $1", &[Arg::Int(id)])
}

/// How an attempt has ended without an archive.
pub struct Ending<'a> {
    pub state: &'static str,
    pub message: &'a str,
    pub sqlstate: String,
}

/// The SQLSTATE of an attempt whose worker, session or server has ended without a word.
pub const LOST: &str = "57P02";

/// Returns whose fault an error is.
fn class_of(sqlstate: &str) -> &'static str {
    match (sqlstate.get(..2).unwrap_or_default(), sqlstate) {
        ("08", _) => "network",
        ("58" | "53", _) => "storage",
        (_, "42501") | ("28", _) => "permission",
        (_, "XX001") | ("0A" | "22" | "21", _) => "data",
        ("42" | "HV" | "3F", _) => "configuration",
        (_, LOST) => "lost",
        ("57", _) => "interrupted",
        _ => "database",
    }
}

/// Returns what the keys of an attempt's files begin with, unless they are gone.
pub fn stem(connection: &Connection, id: i64) -> Result<Option<String>, Error> {
    let _owner = as_extension_owner(connection)?;
    let sql = format!("SELECT r.stem FROM pgmeta.archive_records r WHERE r.id = $1 AND {}", is_ours());
    Ok(connection.value(&sql, &[Arg::Int(id)], "stem")?.unwrap_or_default())
}

/// Records that the files of an attempt that came to nothing are gone.
pub fn collected(connection: &Connection, id: i64) -> Result<(), Error> {
    let _owner = as_extension_owner(connection)?;
    connection.change("UPDATE pgmeta.archive_records SET stem = NULL WHERE id = $1", &[Arg::Int(id)])
}

/// Notes a change of state, in the server's log and the policy's channel too.
pub fn event(connection: &Connection, id: i64, state: &str, detail: Option<&str>) -> Result<(), Error> {
    const INSERT: &str = "INSERT INTO pgmeta.archive_state_changes (archive, state, detail) VALUES ($1, $2, $3)";
    const LINE: &str = "SELECT pg_catalog.json_build_object('archive', r.id, 'policy', r.policy, 'partition', r.partition, 'state', $2::text, \
            'rows', r.rows, 'bytes', r.bytes, 'detail', $3::text)::text AS line, \
            (SELECT p.options ->> 'notify' FROM pgmeta.archive_policies p WHERE p.name = r.policy) AS channel \
        FROM pgmeta.archive_records r WHERE r.id = $1";
    let args = [Arg::Int(id), Arg::Text(state), Arg::MaybeText(detail)];
    connection.change(INSERT, &args)?;
    let mut found: Option<(String, Option<String>)> = None;
    connection.write(LINE, &args, &["line", "channel"], |cells| {
        found = Some((take(cells, "line")?, take(cells, "channel")?));
        Ok(())
    })?;
    if let Some((line, channel)) = found {
        let message = format!("pgmeta archive: {line}");
        tell(PgLogLevel::LOG_SERVER_ONLY, PgSqlErrorCode::ERRCODE_SUCCESSFUL_COMPLETION, message);
        if let Some(channel) = channel {
            // A message has less than 8000 bytes.
            let line: String = line.chars().take(1900).collect();
            let notify = "SELECT pg_catalog.pg_notify($1, $2)::text AS done";
            connection.write(notify, &[Arg::Text(&channel), Arg::Text(&line)], &["done"], |_| Ok(()))?;
        }
    }
    Ok(())
}

/// Records that an attempt has failed of which nothing else is recorded.
pub fn failed(
    (partition, slice): (u32, Option<&Slice>),
    policy: &str,
    message: &str,
    sqlstate: &str,
) -> Result<i64, Error> {
    const QUOTED: &str = "SELECT $1::oid::regclass::text AS quoted";
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    let quoted: String = connection.value(QUOTED, &[Arg::Int(partition.into())], "quoted")?.unwrap_or_default();
    let begun = Begun {
        policy: Some(policy),
        partition,
        quoted: &quoted,
        parent: None,
        parent_oid: None,
        owner: None,
        bound: None,
        slice,
        retire: "",
        storage: "",
        stem: "",
        changes: None,
    };
    let id = begin(&connection, &begun)?;
    ended(&connection, id, &Ending { state: "failed", message, sqlstate: sqlstate.to_owned() })?;
    collected(&connection, id)?;
    Ok(id)
}

/// The states of an attempt that somebody is at.
pub const RUNNING: &[&str] = &["scanning", "uploading", "verifying", "retiring"];

/// An attempt that nobody has brought to its end.
pub struct Left {
    pub id: i64,
    pub partition: u32,
    pub parent: Option<String>,
    pub bound: Option<String>,
    pub state: String,
    pub storage: String,
    /// Of an attempt that was made in this database.
    pub stem: Option<String>,
    /// Whether this archive has taken the partition off its parent.
    pub detached: bool,
}

/// Returns the slice that an archive is about; none of a whole table.
pub fn slice_of(connection: &Connection, id: i64) -> Result<Option<Slice>, Error> {
    const FIND: &str = "SELECT r.key_column::text AS column, r.lower, r.upper FROM pgmeta.archive_records r \
        WHERE r.id = $1 AND r.upper IS NOT NULL";
    let _owner = as_extension_owner(connection)?;
    let mut found = None;
    connection.read(FIND, &[Arg::Int(id)], &["column", "lower", "upper"], |cells| {
        let (column, lower) = (take(cells, "column")?, take(cells, "lower")?);
        found = Some(Slice { column, lower, upper: take(cells, "upper")? });
        Ok(())
    })?;
    Ok(found)
}

/// Returns the state of an archive.
pub fn state_of(connection: &Connection, id: i64) -> Result<String, Error> {
    let _owner = as_extension_owner(connection)?;
    let found =
        connection.value("SELECT r.state FROM pgmeta.archive_records r WHERE r.id = $1", &[Arg::Int(id)], "state")?;
    found.ok_or_else(|| missing(id))
}

/// Returns what a policy's earlier workers have left: what they were at, what is stored and not retired, and files of
/// attempts that came to nothing. Slices that are stored are due as others are.
pub fn left(connection: &Connection, policy: &str, retires: bool) -> Result<Vec<Left>, Error> {
    let (here, is_ours) = (partition_here(), is_ours());
    let find = format!(
        "SELECT r.id, {here} AS partition, r.parent, r.bound, r.state, r.storage::text AS storage, CASE WHEN {is_ours} THEN r.stem END AS stem, r.detached \
        FROM pgmeta.archive_records r WHERE r.policy = $1 AND (r.state IN ('scanning', 'uploading', 'verifying', 'retiring') \
            OR r.state = 'stored' AND $2 <> 0 AND r.retire <> 'keep' AND r.upper IS NULL AND COALESCE(r.next_try_at <= pg_catalog.clock_timestamp(), true) \
            OR r.state IN ('failed', 'cancelled') AND r.stem IS NOT NULL AND {is_ours}) \
        ORDER BY r.id"
    );
    let _owner = as_extension_owner(connection)?;
    let names = ["id", "partition", "parent", "bound", "state", "storage", "stem", "detached"];
    let mut found = Vec::new();
    connection.read(&find, &[Arg::Text(policy), Arg::Int(retires.into())], &names, |cells| {
        let (id, partition) = (take(cells, "id")?, take(cells, "partition")?);
        let (parent, bound) = (take(cells, "parent")?, take(cells, "bound")?);
        let (state, storage) = (take(cells, "state")?, take(cells, "storage")?);
        let stem = take(cells, "stem")?;
        found.push(Left { id, partition, parent, bound, state, storage, stem, detached: take(cells, "detached")? });
        Ok(())
    })?;
    Ok(found)
}
