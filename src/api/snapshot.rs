//! Functions for snapshots as JSON: takes and describes them, and prints their DDL.

use pgmeta_core::model::Model;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::args::Args;
use crate::api::options;
use crate::api::print::script;
use crate::api::schemas::list;
use crate::api::sides;
use crate::catalog::add_sizes;
use crate::encoding::{Text, Texts};
use crate::error::Error;
use crate::jsonb::{Document, JsonB, SnapshotArgument};

#[pg_extern(name = "pgmeta_snapshot", stable, parallel_unsafe)]
fn snapshot_of_array(
    schemas: default!(Option<Texts>, "NULL"),
    options: default!(Option<Document>, "'{}'"),
) -> Result<Document, ErrorReport> {
    Ok(snapshot(schemas, options)?)
}

#[pg_extern(name = "pgmeta_snapshot", stable, parallel_unsafe)]
fn snapshot_of_text(
    schemas: Option<Text>,
    options: default!(Option<Document>, "'{}'"),
) -> Result<Document, ErrorReport> {
    Ok(snapshot(list(schemas), options)?)
}

fn snapshot(schemas: Option<Texts>, options: Option<Document>) -> Result<Document, Error> {
    let args = Args::new(schemas, None, None, None, options)?;
    let mut outcome = args.read()?;
    if args.options.sizes {
        add_sizes(&mut outcome, args.schemas.as_deref())?;
    }
    Document::of(&outcome.model)
}

#[pg_extern(immutable, parallel_safe)]
fn pgmeta_snapshot_ddl(
    snapshot: Option<SnapshotArgument>,
    options: default!(Option<Document>, "'{}'"),
) -> Result<Option<Text>, ErrorReport> {
    let Some(snapshot) = snapshot else {
        return Ok(None);
    };
    let options = options::of_export(options)?;
    let model = sides::snapshot("snapshot", snapshot)?.model()?;
    Ok(Some(script(&model, &options)?.into()))
}

#[pg_extern(immutable, parallel_safe)]
fn pgmeta_snapshot_schema() -> JsonB {
    JsonB(Model::json_schema())
}
