//! The laws of pgmeta, each as a test against a real server. One program, so that hard databases are built once.

mod archive;
mod archive_formats;
mod archive_run;
mod archive_stores;
mod archive_workers;
mod coverage;
mod directory;
mod errors;
mod from_sql;
mod fuzz_smoke;
mod golden;
mod house;
mod migration_tools;
mod order;
mod owners_code;
mod pairs;
mod property;
mod readers;
mod rehearse;
mod roles;
mod round_trip;
mod rows_survive;
mod saved;
mod settings;
mod traffic;
mod versions;
