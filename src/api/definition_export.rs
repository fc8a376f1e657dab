//! A definition as files: its document, its statements in each dialect, and diagrams.

use pgmeta_core::model::{Model, ModelIndex};
use pgmeta_dialect::Dialect;
use pgmeta_discovery::{Evidence, Options as DiscoveryOptions, SectionName, discover};
use pgmeta_docs::diagram::{Format, Options, diagram};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::diagram::refused;
use crate::api::dialect;
use crate::api::registry_arguments::given;
use crate::encoding::Text;
use crate::error::Error;
use crate::jsonb::Document;
use crate::registry::{self, Right, find};

/// The formats, in the order of the documentation.
const FORMATS: &str = "pgmeta, snapshot, postgresql, sqlite, mysql, mariadb, mssql, dbml, mermaid, plantuml, dot, d2";

#[pg_extern(stable, parallel_unsafe)]
fn pgmeta_definition_export(
    definition: Option<Text>,
    format: Option<Text>,
) -> Result<TableIterator<'static, (name!(path, Text), name!(content, Text))>, ErrorReport> {
    let (Some(definition), Some(format)) = (definition, format) else { return Ok(TableIterator::empty()) };
    let file = export(given("definition", Some(&definition))?, &format)?;
    Ok(TableIterator::once(file))
}

fn export(definition: &str, format: &str) -> Result<(Text, Text), Error> {
    let entry = find(definition, Right::Read)?;
    let document = registry::document(&entry, None)?;
    let statements = || registry::statements(&entry, None);
    let (ending, content) = match format {
        "pgmeta" => {
            let value: serde_json::Value = serde_json::from_str(document.text())?;
            ("json".to_owned(), serde_json::to_string_pretty(&value)?)
        }
        "snapshot" => ("snapshot.json".to_owned(), Document::of(&statements()?.model)?.text().to_owned()),
        "postgresql" | "sql" => ("sql".to_owned(), statements()?.script()?),
        word => match (Dialect::from_word(word), Format::from_word(word)) {
            (Ok(_), _) => (format!("{word}.sql"), dialect::sql(&statements()?.model, word, None)?.into_string()),
            (_, Ok(format)) => (word.to_owned(), picture(&statements()?.model, format)?),
            _ => {
                let hint = format!("The formats are: {FORMATS}.");
                return Err(Error::BadArgument { name: "format", value: format.to_owned(), hint });
            }
        },
    };
    Ok((format!("{}.{ending}", entry.name.replace('/', "_")).into(), content.into()))
}

/// Draws a model that no server has.
fn picture(model: &Model, format: Format) -> Result<String, Error> {
    let options = DiscoveryOptions {
        sections: vec![SectionName::Tables, SectionName::Types, SectionName::Relationships],
        ..DiscoveryOptions::default()
    };
    let document = discover(&ModelIndex::of(model), Evidence::default(), &options, &mut |_, _| {});
    diagram(&document, format, &Options::default()).map_err(refused)
}
