//! Adopts archives from a storage: those of another database, or of this one if its records were lost. A manifest is
//! trusted only after the checks here, in pgmeta-archive's `adoption`, and of its files.

use std::io::Read;
use std::sync::Arc;

use pgmeta_archive::adoption::{self, LONGEST};
use pgmeta_archive::keys::is_manifest;
use pgmeta_archive::manifest::Manifest;
use pgmeta_core::ident::qualified;
use pgrx::PgSqlErrorCode;
use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::archive::errors::RecordError;
use crate::archive::policy::storage::{Purpose, Storage, failed, hold};
use crate::archive::queries;
use crate::archive::records::{self, Found, Stored, sha256};
use crate::archive::transfer::store_client::StoreClient;
use crate::archive::transfer::types::of_column;
use crate::archive::transfer::verify::{FileCheck, VerifyOptions, prove};
use crate::error::Error;
use crate::guc::GucGuard;
use crate::locks::{self, Mode, Subject, Until};
use crate::rights::{OwnTables, as_extension_owner};
use crate::server;
use crate::spi::{Arg, Connection, SnapshotGuard, attempt};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Adopt {
    /// The prefix of the manifests' keys, below the storage's URL.
    pub prefix: String,
    /// Read the files; otherwise only their sizes are checked.
    pub content: bool,
}

impl Default for Adopt {
    fn default() -> Self {
        Self { prefix: String::new(), content: true }
    }
}

/// The result for one manifest.
#[derive(Debug)]
pub struct Adoption {
    pub archive: Option<i64>,
    pub partition: Option<String>,
    pub manifest: String,
    pub action: &'static str,
    pub detail: Option<String>,
}

/// Records the archives whose manifests are in a storage, as archives of the caller.
pub fn adopt(storage: &str, options: &Adopt) -> Result<Vec<Adoption>, Error> {
    server::require_writable("pgmeta_archive_adopt")?;
    let prefix = options.prefix.as_str();
    let is_bad = |part: &str| part.is_empty() || part == "." || part == ".." || part.contains(['\\', '\0']);
    if !prefix.is_empty() && prefix.strip_suffix('/').unwrap_or(prefix).split('/').any(is_bad) {
        return Err(Error::BadArgument {
            name: "option prefix",
            value: prefix.to_owned(),
            hint: "Pass what paths below the storage's URL begin with, such as \"pgmeta_schema=app/\".".into(),
        });
    }
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    let client = Storage::open_for(&connection, storage, Purpose::Read)?.client;
    hold(&connection, storage)?;
    // Two sessions at once would record the same archives.
    let records = OwnTables::require(&connection)?.records;
    locks::wait(&connection, Subject::Table(records), Mode::Exclusive, Until::TransactionEnd)?;
    let known = Known::read(&connection, storage)?;
    let mut found = Vec::new();
    for key in manifests(&client, storage, prefix)? {
        found.push(one(&connection, &client, storage, key, &known, options)?);
    }
    Ok(found)
}

/// Returns the keys of all manifests, in order.
fn manifests(client: &StoreClient, storage: &str, prefix: &str) -> Result<Vec<String>, Error> {
    let (below, stop) = (prefix.to_owned(), client.cancel_check());
    let found = client.run(move |store| {
        let mut keys = Vec::new();
        store.walk(&below, &mut |key| {
            if is_manifest(key) {
                keys.push(key.to_owned());
            }
            !stop()
        })?;
        Ok::<_, std::io::Error>(keys)
    });
    let mut keys = found.map_err(failed("list storage", storage))?;
    keys.sort();
    Ok(keys)
}

/// The archives that have a record.
struct Known {
    locations: FxHashMap<String, i64>,
    /// By the hash of the manifest, in any storage: a role with two storages of one bucket must not adopt archives of
    /// others.
    hashes: FxHashMap<String, i64>,
    /// Attempts that are running here, by stem.
    stems: FxHashMap<String, i64>,
}

query! {
    struct KnownArchive = "known_archives" {
        id: i64,
        location: Option<String>,
        sha256: Option<String>,
        stem: Option<String>,
        here: Option<bool>,
    }
}

