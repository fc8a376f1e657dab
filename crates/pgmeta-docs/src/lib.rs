//! Diagrams of a schema, from the discovery document alone. No server, no I/O, no clock. Reads no catalog and prints no DDL.

#![warn(missing_docs)]

pub mod diagram;
