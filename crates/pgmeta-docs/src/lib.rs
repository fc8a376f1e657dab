//! Diagrams and pages of a schema, from its model, the discovery document and the findings of lint. No server, no I/O, no clock. Reads no
//! catalog; DDL is printed by pgmeta-core.

#![warn(missing_docs)]

pub mod coverage;
pub mod diagram;
pub mod document;
