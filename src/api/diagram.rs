//! Diagrams of schemas.

use pgmeta_core::model::ModelIndex;
use pgmeta_discovery::{Evidence, Options as DiscoveryOptions, SectionName, discover};
use pgmeta_docs::diagram::{DiagramError, Format, Options, diagram};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::discovery_source::live;
use crate::api::options;
use crate::api::schemas::{list, read_schemas};
use crate::encoding::{Text, Texts};
use crate::error::Error;
use crate::jsonb::Document;

#[pg_extern(name = "pgmeta_diagram", stable, parallel_unsafe)]
fn diagram_of_array(
    schemas: default!(Option<Texts>, "NULL"),
    format: default!(Option<Text>, "'mermaid'"),
    options: default!(Option<Document>, "'{}'"),
) -> Result<Text, ErrorReport> {
    Ok(diagram_of(schemas, format, options)?.into())
}

#[pg_extern(name = "pgmeta_diagram", stable, parallel_unsafe)]
fn diagram_of_text(
    schemas: Option<Text>,
    format: default!(Option<Text>, "'mermaid'"),
    options: default!(Option<Document>, "'{}'"),
) -> Result<Text, ErrorReport> {
    Ok(diagram_of(list(schemas), format, options)?.into())
}

fn diagram_of(schemas: Option<Texts>, format: Option<Text>, options: Option<Document>) -> Result<String, Error> {
    let format = Format::from_word(format.as_deref().unwrap_or("mermaid")).map_err(refused)?;
    let options: Options = options::parse(options, r#"{"show": "keys"}"#)?;
    let schemas = read_schemas(schemas)?;
    let document_options = DiscoveryOptions {
        sections: vec![SectionName::Tables, SectionName::Types, SectionName::Relationships],
        strategies: options.strategies.clone(),
        own: options.own,
        ..DiscoveryOptions::default()
    };
    let (found, _) = live(schemas.as_ref(), &document_options)?;
    let document = discover(&ModelIndex::of(&found.model), Evidence::default(), &document_options, &mut |_, _| {});
    diagram(&document, format, &options).map_err(refused)
}

/// Returns the error of an argument.
pub fn refused(error: DiagramError) -> Error {
    let (name, value) = match &error {
        DiagramError::Format(word) => ("format", word.clone()),
        DiagramError::Viewpoint(name, _) => ("viewpoint", name.clone()),
        DiagramError::Pattern(text) => ("pattern", text.clone()),
        DiagramError::Json(_) => ("options", String::new()),
    };
    Error::BadArgument { name, value, hint: error.hint().unwrap_or_default() }
}
