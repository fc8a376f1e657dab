//! Templates of definitions.

use pgmeta_definition::Template;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;
use serde_json::Value;

use crate::api::registry_arguments::{given, required};
use crate::encoding::Text;
use crate::error::Error;
use crate::jsonb::{Document, JsonB};
use crate::registry;
use crate::server;

returns_table! {
    /// A template.
    type Row = template_rows!(name!(name, Text), name!(description, Option<Text>), name!(parameters, JsonB));
}

template_rows! {
    #[pg_extern(stable, parallel_unsafe)]
    fn pgmeta_template_list() {
        list()
    }
}

#[pg_extern(stable, parallel_unsafe)]
fn pgmeta_template_get(name: Option<Text>) -> Result<Option<JsonB>, ErrorReport> {
    let Some(name) = name else { return Ok(None) };
    Ok(Some(JsonB(registry::template(&name)?)))
}

#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_template_create(
    name: Option<Text>,
    document: Option<Document>,
    description: default!(Option<Text>, "NULL"),
) -> Result<(), ErrorReport> {
    server::require_writable("pgmeta_template_create")?;
    let (name, document) = (given("name", name.as_deref())?, required("document", document)?);
    Ok(registry::create_template(name, &document, description.as_deref())?)
}

#[pg_extern(stable, parallel_unsafe)]
fn pgmeta_template_apply(
    name: Option<Text>,
    parameters: default!(Option<Document>, "'{}'"),
) -> Result<Option<JsonB>, ErrorReport> {
    let Some(name) = name else { return Ok(None) };
    Ok(Some(JsonB(registry::apply_template(&name, parameters.as_ref())?)))
}

fn list() -> Result<Vec<Row>, Error> {
    let row = |own: registry::NamedTemplate| {
        let parameters: Value = serde_json::to_value(Template::from_value(own.document)?.parameters)?;
        Ok((own.name.into(), own.description.map(Text::from), JsonB(parameters)))
    };
    registry::templates()?.into_iter().map(row).collect()
}
