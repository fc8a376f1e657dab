//! All of pgmeta's knowledge of schemas, without PostgreSQL, I/O or a clock.
//!
//! [`catalog_rows`] contains the results of the catalog queries and builds the [`model`] from them; [`ddl`] and JSON snapshots are
//! made from the model. [`diff`] finds the differences between two models, [`plan`] the statements that change one into the other.

pub mod catalog_rows;
pub mod cells;
pub mod components;
pub mod ddl;
pub mod diff;
pub mod file_name;
pub mod fingerprint;
pub mod ident;
pub mod interrupt;
pub mod lexer;
pub mod model;
pub mod parallel;
pub mod pattern;
pub mod plan;
pub mod psql;
pub mod size;
pub mod words;
