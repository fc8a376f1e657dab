//! The capabilities of SQL dialects, with the version that introduced each.

use pgmeta_discovery::{Capability, CapabilityError, capabilities, dialects};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::encoding::Text;
use crate::error::Error;
use crate::server;

#[pg_extern(stable, parallel_safe)]
#[expect(clippy::type_complexity, reason = "pgrx must see the columns of RETURNS TABLE")]
fn pgmeta_capabilities(
    dialect: default!(Option<Text>, "'postgresql'"),
    version: default!(Option<Text>, "NULL"),
) -> Result<
    TableIterator<
        'static,
        (name!(feature, Text), name!(supported, bool), name!(since, Option<Text>), name!(note, Option<Text>)),
    >,
    ErrorReport,
> {
    let rows = capabilities_of(dialect.as_deref().unwrap_or("postgresql"), version.as_deref())?;
    Ok(TableIterator::new(
        rows.into_iter()
            .map(|row| (row.feature.into(), row.supported, row.since.map(Text::from), row.note.map(Text::from))),
    ))
}

/// Returns the capabilities of a dialect: PostgreSQL in the version of this server, others in their newest version.
fn capabilities_of(dialect: &str, version: Option<&str>) -> Result<Vec<Capability>, Error> {
    let own = (server::version_num() / 10_000).to_string();
    let is_own = dialect.trim().eq_ignore_ascii_case("postgresql");
    let version = version.or_else(|| is_own.then_some(own.as_str()));
    capabilities(dialect, version).map_err(|error| match error {
        CapabilityError::UnknownDialect => Error::BadArgument {
            name: "dialect",
            value: dialect.to_owned(),
            hint: format!("Supported values are {}.", dialects().collect::<Vec<_>>().join(", ")),
        },
        CapabilityError::InvalidVersion => Error::BadArgument {
            name: "version",
            value: version.unwrap_or_default().to_owned(),
            hint: "Pass the number of a version, such as '15' or '8.0.16', or NULL.".to_owned(),
        },
    })
}
