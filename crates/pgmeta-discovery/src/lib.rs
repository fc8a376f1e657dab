//! What a schema means, from pgmeta-core's model alone: how its tables relate, which columns of views can be null, and one
//! document of it all. No server, no I/O, no clock. Prints no DDL.

// Every description is one of the published JSON Schema too.
#![warn(missing_docs)]

mod capabilities;
mod context;
mod document;
mod nulls;
mod options;
mod patterns;
mod relationships;
#[cfg(test)]
mod sample;
mod statistics;
pub mod view_tree;

pub use capabilities::{Capability, CapabilityError, capabilities, dialects};
pub use context::{LEAST_CHARS, context};
pub use document::*;
pub use options::{OnError, Options, SectionName};
pub use patterns::{Cycle, Junction, Pair, Patterns, patterns};
pub use relationships::{Cardinality, Kind, Relationship, Strategies, Strategy, relationships};
pub use statistics::{IndexStatistics, Statistics, TableStatistics};
