//! The live schema, restricted to the kinds and schemas of a target.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::options;
use crate::api::sides::{read, snapshot};
use crate::catalog;
use crate::jsonb::{Document, SnapshotArgument};

#[pg_extern(stable, parallel_unsafe)]
fn pgmeta_live(
    target: Option<SnapshotArgument>,
    options: default!(Option<Document>, "'{}'"),
) -> Result<Option<Document>, ErrorReport> {
    let options = options::of_plan(options)?;
    let Some(target) = target else { return Ok(None) };
    let target = read(&snapshot("target", target)?, &options)?;
    Ok(Some(Document::of(&catalog::live(&target, &options)?)?))
}
