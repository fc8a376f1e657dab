//! How much of schemas has comments.

use pgmeta_discovery::Options;
use pgmeta_docs::coverage::{Coverage, coverage};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::discovery_source::live;
use crate::api::schemas::{list, read_schemas};
use crate::encoding::{Text, Texts};
use crate::error::Error;

returns_table! {
    /// The comments on the objects of one type in one schema.
    type Row = comment_coverage_rows!(
        name!(schema, Text),
        name!(type, Text),
        name!(total, i64),
        name!(commented, i64),
        name!(percent, AnyNumeric),
    );
}

comment_coverage_rows! {
    #[pg_extern(name = "pgmeta_comment_coverage", stable, parallel_unsafe)]
    fn comment_coverage_of_array(schemas: default!(Option<Texts>, "NULL")) {
        rows(schemas)
    }
}

comment_coverage_rows! {
    #[pg_extern(name = "pgmeta_comment_coverage", stable, parallel_unsafe)]
    fn comment_coverage_of_text(schemas: Option<Text>) {
        rows(list(schemas))
    }
}

fn rows(schemas: Option<Texts>) -> Result<impl Iterator<Item = Row>, Error> {
    let schemas = read_schemas(schemas)?;
    let (found, _) = live(schemas.as_ref(), &Options::default())?;
    Ok(coverage(&found.model).into_iter().map(row))
}

fn row(own: Coverage) -> Row {
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    // A text of digits, which numeric always reads.
    let percent = own.percent.parse().unwrap_or_default();
    ((*own.schema).into(), own.kind.into(), count(own.total), count(own.commented), percent)
}
