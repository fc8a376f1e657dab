//! `pgmeta_definition_import`: definitions that other tools write, snapshots and SQL scripts, with a report.

use pgmeta_core::model::Model;
use pgmeta_definition::{Definition, Missing, Remark, from_builder, from_dbml, from_json_schema, from_model};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;
use serde_json::{Value, json};

use crate::api::definition_options::no_options;
use crate::encoding::Text;
use crate::error::Error;
use crate::jsonb::{Document, JsonB};
use crate::scratch;

/// The formats, in the order of the documentation.
const FORMATS: [&str; 6] = ["pgmeta", "builder", "dbml", "json_schema", "snapshot", "sql"];

#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_definition_import(
    format: Option<Text>,
    content: Option<Text>,
    options: default!(Option<Document>, "'{}'"),
) -> Result<Option<JsonB>, ErrorReport> {
    let (Some(format), Some(content)) = (format, content) else { return Ok(None) };
    no_options(options)?;
    Ok(Some(JsonB(import(&format, &content)?)))
}

fn import(format: &str, content: &str) -> Result<Value, Error> {
    let (definition, report) = match format {
        "pgmeta" => (Definition::from_value(document(content)?)?, Vec::new()),
        "builder" => {
            let imported = from_builder(&document(content)?)?;
            (imported.definition, imported.report)
        }
        "dbml" => {
            let imported = from_dbml(content)?;
            (imported.definition, imported.report)
        }
        "json_schema" => {
            let imported = from_json_schema(&document(content)?)?;
            (imported.definition, imported.report)
        }
        "snapshot" => of_model(&Model::from_json(content)?),
        "sql" => of_model(&scratch::model_of(content)?),
        // A database is bytes, not text.
        "sqlite" => {
            let hint =
                "Call pgmeta_import_sqlite with the bytes of the database, or with the path of its file.".to_owned();
            return Err(Error::BadArgument { name: "format", value: format.to_owned(), hint });
        }
        _ => {
            let hint = format!("The formats are: {}.", FORMATS.join(", "));
            return Err(Error::BadArgument { name: "format", value: format.to_owned(), hint });
        }
    };
    Ok(json!({"definition": definition, "report": report}))
}

fn document(content: &str) -> Result<Value, Error> {
    Ok(serde_json::from_str(content).map_err(pgmeta_definition::DefinitionError::from)?)
}

fn of_model(model: &Model) -> (Definition, Vec<Remark>) {
    let (definition, missing) = from_model(model, None);
    (definition, missing.iter().map(Missing::remark).collect())
}
