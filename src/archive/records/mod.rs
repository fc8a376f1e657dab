//! The records of archives: the tables of `sql/archive.sql`, accessed with the rights of their owner.

pub mod access;
pub mod adopt;
pub mod delete;
pub mod guard;
pub mod metrics;
pub mod progress;
pub mod rename;
pub mod run_as;

use std::io::{Read, Write};

use pgmeta_archive::error_class::ErrorClass;
use pgmeta_archive::manifest::{Manifest, Slice};
use pgmeta_archive::state::{Event, State};
use pgrx::{PgLogLevel, PgSqlErrorCode};
use sha2::{Digest, Sha256};

use crate::archive::errors::RecordError;
use crate::archive::policy::storage::{Purpose, Storage, failed as unreadable, hold};
use crate::archive::queries::{self, RecordedState};
use crate::archive::transfer::store_client::StoreClient;
use crate::encoding;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::message::tell;
use crate::rights::{as_extension_owner, user, user_name};
use crate::server;
use crate::spi::{Arg, Connection, SnapshotGuard};

/// The record of an archive, and its storage.
pub struct Stored {
    pub partition: u32,
    pub location: String,
    pub sha256: String,
    pub client: StoreClient,
}

impl Stored {
    /// Reads the manifest, and checks that it has not been modified.
    pub fn manifest(&self) -> Result<Manifest, Error> {
        let location = self.location.clone();
        let read = self.client.run(move |store| {
            let mut text = String::new();
            store.open(&location)?.read_to_string(&mut text)?;
            Ok(text)
        });
        let text = read.map_err(unreadable("read", &self.location))?;
        let found = sha256(&text);
        if found != self.sha256 {
            let (key, expected) = (self.location.clone(), self.sha256.clone());
            return Err(RecordError::ModifiedManifest { key, found, expected }.into());
        }
        Ok(Manifest::from_json(&text).map_err(RecordError::from)?)
    }
}

query! {
    struct StoredArchive = "stored_archive" {
        partition: u32,
        location: Option<String>,
        sha256: Option<String>,
        storage: Option<String>,
        state: RecordedState,
        error: Option<String>,
    }
}

/// Finds a stored archive in order to read its files: for its maker, who verifies it, or for another reader.
pub fn manifest_of(id: i64, purpose: Purpose) -> Result<Stored, Error> {
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    let owner = as_extension_owner(&connection)?;
    let found: Option<StoredArchive> = queries::optional(&connection, &[Arg::Int(id)])?;
    drop(owner);
    let Some(StoredArchive { partition, location, sha256, storage, state, error }) = found else {
        return Err(missing(id));
    };
    // The files of a failed or cancelled attempt will be deleted.
    let is_void = state.0 == State::Deleting || state.0.is_unsuccessful();
    let (Some(location), Some(sha256), Some(storage), false) = (location, sha256, storage, is_void) else {
        return Err(nothing_stored(id, state.0, error.as_deref()));
    };
    let client = Storage::open_for(&connection, &storage, purpose)?.client;
    Ok(Stored { partition, location, sha256, client })
}

pub fn missing(id: i64) -> Error {
    Error::Missing {
        what: format!("archive {id}"),
        hint: "The view pgmeta.archives lists them.".into(),
        code: PgSqlErrorCode::ERRCODE_UNDEFINED_OBJECT,
    }
}

/// Returns the error for an archive whose record has no stored files.
pub fn nothing_stored(id: i64, state: State, error: Option<&str>) -> Error {
    match (state, error) {
        (State::Failed, Some(error)) => RecordError::Failed { id, error: error.to_owned() }.into(),
        (state, _) => RecordError::NotStored { id, state }.into(),
    }
}

