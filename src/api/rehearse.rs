//! `pgmeta_rehearse`: runs a plan on the live database, measures it, and rolls it back.

use pgmeta_core::plan::{Options, Step, transactional_form};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;
use serde_json::{Value, json};

use crate::api::live_plan::LivePlan;
use crate::catalog::EffectRecorder;
use crate::encoding::{Text, Texts};
use crate::error::{Error, sqlstate};
use crate::executor::{EnumLabels, Execution, execute, rolled_back};
use crate::jsonb::{Document, JsonB, SnapshotArgument};
use crate::spi::SnapshotGuard;

returns_table! {
    /// A step that was rehearsed.
    type Row = rehearse_rows!(
        name!(step, i32),
        name!(statement, Text),
        name!(duration_ms, Option<f64>),
        name!(locks, JsonB),
        name!(rewritten, Texts),
        name!(error, Option<Text>),
        name!(values_changed, Option<JsonB>),
    );
}

rehearse_rows! {
    #[pg_extern(volatile, parallel_unsafe)]
    fn pgmeta_rehearse(target: Option<SnapshotArgument>, options: default!(Option<Document>, "'{}'")) {
        rehearsal(target, options)
    }
}

fn rehearsal(target: Option<SnapshotArgument>, options: Option<Document>) -> Result<Vec<Row>, Error> {
    let Some(target) = target else { return Ok(Vec::new()) };
    let plan = LivePlan::new("pgmeta_rehearse", target, options)?;
    let steps = rolled_back(|labels| rehearse(&plan, labels))?;
    Ok(steps.into_iter().map(Rehearsed::row).collect())
}

/// The measurements of a step.
#[derive(Default)]
struct Rehearsed {
    step: i32,
    statement: String,
    duration: Option<f64>,
    locks: Vec<Value>,
    rewritten: Vec<String>,
    error: Option<String>,
    values_changed: Option<Value>,
}

impl Rehearsed {
    fn row(self) -> Row {
        let Self { step, statement, duration, locks, rewritten, error, values_changed } = self;
        let (locks, values_changed) = (JsonB(Value::Array(locks)), values_changed.map(JsonB));
        (step, statement.into(), duration, locks, rewritten.into(), error.map(Text::from), values_changed)
    }
}

/// Runs the steps until one fails, then compares the result with the target.
fn rehearse(plan: &LivePlan, labels: &EnumLabels) -> Result<Vec<Rehearsed>, Error> {
    let mut steps = Vec::with_capacity(plan.steps.len());
    let mut recorder = EffectRecorder::start()?;
    for step in &plan.steps {
        let rehearsed = one(step, &plan.options, &mut recorder)?;
        labels.release();
        let failed = rehearsed.error.is_some();
        steps.push(rehearsed);
        if failed {
            return Ok(steps);
        }
    }
    if let Some(differences) = plan.differences()? {
        steps.push(Rehearsed {
            step: plan.steps.last().map_or(0, |step| step.step) + 1,
            statement: "comparison with the target".to_owned(),
            error: Some(format!("the schema still differs from the target: {differences}")),
            ..Rehearsed::default()
        });
    }
    Ok(steps)
}

fn one(step: &Step, options: &Options, recorder: &mut EffectRecorder) -> Result<Rehearsed, Error> {
    let original = &step.statement.sql;
    let (sql, note) = match (step.transaction, transactional_form(original)) {
        (Some(_), _) => (original.clone(), None),
        (None, Some(plain)) => (plain, Some("rehearsed without CONCURRENTLY")),
        (None, None) => {
            let locks = vec![json!({"note": "not rehearsed: it cannot run in a transaction"})];
            return Ok(Rehearsed { step: step.step, statement: original.clone(), locks, ..Rehearsed::default() });
        }
    };
    // The transactional form blocks other sessions while it waits, so it gets the lock timeout.
    let plain = Step {
        lock_timeout_ms: options.lock_timeout,
        statement_timeout_ms: options.slow_statement_timeout,
        ..step.clone()
    };
    let step = if note.is_some() { &plain } else { step };
    let Execution { duration, values_changed, result } = execute(step, &sql);
    let mut locks: Vec<Value> = note.into_iter().map(|note| json!({"note": note})).collect();
    let (rewritten, error) = match result {
        Ok(()) => {
            let _snapshot = SnapshotGuard::new();
            let effects = recorder.record()?;
            locks.extend(effects.locks.into_iter().map(|(relation, mode)| json!({"relation": relation, "mode": mode})));
            (effects.rewritten, None)
        }
        Err(Error::Server { code, message, detail, .. }) => (Vec::new(), Some(text(code, &message, detail.as_deref()))),
        Err(other) => return Err(other),
    };
    let duration = Some(duration);
    Ok(Rehearsed { step: step.step, statement: sql, duration, locks, rewritten, error, values_changed })
}

fn text(code: PgSqlErrorCode, message: &str, detail: Option<&str>) -> String {
    let why = match code {
        PgSqlErrorCode::ERRCODE_UNSAFE_NEW_ENUM_VALUE_USAGE => {
            " (added in this transaction before the rehearsal, which cannot continue)"
        }
        _ => "",
    };
    let detail = detail.map_or_else(String::new, |detail| format!("\n{detail}"));
    format!("{}: {message}{why}{detail}", sqlstate(code))
}
