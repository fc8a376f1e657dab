//! The result of reading the catalog.

use pgmeta_core::catalog_rows::{Addresses, Members};
use pgmeta_core::model::Model;
use rustc_hash::FxHashMap;

use crate::catalog::bisect::Failure;

/// The objects that were read, and the errors about others.
#[derive(Debug)]
pub struct Outcome {
    pub model: Model,
    pub addresses: Addresses,
    pub members: Members,
    pub failures: Vec<Failure>,
    /// Number of comments and security labels that belong to no object in the model, by catalog and OID of their object.
    pub unclaimed: FxHashMap<(u32, u32), i64>,
    /// Whether the model contains marks for invalid bytes.
    pub(super) has_marks: bool,
}