impl Known {
    fn read(connection: &Connection, storage: &str) -> Result<Self, Error> {
        // Another session may have adopted archives while this one waited.
        let _snapshot = SnapshotGuard::committed();
        let _owner = as_extension_owner(connection)?;
        let mut known =
            Self { locations: FxHashMap::default(), hashes: FxHashMap::default(), stems: FxHashMap::default() };
        for KnownArchive { id, location, sha256, stem, here } in queries::rows(connection, &[Arg::Text(storage)])? {
            known.hashes.extend(sha256.map(|hash| (hash, id)));
            if here == Some(true) {
                known.locations.extend(location.map(|location| (location, id)));
                known.stems.extend(stem.map(|stem| (stem, id)));
            }
        }
        Ok(known)
    }
}

fn one(
    connection: &Connection,
    client: &StoreClient,
    storage: &str,
    key: String,
    known: &Known,
    options: &Adopt,
) -> Result<Adoption, Error> {
    let row = |archive: Option<i64>, partition: Option<String>, action: &'static str, detail: Option<String>| {
        Ok(Adoption { archive, partition, manifest: key.clone(), action, detail })
    };
    if let Some(&id) = known.locations.get(&key) {
        return row(Some(id), None, "known", None);
    }
    let text = match read(client, &key) {
        Ok(text) => text,
        Err(error) if error.code() == PgSqlErrorCode::ERRCODE_QUERY_CANCELED => return Err(error),
        Err(error) => return row(None, None, "refused", Some(error.to_string())),
    };
    let hash = sha256(&text);
    if let Some(&id) = known.hashes.get(&hash) {
        return row(Some(id), None, "known", Some("the same manifest is on record".to_owned()));
    }
    let manifest = match Manifest::from_json(&text) {
        Ok(manifest) => Arc::new(manifest),
        Err(error) => return row(None, None, "refused", Some(error.to_string())),
    };
    let stem = match adoption::check(&manifest, &key) {
        Ok(stem) => stem,
        Err(error) => return row(None, None, "refused", Some(error.to_string())),
    };
    let partition = qualified(&manifest.schema, &manifest.partition);
    if let Some(&id) = known.stems.get(&stem) {
        return row(Some(id), Some(partition), "known", Some("the archive is in progress".to_owned()));
    }
    let stored = Stored { partition: 0, location: key.clone(), sha256: hash, client: client.clone() };
    let proofs = prove(&stored, &VerifyOptions { content: options.content })?.into_iter();
    let wrong = proofs.filter_map(|FileCheck { file, error }| Some(error?.error(&file).to_string())).next();
    if let Some(detail) = wrong {
        return row(None, Some(partition), "refused", Some(detail));
    }
    // The server checks names and types. An error in one manifest does not stop the adoption of others.
    let adopted = attempt(|| {
        let parent = parent_of(connection, &manifest)?;
        for column in &manifest.columns {
            of_column(connection, column)?;
        }
        let found = Found {
            partition: &partition,
            parent: parent.as_deref(),
            storage,
            stem: &stem,
            location: &key,
            sha256: &stored.sha256,
            manifest: &manifest,
        };
        records::insert_adopted(connection, &found)
    });
    match adopted {
        Ok(id) => {
            let detail = format!("written at {} from database \"{}\"", manifest.written_at, manifest.database);
            row(Some(id), Some(partition), "adopted", Some(detail))
        }
        Err(error) => row(None, Some(partition), "refused", Some(error.to_string())),
    }
}

/// Reads a manifest, unless it is too long.
fn read(client: &StoreClient, key: &str) -> Result<String, Error> {
    let path = key.to_owned();
    let read = client.run(move |store| {
        let mut text = String::new();
        let size = store.size(&path)?;
        if size > LONGEST {
            return Err(std::io::Error::other(format!("size is {size} bytes, more than a manifest can have")));
        }
        store.open(&path)?.take(LONGEST).read_to_string(&mut text)?;
        Ok(text)
    });
    read.map_err(failed("read", key))
}

/// Returns the name of the partitioned table of an archive as quoted SQL.
fn parent_of(connection: &Connection, manifest: &Manifest) -> Result<Option<String>, Error> {
    let Some(parent) = &manifest.parent else { return Ok(None) };
    let names: Vec<Option<String>> =
        queries::value(connection, sql!("parse_identifier"), &[Arg::Text(parent)], "names")?;
    match names.as_slice() {
        [Some(schema), Some(name)] => Ok(Some(qualified(schema, name))),
        _ => Err(RecordError::ManifestParent.into()),
    }
}
