//! Diffs and plans: rows of what differs between two snapshots, and of the statements that lead from one to the other.

use pgmeta_core::diff::{Change, ChangeKind, diff};
use pgmeta_core::model::Model;
use pgmeta_core::plan::{self, Options, Step};
use pgrx::JsonB;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::error::Error;

#[pg_extern(immutable, parallel_safe)]
#[allow(clippy::type_complexity)]
fn pgmeta_diff(
    source: Option<JsonB>,
    target: Option<JsonB>,
    options: default!(Option<JsonB>, "'{}'"),
) -> Result<
    TableIterator<
        'static,
        (
            name!(ordinal, i32),
            name!(change, String),
            name!(type, String),
            name!(schema, Option<String>),
            name!(name, Option<String>),
            name!(identity, String),
            name!(detail, JsonB),
        ),
    >,
    ErrorReport,
> {
    let _options = parse_options(options)?;
    let (Some(source), Some(target)) = (source, target) else {
        return Ok(TableIterator::empty());
    };
    let (source, target) = (read(source)?, read(target)?);
    let rows: Vec<_> = diff(&source, &target)
        .iter()
        .enumerate()
        .map(|(at, change)| {
            let Change { kind, key, .. } = change;
            let kind = match kind {
                ChangeKind::Create => "create",
                ChangeKind::Drop => "drop",
                ChangeKind::Alter => "alter",
            };
            (
                i32::try_from(at + 1).unwrap_or(i32::MAX),
                kind.to_owned(),
                key.kind.word().to_owned(),
                key.schema().map(|schema| schema.to_string()),
                Some(key.name().to_owned()),
                key.identity(),
                JsonB(change.detail()),
            )
        })
        .collect();
    Ok(TableIterator::new(rows))
}

#[pg_extern(immutable, parallel_safe)]
#[allow(clippy::type_complexity)]
fn pgmeta_plan(
    source: Option<JsonB>,
    target: Option<JsonB>,
    options: default!(Option<JsonB>, "'{}'"),
) -> Result<
    TableIterator<
        'static,
        (
            name!(step, i32),
            name!(transaction, Option<i32>),
            name!(statement, String),
            name!(hazards, Vec<String>),
            name!(lock_level, Option<String>),
            name!(lock_timeout_ms, i32),
            name!(statement_timeout_ms, i32),
            name!(rewrites, Vec<String>),
            name!(reason, Option<String>),
            name!(type, String),
            name!(identity, String),
        ),
    >,
    ErrorReport,
> {
    let options = parse_options(options)?;
    let (Some(source), Some(target)) = (source, target) else {
        return Ok(TableIterator::empty());
    };
    let steps = plan::plan(&read(source)?, &read(target)?, &options);
    Ok(TableIterator::new(steps.into_iter().map(|step| {
        let Step { step, transaction, statement, lock_timeout_ms, statement_timeout_ms } = step;
        (
            step,
            transaction,
            statement.sql,
            statement.hazards.iter().map(|hazard| hazard.word().to_owned()).collect(),
            statement.lock.map(|lock| lock.word().to_owned()),
            lock_timeout_ms,
            statement_timeout_ms,
            statement.rewrites,
            (!statement.reason.is_empty()).then_some(statement.reason),
            statement.key.kind.word().to_owned(),
            statement.key.identity(),
        )
    })))
}

fn read(JsonB(value): JsonB) -> Result<Model, Error> {
    Ok(Model::from_value(value)?)
}

/// Reads options; NULL stands for none.
fn parse_options(options: Option<JsonB>) -> Result<Options, Error> {
    match options {
        Some(JsonB(value)) if !value.is_object() => Err(Error::BadArgument {
            name: "options",
            value: value.to_string(),
            hint: "Pass a JSON object, such as '{\"drops\": false}'.".into(),
        }),
        Some(JsonB(value)) => Options::from_value(value).map_err(Error::Options),
        None => Ok(Options::default()),
    }
}
