//! Other sides for a diff: what two texts name, be it schemas of this database or saved snapshots, and a snapshot beside what is live.

use pgmeta_core::catalog_rows::Wanted;
use pgmeta_core::diff::{rename, rename_schema};
use pgmeta_core::model::Model;
use pgmeta_core::plan::Options;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::live::live;
use crate::api::plan::{Row, Sides, parse_options, read, restrict, rows};
use crate::api::side::{self, LIVE, Side};
use crate::catalog::{self, Scope};
use crate::document::{Document, Given, JsonB};
use crate::encoding::Text;
use crate::error::Error;
use crate::store;

#[pg_extern(name = "pgmeta_diff", stable, parallel_unsafe)]
#[expect(clippy::type_complexity, reason = "pgrx must see the columns of RETURNS TABLE")]
fn diff_of_names(
    source: Option<Text>,
    target: Option<Text>,
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
    let (Some(source), Some(target)) = (source, target) else {
        parse_options(options)?;
        return Ok(TableIterator::empty());
    };
    let options = parse_options(options)?;
    Ok(TableIterator::new(compare(source.into_string(), target.into_string(), options)?))
}

/// What a text names.
enum Named {
    Schema(String),
    Side(Side),
}

/// Compares what two texts name: schemas, or snapshots.
fn compare(source: String, target: String, options: Options) -> Result<Vec<Row>, Error> {
    let missing = missing_schemas(&[&source, &target])?;
    let mut unknown = Vec::new();
    let mut find = |text: &str| -> Result<Option<Named>, Error> {
        let found = named(text, !missing.iter().any(|name| name == text))?;
        if found.is_none() {
            unknown.push(format!("\"{text}\""));
        }
        Ok(found)
    };
    let (old, new) = (find(&source)?, find(&target)?);
    match (old, new) {
        (Some(Named::Schema(old)), Some(Named::Schema(new))) => {
            // The schemas are the arguments here.
            schemas(&old, &new, &Options { schemas: None, ..options })
        }
        (Some(Named::Side(old)), Some(Named::Side(new))) => {
            let Sides { source, target, renames } = Sides::of(old, new, &options)?;
            Ok(rows(&renames, &source, &target, &options))
        }
        (Some(_), Some(_)) => Err(Error::UnlikeSides { source_name: source, target_name: target }),
        _ => Err(Error::UnknownSides(unknown)),
    }
}

/// Finds what a text names, if anything.
fn named(text: &str, is_schema: bool) -> Result<Option<Named>, Error> {
    if let Some(name) = text.strip_prefix(SCHEMA) {
        return Ok(Some(Named::Schema(name.to_owned())));
    }
    let given = Given::of_text(text.to_owned());
    let certain = text == LIVE || text.starts_with("snapshot:") || matches!(given, Given::Document(_));
    if certain {
        return Ok(Some(Named::Side(Side::of(given)?)));
    }
    match (is_schema, store::is_saved(text)?) {
        (true, true) => Err(Error::Ambiguous {
            what: format!("name \"{text}\""),
            hint: format!("A schema and a saved snapshot have this name. Write 'schema:{text}' or 'snapshot:{text}'."),
        }),
        (true, false) => Ok(Some(Named::Schema(text.to_owned()))),
        (false, true) => Ok(Some(Named::Side(Side::of(given)?))),
        (false, false) => Ok(None),
    }
}

/// Before the name of a schema that could be something else's.
const SCHEMA: &str = "schema:";

/// Compares two schemas as if the target had the source's name.
fn schemas(source: &str, target: &str, options: &Options) -> Result<Vec<Row>, Error> {
    require_schemas(&[source, target])?;
    let mut old = schema(source, options)?;
    let new = rename_schema(&schema(target, options)?, target, source)?;
    let renames = rename(&mut old, &new, &options.renames)?;
    Ok(rows(&renames, &old, &new, options))
}

#[pg_extern(stable, parallel_unsafe)]
#[expect(clippy::type_complexity, reason = "pgrx must see the columns of RETURNS TABLE")]
fn pgmeta_drift(
    snapshot: Option<Given>,
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
    let Some(given) = snapshot else { return Ok(TableIterator::empty()) };
    let mut saved = read(&side::snapshot("snapshot", given)?, &options)?;
    let live = live(&saved, &options)?;
    let renames = rename(&mut saved, &live, &options.renames).map_err(Error::from)?;
    Ok(TableIterator::new(rows(&renames, &saved, &live, &options)))
}

/// Raises what is missing.
fn require_schemas(names: &[&str]) -> Result<(), Error> {
    let schemas = Some(names.iter().map(|&name| name.to_owned()).collect());
    // Nothing is wanted, so that only the names are looked up.
    catalog::read(&Scope { schemas, ..Scope::default() }).map(|_| ())
}

/// Returns those of the names that no schema has.
fn missing_schemas(names: &[&str]) -> Result<Vec<String>, Error> {
    match require_schemas(names) {
        Ok(()) => Ok(Vec::new()),
        Err(Error::MissingSchemas { names, .. }) => Ok(names),
        Err(other) => Err(other),
    }
}

fn schema(name: &str, options: &Options) -> Result<Model, Error> {
    let wanted = Wanted { in_schemas: true, relations: true, global: false, cluster: false, dependencies: true };
    let scope = Scope { schemas: Some(vec![name.to_owned()]), wanted, ..Scope::default() };
    let mut model = catalog::read(&scope)?.model;
    model.mask_secrets();
    restrict(&mut model, options)?;
    Ok(model)
}
