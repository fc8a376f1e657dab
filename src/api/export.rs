//! Whole exports: text, files, tar, JSON.

use pgmeta_core::ddl::{self, Options};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::catalog::{Scope, read};
use crate::error::Error;

#[pg_extern(stable, parallel_unsafe)]
fn pgmeta_export() -> Result<String, ErrorReport> {
    let reading = read(&Scope {
        global: true,
        ..Scope::default()
    })?;
    let options = Options::default();
    Ok(ddl::export(&reading.model, &options, || {
        pgrx::check_for_interrupts!();
        Ok::<(), Error>(())
    })?)
}
