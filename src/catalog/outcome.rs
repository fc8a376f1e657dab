//! What reading the catalog returns.

use pgmeta_core::catalog_rows::{Addresses, Members};
use pgmeta_core::model::Model;
use rustc_hash::FxHashMap;

use crate::catalog::isolate::Failure;

/// What was read, and what could not be.
#[derive(Debug)]
pub struct Outcome {
    pub model: Model,
    pub addresses: Addresses,
    pub members: Members,
    pub failures: Vec<Failure>,
    /// How many comments and security labels no object has taken, by catalog and OID of what they are on.
    pub unclaimed: FxHashMap<(u32, u32), i64>,
    /// Whether invalid bytes were read, which have marks in the model.
    pub(super) marked: bool,
}
