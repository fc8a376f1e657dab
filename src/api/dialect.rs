//! Schemas in other SQL dialects: the statements, and what does not come along.

use pgmeta_core::model::Model;
use pgmeta_dialect::{Dialect, Loss, Options, Output, convert};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::args::Args;
use crate::api::options;
use crate::api::print::require_fit;
use crate::api::rows::LossRow;
use crate::api::schemas::list;
use crate::api::sides::is_snapshot;
use crate::encoding::{Text, Texts};
use crate::error::Error;
use crate::jsonb::Document;

#[pg_extern(name = "pgmeta_dialect_sql", stable, parallel_unsafe)]
fn dialect_sql_of_array(
    schemas: Option<Texts>,
    dialect: Option<Text>,
    options: default!(Option<Document>, "'{}'"),
) -> Result<Option<Text>, ErrorReport> {
    Ok(dialect.map(|dialect| sql(&live(schemas)?, &dialect, options)).transpose()?)
}

/// The form with a text: the names of schemas. A JSON object is a snapshot, as in all functions.
#[pg_extern(name = "pgmeta_dialect_sql", stable, parallel_unsafe)]
fn dialect_sql_of_text(
    schemas: Option<Text>,
    dialect: Option<Text>,
    options: default!(Option<Document>, "'{}'"),
) -> Result<Option<Text>, ErrorReport> {
    Ok(dialect.map(|dialect| sql(&named(schemas)?, &dialect, options)).transpose()?)
}

#[pg_extern(name = "pgmeta_dialect_sql", immutable, parallel_safe)]
fn dialect_sql_of_snapshot(
    snapshot: Option<Document>,
    dialect: Option<Text>,
    options: default!(Option<Document>, "'{}'"),
) -> Result<Option<Text>, ErrorReport> {
    let given = snapshot.zip(dialect);
    Ok(given.map(|(snapshot, dialect)| sql(&snapshot.model()?, &dialect, options)).transpose()?)
}

dialect_losses_rows! {
    #[pg_extern(name = "pgmeta_dialect_losses", stable, parallel_unsafe)]
    fn dialect_losses_of_array(
        schemas: Option<Texts>,
        dialect: Option<Text>,
        options: default!(Option<Document>, "'{}'"),
    ) {
        dialect.map_or(Ok(Vec::new()), |dialect| losses(&live(schemas)?, &dialect, options))
    }
}

dialect_losses_rows! {
    #[pg_extern(name = "pgmeta_dialect_losses", stable, parallel_unsafe)]
    fn dialect_losses_of_text(
        schemas: Option<Text>,
        dialect: Option<Text>,
        options: default!(Option<Document>, "'{}'"),
    ) {
        dialect.map_or(Ok(Vec::new()), |dialect| losses(&named(schemas)?, &dialect, options))
    }
}

dialect_losses_rows! {
    #[pg_extern(name = "pgmeta_dialect_losses", immutable, parallel_safe)]
    fn dialect_losses_of_snapshot(
        snapshot: Option<Document>,
        dialect: Option<Text>,
        options: default!(Option<Document>, "'{}'"),
    ) {
        let given = snapshot.zip(dialect);
        given.map_or(Ok(Vec::new()), |(snapshot, dialect)| losses(&snapshot.model()?, &dialect, options))
    }
}

fn live(schemas: Option<Texts>) -> Result<Model, Error> {
    Ok(Args::new(schemas, None, None, None, None)?.read()?.model)
}

fn named(schemas: Option<Text>) -> Result<Model, Error> {
    match schemas {
        Some(text) if is_snapshot(&text) => Document::from_text(text.into_string()).model(),
        schemas => live(list(schemas)),
    }
}

/// Converts a model to the dialect with a name.
fn converted(model: &Model, dialect: &str, options: Option<Document>) -> Result<Output, Error> {
    let options = Options::from_value(&options::read(options, r#"{"prefix": true}"#)?)?;
    Ok(convert(model, Dialect::from_word(dialect)?, &options))
}

/// Prints a model in a dialect.
pub fn sql(model: &Model, dialect: &str, options: Option<Document>) -> Result<Text, Error> {
    let output = converted(model, dialect, options)?;
    require_fit("script", output.sql.len())?;
    Ok(output.sql.into())
}

/// Lists what of a model does not come along.
pub fn losses(model: &Model, dialect: &str, options: Option<Document>) -> Result<Vec<LossRow>, Error> {
    let row = |own: Loss| (own.path.into(), own.feature.into(), own.action.word().into(), own.detail.into());
    Ok(converted(model, dialect, options)?.losses.into_iter().map(row).collect())
}
