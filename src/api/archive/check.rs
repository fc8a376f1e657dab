//! What would keep archives from being made, and numbers for monitoring.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::archive::{self, Finding};
use crate::encoding::{self, Text};

type Row = (Text, Text, Option<Text>, Option<Text>);

fn row(finding: Finding) -> Row {
    let Finding { name, status, detail, hint } = finding;
    let text = |text: String| Text::from(&*encoding::fitting(&text));
    (name.into(), status.word().into(), detail.map(text), hint.map(text))
}

#[pg_extern(volatile, parallel_unsafe)]
#[expect(clippy::type_complexity, reason = "pgrx must see the columns of RETURNS TABLE")]
fn pgmeta_archive_validate(
    policy: Option<Text>,
) -> Result<
    TableIterator<
        'static,
        (name!(name, Text), name!(status, Text), name!(detail, Option<Text>), name!(hint, Option<Text>)),
    >,
    ErrorReport,
> {
    let Some(policy) = policy else { return Ok(TableIterator::empty()) };
    Ok(TableIterator::new(archive::validate(&policy)?.into_iter().map(row)))
}

#[pg_extern(volatile, parallel_unsafe)]
#[expect(clippy::type_complexity, reason = "pgrx must see the columns of RETURNS TABLE")]
fn pgmeta_archive_health() -> Result<
    TableIterator<
        'static,
        (name!(name, Text), name!(status, Text), name!(detail, Option<Text>), name!(hint, Option<Text>)),
    >,
    ErrorReport,
> {
    Ok(TableIterator::new(archive::health()?.into_iter().map(row)))
}

#[pg_extern(stable, parallel_unsafe)]
fn pgmeta_metrics() -> Result<Text, ErrorReport> {
    Ok(archive::metrics()?.into())
}
