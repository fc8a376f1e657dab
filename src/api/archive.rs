//! Functions for archives: policies, candidates, archiving, verification and restore.

mod adopt;
mod delete;
mod guard;
mod health;
mod policy;
mod properties;
mod run;
mod storage;
mod worker;

pub use worker::register_schedule;

use pgmeta_archive::manifest::Slice;
use pgmeta_archive::options::Options;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::options;
use crate::archive::{
    self, ArchiveRequest, Candidate, Comparison, FileCheck, Policy, Purpose, Restore, VerifyOptions, manifest_of,
};
use crate::encoding::Text;
use crate::error::Error;
use crate::jsonb::Document;

// Written out because the rows name a partition as regclass.
#[pg_extern(
    sql = "CREATE FUNCTION pgmeta_archive_candidates(policy text DEFAULT NULL, at timestamptz DEFAULT now()) RETURNS TABLE(partition regclass, lower text, upper text, rows_estimate bigint, bytes bigint, state text, blocked_by text, policy_name text) STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';"
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
            name!(policy_name, Text),
        ),
    >,
    ErrorReport,
> {
    let Some(at) = at else { return Ok(TableIterator::empty()) };
    let candidates = archive::candidates_of(policy.as_deref(), &at.to_iso_string())?;
    Ok(TableIterator::new(candidates.into_iter().map(|(name, candidate)| {
        let Candidate { partition, lower, upper, rows_estimate, bytes, state, blocked_by, .. } = candidate;
        let (lower, upper, blocked_by) = (lower.map(Text::from), upper.map(Text::from), blocked_by.map(Text::from));
        (
            pg_sys::Oid::from(partition),
            lower,
            upper,
            rows_estimate,
            bytes,
            state.as_str().into(),
            blocked_by,
            name.into(),
        )
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
    let options = archive::read_options(&options::archive_text(options)?)?;
    Ok(Some(run((partition.to_u32(), None), &storage, &options, None)?))
}

/// Tries a failed archive again, in the caller's transaction.
#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_archive_retry(id: Option<i64>) -> Result<Option<i64>, ErrorReport> {
    let Some(id) = id else { return Ok(None) };
    let (partition, slice, policy) = archive::failure(id)?;
    let policy = Policy::find(&policy)?;
    Ok(Some(run((partition, slice), &policy.storage, &policy.options, Some(&policy.name))?))
}

/// Clears the failures of a policy, or of all, so that the next run tries again at once.
#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_archive_retry_all(policy: default!(Option<Text>, "NULL")) -> Result<i64, ErrorReport> {
    Ok(archive::retry_all(policy.as_deref())?)
}

fn run(
    (partition, slice): (u32, Option<Slice>),
    storage: &str,
    options: &Options,
    policy: Option<&str>,
) -> Result<i64, Error> {
    let ddl = properties::definition_of(partition)?;
    archive::archive(&ArchiveRequest { partition, slice, storage, options, policy, ddl })
}

#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_archive_verify(
    id: Option<i64>,
    options: default!(Option<Document>, "'{}'"),
) -> Result<TableIterator<'static, (name!(file, Text), name!(status, Text), name!(detail, Option<Text>))>, ErrorReport>
{
    let Some(id) = id else { return Ok(TableIterator::empty()) };
    let options: VerifyOptions = options::of_archive(options)?;
    let proofs = archive::prove(&manifest_of(id, Purpose::Read)?, &options)?;
    Ok(TableIterator::new(proofs.into_iter().map(|FileCheck { file, error }| {
        let status = if error.is_none() { "ok" } else { "fail" };
        (file.into(), status.into(), error.map(|flaw| Text::from(flaw.detail)))
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
    let options: Restore = options::of_archive(options)?;
    Ok(Some(pg_sys::Oid::from(archive::restore(id, &options, properties::property_statements)?)))
}
