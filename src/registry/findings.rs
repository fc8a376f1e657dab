//! What is wrong with a document, with the server's help: it knows which types exist.

use pgmeta_definition::{Finding, validate};
use serde_json::Value;

use crate::catalog;
use crate::error::Error;

/// Returns the faults of a document.
pub fn findings(document: &Value) -> Result<Vec<Finding>, Error> {
    let mut failure = None;
    let is_unknown = |types: &[String]| {
        catalog::unknown_types(types).unwrap_or_else(|error| {
            failure = Some(error);
            Vec::new()
        })
    };
    let found = validate(document, is_unknown);
    failure.map_or(Ok(found), Err)
}
