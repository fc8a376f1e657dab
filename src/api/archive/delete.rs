//! `pgmeta_archive_delete`: deletes the files of archives.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::options;
use crate::archive::{self, Delete};
use crate::jsonb::Document;
use crate::spi::Transactions;

/// Deletes the files of an archive; commits before and after.
#[pg_extern(
    sql = "CREATE PROCEDURE pgmeta_archive_delete(id bigint, options jsonb DEFAULT '{}') LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';"
)]
fn pgmeta_archive_delete(
    id: Option<i64>,
    options: Option<Document>,
    call: pg_sys::FunctionCallInfo,
) -> Result<(), ErrorReport> {
    let Some(id) = id else { return Ok(()) };
    let options: Delete = options::of_archive(options)?;
    let transactions = Transactions::of(call, "pgmeta_archive_delete()")?;
    Ok(archive::delete(id, &options, &transactions)?)
}
