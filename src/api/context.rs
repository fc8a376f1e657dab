//! A compact description of schemas for the prompt of a language model.

use std::time::Instant;

use pgmeta_core::model::ModelIndex;
use pgmeta_discovery::{LEAST_CHARS, context};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::discovery_source::{live, parse_options};
use crate::api::schemas::{list, read_schemas};
use crate::discovery;
use crate::encoding::{Text, Texts};
use crate::error::Error;
use crate::jsonb::Document;

/// The section of the counters for these descriptions.
const CONTEXT: &str = "context";

/// The maximum length if the caller passes NULL.
const MAX_CHARS: i32 = 20_000;

#[pg_extern(name = "pgmeta_context", stable, parallel_unsafe)]
fn context_of_array(
    schemas: default!(Option<Texts>, "NULL"),
    max_chars: default!(Option<i32>, 20_000),
    options: default!(Option<Document>, "'{}'"),
) -> Result<Text, ErrorReport> {
    Ok(account(schemas, max_chars, options)?.into())
}

#[pg_extern(name = "pgmeta_context", stable, parallel_unsafe)]
fn context_of_text(
    schemas: Option<Text>,
    max_chars: default!(Option<i32>, 20_000),
    options: default!(Option<Document>, "'{}'"),
) -> Result<Text, ErrorReport> {
    Ok(account(list(schemas), max_chars, options)?.into())
}

fn account(schemas: Option<Texts>, max_chars: Option<i32>, options: Option<Document>) -> Result<String, Error> {
    let options = parse_options(options)?;
    let given = max_chars.unwrap_or(MAX_CHARS);
    let max_chars = usize::try_from(given).ok().filter(|&chars| chars >= LEAST_CHARS);
    let max_chars = max_chars.ok_or_else(|| Error::BadArgument {
        name: "max_chars",
        value: given.to_string(),
        hint: format!("Pass {LEAST_CHARS} or more."),
    })?;
    let schemas = read_schemas(schemas)?;
    let (found, cached) = live(schemas.as_ref(), &options)?;
    let began = Instant::now();
    let text = context(&ModelIndex::of(&found.model), max_chars, &options.strategies);
    discovery::count(CONTEXT, 1, began.elapsed(), cached);
    Ok(text)
}
