//! `pgmeta_archive_run`: archives all due partitions.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::archive::properties::definition_of;
use crate::archive;
use crate::encoding::Text;
use crate::spi::Transactions;

/// Archives the due partitions of one policy, or of all; commits after each.
#[pg_extern(
    sql = "CREATE PROCEDURE pgmeta_archive_run(policy text DEFAULT NULL) LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';"
)]
fn pgmeta_archive_run(policy: Option<Text>, call: pg_sys::FunctionCallInfo) -> Result<(), ErrorReport> {
    let transactions = Transactions::of(call, "pgmeta_archive_run()")?;
    Ok(archive::run(policy.as_deref(), &transactions, definition_of)?)
}
