//! Archives of partitions: policies, what is due, archiving, the proof, and bringing back.

mod check;
mod policy;
mod run;
mod storage;
mod worker;

pub use worker::register_schedule;

use pgmeta_archive::options::Options;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::{object, options};
use crate::archive::{self, Candidate, Comparison, Look, Order, Policy, Proof, Purpose, Restore, manifest_of};
use crate::document::Document;
use crate::encoding::Text;
use crate::error::Error;

/// Returns options as text; NULL stands for none.
fn text_of(options: Option<Document>) -> Result<String, Error> {
    Ok(options::read(options, r#"{"format": "csv"}"#)?.to_string())
}

// Written out because the rows name a partition as regclass.
#[pg_extern(
    sql = "CREATE FUNCTION pgmeta_archive_candidates(policy text, at timestamptz DEFAULT now()) RETURNS TABLE(partition regclass, lower text, upper text, rows_estimate bigint, bytes bigint, state text, blocked_by text) STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';"
)]
#[expect(clippy::type_complexity, reason = "pgrx must see the columns of RETURNS TABLE")]
fn pgmeta_archive_candidates(
    policy: Option<Text>,
    at: Option<TimestampWithTimeZone>,
) -> Result<
    TableIterator<
        'static,
        (
            name!(partition, pg_sys::Oid),
            name!(lower, Option<Text>),
            name!(upper, Option<Text>),
            name!(rows_estimate, Option<i64>),
            name!(bytes, Option<i64>),
            name!(state, Text),
            name!(blocked_by, Option<Text>),
        ),
    >,
    ErrorReport,
> {
    let (Some(policy), Some(at)) = (policy, at) else { return Ok(TableIterator::empty()) };
    let candidates = archive::candidates(&Policy::find(&policy)?, &at.to_iso_string())?;
    Ok(TableIterator::new(candidates.into_iter().map(|candidate| {
        let Candidate { partition, lower, upper, rows_estimate, bytes, state, blocked_by, .. } = candidate;
        let (lower, upper, blocked_by) = (lower.map(Text::from), upper.map(Text::from), blocked_by.map(Text::from));
        (pg_sys::Oid::from(partition), lower, upper, rows_estimate, bytes, state.into(), blocked_by)
    })))
}

#[pg_extern(
    sql = "CREATE FUNCTION pgmeta_archive(partition regclass, storage text, options jsonb DEFAULT '{}') RETURNS bigint VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';"
)]
fn pgmeta_archive(
    partition: Option<pg_sys::Oid>,
    storage: Option<Text>,
    options: Option<Document>,
) -> Result<Option<i64>, ErrorReport> {
    let (Some(partition), Some(storage)) = (partition, storage) else { return Ok(None) };
    let options = archive::read_options(&text_of(options)?)?;
    Ok(Some(run(partition, &storage, &options, None)?))
}

/// Tries a failed archive again, now and here.
#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_archive_retry(id: Option<i64>) -> Result<Option<i64>, ErrorReport> {
    let Some(id) = id else { return Ok(None) };
    let (partition, policy) = archive::failure(id)?;
    let policy = Policy::find(&policy)?;
    Ok(Some(run(partition.into(), &policy.storage, &policy.options, Some(&policy.name))?))
}

fn run(partition: pg_sys::Oid, storage: &str, options: &Options, policy: Option<&str>) -> Result<i64, Error> {
    let partition = partition.to_u32();
    let ddl = object::ddl_of_relation(partition)?;
    archive::archive(&Order { partition, storage, options, policy, ddl })
}

#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_archive_verify(
    id: Option<i64>,
    options: default!(Option<Document>, "'{}'"),
) -> Result<TableIterator<'static, (name!(file, Text), name!(status, Text), name!(detail, Option<Text>))>, ErrorReport>
{
    let Some(id) = id else { return Ok(TableIterator::empty()) };
    let look: Look = serde_json::from_str(&text_of(options)?).map_err(Error::Options)?;
    let proofs = archive::prove(&manifest_of(id, Purpose::Read)?, &look)?;
    Ok(TableIterator::new(proofs.into_iter().map(|Proof { file, error }| {
        let status = if error.is_none() { "ok" } else { "fail" };
        (file.into(), status.into(), error.map(Text::from))
    })))
}

#[pg_extern(volatile, parallel_unsafe)]
#[expect(clippy::type_complexity, reason = "pgrx must see the columns of RETURNS TABLE")]
fn pgmeta_archive_compare(
    id: Option<i64>,
) -> Result<
    TableIterator<'static, (name!(name, Text), name!(stored, Text), name!(live, Option<Text>), name!(equal, bool))>,
    ErrorReport,
> {
    let Some(id) = id else { return Ok(TableIterator::empty()) };
    let stored = manifest_of(id, Purpose::Read)?;
    let rows = archive::compare(&stored, stored.partition)?;
    Ok(TableIterator::new(rows.into_iter().map(|Comparison { name, stored, live }| {
        let equal = live.as_ref() == Some(&stored);
        (name.into(), stored.into(), live.map(Text::from), equal)
    })))
}

#[pg_extern(
    sql = "CREATE FUNCTION pgmeta_archive_restore(id bigint, options jsonb DEFAULT '{}') RETURNS regclass VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';"
)]
fn pgmeta_archive_restore(id: Option<i64>, options: Option<Document>) -> Result<Option<pg_sys::Oid>, ErrorReport> {
    let Some(id) = id else { return Ok(None) };
    let options: Restore = serde_json::from_str(&text_of(options)?).map_err(Error::Options)?;
    Ok(Some(pg_sys::Oid::from(archive::restore(id, &options)?)))
}
