//! The record of archives: the tables of `sql/archive.sql`, read and written with the caller's rights.

use std::io::{Read, Write};

use pgmeta_archive::manifest::Manifest;
use pgmeta_core::rows::take;
use pgrx::PgSqlErrorCode;
use sha2::{Digest, Sha256};

use crate::archive::away::Away;
use crate::archive::storage::{Storage, failed as unreadable};
use crate::error::Error;
use crate::guc::Pinned;
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

/// Finds an archive that has been stored.
pub fn manifest_of(id: i64) -> Result<Stored, Error> {
    const FIND: &str = "SELECT partition_oid AS partition, location, manifest_sha256 AS sha256, storage \
        FROM pgmeta.archive_records WHERE id = $1 AND location IS NOT NULL";
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    let mut found = None;
    let names = ["partition", "location", "sha256", "storage"];
    connection.read(FIND, &[Arg::Int(id)], &names, |cells| {
        let partition: u32 = take(cells, "partition")?;
        let file: (String, String) = (take(cells, "location")?, take(cells, "sha256")?);
        found = Some((partition, file, take::<String>(cells, "storage")?));
        Ok(())
    })?;
    let Some((partition, (location, sha256), storage)) = found else {
        return Err(Error::Missing {
            what: format!("archive {id}"),
            hint: "The view pgmeta.archives lists them; those that failed have nothing stored.".into(),
            code: PgSqlErrorCode::ERRCODE_UNDEFINED_OBJECT,
        });
    };
    let away = Storage::open(&connection, &storage)?.away;
    Ok(Stored { partition, location, sha256, away })
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

fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is recorded of a new archive.
pub struct New<'a> {
    pub policy: Option<&'a str>,
    pub partition: u32,
    pub quoted: &'a str,
    pub retire: &'a str,
    pub storage: &'a str,
    pub location: &'a str,
    pub sha256: &'a str,
    pub manifest: &'a Manifest,
}

/// Records an archive that is stored and proved; returns its number.
pub fn stored(connection: &Connection, new: &New<'_>) -> Result<i64, Error> {
    const INSERT: &str = "INSERT INTO pgmeta.archive_records (policy, partition_oid, partition, parent, bound, state, retire, \
            storage, location, manifest_sha256, rows, bytes, row_digest, started_at, stored_at) \
        VALUES ($1, $2::oid, $3, $4, $5, 'stored', $6, $7, $8, $9, $10, $11, $12, $13::timestamptz, pg_catalog.clock_timestamp()) \
        RETURNING id";
    const FILE: &str = "INSERT INTO pgmeta.archive_stored_files (archive, ordinal, path, rows, bytes, sha256) \
        VALUES ($1, $2::int, $3, $4, $5, $6) RETURNING archive";
    let manifest = new.manifest;
    let count = |number: u64| Arg::Int(i64::try_from(number).unwrap_or(i64::MAX));
    let bytes = manifest.files.iter().map(|file| file.bytes).sum();
    let args = [
        Arg::MaybeText(new.policy),
        Arg::Int(new.partition.into()),
        Arg::Text(new.quoted),
        Arg::MaybeText(manifest.parent.as_deref()),
        Arg::MaybeText(manifest.bound.as_deref()),
        Arg::Text(new.retire),
        Arg::Text(new.storage),
        Arg::Text(new.location),
        Arg::Text(new.sha256),
        count(manifest.rows),
        count(bytes),
        Arg::Text(&manifest.row_digest),
        Arg::Text(&manifest.written_at),
    ];
    let mut id = 0;
    connection.write(INSERT, &args, &["id"], |cells| {
        id = take(cells, "id")?;
        Ok(())
    })?;
    for (at, file) in manifest.files.iter().enumerate() {
        let args = [
            Arg::Int(id),
            count(at as u64 + 1),
            Arg::Text(&file.key),
            count(file.rows),
            count(file.bytes),
            Arg::Text(&file.sha256),
        ];
        connection.write(FILE, &args, &["archive"], |_| Ok(()))?;
    }
    event(connection, id, "stored", None)?;
    Ok(id)
}

/// Records that an archive has come into another state.
pub fn becomes(connection: &Connection, id: i64, state: &str, detail: Option<&str>) -> Result<(), Error> {
    const UPDATE: &str = "UPDATE pgmeta.archive_records SET state = $2, \
        retired_at = CASE WHEN $2 = 'retired' THEN pg_catalog.clock_timestamp() ELSE retired_at END WHERE id = $1";
    connection.change(UPDATE, &[Arg::Int(id), Arg::Text(state)])?;
    event(connection, id, state, detail)
}

fn event(connection: &Connection, id: i64, state: &str, detail: Option<&str>) -> Result<(), Error> {
    const INSERT: &str = "INSERT INTO pgmeta.archive_state_changes (archive, state, detail) VALUES ($1, $2, $3)";
    connection.change(INSERT, &[Arg::Int(id), Arg::Text(state), Arg::MaybeText(detail)])
}

/// Records that an attempt has failed.
pub fn failed(partition: u32, policy: &str, message: &str, sqlstate: &str) -> Result<i64, Error> {
    const INSERT: &str = "INSERT INTO pgmeta.archive_records (policy, partition_oid, partition, state, error, sqlstate, started_at) \
        VALUES ($1, $2::oid, $2::oid::regclass::text, 'failed', $3, $4, pg_catalog.now()) RETURNING id";
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    let args = [Arg::Text(policy), Arg::Int(partition.into()), Arg::Text(message), Arg::Text(sqlstate)];
    let mut id = 0;
    connection.write(INSERT, &args, &["id"], |cells| {
        id = take(cells, "id")?;
        Ok(())
    })?;
    event(&connection, id, "failed", Some(message))?;
    Ok(id)
}

/// Returns partition and policy of an attempt that has failed.
pub fn failure(id: i64) -> Result<(u32, String), Error> {
    const FIND: &str =
        "SELECT r.partition_oid AS partition, r.policy, r.state FROM pgmeta.archive_records r WHERE r.id = $1";
    let _pinned = Pinned::new();
    let mut found: Option<(u32, Option<String>, String)> = None;
    Connection::open()?.read(FIND, &[Arg::Int(id)], &["partition", "policy", "state"], |cells| {
        found = Some((take(cells, "partition")?, take(cells, "policy")?, take(cells, "state")?));
        Ok(())
    })?;
    match found {
        Some((partition, Some(policy), state)) if state == "failed" => Ok((partition, policy)),
        Some((.., state)) => Err(Error::from_parts(
            PgSqlErrorCode::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            &format!("archive {id} has not failed: it is {state}"),
            "Only what has failed can be tried again.",
        )),
        None => Err(Error::Missing {
            what: format!("archive {id}"),
            hint: "The view pgmeta.archives lists them.".into(),
            code: PgSqlErrorCode::ERRCODE_UNDEFINED_OBJECT,
        }),
    }
}
