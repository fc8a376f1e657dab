//! Saved snapshots: keeping them in the database under names, with versions.

use pgmeta_core::ddl::{self, Options, fingerprint};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::args::Args;
use crate::document::Document;
use crate::encoding::Text;
use crate::error::Error;
use crate::interrupt;
use crate::store::{self, Saved};
use crate::threads::Threads;

#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_snapshot_save(
    name: Option<Text>,
    snapshot: default!(Option<Document>, "NULL"),
    comment: default!(Option<Text>, "NULL"),
) -> Result<i64, ErrorReport> {
    Ok(save(named(name.as_deref())?, snapshot, comment.as_deref())?)
}

#[pg_extern(stable, parallel_unsafe)]
fn pgmeta_snapshot_load(
    name: Option<Text>,
    version: default!(Option<i64>, "NULL"),
) -> Result<Option<Document>, ErrorReport> {
    let Some(name) = name else { return Ok(None) };
    Ok(Some(store::load(&name, version)?))
}

#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_snapshot_delete(name: Option<Text>, version: default!(Option<i64>, "NULL")) -> Result<i64, ErrorReport> {
    Ok(store::delete(named(name.as_deref())?, version)?)
}

/// What is saved is what was given, but only if it is a snapshot that this version can read.
fn save(name: &str, snapshot: Option<Document>, comment: Option<&str>) -> Result<i64, Error> {
    let (model, snapshot) = match snapshot {
        Some(snapshot) => (snapshot.model()?, snapshot),
        None => {
            let model = Args::new(None, None, None, None, None)?.read()?.model;
            let snapshot = Document::of(&model)?;
            (model, snapshot)
        }
    };
    let check = || {
        interrupt::look();
        Ok::<(), Error>(())
    };
    let text = ddl::export(&model, &Options::default(), check, &Threads)?;
    store::save(&Saved {
        name,
        comment,
        fingerprint: &fingerprint(&text),
        server_version_num: model.server_version_num,
        snapshot: &snapshot,
    })
}

/// A call that writes does nothing silently: it must be told the name.
fn named(name: Option<&str>) -> Result<&str, Error> {
    let wrong = |value: &str| Error::BadArgument {
        name: "name",
        value: value.to_owned(),
        hint: "Pass the name of a saved snapshot, any text that is not empty.".to_owned(),
    };
    match name {
        None => Err(wrong("NULL")),
        Some("") => Err(wrong("")),
        Some(name) => Ok(name),
    }
}
