//! Prints models for exports. Can be cancelled, and reports progress.

use pgmeta_core::ddl::{self, Item, Options};
use pgmeta_core::model::Model;
use pgrx::{PgLogLevel, PgSqlErrorCode};

use crate::error::Error;
use crate::interrupt;
use crate::memory;
use crate::message::tell;
use crate::threads::Threads;

/// The maximum size of a `text` or `bytea` value.
const LARGEST: usize = 0x3fff_ff00;

/// Steps between two INFO messages.
const PROGRESS: usize = 1000;

/// Prints the whole model as one script.
pub fn script(model: &Model, options: &Options) -> Result<String, Error> {
    let mut done = 0;
    ddl::export(model, options, || progress(options, &mut done), &Threads)
}

/// Prints each object separately.
pub fn items(model: &Model, options: &Options) -> Result<Vec<Item>, Error> {
    let mut items = Vec::with_capacity(model.len());
    let mut done = 0;
    ddl::items(
        model,
        options,
        || progress(options, &mut done),
        |item| {
            items.push(item);
            Ok(())
        },
    )?;
    Ok(items)
}

/// Processes a cancel, and reports the progress if requested.
fn progress(options: &Options, done: &mut usize) -> Result<(), Error> {
    interrupt::look();
    *done += 1;
    if options.progress && done.is_multiple_of(PROGRESS) {
        tell(PgLogLevel::INFO, PgSqlErrorCode::ERRCODE_SUCCESSFUL_COMPLETION, format!("pgmeta: {done} steps printed"));
    }
    Ok(())
}

/// Returns an error if a result is too large for a value or for the server's memory.
pub fn require_fit(what: &'static str, bytes: usize) -> Result<(), Error> {
    if bytes > LARGEST {
        return Err(Error::TooLong { what, bytes });
    }
    memory::require_of_server(bytes);
    Ok(())
}
