//! The SQL-callable functions: thin, one file per family. Nothing else may use them.

mod args;
mod coverage;
mod directory;
mod export;
mod filter;
mod from_sql;
mod object;
mod plan;
mod saved;
mod snapshot;
mod version;
