//! The model that a discovery is about: live, and kept for the session as long as the catalogs stay the same.

use std::rc::Rc;
use std::time::Instant;

use pgmeta_core::catalog_rows::Wanted;
use pgmeta_core::model::Model;
use pgmeta_discovery::view_tree::trace;
use pgmeta_discovery::{ObjectError, OnError, Options, SectionName, Statistics};

use crate::api::options;
use crate::catalog::{self, Failure, Scope};
use crate::discovery::{self, Key, Read};
use crate::document::Document;
use crate::encoding::shown;
use crate::error::{Error, sqlstate};
use crate::message::warn;
use crate::spi::attempt;

/// The section of the counters that stands for reading the catalogs.
const CATALOG: &str = "catalog";

pub fn parse_options(options: Option<Document>) -> Result<Options, Error> {
    Options::from_value(options::read(options, r#"{"sections": ["tables"]}"#)?).map_err(Error::Options)
}

/// Reads a live schema, unless the last call has read it and the catalogs are the same.
pub fn live(schemas: Option<&Vec<String>>, options: &Options) -> Result<(Rc<Read>, bool), Error> {
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
    if let Err(error) = &found.views {
        warn(&format!("could not read the parse trees of views: {error}"));
    }
    discovery::count(CATALOG, found.model.len(), began.elapsed(), cached);
    Ok((found, cached))
}

fn read(key: &Key) -> Result<Read, Error> {
    let wanted = Wanted { in_schemas: true, relations: true, ..Wanted::default() };
    let scope = Scope { schemas: key.schemas.clone(), wanted, tolerant: key.tolerant, ..Scope::default() };
    let mut outcome = catalog::read(&scope)?;
    remove_own(&mut outcome.model, key.schemas.as_deref(), key.own);
    catalog::filter(&mut outcome.model, None, None, &key.exclude)?;
    let trees = if key.tolerant {
        attempt(|| catalog::view_relations(&outcome)).map_err(|error| shown(&error.to_string()))
    } else {
        Ok(catalog::view_relations(&outcome)?)
    };
    let views = trees.map(|relations| trace(&relations));
    Ok(Read { errors: outcome.failures.iter().map(failed).collect(), model: outcome.model, views })
}

/// Removes pgmeta's own objects, unless the option or the name of its schema includes them.
pub fn remove_own(model: &mut Model, schemas: Option<&[String]>, own: bool) {
    let named = schemas.into_iter().flatten().any(|name| name == pgmeta_core::model::EXTENSION);
    if !own && !named {
        model.remove_own();
    }
}

fn failed(failure: &Failure) -> ObjectError {
    ObjectError {
        kind: failure.kind.clone(),
        identity: failure.identity.clone(),
        error: format!("{} ({})", failure.message, sqlstate(failure.code)),
    }
}

/// Reads the statistics that the sections have: the use of indexes, and what is asked for. The error of a call that may warn is
/// returned as a text.
pub fn statistics(schemas: Option<&[String]>, options: &Options) -> Result<Result<Option<Statistics>, String>, Error> {
    let section = options.wants(SectionName::Statistics);
    if !section && !options.wants(SectionName::Tables) && !options.wants(SectionName::Views) {
        return Ok(Ok(None));
    }
    let read = || catalog::usage(schemas, section);
    Ok(match options.on_error {
        OnError::Fail => Ok(Some(read()?)),
        OnError::Warn => attempt(read).map(Some).map_err(|error| shown(&error.to_string())),
    })
}
