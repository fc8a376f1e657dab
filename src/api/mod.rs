//! The SQL functions: thin, one file per group. No other module may use them.

#[macro_use]
mod signatures;
#[macro_use]
mod rows;

mod apply;
mod archive;
mod args;
mod capabilities;
mod comment_coverage;
mod context;
mod coverage;
mod ddl;
mod definition;
mod definition_comments;
mod definition_export;
mod definition_findings;
mod definition_import;
mod definition_options;
mod definition_sql;
mod definition_versions;
mod deploy;
mod diagram;
mod dialect;
mod diff;
mod discover;
mod discovery_source;
mod document;
mod drift;
mod export;
mod export_files;
mod fingerprint;
mod help;
mod import_sqlite;
mod lint;
mod lint_options;
mod lint_plan;
mod lint_sql;
mod live;
mod live_plan;
mod migration;
mod objects;
mod options;
mod plan;
mod print;
mod recommendations;
mod registry;
mod registry_arguments;
mod rehearse;
mod rehearse_script;
mod relationships;
mod rest;
mod rest_answer;
mod rest_request;
mod saved_snapshots;
mod schemas;
mod sides;
mod snapshot;
mod snapshot_from_sql;
mod templates;
mod version;

pub use archive::register_schedule;
