//! Reading the catalog into the model. The queries are in `queries/`, one per object kind.

mod guarded;
mod queries;
mod reader;
mod versions;

pub use reader::{Scope, read};
