//! Declares the modules and the extension's magic block; nothing else.

mod api;
mod archive;
mod backtrace;
mod catalog;
mod compat;
mod deparse;
mod directory;
mod discovery;
mod encoding;
mod error;
mod executor;
mod guc;
mod interrupt;
mod jsonb;
mod locks;
mod memory;
mod message;
mod orphan;
mod other_database;
mod parser;
mod registry;
mod removed_functions;
mod rights;
mod scratch;
mod server;
mod snapshot_store;
mod spi;
mod sqlite;
mod threads;
mod worker;

pgrx::pg_module_magic!(name, version);

#[allow(non_snake_case)]
#[pgrx::pg_guard]
pub extern "C-unwind" fn _PG_init() {
    memory::prepare();
    // Must run before the first backtrace is captured.
    backtrace::forbid();
    threads::prepare();
    interrupt::watch();
    error::set_hints(catalog::qualify_hint);
    guc::define();
    if guc::is_preloading() {
        api::register_schedule();
    }
}

pgrx::extension_sql_file!("../sql/tables.sql", name = "tables");
pgrx::extension_sql_file!(
    "../sql/archive.sql",
    name = "archive",
    requires = ["tables", _pgmeta_storage_validator, _pgmeta_guard]
);
pgrx::extension_sql_file!("../sql/registry.sql", name = "registry", requires = ["archive"]);
pgrx::extension_sql_file!("../sql/overloads.sql", name = "overloads", requires = ["registry"]);
pgrx::extension_sql_file!("../sql/comments.sql", name = "comments", finalize);
