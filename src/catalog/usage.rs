//! Reads the server's usage counters of tables and indexes, and detects changes of the catalogs.

use pgmeta_core::cells::take;
use pgmeta_discovery::{IndexStatistics, Statistics, TableStatistics};

use crate::catalog::reader::adapted;
use crate::catalog::schemas::schemas;
use crate::catalog::sizes::{Sizes, sizes};
use crate::error::Error;
use crate::guc::GucGuard;
use crate::server;
use crate::spi::{Arg, Connection};

const OF_TABLES: [&str; 14] = [
    "oid",
    "schema",
    "name",
    "index_bytes",
    "live_rows",
    "dead_rows",
    "sequential_scans",
    "sequential_rows_read",
    "index_scans",
    "rows_inserted",
    "rows_updated",
    "rows_deleted",
    "last_vacuum",
    "last_analyze",
];

const OF_INDEXES: [&str; 8] =
    ["schema", "name", "table", "bytes", "scans", "tuples_read", "tuples_fetched", "last_scan"];

/// The time of the last reset of this database's counters.
const SINCE: &str = "SELECT pg_catalog.pg_stat_get_db_stat_reset_time(d.oid)::text AS since \
    FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()";

/// Reads the statistics of indexes in these schemas (`None`: all), and with `tables` those of tables.
pub fn usage(wanted: Option<&[String]>, tables: bool) -> Result<Statistics, Error> {
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    let schemas = schemas(&connection, wanted)?;
    let args = [Arg::Oids(&schemas)];
    let mut found = Statistics { since: connection.value(SINCE, &[], "since")?.flatten(), ..Statistics::default() };
    let sql = adapted(&connection, "index_statistics", server::version_num())?;
    connection.read(&sql, &args, &OF_INDEXES, |cells| {
        found.indexes.push(IndexStatistics {
            schema: take(cells, "schema")?,
            name: take(cells, "name")?,
            table: take(cells, "table")?,
            bytes: take(cells, "bytes")?,
            scans: take(cells, "scans")?,
            tuples_read: take(cells, "tuples_read")?,
            tuples_fetched: take(cells, "tuples_fetched")?,
            last_scan: take(cells, "last_scan")?,
        });
        Ok(())
    })?;
    if tables {
        let sizes = sizes(&connection, &args)?;
        add_tables(&connection, &args, &sizes, &mut found)?;
    }
    Ok(found)
}

fn add_tables(
    connection: &Connection,
    args: &[Arg<'_>],
    sizes: &Sizes,
    statistics: &mut Statistics,
) -> Result<(), Error> {
    connection.read(include_str!("queries/table_statistics.sql"), args, &OF_TABLES, |cells| {
        let oid = take(cells, "oid")?;
        let (rows_estimate, bytes) = sizes.get(&oid).copied().unwrap_or_default();
        statistics.tables.push(TableStatistics {
            schema: take(cells, "schema")?,
            name: take(cells, "name")?,
            rows_estimate,
            bytes: bytes.unwrap_or_default(),
            index_bytes: take(cells, "index_bytes")?,
            live_rows: take(cells, "live_rows")?,
            dead_rows: take(cells, "dead_rows")?,
            sequential_scans: take(cells, "sequential_scans")?,
            sequential_rows_read: take(cells, "sequential_rows_read")?,
            index_scans: take(cells, "index_scans")?,
            rows_inserted: take(cells, "rows_inserted")?,
            rows_updated: take(cells, "rows_updated")?,
            rows_deleted: take(cells, "rows_deleted")?,
            last_vacuum: take(cells, "last_vacuum")?,
            last_analyze: take(cells, "last_analyze")?,
        });
        Ok(())
    })
}

/// Returns a text that differs if the caller's snapshot shows other catalog rows, or if the role differs.
pub fn content() -> Result<String, Error> {
    let _pinned = GucGuard::new();
    Connection::open()?.one(include_str!("queries/catalog_content.sql"), &[], "content")
}
