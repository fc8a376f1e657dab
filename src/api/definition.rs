//! Definitions by themselves: their JSON Schema, reading a schema as one, checking one, and what it comes to.

use pgmeta_definition::{Definition, complexity, from_model};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;
use serde_json::Value;

use crate::api::args::Args;
use crate::api::definition_findings;
use crate::api::definition_options::{FromOptions, ValidateOptions, parse};
use crate::api::schemas::list;
use crate::encoding::{Text, Texts};
use crate::error::Error;
use crate::jsonb::{Document, JsonB};
use crate::message::warn;

returns_table! {
    /// Something that is wrong or doubtful in a definition.
    type Row = definition_findings_rows!(
        name!(path, Text),
        name!(code, Text),
        name!(level, Text),
        name!(message, Text),
        name!(hint, Text),
    );
}

#[pg_extern(immutable, parallel_safe)]
fn pgmeta_definition_schema() -> JsonB {
    JsonB(Definition::json_schema())
}

#[pg_extern(name = "pgmeta_definition_from", stable, parallel_unsafe)]
fn definition_of_array(
    schemas: default!(Option<Texts>, "NULL"),
    options: default!(Option<Document>, "'{}'"),
) -> Result<JsonB, ErrorReport> {
    Ok(JsonB(definition_of(schemas, options)?))
}

#[pg_extern(name = "pgmeta_definition_from", stable, parallel_unsafe)]
fn definition_of_text(
    schemas: Option<Text>,
    options: default!(Option<Document>, "'{}'"),
) -> Result<JsonB, ErrorReport> {
    Ok(JsonB(definition_of(list(schemas), options)?))
}

definition_findings_rows! {
    #[pg_extern(stable, parallel_unsafe)]
    fn pgmeta_definition_validate(document: Option<Document>, options: default!(Option<Document>, "'{}'")) {
        document.map_or(Ok(Vec::new()), |document| findings(&document, options))
    }
}

#[pg_extern(immutable, parallel_safe)]
fn pgmeta_definition_complexity(document: Option<Document>) -> Result<Option<JsonB>, ErrorReport> {
    let measure = |document: Document| Ok::<_, Error>(JsonB(complexity(&parse(&document)?)));
    Ok(document.map(measure).transpose()?)
}

/// Reads schemas as a definition. What a definition cannot say is a warning.
fn definition_of(schemas: Option<Texts>, options: Option<Document>) -> Result<Value, Error> {
    let options = FromOptions::read(options)?;
    let model = Args::new(schemas, None, None, None, None)?.read()?.model;
    let (definition, missing) = from_model(&model, options.schema.as_deref());
    for own in missing.iter().filter(|_| options.warn) {
        warn(&format!("a definition has {}", own.lack()));
    }
    Ok(serde_json::to_value(&definition)?)
}

fn findings(document: &Document, options: Option<Document>) -> Result<Vec<Row>, Error> {
    let found = definition_findings::all(document, &ValidateOptions::read(options)?)?;
    let row = |own: pgmeta_definition::Finding| {
        (own.path.into(), own.code.into(), own.level.word().into(), own.message.into(), own.hint.into())
    };
    Ok(found.into_iter().map(row).collect())
}
