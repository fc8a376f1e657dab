//! What would keep archives from being made, and numbers for monitoring.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::archive::{self, Finding};

type Row = (String, String, Option<String>, Option<String>);

fn row(finding: Finding) -> Row {
    let Finding { name, status, detail, hint } = finding;
    (name, status.word().to_owned(), detail, hint)
}

#[pg_extern(volatile, parallel_unsafe)]
#[expect(clippy::type_complexity, reason = "pgrx must see the columns of RETURNS TABLE")]
fn pgmeta_archive_validate(
    policy: Option<&str>,
) -> Result<
    TableIterator<
        'static,
        (name!(name, String), name!(status, String), name!(detail, Option<String>), name!(hint, Option<String>)),
    >,
    ErrorReport,
> {
    let Some(policy) = policy else { return Ok(TableIterator::empty()) };
    Ok(TableIterator::new(archive::validate(policy)?.into_iter().map(row)))
}

#[pg_extern(volatile, parallel_unsafe)]
#[expect(clippy::type_complexity, reason = "pgrx must see the columns of RETURNS TABLE")]
fn pgmeta_archive_health() -> Result<
    TableIterator<
        'static,
        (name!(name, String), name!(status, String), name!(detail, Option<String>), name!(hint, Option<String>)),
    >,
    ErrorReport,
> {
    Ok(TableIterator::new(archive::health()?.into_iter().map(row)))
}

#[pg_extern(stable, parallel_unsafe)]
fn pgmeta_metrics() -> Result<String, ErrorReport> {
    Ok(archive::metrics()?)
}
