//! Reads the model for discovery, and caches it in the session until the catalogs change.

use std::cell::OnceCell;
use std::rc::Rc;
use std::time::Instant;

use pgmeta_core::catalog_rows::Wanted;
use pgmeta_discovery::view_tree::{Traced, trace};
use pgmeta_discovery::{Evidence, ObjectError, OnError, Options, SectionName, Statistics};

use crate::api::options;
use crate::api::schemas::remove_own;
use crate::catalog::{self, Failure, Scope};
use crate::discovery::{self, CachedModel, Key};
use crate::encoding::shown;
use crate::error::Error;
use crate::jsonb::Document;
use crate::message::warn;
use crate::spi::attempt;

/// The section of the counters for reading the catalogs.
const CATALOG: &str = "catalog";

/// Reads the options of discovery.
pub fn parse_options(options: Option<Document>) -> Result<Options, Error> {
    options::parse(options, r#"{"sections": ["tables"]}"#)
}

/// Reads a live schema, or returns the cached one if the catalogs have not changed.
pub fn live(schemas: Option<&Vec<String>>, options: &Options) -> Result<(Rc<CachedModel>, bool), Error> {
    let began = Instant::now();
    let key = Key {
        content: catalog::content()?,
        schemas: schemas.cloned(),
        exclude: options.exclude.clone(),
        own: options.own,
        tolerant: options.on_error == OnError::Warn,
    };
    let (found, cached) = discovery::read(key, read)?;
    for own in &found.errors {
        warn(&format!("could not read {} {}: {}", own.kind, own.identity, own.error));
    }
    discovery::count(CATALOG, found.model.len(), began.elapsed(), cached);
    Ok((found, cached))
}

fn read(key: &Key) -> Result<CachedModel, Error> {
    let wanted = Wanted { in_schemas: true, relations: true, ..Wanted::default() };
    let scope = Scope { schemas: key.schemas.clone(), wanted, tolerant: key.tolerant, ..Scope::default() };
    let mut outcome = catalog::read(&scope)?;
    remove_own(&mut outcome.model, key.schemas.as_deref(), key.own);
    catalog::filter(&mut outcome.model, None, None, &key.exclude)?;
    Ok(CachedModel {
        errors: outcome.failures.iter().map(failed).collect(),
        view_oids: catalog::view_oids(&outcome),
        model: outcome.model,
        views: OnceCell::new(),
    })
}

/// Returns the traced columns of views, or the error of reading them. They are read when a call first needs them.
fn traced<'r>(found: &'r CachedModel, options: &Options) -> Result<&'r Result<Traced, String>, Error> {
    let views = match found.views.get() {
        Some(views) => views,
        None => {
            let trees = read_part(options.on_error, || catalog::view_relations(&found.view_oids))?;
            found.views.get_or_init(|| trees.map(|relations| trace(&relations)))
        }
    };
    if let Err(error) = views {
        warn(&format!("could not read the parse trees of views: {error}"));
    }
    Ok(views)
}

/// Reads a part of the document. If the call may warn, an error is returned as text.
fn read_part<T>(on_error: OnError, read: impl FnOnce() -> Result<T, Error>) -> Result<Result<T, String>, Error> {
    match on_error {
        OnError::Fail => read().map(Ok),
        OnError::Warn => Ok(attempt(read).map_err(|error| shown(&error.to_string()))),
    }
}

/// Gathers what a document needs besides the model: what was found of views, the statistics, and what could not be read.
pub fn evidence<'r>(
    found: &'r CachedModel,
    statistics: &'r Result<Option<Statistics>, String>,
    options: &Options,
) -> Result<Evidence<'r>, Error> {
    let views = match options.wants(SectionName::Views) {
        true => traced(found, options)?.as_ref().map(Some).map_err(Clone::clone),
        false => Ok(None),
    };
    let statistics = statistics.as_ref().map(Option::as_ref).map_err(Clone::clone);
    Ok(Evidence { views, statistics, errors: found.errors.clone() })
}

fn failed(failure: &Failure) -> ObjectError {
    ObjectError { kind: failure.kind.clone(), identity: failure.identity.clone(), error: failure.reason() }
}

/// Reads the statistics that the sections need: use of indexes for tables and views, everything for the section of that
/// name.
pub fn statistics(schemas: Option<&[String]>, options: &Options) -> Result<Result<Option<Statistics>, String>, Error> {
    let section = options.wants(SectionName::Statistics);
    if !section && !options.wants(SectionName::Tables) && !options.wants(SectionName::Views) {
        return Ok(Ok(None));
    }
    read_part(options.on_error, || catalog::usage(schemas, section).map(Some))
}
