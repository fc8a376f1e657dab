//! The SHA-256 of the canonical DDL of schemas, or of the whole database.

use pgmeta_core::fingerprint::fingerprint;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::args::Args;
use crate::api::export::export;
use crate::api::schemas::list;
use crate::encoding::{Text, Texts};
use crate::error::Error;

#[pg_extern(name = "pgmeta_fingerprint", stable, parallel_unsafe)]
fn fingerprint_of_array(schemas: default!(Option<Texts>, "NULL")) -> Result<Text, ErrorReport> {
    Ok(fingerprint_of(schemas)?.into())
}

#[pg_extern(name = "pgmeta_fingerprint", stable, parallel_unsafe)]
fn fingerprint_of_text(schemas: Option<Text>) -> Result<Text, ErrorReport> {
    Ok(fingerprint_of(list(schemas))?.into())
}

pub fn fingerprint_of(schemas: Option<Texts>) -> Result<String, Error> {
    let args = Args::new(schemas, None, None, None, None)?;
    Ok(fingerprint(&export(&args, None)?))
}
