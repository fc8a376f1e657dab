//! The differences between two snapshots, or between two schemas of this database.

use pgmeta_core::diff::rename_schema;
use pgmeta_core::plan::{Options, differences};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::options;
use crate::api::rows::{DiffRow, diff_row};
use crate::api::sides::{LIVE, Side, Sides};
use crate::catalog;
use crate::encoding::Text;
use crate::error::Error;
use crate::jsonb::{Document, JsonB, SnapshotArgument};
use crate::snapshot_store;

diff_rows! {
    #[pg_extern(stable, parallel_unsafe)]
    fn pgmeta_diff(source: Option<SnapshotArgument>, target: Option<SnapshotArgument>, options: default!(Option<Document>, "'{}'")) {
        snapshots(source, target, options)
    }
}

diff_rows! {
    #[pg_extern(name = "pgmeta_diff", stable, parallel_unsafe)]
    fn diff_of_names(source: Option<Text>, target: Option<Text>, options: default!(Option<Document>, "'{}'")) {
        names(source, target, options)
    }
}

fn snapshots(
    source: Option<SnapshotArgument>,
    target: Option<SnapshotArgument>,
    options: Option<Document>,
) -> Result<Vec<DiffRow>, Error> {
    let options = options::of_plan(options)?;
    let (Some(source), Some(target)) = (source, target) else { return Ok(Vec::new()) };
    Ok(rows(&Sides::read(Side::of(source)?, Side::of(target)?, &options)?, &options))
}

/// Returns the differences between the sides.
pub fn rows(sides: &Sides, options: &Options) -> Vec<DiffRow> {
    let Sides { source, target, renames } = sides;
    differences(renames, source, target, options).into_iter().enumerate().map(diff_row).collect()
}

/// The meaning of a text argument.
enum Named {
    Schema(String),
    Side(Side),
}

/// Compares what two texts name: two schemas, or two snapshots.
fn names(source: Option<Text>, target: Option<Text>, options: Option<Document>) -> Result<Vec<DiffRow>, Error> {
    let options = options::of_plan(options)?;
    let (Some(source), Some(target)) = (source, target) else { return Ok(Vec::new()) };
    let (source, target) = (source.into_string(), target.into_string());
    let missing = catalog::missing_schemas(&[&source, &target])?;
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
            // The arguments name the schemas, so the option `schemas` does not apply.
            schemas(&old, &new, &Options { schemas: None, ..options })
        }
        (Some(Named::Side(old)), Some(Named::Side(new))) => Ok(rows(&Sides::read(old, new, &options)?, &options)),
        (Some(_), Some(_)) => Err(Error::UnlikeSides { source_name: source, target_name: target }),
        _ => Err(Error::UnknownSides(unknown)),
    }
}

/// Returns the meaning of a text, if it has one.
fn named(text: &str, is_schema: bool) -> Result<Option<Named>, Error> {
    if let Some(name) = text.strip_prefix(SCHEMA) {
        return Ok(Some(Named::Schema(name.to_owned())));
    }
    let given = SnapshotArgument::of_text(text.to_owned());
    let certain = text == LIVE || text.starts_with("snapshot:") || matches!(given, SnapshotArgument::Document(_));
    if certain {
        return Ok(Some(Named::Side(Side::of(given)?)));
    }
    match (is_schema, snapshot_store::is_saved(text)?) {
        (true, true) => Err(Error::Ambiguous {
            what: format!("name \"{text}\""),
            hint: format!("A schema and a saved snapshot have this name. Write 'schema:{text}' or 'snapshot:{text}'."),
        }),
        (true, false) => Ok(Some(Named::Schema(text.to_owned()))),
        (false, true) => Ok(Some(Named::Side(Side::of(given)?))),
        (false, false) => Ok(None),
    }
}

/// The prefix that marks the name of a schema, if it could also name a snapshot.
const SCHEMA: &str = "schema:";

/// Compares two schemas as if the target had the source's name.
fn schemas(source: &str, target: &str, options: &Options) -> Result<Vec<DiffRow>, Error> {
    catalog::require_schemas(&[source, target])?;
    let old = catalog::schema(source, options)?;
    let new = rename_schema(&catalog::schema(target, options)?, target, source)?;
    Ok(rows(&Sides::renamed(old, new, options)?, options))
}
