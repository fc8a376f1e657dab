//! Definitions by themselves: their JSON Schema, reading a schema as one, checking one, and what it comes to.

use pgmeta_core::ddl;
use pgmeta_core::diff::rename_schema;
use pgmeta_core::ident::ident;
use pgmeta_definition::{Definition, Target, complexity, from_model, to_model, validate};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;
use serde_json::Value;

use crate::api::args::Args;
use crate::api::definition_options::{FromOptions, Printed, no_options, parse, printed};
use crate::api::print::items;
use crate::api::schemas::list;
use crate::catalog;
use crate::encoding::{Text, Texts};
use crate::error::Error;
use crate::jsonb::{Document, JsonB};
use crate::message::warn;
use crate::rights::user_name;
use crate::server;
use crate::spi::Connection;

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

#[pg_extern(stable, parallel_unsafe)]
fn pgmeta_definition_sql(
    document: Option<Document>,
    dialect: default!(Option<Text>, "'postgresql'"),
    options: default!(Option<Document>, "'{}'"),
) -> Result<Option<Text>, ErrorReport> {
    let print = |document: Document| script(&printed(&document, dialect, options)?);
    Ok(document.map(print).transpose()?.map(Text::from))
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

/// Returns the statements that create a definition's objects in an empty schema.
fn script(Printed { definition, renamed_from }: &Printed) -> Result<String, Error> {
    let owner = user_name(&Connection::open()?)?.as_str().into();
    let mut model = to_model(definition, &Target { owner, server_version_num: server::version_num() });
    if let Some(from) = renamed_from {
        model = rename_schema(&model, from, &definition.own_schema())?;
    }
    let options = ddl::Options { owner: false, ..ddl::Options::default() };
    // Names in the definition's texts may have no schema, and functions may be used before they are created.
    let schema = ident(&definition.own_schema());
    let path = if schema == "public" { schema } else { format!("{schema}, public") };
    let mut text = format!("SET search_path = {path};\nSET check_function_bodies = false;\n");
    for item in items(&model, &options)? {
        text.push('\n');
        text.push_str(&item.ddl);
    }
    Ok(text)
}

fn findings(document: &Document, options: Option<Document>) -> Result<Vec<Row>, Error> {
    no_options(options)?;
    let value: Value = serde_json::from_str(document.text())?;
    let mut failure = None;
    let is_unknown = |types: &[String]| {
        catalog::unknown_types(types).unwrap_or_else(|error| {
            failure = Some(error);
            Vec::new()
        })
    };
    let found = validate(&value, is_unknown);
    if let Some(error) = failure {
        return Err(error);
    }
    let row = |own: pgmeta_definition::Finding| {
        (own.path.into(), own.code.into(), own.level.word().into(), own.message.into(), own.hint.into())
    };
    Ok(found.into_iter().map(row).collect())
}
