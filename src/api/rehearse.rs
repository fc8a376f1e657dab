//! Rehearsals: a plan is run on the live database, measured, and undone.

use pgmeta_core::plan::{self, Step};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;
use serde_json::{Value, json};

use crate::api::run::{Job, Labels, for_show, run};
use crate::catalog::Watch;
use crate::document::{Document, JsonB};
use crate::encoding::{Text, Texts};
use crate::error::{Error, sqlstate};
use crate::spi::Latest;

type Row = (i32, Text, Option<f64>, JsonB, Texts, Option<Text>);

#[pg_extern(volatile, parallel_unsafe)]
#[expect(clippy::type_complexity, reason = "pgrx must see the columns of RETURNS TABLE")]
fn pgmeta_rehearse(
    target: Option<Document>,
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
        ),
    >,
    ErrorReport,
> {
    let Some(target) = target else { return Ok(TableIterator::empty()) };
    let job = Job::new("pgmeta_rehearse", &target, options)?;
    let rows = for_show(|labels| rehearse(&job, labels))?;
    Ok(TableIterator::new(rows))
}

/// Runs the steps until one fails, then compares what came out with the target.
fn rehearse(job: &Job, labels: &Labels) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::with_capacity(job.steps.len());
    let mut watch = Watch::start()?;
    for step in &job.steps {
        let row = one(step, &mut watch)?;
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
        ));
    }
    Ok(rows)
}

fn one(step: &Step, watch: &mut Watch) -> Result<Row, Error> {
    let original = &step.statement.sql;
    let (sql, note) = match (step.transaction, plan::plain_form(original)) {
        (Some(_), _) => (original.clone(), None),
        (None, Some(plain)) => (plain, Some("rehearsed without CONCURRENTLY")),
        (None, None) => {
            let note = json!([{"note": "not rehearsed: it cannot run in a transaction"}]);
            return Ok((step.step, original.as_str().into(), None, JsonB(note), Texts::default(), None));
        }
    };
    let (duration, result) = run(step, &sql);
    let mut locks: Vec<Value> = note.into_iter().map(|note| json!({"note": note})).collect();
    let (rewritten, error) = match result {
        Ok(()) => {
            let _latest = Latest::new();
            let seen = watch.look()?;
            locks.extend(seen.locks.into_iter().map(|(relation, mode)| json!({"relation": relation, "mode": mode})));
            (seen.rewritten, None)
        }
        Err(Error::Server { code, message, detail }) => (Vec::new(), Some(text(code, &message, detail.as_deref()))),
        Err(other) => return Err(other),
    };
    Ok((step.step, sql.into(), Some(duration), JsonB(Value::Array(locks)), rewritten.into(), error.map(Text::from)))
}

fn text(code: PgSqlErrorCode, message: &str, detail: Option<&str>) -> String {
    let why = match code {
        PgSqlErrorCode::ERRCODE_UNSAFE_NEW_ENUM_VALUE_USAGE => {
            " (added in this transaction before the rehearsal, which cannot go on)"
        }
        _ => "",
    };
    let detail = detail.map_or_else(String::new, |detail| format!("\n{detail}"));
    format!("{}: {message}{why}{detail}", sqlstate(code))
}
