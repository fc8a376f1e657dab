//! The SQL-callable functions: thin, one file per family. Nothing else may use them.

mod apply;
mod archive;
mod args;
mod compare;
mod coverage;
mod directory;
mod export;
mod filter;
mod from_sql;
mod help;
mod live;
mod object;
mod options;
mod plan;
mod rehearse;
mod run;
mod saved;
mod side;
mod snapshot;
mod version;

pub use archive::register_schedule;
