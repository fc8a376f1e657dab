//! Snapshots as arguments: a document, the name of a saved one, or the live database. Says what a text means; compares nothing.

use pgmeta_core::model::Model;
use pgmeta_core::plan::Options;

use crate::api::live::live;
use crate::api::plan::read;
use crate::document::{Document, Given};
use crate::error::Error;
use crate::store;

/// Stands for the live database, which is read as the other side requires.
pub const LIVE: &str = "live";

/// One of two sides.
pub enum Side {
    Snapshot(Document),
    Live,
}

impl Side {
    pub fn of(given: Given) -> Result<Self, Error> {
        match given {
            Given::Document(document) => Ok(Side::Snapshot(document)),
            Given::Text(text) if text == LIVE => Ok(Side::Live),
            Given::Text(text) => store::named(&text).map(Side::Snapshot),
        }
    }
}

/// Returns the snapshot where the live database cannot be what is meant.
pub fn snapshot(argument: &'static str, given: Given) -> Result<Document, Error> {
    match Side::of(given)? {
        Side::Snapshot(document) => Ok(document),
        Side::Live => Err(Error::BadArgument {
            name: argument,
            value: LIVE.to_owned(),
            hint: "Pass the name of a saved snapshot, or a snapshot as JSON. This argument does not accept 'live'."
                .to_owned(),
        }),
    }
}

/// Reads both sides; the live one as the other asks for.
pub fn join_sides(source: Side, target: Side, options: &Options) -> Result<(Model, Model), Error> {
    match (source, target) {
        (Side::Snapshot(source), Side::Snapshot(target)) => crate::api::plan::read_both(&source, &target, options),
        (Side::Live, Side::Snapshot(target)) => {
            let target = read(&target, options)?;
            Ok((live(&target, options)?, target))
        }
        (Side::Snapshot(source), Side::Live) => {
            let source = read(&source, options)?;
            let target = live(&source, options)?;
            Ok((source, target))
        }
        (Side::Live, Side::Live) => Ok((Model::default(), Model::default())),
    }
}
