//! `pgmeta_plan`: the statements that change one schema into another.

use pgmeta_core::plan;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::options;
use crate::api::rows::{StepRow, step_row};
use crate::api::sides::{Side, Sides, snapshot};
use crate::encoding::{Text, Texts};
use crate::error::Error;
use crate::jsonb::{Document, SnapshotArgument};

step_rows! {
    #[pg_extern(stable, parallel_unsafe)]
    fn pgmeta_plan(source: Option<SnapshotArgument>, target: Option<SnapshotArgument>, options: default!(Option<Document>, "'{}'")) {
        between(source, target, options)
    }
}

// The same as `pgmeta_plan(pgmeta_live(target), target)`, but does not convert the live schema to JSON.
step_rows! {
    #[pg_extern(stable, parallel_unsafe)]
    fn pgmeta_plan_live(target: Option<SnapshotArgument>, options: default!(Option<Document>, "'{}'")) {
        from_live(target, options)
    }
}

fn between(
    source: Option<SnapshotArgument>,
    target: Option<SnapshotArgument>,
    options: Option<Document>,
) -> Result<Vec<StepRow>, Error> {
    let options = options::of_plan(options)?;
    let (Some(source), Some(target)) = (source, target) else { return Ok(Vec::new()) };
    rows(&Sides::read(Side::of(source)?, Side::of(target)?, &options)?, &options)
}

fn from_live(target: Option<SnapshotArgument>, options: Option<Document>) -> Result<Vec<StepRow>, Error> {
    let options = options::of_plan(options)?;
    let Some(target) = target else { return Ok(Vec::new()) };
    rows(&Sides::of_live(snapshot("target", target)?, &options)?, &options)
}

fn rows(sides: &Sides, options: &plan::Options) -> Result<Vec<StepRow>, Error> {
    let steps = plan::plan(&sides.source, &sides.target, &sides.renames, options)?;
    Ok(steps.into_iter().map(step_row).collect())
}
