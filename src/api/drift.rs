//! The differences between a saved snapshot and the live database.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::diff::rows;
use crate::api::options;
use crate::api::rows::DiffRow;
use crate::api::sides::{Side, Sides, snapshot};
use crate::encoding::Text;
use crate::error::Error;
use crate::jsonb::{Document, JsonB, SnapshotArgument};

diff_rows! {
    #[pg_extern(stable, parallel_unsafe)]
    fn pgmeta_drift(snapshot: Option<SnapshotArgument>, options: default!(Option<Document>, "'{}'")) {
        drift(snapshot, options)
    }
}

fn drift(given: Option<SnapshotArgument>, options: Option<Document>) -> Result<Vec<DiffRow>, Error> {
    let options = options::of_plan(options)?;
    let Some(given) = given else { return Ok(Vec::new()) };
    let saved = Side::Snapshot(snapshot("snapshot", given)?);
    Ok(rows(&Sides::read(saved, Side::Live, &options)?, &options))
}
