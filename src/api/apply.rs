//! Applying a plan in the caller's transaction: everything, or nothing.

use std::collections::BTreeSet;

use pgmeta_core::plan::Hazard;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::export::whole_fingerprint;
use crate::api::run::{Job, Ran, run};
use crate::document::{Document, Given, JsonB};
use crate::encoding::{Text, Texts};
use crate::error::Error;
use crate::spi::Latest;

type Row = (i32, Text, f64, Option<JsonB>);

#[pg_extern(volatile, parallel_unsafe)]
#[expect(clippy::type_complexity, reason = "pgrx must see the columns of RETURNS TABLE")]
fn pgmeta_apply(
    target: Option<Given>,
    options: default!(Option<Document>, "'{}'"),
) -> Result<
    TableIterator<
        'static,
        (name!(step, i32), name!(statement, Text), name!(duration_ms, f64), name!(values_changed, Option<JsonB>)),
    >,
    ErrorReport,
> {
    let Some(target) = target else { return Ok(TableIterator::empty()) };
    let job = Job::new("pgmeta_apply", target, options)?;
    Ok(TableIterator::new(apply(&job)?))
}

fn apply(job: &Job) -> Result<Vec<Row>, Error> {
    check_fingerprint(job)?;
    check_hazards(job)?;
    if let Some(step) = job.steps.iter().find(|step| step.transaction.is_none()) {
        return Err(Error::OutsideTransaction { step: step.step, statement: step.statement.sql.clone() });
    }
    let mut rows = Vec::with_capacity(job.steps.len());
    for step in &job.steps {
        let sql = &step.statement.sql;
        let Ran { duration, values_changed, result } = run(step, sql);
        result.map_err(|error| match error {
            Error::Server { code, message, detail, .. } => {
                Error::Step { step: step.step, statement: sql.clone(), code, message, detail }
            }
            other => other,
        })?;
        rows.push((step.step, Text::from(sql.as_str()), duration, values_changed));
    }
    match job.differences()? {
        Some(differences) => Err(Error::StillDiffers(differences)),
        None => Ok(rows),
    }
}

/// Refuses where the live side has moved since the caller saw it.
fn check_fingerprint(job: &Job) -> Result<(), Error> {
    let Some(expected) = &job.options.expected_fingerprint else { return Ok(()) };
    let _latest = Latest::new();
    let schemas = job.options.schemas.clone().map(Texts::from);
    let found = whole_fingerprint(schemas)?;
    if found == *expected { Ok(()) } else { Err(Error::Fingerprint { found, expected: expected.clone() }) }
}

/// Refuses hazards that the caller has not accepted by name.
fn check_hazards(job: &Job) -> Result<(), Error> {
    let refused = |hazard: &&Hazard| !job.options.allow_hazards.iter().any(|word| word == hazard.word());
    let mut hazards = BTreeSet::new();
    let mut statements = Vec::new();
    for step in &job.steps {
        let own: Vec<&'static str> =
            step.statement.hazards.iter().filter(refused).map(|hazard| hazard.word()).collect();
        if !own.is_empty() {
            statements.push(format!("Step {}: {} ({})", step.step, step.statement.sql, own.join(", ")));
            hazards.extend(own);
        }
    }
    if hazards.is_empty() { Ok(()) } else { Err(Error::Hazards { hazards: hazards.into_iter().collect(), statements }) }
}
