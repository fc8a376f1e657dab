//! The document for programs: the discovery document, and how much of the schema has comments.

use pgmeta_core::ddl::File;
use pgmeta_discovery::Document;
use serde::Serialize;

use super::{DocumentError, Source};
use crate::coverage::{Coverage, coverage};

#[derive(Serialize)]
struct Schema<'a> {
    #[serde(flatten)]
    document: &'a Document,
    coverage: Vec<Coverage>,
}

/// Returns the one file.
pub fn files(source: Source<'_>) -> Result<Vec<File>, DocumentError> {
    let schema = Schema { document: source.document, coverage: coverage(source.model) };
    let content = serde_json::to_string_pretty(&schema)? + "\n";
    Ok(vec![File { path: "schema.json".to_owned(), content }])
}
