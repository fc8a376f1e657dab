//! The two sides of a diff or plan: a document, the name of a saved snapshot, or the live database. Compares nothing.

use pgmeta_core::diff::{Rename, rename};
use pgmeta_core::model::Model;
use pgmeta_core::parallel::Executor;
use pgmeta_core::plan::Options;
use serde_json::{Map, Value};

use crate::catalog;
use crate::error::Error;
use crate::jsonb::{Document, SnapshotArgument};
use crate::snapshot_store;
use crate::threads::Threads;

/// The word for the live database. It is read as far as the other side requires.
pub const LIVE: &str = "live";

/// One of two sides.
pub enum Side {
    Snapshot(Document),
    Live,
}

impl Side {
    pub fn of(given: SnapshotArgument) -> Result<Self, Error> {
        match given {
            SnapshotArgument::Document(document) => Ok(Side::Snapshot(document)),
            SnapshotArgument::Text(text) if text == LIVE => Ok(Side::Live),
            SnapshotArgument::Text(text) => snapshot_store::named(&text).map(Side::Snapshot),
        }
    }
}

/// Returns whether a text is a snapshot, and not a list of schemas: `{}` is an empty array.
pub fn is_snapshot(text: &str) -> bool {
    serde_json::from_str::<Map<String, Value>>(text).is_ok_and(|map| !map.is_empty())
}

/// Returns the snapshot; an error if the argument means the live database.
pub fn snapshot(argument: &'static str, given: SnapshotArgument) -> Result<Document, Error> {
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

/// Reads a snapshot, without the objects that the options exclude.
pub fn read(document: &Document, options: &Options) -> Result<Model, Error> {
    let mut model = document.model()?;
    catalog::restrict(&mut model, options)?;
    Ok(model)
}

/// Reads both sides. A live side is read as far as the other requires.
pub fn join(source: Side, target: Side, options: &Options) -> Result<(Model, Model), Error> {
    match (source, target) {
        (Side::Snapshot(source), Side::Snapshot(target)) => {
            let (source, target) = Threads.join(|| source.model(), || target.model());
            let (mut source, mut target) = (source?, target?);
            catalog::restrict(&mut source, options)?;
            catalog::restrict(&mut target, options)?;
            Ok((source, target))
        }
        (Side::Live, Side::Snapshot(target)) => {
            let target = read(&target, options)?;
            Ok((catalog::live(&target, options)?, target))
        }
        (Side::Snapshot(source), Side::Live) => {
            let source = read(&source, options)?;
            let target = catalog::live(&source, options)?;
            Ok((source, target))
        }
        (Side::Live, Side::Live) => Ok((Model::default(), Model::default())),
    }
}

/// Both sides. The renames of the options are applied to the source.
pub struct Sides {
    pub source: Model,
    pub target: Model,
    pub renames: Vec<Rename>,
}

impl Sides {
    pub fn read(source: Side, target: Side, options: &Options) -> Result<Self, Error> {
        let (source, target) = join(source, target, options)?;
        Self::renamed(source, target, options)
    }

    /// Applies the renames.
    pub fn renamed(mut source: Model, target: Model, options: &Options) -> Result<Self, Error> {
        let renames = rename(&mut source, &target, &options.renames)?;
        Ok(Self { source, target, renames })
    }

    /// Reads the live database as the source for a target.
    pub fn of_live(target: Document, options: &Options) -> Result<Self, Error> {
        Self::read(Side::Live, Side::Snapshot(target), options)
    }
}
