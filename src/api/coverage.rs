//! The account of what an export emits, and why it does not emit the rest.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::args::{list, schema_names};
use crate::catalog;
use crate::encoding::{Text, Texts};
use crate::error::Error;

#[pg_extern(name = "pgmeta_coverage", stable, parallel_unsafe)]
#[expect(clippy::type_complexity, reason = "pgrx must see the columns of RETURNS TABLE")]
fn coverage_of_array(
    schemas: default!(Option<Texts>, "NULL"),
) -> Result<
    TableIterator<'static, (name!(type, Text), name!(status, Text), name!(reason, Option<Text>), name!(count, i64))>,
    ErrorReport,
> {
    Ok(TableIterator::new(coverage(schemas)?))
}

#[pg_extern(name = "pgmeta_coverage", stable, parallel_unsafe)]
#[expect(clippy::type_complexity, reason = "pgrx must see the columns of RETURNS TABLE")]
fn coverage_of_text(
    schemas: Option<Text>,
) -> Result<
    TableIterator<'static, (name!(type, Text), name!(status, Text), name!(reason, Option<Text>), name!(count, i64))>,
    ErrorReport,
> {
    Ok(TableIterator::new(coverage(list(schemas))?))
}

type Row = (Text, Text, Option<Text>, i64);

fn coverage(schemas: Option<Texts>) -> Result<impl Iterator<Item = Row>, Error> {
    let wanted = schemas.map(schema_names).transpose()?.flatten();
    let counts = catalog::coverage(wanted)?;
    Ok(counts
        .into_iter()
        .map(|((kind, status, reason), count)| (kind.into(), status.word().into(), reason.map(Text::from), count)))
}
