//! `pgmeta_apply`: runs a plan in the caller's transaction, completely or not at all.

use pgmeta_core::plan::{Forbidden, forbidden};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::fingerprint::fingerprint_of;
use crate::api::live_plan::LivePlan;
use crate::encoding::{Text, Texts};
use crate::error::Error;
use crate::executor::{Execution, execute};
use crate::jsonb::{Document, JsonB, SnapshotArgument};
use crate::spi::SnapshotGuard;

returns_table! {
    /// A step that was run.
    type Row = apply_rows!(
        name!(step, i32), name!(statement, Text), name!(duration_ms, f64), name!(values_changed, Option<JsonB>),
    );
}

apply_rows! {
    #[pg_extern(volatile, parallel_unsafe)]
    fn pgmeta_apply(target: Option<SnapshotArgument>, options: default!(Option<Document>, "'{}'")) {
        target.map_or(Ok(Vec::new()), |target| apply(&LivePlan::new("pgmeta_apply", target, options)?))
    }
}

fn apply(plan: &LivePlan) -> Result<Vec<Row>, Error> {
    check_fingerprint(plan)?;
    check_hazards(plan)?;
    if let Some(step) = plan.steps.iter().find(|step| step.transaction.is_none()) {
        return Err(Error::OutsideTransaction { step: step.step, statement: step.statement.sql.clone() });
    }
    let mut rows = Vec::with_capacity(plan.steps.len());
    for step in &plan.steps {
        let sql = &step.statement.sql;
        let Execution { duration, values_changed, result } = execute(step, sql);
        result.map_err(|error| match error {
            Error::Server { code, message, detail, .. } => {
                Error::Step { step: step.step, statement: sql.clone(), code, message, detail }
            }
            other => other,
        })?;
        rows.push((step.step, Text::from(sql.as_str()), duration, values_changed.map(JsonB)));
    }
    match plan.differences()? {
        Some(differences) => Err(Error::StillDiffers(differences)),
        None => Ok(rows),
    }
}

/// Returns an error if the live schema has changed since the caller saw it.
fn check_fingerprint(plan: &LivePlan) -> Result<(), Error> {
    let Some(expected) = &plan.options.expected_fingerprint else { return Ok(()) };
    let _snapshot = SnapshotGuard::new();
    let schemas = plan.options.schemas.clone().map(Texts::from);
    let found = fingerprint_of(schemas)?;
    if found == *expected { Ok(()) } else { Err(Error::Fingerprint { found, expected: expected.clone() }) }
}

/// Returns an error if the plan has hazards that the caller has not allowed.
fn check_hazards(plan: &LivePlan) -> Result<(), Error> {
    match forbidden(&plan.steps, &plan.options.allow_hazards) {
        None => Ok(()),
        Some(Forbidden { hazards, steps }) => Err(Error::Hazards { hazards, statements: steps }),
    }
}
