//! The discovery document of live schemas or of a snapshot, and the counters of discovery.

use std::time::Instant;

use pgmeta_core::model::{Model, ModelIndex};
use pgmeta_discovery::{Evidence, Options, SectionName, discover};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::discovery_source::{evidence, live, parse_options, statistics};
use crate::api::schemas::{list, read_schemas, remove_own};
use crate::api::sides::{self, is_snapshot};
use crate::catalog;
use crate::discovery;
use crate::encoding::{Text, Texts};
use crate::error::Error;
use crate::jsonb::{Document, JsonB, SnapshotArgument};
use crate::message::warn;

#[pg_extern(name = "pgmeta_discover", stable, parallel_unsafe)]
fn discover_of_array(
    schemas: default!(Option<Texts>, "NULL"),
    options: default!(Option<Document>, "'{}'"),
) -> Result<Document, ErrorReport> {
    Ok(discover_live(schemas, options)?)
}

/// The form with a text: the names of schemas. A JSON object is a snapshot, as in all functions.
#[pg_extern(name = "pgmeta_discover", stable, parallel_unsafe)]
fn discover_of_text(
    schemas: Option<Text>,
    options: default!(Option<Document>, "'{}'"),
) -> Result<Document, ErrorReport> {
    match schemas {
        Some(text) if is_snapshot(&text) => {
            Ok(discover_snapshot(SnapshotArgument::of_text(text.into_string()), options)?)
        }
        schemas => Ok(discover_live(list(schemas), options)?),
    }
}

#[pg_extern(stable, parallel_unsafe)]
fn pgmeta_discover(
    snapshot: Option<SnapshotArgument>,
    options: default!(Option<Document>, "'{}'"),
) -> Result<Option<Document>, ErrorReport> {
    Ok(snapshot.map(|snapshot| discover_snapshot(snapshot, options)).transpose()?)
}

#[pg_extern(immutable, parallel_safe)]
fn pgmeta_discover_schema() -> JsonB {
    JsonB(pgmeta_discovery::Document::json_schema())
}

#[pg_extern(volatile, parallel_restricted)]
fn pgmeta_discovery_stats() -> TableIterator<
    'static,
    (
        name!(section, Text),
        name!(calls, i64),
        name!(rows, i64),
        name!(total_ms, f64),
        name!(max_ms, f64),
        name!(cached, i64),
    ),
> {
    TableIterator::new(discovery::counts().into_iter().map(|(section, own)| {
        let (total, longest) = (own.total.as_secs_f64() * 1000.0, own.longest.as_secs_f64() * 1000.0);
        (section.into(), own.calls, own.rows, total, longest, own.cached)
    }))
}

fn discover_live(schemas: Option<Texts>, options: Option<Document>) -> Result<Document, Error> {
    let options = parse_options(options)?;
    let schemas = read_schemas(schemas)?;
    let (found, cached) = live(schemas.as_ref(), &options)?;
    let statistics = statistics(schemas.as_deref(), &options)?;
    if let Err(error) = &statistics {
        warn(&format!("could not read the statistics: {error}"));
    }
    let evidence = evidence(&found, &statistics, &options)?;
    written(&found.model, evidence, &options, cached)
}

fn discover_snapshot(snapshot: SnapshotArgument, options: Option<Document>) -> Result<Document, Error> {
    let options = parse_options(options)?;
    let began = Instant::now();
    let mut model = sides::snapshot("snapshot", snapshot)?.model()?;
    remove_own(&mut model, None, options.own);
    catalog::filter(&mut model, None, None, &options.exclude)?;
    discovery::count("snapshot", model.len(), began.elapsed(), false);
    written(&model, Evidence::default(), &options, false)
}

fn written(model: &Model, evidence: Evidence<'_>, options: &Options, cached: bool) -> Result<Document, Error> {
    let mut began = Instant::now();
    let mut made = |section: SectionName, rows: usize| {
        // The statistics of the server are always read again.
        let cached = cached && section != SectionName::Statistics;
        discovery::count(section.word(), rows, began.elapsed(), cached);
        began = Instant::now();
    };
    let document = discover(&ModelIndex::of(model), evidence, options, &mut made);
    Ok(Document::from_text(serde_json::to_string(&document)?))
}
