//! Sizes of tables: estimated rows and bytes, for snapshots and plans that request them.

use pgmeta_core::catalog_rows::class;
use pgmeta_core::cells::take;
use rustc_hash::FxHashMap;

use crate::catalog::outcome::Outcome;
use crate::catalog::schemas::schemas;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::spi::{Arg, Connection};

/// Adds the sizes of the tables in these schemas (`None`: all) to the model.
pub fn add_sizes(outcome: &mut Outcome, wanted: Option<&[String]>) -> Result<(), Error> {
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    let args = [Arg::Oids(&schemas(&connection, wanted)?)];
    let sizes = sizes(&connection, &args)?;
    for table in &mut outcome.model.tables {
        let Some(address) = outcome.addresses.get(&table.object_key()) else { continue };
        if address.class == class::CLASS
            && let Some(&(rows, bytes)) = sizes.get(&address.oid)
        {
            (table.rows_estimate, table.bytes) = (rows, bytes);
        }
    }
    Ok(())
}

/// Estimated rows and bytes of tables and materialized views, by OID.
pub type Sizes = FxHashMap<u32, (Option<i64>, Option<i64>)>;

/// Reads the sizes of tables and materialized views.
pub fn sizes(connection: &Connection, schemas: &[Arg<'_>]) -> Result<Sizes, Error> {
    let mut sizes = FxHashMap::default();
    let columns = ["oid", "rows_estimate", "bytes"];
    connection.read(include_str!("queries/table_sizes.sql"), schemas, &columns, |cells| {
        sizes.insert(take(cells, "oid")?, (take(cells, "rows_estimate")?, take(cells, "bytes")?));
        Ok(())
    })?;
    Ok(sizes)
}
