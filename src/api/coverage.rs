//! The account of what an export emits, and why it does not emit the rest.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::args::{schema_list, schema_names};
use crate::catalog;
use crate::error::Error;

/// The columns of RETURNS TABLE.
type Rows = TableIterator<
    'static,
    (name!(type, String), name!(status, &'static str), name!(reason, Option<String>), name!(count, i64)),
>;

#[pg_extern(name = "pgmeta_coverage", stable, parallel_unsafe)]
fn coverage_of_array(schemas: default!(Option<Vec<Option<String>>>, "NULL")) -> Result<Rows, ErrorReport> {
    Ok(coverage(schemas)?)
}

#[pg_extern(name = "pgmeta_coverage", stable, parallel_unsafe)]
fn coverage_of_text(schemas: Option<&str>) -> Result<Rows, ErrorReport> {
    Ok(coverage(schema_list(schemas))?)
}

fn coverage(schemas: Option<Vec<Option<String>>>) -> Result<Rows, Error> {
    let wanted = schemas.map(schema_names).transpose()?.flatten();
    let lines = catalog::coverage(wanted)?;
    Ok(TableIterator::new(
        lines.into_iter().map(|((kind, status, reason), count)| (kind, status.word(), reason, count)),
    ))
}
