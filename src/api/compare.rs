//! Other sides for a diff: two schemas of this database, and a saved snapshot beside what is live.

use pgmeta_core::diff::{rename, renamed_schema};
use pgmeta_core::model::Model;
use pgmeta_core::plan::Options;
use pgmeta_core::rows::Wanted;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::live::live;
use crate::api::plan::{parse_options, restrict, rows};
use crate::catalog::{self, Scope, saved_snapshot};
use crate::document::{Document, JsonB};
use crate::encoding::Text;
use crate::error::Error;

#[pg_extern(name = "pgmeta_diff", stable, parallel_unsafe)]
#[expect(clippy::type_complexity, reason = "pgrx must see the columns of RETURNS TABLE")]
fn diff_of_schemas(
    source_schema: Option<Text>,
    target_schema: Option<Text>,
    options: default!(Option<Document>, "'{}'"),
) -> Result<
    TableIterator<
        'static,
        (
            name!(ordinal, i32),
            name!(change, Text),
            name!(type, Text),
            name!(schema, Option<Text>),
            name!(name, Option<Text>),
            name!(identity, Text),
            name!(detail, JsonB),
        ),
    >,
    ErrorReport,
> {
    // The schemas are the arguments here.
    let options = Options { schemas: None, ..parse_options(options)? };
    let (Some(source), Some(target)) = (source_schema, target_schema) else {
        return Ok(TableIterator::empty());
    };
    check_schemas(&[&source, &target])?;
    let mut old = schema(&source, &options)?;
    let new = renamed_schema(&schema(&target, &options)?, &target, &source).map_err(Error::from)?;
    let renames = rename(&mut old, &new, &options.renames).map_err(Error::from)?;
    Ok(TableIterator::new(rows(&renames, &old, &new, &options)))
}

#[pg_extern(stable, parallel_unsafe)]
#[expect(clippy::type_complexity, reason = "pgrx must see the columns of RETURNS TABLE")]
fn pgmeta_drift(
    name: Option<Text>,
    options: default!(Option<Document>, "'{}'"),
) -> Result<
    TableIterator<
        'static,
        (
            name!(ordinal, i32),
            name!(change, Text),
            name!(type, Text),
            name!(schema, Option<Text>),
            name!(name, Option<Text>),
            name!(identity, Text),
            name!(detail, JsonB),
        ),
    >,
    ErrorReport,
> {
    let options = parse_options(options)?;
    let Some(name) = name else { return Ok(TableIterator::empty()) };
    let mut saved = saved_snapshot(&name)?;
    restrict(&mut saved, &options)?;
    let live = live(&saved, &options)?;
    let renames = rename(&mut saved, &live, &options.renames).map_err(Error::from)?;
    Ok(TableIterator::new(rows(&renames, &saved, &live, &options)))
}

/// Names all schemas that are missing at once.
fn check_schemas(names: &[&str]) -> Result<(), Error> {
    let schemas = Some(names.iter().map(|&name| name.to_owned()).collect());
    // Nothing is wanted, so that only the names are looked up.
    catalog::read(&Scope { schemas, ..Scope::default() }).map(drop)
}

fn schema(name: &str, options: &Options) -> Result<Model, Error> {
    let wanted = Wanted { in_schemas: true, relations: true, global: false, cluster: false, dependencies: true };
    let scope = Scope { schemas: Some(vec![name.to_owned()]), wanted, ..Scope::default() };
    let mut model = catalog::read(&scope)?.model;
    model.mask_secrets();
    restrict(&mut model, options)?;
    Ok(model)
}
