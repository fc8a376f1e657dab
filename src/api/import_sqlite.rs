//! `pgmeta_import_sqlite`: the schema of an SQLite database, in bytes or in a file of the server, as a definition with a report.

use pgmeta_definition::{SqliteOptions, from_sqlite};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;
use serde_json::json;

use crate::api::options;
use crate::encoding::Text;
use crate::error::Error;
use crate::jsonb::{Document, JsonB};
use crate::sqlite::Source;

#[pg_extern(name = "pgmeta_import_sqlite", immutable, parallel_safe)]
fn import_sqlite_of_bytes(
    database: Option<&[u8]>,
    options: default!(Option<Document>, "'{}'"),
) -> Result<Option<JsonB>, ErrorReport> {
    let Some(database) = database else { return Ok(None) };
    Ok(Some(import(&Source::Bytes(database), options)?))
}

#[pg_extern(name = "pgmeta_import_sqlite", volatile, parallel_unsafe)]
fn import_sqlite_of_file(
    path: Option<Text>,
    options: default!(Option<Document>, "'{}'"),
) -> Result<Option<JsonB>, ErrorReport> {
    let Some(path) = path else { return Ok(None) };
    Ok(Some(import(&Source::of_argument(&path)?, options)?))
}

fn import(source: &Source<'_>, options: Option<Document>) -> Result<JsonB, Error> {
    let options: SqliteOptions = options::parse(options, r#"{"rowid": "id"}"#)?;
    let imported = from_sqlite(&source.schema(&options)?, &options);
    Ok(JsonB(json!({"definition": imported.definition, "report": imported.report})))
}
