//! Rehearsals: a plan is run on the live database, measured, and undone.

use pgmeta_core::plan::{self, Options, Step};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;
use serde_json::{Value, json};

use crate::api::run::{Job, Labels, Ran, for_show, run};
use crate::catalog::Watch;
use crate::document::{Document, Given, JsonB};
use crate::encoding::{Text, Texts};
use crate::error::{Error, sqlstate};
use crate::spi::Latest;

type Row = (i32, Text, Option<f64>, JsonB, Texts, Option<Text>, Option<JsonB>);

#[pg_extern(volatile, parallel_unsafe)]
#[expect(clippy::type_complexity, reason = "pgrx must see the columns of RETURNS TABLE")]
fn pgmeta_rehearse(
    target: Option<Given>,
    options: default!(Option<Document>, "'{}'"),
) -> Result<
    TableIterator<
        'static,
        (
            name!(step, i32),
            name!(statement, Text),
            name!(duration_ms, Option<f64>),
            name!(locks, JsonB),
            name!(rewritten, Texts),
            name!(error, Option<Text>),
            name!(values_changed, Option<JsonB>),
        ),
    >,
    ErrorReport,
> {
    let Some(target) = target else { return Ok(TableIterator::empty()) };
    let job = Job::new("pgmeta_rehearse", target, options)?;
    let rows = for_show(|labels| rehearse(&job, labels))?;
    Ok(TableIterator::new(rows))
}

/// Runs the steps until one fails, then compares what came out with the target.
fn rehearse(job: &Job, labels: &Labels) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::with_capacity(job.steps.len());
    let mut watch = Watch::start()?;
    for step in &job.steps {
        let row = one(step, &job.options, &mut watch)?;
        labels.release();
        let failed = row.5.is_some();
        rows.push(row);
        if failed {
            return Ok(rows);
        }
    }
    if let Some(differences) = job.differences()? {
        let step = job.steps.last().map_or(0, |step| step.step) + 1;
        let error = format!("the schema still differs from the target: {differences}");
        rows.push((
            step,
            "comparison with the target".into(),
            None,
            JsonB(json!([])),
            Texts::default(),
            Some(error.into()),
            None,
        ));
    }
    Ok(rows)
}

fn one(step: &Step, options: &Options, watch: &mut Watch) -> Result<Row, Error> {
    let original = &step.statement.sql;
    let (sql, note) = match (step.transaction, plan::transactional_form(original)) {
        (Some(_), _) => (original.clone(), None),
        (None, Some(plain)) => (plain, Some("rehearsed without CONCURRENTLY")),
        (None, None) => {
            let note = json!([{"note": "not rehearsed: it cannot run in a transaction"}]);
            return Ok((step.step, original.as_str().into(), None, JsonB(note), Texts::default(), None, None));
        }
    };
    // The plain form blocks others while it waits, so that it waits as others do.
    let plain = Step {
        lock_timeout_ms: options.lock_timeout,
        statement_timeout_ms: options.slow_statement_timeout,
        ..step.clone()
    };
    let step = if note.is_some() { &plain } else { step };
    let Ran { duration, values_changed, result } = run(step, &sql);
    let mut locks: Vec<Value> = note.into_iter().map(|note| json!({"note": note})).collect();
    let (rewritten, error) = match result {
        Ok(()) => {
            let _latest = Latest::new();
            let seen = watch.look()?;
            locks.extend(seen.locks.into_iter().map(|(relation, mode)| json!({"relation": relation, "mode": mode})));
            (seen.rewritten, None)
        }
        Err(Error::Server { code, message, detail, .. }) => (Vec::new(), Some(text(code, &message, detail.as_deref()))),
        Err(other) => return Err(other),
    };
    let (locks, error) = (JsonB(Value::Array(locks)), error.map(Text::from));
    Ok((step.step, sql.into(), Some(duration), locks, rewritten.into(), error, values_changed))
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
