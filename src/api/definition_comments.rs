//! Remarks on definitions.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::registry_arguments::{given, required};
use crate::encoding::Text;
use crate::registry;
use crate::server;

#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_definition_comment(
    definition: Option<Text>,
    path: Option<Text>,
    text: Option<Text>,
) -> Result<i64, ErrorReport> {
    server::require_writable("pgmeta_definition_comment")?;
    let (definition, text) = (given("definition", definition.as_deref())?, given("text", text.as_deref())?);
    // The empty pointer is the whole document.
    Ok(registry::comment(definition, required("path", path.as_deref())?, text)?)
}

#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_definition_comment_reply(comment: Option<i64>, text: Option<Text>) -> Result<i64, ErrorReport> {
    server::require_writable("pgmeta_definition_comment_reply")?;
    Ok(registry::reply(required("comment", comment)?, given("text", text.as_deref())?)?)
}

#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_definition_comment_resolve(comment: Option<i64>) -> Result<(), ErrorReport> {
    server::require_writable("pgmeta_definition_comment_resolve")?;
    Ok(registry::resolve(required("comment", comment)?)?)
}