/// Writes the manifest, after which the files are an archive; returns its SHA-256.
pub fn write_manifest(client: &StoreClient, key: &str, manifest: &Manifest) -> Result<String, Error> {
    let text = manifest.to_json().map_err(RecordError::from)?;
    let hash = sha256(&text);
    let path = key.to_owned();
    let written = client.run(move |store| {
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

/// The data to record of a stored archive.
pub struct Done<'a> {
    pub location: &'a str,
    pub sha256: &'a str,
    pub manifest: &'a Manifest,
}

/// The data to record at the start of an attempt.
pub struct Begun<'a> {
    pub policy: Option<&'a str>,
    pub partition: u32,
    pub quoted: &'a str,
    pub parent: Option<&'a str>,
    pub parent_oid: Option<u32>,
    /// The role that owns the partition: name and OID.
    pub owner: Option<(&'a str, u32)>,
    pub bound: Option<&'a str>,
    /// The rows of a DEFAULT partition to archive.
    pub slice: Option<&'a Slice>,
    pub retire: &'a str,
    pub storage: &'a str,
    /// The prefix of the keys of all its files.
    pub stem: &'a str,
    /// The server's counter of the table's changes.
    pub changes: Option<i64>,
}

/// Returns the partitioned table that an archive's partition belonged to, if it exists, even under another name.
pub fn parent_of(connection: &Connection, id: i64) -> Result<Option<u32>, Error> {
    let _owner = as_extension_owner(connection)?;
    queries::optional_value(connection, sql!("archive_parent"), &[Arg::Int(id)], "oid")
}

query! {
    /// The role that owned an archived table.
    pub struct ArchivedOwner = "archived_owner" {
        pub name: String,
        /// The OID of the role, if it still exists.
        pub oid: Option<u32>,
    }
}

/// Returns the role that owned an archived table, if it is recorded.
pub fn owner_of_archived(connection: &Connection, id: i64) -> Result<Option<ArchivedOwner>, Error> {
    let _owner = as_extension_owner(connection)?;
    queries::optional(connection, &[Arg::Int(id)])
}

/// Records the start of an attempt; returns the archive's ID.
pub fn insert(connection: &Connection, begun: &Begun<'_>) -> Result<i64, Error> {
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
    let id = queries::insert(connection, sql!("insert_archive"), &args)?;
    record_event(connection, id, State::Scanning, None)?;
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

/// Records an adopted archive as one of the caller; returns its ID. It gets no partition: a table of that name may be
/// unrelated, and the archive may be the only copy of its rows.
pub fn insert_adopted(connection: &Connection, found: &Found<'_>) -> Result<i64, Error> {
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
    let id = queries::insert(connection, sql!("insert_adopted_archive"), &args)?;
    files(connection, id, manifest)?;
    let detail = format!("adopted: written by database {:?} at {}", manifest.database, manifest.written_at);
    record_event(connection, id, State::Retired, Some(&encoding::fitting(&detail)))?;
    Ok(id)
}

/// Returns whether an archive was adopted: others may have written its manifest.
pub fn is_adopted(connection: &Connection, id: i64) -> Result<bool, Error> {
    let _owner = as_extension_owner(connection)?;
    queries::optional_value(connection, sql!("is_adopted"), &[Arg::Int(id)], "adopted")?.ok_or_else(|| missing(id))
}

fn count(number: u64) -> Arg<'static> {
    Arg::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

fn bytes_of(manifest: &Manifest) -> u64 {
    manifest.files.iter().map(|file| file.bytes).sum()
}

/// Records the files of an archive.
fn files(connection: &Connection, id: i64, manifest: &Manifest) -> Result<(), Error> {
    for (at, file) in manifest.files.iter().enumerate() {
        let args = [
            Arg::Int(id),
            count(at as u64 + 1),
            Arg::Text(&file.key),
            count(file.rows),
            count(file.bytes),
            Arg::Text(&file.sha256),
        ];
        queries::change(connection, sql!("insert_file"), &args)?;
    }
    Ok(())
}

/// Records the location of an attempt's files, and their contents.
pub fn set_written(connection: &Connection, id: i64, done: &Done<'_>) -> Result<(), Error> {
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
    queries::change(connection, sql!("record_manifest"), &args)?;
    files(connection, id, manifest)?;
    drop(owner);
    set_state(connection, id, Event::Written, None)
}

/// Records an event of an archive. Its state must allow the event.
pub fn set_state(connection: &Connection, id: i64, event: Event, detail: Option<&str>) -> Result<(), Error> {
    let _owner = as_extension_owner(connection)?;
    let args = [Arg::Int(id), Arg::Text(event.target().as_str()), Arg::Texts(&sources(event))];
    let changed = queries::change(connection, sql!("set_state"), &args)?;
    require_changed(connection, id, event, changed)?;
    record_event(connection, id, event.target(), detail)
}

/// Returns the states in which an event can happen.
pub fn sources(event: Event) -> Vec<String> {
    event.sources().iter().map(|state| state.as_str().to_owned()).collect()
}

/// Returns an error if the statement changed no row: the archive's state does not allow the event.
fn require_changed(connection: &Connection, id: i64, event: Event, changed: i64) -> Result<(), Error> {
    if changed > 0 {
        return Ok(());
    }
    let state = {
        let _snapshot = SnapshotGuard::committed();
        state_of(connection, id)?
    };
    Err(RecordError::BadState { id, state, target: event.target() }.into())
}

/// Records that an archive's partition is retired, and how: its policy may have changed since it was stored.
pub fn set_retired(connection: &Connection, id: i64, how: &str, detail: &str) -> Result<(), Error> {
    let owner = as_extension_owner(connection)?;
    queries::change(connection, sql!("set_retire"), &[Arg::Int(id), Arg::Text(how)])?;
    drop(owner);
    set_state(connection, id, Event::Retired, Some(detail))
}

/// Records that an archive still has the rows of its partition, with the present counter of changes.
pub fn set_changes(connection: &Connection, id: i64, changes: Option<i64>) -> Result<(), Error> {
    let _owner = as_extension_owner(connection)?;
    queries::change(connection, sql!("set_changes"), &[Arg::Int(id), Arg::MaybeInt(changes)]).map(drop)
}

/// The table into which an archive was restored.
pub struct Place<'a> {
    pub table: &'a str,
    pub oid: u32,
    /// Whether this is the archive's original table.
    pub is_original: bool,
    /// Whether it was attached and its policy must not archive it again.
    pub held: bool,
}

/// Records that an archive was restored. A restore into another table changes neither its state nor its partition.
pub fn set_restored(connection: &Connection, id: i64, place: &Place<'_>) -> Result<(), Error> {
    if !place.is_original && !place.held {
        let _owner = as_extension_owner(connection)?;
        return record_event(connection, id, State::Restored, Some(place.table));
    }
    let args = [Arg::Int(id), Arg::Int(place.oid.into()), Arg::Text(&server::origin()), Arg::Int(place.held.into())];
    let owner = as_extension_owner(connection)?;
    queries::change(connection, sql!("set_place"), &args)?;
    drop(owner);
    set_state(connection, id, Event::Restored, Some(place.table))
}

/// Records the failure of an attempt, and the earliest time of the next one. Its files no longer belong to an archive.
pub fn end(connection: &Connection, id: i64, ending: &Ending<'_>) -> Result<(), Error> {
    let _owner = as_extension_owner(connection)?;
    let state = ending.event.target();
    let message = encoding::fitting(ending.message);
    let args = [
        Arg::Int(id),
        Arg::Text(state.as_str()),
        Arg::Text(&message),
        Arg::Text(&ending.sqlstate),
        Arg::Text(ErrorClass::of_sqlstate(&ending.sqlstate).as_str()),
        Arg::Texts(&sources(ending.event)),
    ];
    let changed = queries::change(connection, sql!("end_attempt"), &args)?;
    require_changed(connection, id, ending.event, changed)?;
    queries::change(connection, sql!("forget_files"), &[Arg::Int(id)])?;
    record_event(connection, id, state, Some(&message))
}

/// Records that retiring a partition failed, and when it is tried again.
pub fn postpone(connection: &Connection, id: i64, message: &str, sqlstate: &str) -> Result<(), Error> {
    let message = &*encoding::fitting(message);
    let _owner = as_extension_owner(connection)?;
    let args = [
        Arg::Int(id),
        Arg::Text(message),
        Arg::Text(sqlstate),
        Arg::Text(ErrorClass::of_sqlstate(sqlstate).as_str()),
        Arg::Texts(&sources(Event::Postponed)),
    ];
    let changed = queries::change(connection, sql!("postpone"), &args)?;
    require_changed(connection, id, Event::Postponed, changed)?;
    record_event(connection, id, Event::Postponed.target(), Some(message))
}

/// Records that this process makes or retires an archive.
pub fn set_process(connection: &Connection, id: i64) -> Result<(), Error> {
    let _owner = as_extension_owner(connection)?;
    let args = [Arg::Int(id), Arg::Int(server::own_pid().into())];
    queries::change(connection, sql!("set_process"), &args).map(drop)
}

/// Records that the partition is detached, before it is dropped or moved.
pub fn set_detached(connection: &Connection, id: i64) -> Result<(), Error> {
    let _owner = as_extension_owner(connection)?;
    queries::change(connection, sql!("set_detached"), &[Arg::Int(id)]).map(drop)
}

/// The end of an attempt without an archive.
pub struct Ending<'a> {
    /// Failed or cancelled.
    pub event: Event,
    pub message: &'a str,
    pub sqlstate: String,
}

/// Returns the prefix of the keys of an attempt's files, unless they are deleted.
pub fn key_prefix(connection: &Connection, id: i64) -> Result<Option<String>, Error> {
    let _owner = as_extension_owner(connection)?;
    let found: Option<Option<String>> =
        queries::optional_value(connection, sql!("key_prefix"), &[Arg::Int(id)], "stem")?;
    Ok(found.flatten())
}

/// Records that the files of a failed attempt are deleted.
pub fn clear_key_prefix(connection: &Connection, id: i64) -> Result<(), Error> {
    let _owner = as_extension_owner(connection)?;
    queries::change(connection, sql!("clear_key_prefix"), &[Arg::Int(id)]).map(drop)
}

query! {
    /// The notification about a change of state.
    struct StateChangeMessage = "state_change_message" {
        line: String,
        channel: Option<String>,
    }
}

/// Records a change of state, and reports it in the server's log and on the policy's channel.
pub fn record_event(connection: &Connection, id: i64, state: State, detail: Option<&str>) -> Result<(), Error> {
    let args = [Arg::Int(id), Arg::Text(state.as_str()), Arg::MaybeText(detail)];
    queries::change(connection, sql!("insert_state_change"), &args)?;
    let StateChangeMessage { line, channel } = queries::one_after_writing(connection, &args)?;
    let message = format!("pgmeta archive: {line}");
    tell(PgLogLevel::LOG_SERVER_ONLY, PgSqlErrorCode::ERRCODE_SUCCESSFUL_COMPLETION, message);
    if let Some(channel) = channel {
        // A notification is limited to 8000 bytes.
        let line: String = line.chars().take(1900).collect();
        let args = [Arg::Text(&channel), Arg::Text(&line)];
        connection.write(sql!("notify"), &args, &["done"], |_| Ok(()))?;
    }
    Ok(())
}

/// Records a failed attempt that has no record yet.
pub fn insert_failed(
    (partition, slice): (u32, Option<&Slice>),
    policy: &str,
    message: &str,
    sqlstate: &str,
) -> Result<i64, Error> {
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    let quoted: String = queries::value(&connection, sql!("relation_name"), &[Arg::Int(partition.into())], "name")?;
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
    let id = insert(&connection, &begun)?;
    end(&connection, id, &Ending { event: Event::Failed, message, sqlstate: sqlstate.to_owned() })?;
    clear_key_prefix(&connection, id)?;
    Ok(id)
}

query! {
    /// An archive that is not finished.
    pub struct Unfinished = "unfinished_archives" {
        pub id: i64,
        pub partition: u32,
        pub parent: Option<String>,
        pub bound: Option<String>,
        pub state: RecordedState,
        pub storage: String,
        /// The stem, if the attempt was made in this database.
        pub stem: Option<String>,
        /// Whether this archive detached the partition.
        pub detached: bool,
    }
}

query! {
    struct ArchiveSlice = "archive_slice" {
        column: String,
        lower: String,
        upper: String,
    }
}

/// Returns the slice of an archive; `None` for a whole table.
pub fn slice_of(connection: &Connection, id: i64) -> Result<Option<Slice>, Error> {
    let _owner = as_extension_owner(connection)?;
    let found: Option<ArchiveSlice> = queries::optional(connection, &[Arg::Int(id)])?;
    Ok(found.map(|ArchiveSlice { column, lower, upper }| Slice { column, lower, upper }))
}

/// Returns the state of an archive.
pub fn state_of(connection: &Connection, id: i64) -> Result<State, Error> {
    let _owner = as_extension_owner(connection)?;
    let found: Option<RecordedState> =
        queries::optional_value(connection, sql!("archive_state"), &[Arg::Int(id)], "state")?;
    found.map(|state| state.0).ok_or_else(|| missing(id))
}

/// Returns the unfinished work of a policy's earlier workers: interrupted attempts, stored archives that are not retired,
/// and files of failed attempts. Stored slices are not included: they are candidates.
pub fn unfinished(connection: &Connection, policy: &str, retires: bool) -> Result<Vec<Unfinished>, Error> {
    let _owner = as_extension_owner(connection)?;
    queries::rows(connection, &[Arg::Text(policy), Arg::Int(retires.into())])
}
