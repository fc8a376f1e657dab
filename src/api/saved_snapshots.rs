//! Functions for saved snapshots: snapshots in the database, with names and versions.

use pgmeta_core::ddl::Options;
use pgmeta_core::fingerprint::fingerprint;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::args::Args;
use crate::api::print::script;
use crate::api::sides::{LIVE, Side};
use crate::encoding::Text;
use crate::error::Error;
use crate::jsonb::{Document, SnapshotArgument};
use crate::server;
use crate::snapshot_store::{self, NewSnapshot};

#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_snapshot_save(
    name: Option<Text>,
    snapshot: default!(Option<SnapshotArgument>, "NULL"),
    comment: default!(Option<Text>, "NULL"),
) -> Result<i64, ErrorReport> {
    server::require_writable("pgmeta_snapshot_save")?;
    Ok(save(to_save(name.as_deref())?, snapshot, comment.as_deref())?)
}

#[pg_extern(stable, parallel_unsafe)]
fn pgmeta_snapshot_load(
    name: Option<Text>,
    version: default!(Option<i64>, "NULL"),
) -> Result<Option<Document>, ErrorReport> {
    let Some(name) = name else { return Ok(None) };
    Ok(Some(snapshot_store::load(&name, version)?))
}

#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_snapshot_delete(name: Option<Text>, version: default!(Option<i64>, "NULL")) -> Result<i64, ErrorReport> {
    server::require_writable("pgmeta_snapshot_delete")?;
    Ok(snapshot_store::delete(named(name.as_deref())?, version)?)
}

/// Saves a snapshot unchanged, after a check that this version can read it.
fn save(name: &str, snapshot: Option<SnapshotArgument>, comment: Option<&str>) -> Result<i64, Error> {
    let (model, snapshot) = match snapshot.map(Side::of).transpose()? {
        Some(Side::Snapshot(snapshot)) => (snapshot.model()?, snapshot),
        Some(Side::Live) | None => {
            let model = Args::default().read()?.model;
            let snapshot = Document::of(&model)?;
            (model, snapshot)
        }
    };
    let text = script(&model, &Options::default())?;
    snapshot_store::save(&NewSnapshot {
        name,
        comment,
        fingerprint: &fingerprint(&text),
        server_version_num: model.server_version_num,
        snapshot: &snapshot,
    })
}

/// Returns the name to save under, if it cannot be mistaken for another kind of argument.
fn to_save(name: Option<&str>) -> Result<&str, Error> {
    match named(name)? {
        LIVE => Err(Error::BadArgument {
            name: "name",
            value: LIVE.to_owned(),
            hint: "The name 'live' is reserved for the live database. Choose another name.".to_owned(),
        }),
        name => Ok(name),
    }
}

/// Returns the name, or an error if it is NULL: a call that writes must not do nothing silently.
fn named(name: Option<&str>) -> Result<&str, Error> {
    let wrong = |value: &str| Error::BadArgument {
        name: "name",
        value: value.to_owned(),
        hint: "Pass a name that is not empty.".to_owned(),
    };
    match name {
        None => Err(wrong("NULL")),
        Some("") => Err(wrong("")),
        Some(name) => Ok(name),
    }
}
