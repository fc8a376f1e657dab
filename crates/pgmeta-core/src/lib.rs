//! Everything pgmeta knows about a schema, without PostgreSQL, I/O or a clock.
//!
//! `rows` (what the catalog queries return) become the [`model`], from which [`ddl`] and the JSON snapshot are made.

pub mod ddl;
pub mod ident;
pub mod model;
pub mod pattern;
pub mod rows;
