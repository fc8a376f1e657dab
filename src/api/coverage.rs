//! `pgmeta_coverage`: the catalog rows that an export includes, and why it omits the others.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::rows::CoverageRow;
use crate::api::schemas::{list, read_schemas};
use crate::catalog;
use crate::encoding::{Text, Texts};
use crate::error::Error;

coverage_rows! {
    #[pg_extern(name = "pgmeta_coverage", stable, parallel_unsafe)]
    fn coverage_of_array(schemas: default!(Option<Texts>, "NULL")) {
        coverage(schemas)
    }
}

coverage_rows! {
    #[pg_extern(name = "pgmeta_coverage", stable, parallel_unsafe)]
    fn coverage_of_text(schemas: Option<Text>) {
        coverage(list(schemas))
    }
}

fn coverage(schemas: Option<Texts>) -> Result<impl Iterator<Item = CoverageRow>, Error> {
    let wanted = read_schemas(schemas)?;
    let counts = catalog::coverage(wanted)?;
    Ok(counts
        .into_iter()
        .map(|((kind, status, reason), count)| (kind.into(), status.word().into(), reason.map(Text::from), count)))
}
