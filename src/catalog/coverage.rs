//! Classifies every row of the catalogs: exported, or omitted for a reason.

use std::collections::BTreeMap;

use pgmeta_core::catalog_rows::FromRow;
use pgmeta_core::catalog_rows::coverage::{CoverageRow, Evidence, Status, count};

use crate::catalog::reader::{Scope, adapted, read};
use crate::catalog::schemas::schemas;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::spi::{Arg, Connection};

/// The number of rows by kind, status and reason.
type Counts = BTreeMap<(String, Status, Option<String>), i64>;

/// Returns the number of catalog rows by kind, status and reason.
pub fn coverage(wanted: Option<Vec<String>>) -> Result<Counts, Error> {
    let global = wanted.is_none();
    let scope = Scope { tolerant: true, ..Scope::of_schemas(wanted, true) };
    let outcome = read(&scope)?;
    let mut evidence = Evidence::new(&outcome.model, &outcome.addresses);
    evidence.members = outcome.members;
    evidence.unclaimed = outcome.unclaimed;
    evidence.global = global;
    for failure in outcome.failures {
        evidence.failures.insert((failure.class, failure.oid), failure.message);
    }
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    let schemas = schemas(&connection, scope.schemas.as_deref())?;
    let sql = adapted(&connection, CoverageRow::QUERY, crate::server::version_num())?;
    let mut rows = Vec::new();
    connection.read_marked(&sql, &[Arg::Oids(&schemas)], CoverageRow::COLUMNS, |cells| {
        rows.push(CoverageRow::from_row(cells)?);
        Ok(())
    })?;
    Ok(count(&rows, &evidence))
}
