//! Event triggers that prevent orphaned archives: they check DROP, and update archives when their storage is renamed.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::archive::{Dropped, Renamed};

/// Called by the server before DROP SERVER, DROP EXTENSION, DROP SCHEMA and DROP OWNED, and after ALTER SERVER.
#[pg_extern(
    sql = "CREATE FUNCTION _pgmeta_guard() RETURNS event_trigger VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';"
)]
fn _pgmeta_guard(call: pg_sys::FunctionCallInfo) -> Result<(), ErrorReport> {
    if let Some(dropped) = Dropped::of(call) {
        dropped.require_harmless()?;
    }
    if let Some(renamed) = Renamed::of(call) {
        renamed.follow()?;
    }
    Ok(())
}
