//! What the procedure `pgmeta_archive_run` calls between its commits.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::object;
use crate::archive;

/// The policies to serve: all that are not paused, or the one that is named.
#[pg_extern(volatile, parallel_unsafe)]
fn _pgmeta_archive_served(policy: Option<&str>) -> Result<SetOfIterator<'static, String>, ErrorReport> {
    Ok(SetOfIterator::new(archive::served(policy)?))
}

/// Clears away what earlier sessions have left.
#[pg_extern(volatile, parallel_unsafe)]
fn _pgmeta_archive_clear(policy: Option<&str>) -> Result<(), ErrorReport> {
    Ok(policy.map_or(Ok(()), archive::clear)?)
}

/// Records that an attempt begins; NULL where there is nothing to do.
#[pg_extern(
    sql = "CREATE FUNCTION _pgmeta_archive_begin(partition regclass, policy text) RETURNS bigint VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';"
)]
fn _pgmeta_archive_begin(partition: Option<pg_sys::Oid>, policy: Option<&str>) -> Result<Option<i64>, ErrorReport> {
    let (Some(partition), Some(policy)) = (partition, policy) else { return Ok(None) };
    Ok(archive::begin(partition.to_u32(), policy, object::ddl_of_relation)?)
}

/// Keeps others from archiving the same partition until the transaction ends; false where one is at it.
#[pg_extern(
    sql = "CREATE FUNCTION _pgmeta_archive_lock(partition regclass) RETURNS boolean VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';"
)]
fn _pgmeta_archive_lock(partition: Option<pg_sys::Oid>) -> Result<Option<bool>, ErrorReport> {
    let Some(partition) = partition else { return Ok(None) };
    Ok(Some(archive::lock(partition.to_u32())?))
}

/// Makes the archive of an attempt that has begun.
#[pg_extern(volatile, parallel_unsafe)]
fn _pgmeta_archive_make(id: Option<i64>) -> Result<Option<bool>, ErrorReport> {
    let Some(id) = id else { return Ok(None) };
    Ok(Some(archive::make_begun(id, object::ddl_of_relation)?))
}

/// Records that an attempt that has begun came to nothing.
#[pg_extern(volatile, parallel_unsafe)]
fn _pgmeta_archive_ended(id: Option<i64>, message: Option<&str>, code: Option<&str>) -> Result<(), ErrorReport> {
    let Some(id) = id else { return Ok(()) };
    Ok(archive::ended(id, message.unwrap_or_default(), code.unwrap_or_default())?)
}

/// Records that an attempt could not even begin.
#[pg_extern(
    sql = "CREATE FUNCTION _pgmeta_archive_failed(partition regclass, policy text, message text, code text) RETURNS bigint VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';"
)]
fn _pgmeta_archive_failed(
    partition: Option<pg_sys::Oid>,
    policy: Option<&str>,
    message: Option<&str>,
    code: Option<&str>,
) -> Result<Option<i64>, ErrorReport> {
    let (Some(partition), Some(policy)) = (partition, policy) else { return Ok(None) };
    let (message, code) = (message.unwrap_or_default(), code.unwrap_or_default());
    Ok(Some(archive::failed(partition.to_u32(), policy, message, code)?))
}
