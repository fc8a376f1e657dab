//! Restores rows of a DEFAULT partition into their table, which routes each to the partition that accepts it now. They come from a table
//! beside it, where they were verified and got the parent's columns. Makes no partition.

use pgmeta_archive::manifest::Manifest;
use pgmeta_core::cells::take;
use pgmeta_core::ident::{ident, qualified};
use pgrx::PgSqlErrorCode;

use crate::archive::partition::{Parent, Partition};
use crate::archive::record::state_of;
use crate::archive::restore::shape::{Code, hinted};
use crate::error::Error;
use crate::guc::Pinned;
use crate::rights::as_code_owner_within;
use crate::spi::{Arg, Connection, Latest, attempt};

/// Returns the name of the table beside the parent.
pub fn beside(parent: &Parent, id: i64) -> String {
    qualified(&parent.schema, &format!("pgmeta restores {id}"))
}

/// Refuses rows that are in their table already: they would be there twice. To be called with the parent locked.
pub fn require_gone(id: i64, parent: &Parent) -> Result<(), Error> {
    let _pinned = Pinned::new();
    // Another session may have brought them back while this one waited.
    let _latest = Latest::committed();
    let state = state_of(&Connection::open()?, id)?;
    if state == "retired" {
        return Ok(());
    }
    Err(Error::from_parts(
        PgSqlErrorCode::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
        &format!("rows of archive {id} may be in {} already: it is {state}", parent.quoted()),
        "With the option into they are restored into a table of their own.",
    ))
}

/// Puts the rows of a table into a parent, whose triggers must leave them as they are, and drops the table. Returns the parent's DEFAULT
/// partition, 0 where it has none.
pub fn put_back(
    (oid, table): (u32, &str),
    parent: &Parent,
    manifest: &Manifest,
    code: &Code<'_>,
) -> Result<u32, Error> {
    const DEFAULT: &str =
        "SELECT p.partdefid AS oid FROM pg_catalog.pg_partitioned_table p WHERE p.partrelid = $1::oid";
    let (columns, default) = {
        let _pinned = Pinned::new();
        let _latest = Latest::new();
        let connection = Connection::open()?;
        let columns = Partition::read(&connection, oid)?.columns;
        let default: Option<u32> = connection.value(DEFAULT, &[Arg::Int(parent.oid.into())], "oid")?;
        (columns, default.unwrap_or_default())
    };
    let names: Vec<String> =
        columns.iter().filter(|column| !column.generated).map(|column| ident(&column.name)).collect();
    let list = names.join(", ");
    let hash = format!("SELECT pg_catalog.sum(pg_catalog.hashtextextended(ROW({list})::text, 0)) FROM");
    let put = format!(
        "WITH put AS (INSERT INTO {} ({list}) OVERRIDING SYSTEM VALUE SELECT {list} FROM ONLY {table} RETURNING {list}) \
        SELECT (SELECT pg_catalog.count(*) FROM put) = {} AND ({hash} put) IS NOT DISTINCT FROM ({hash} ONLY {table}) AS same",
        parent.quoted(),
        manifest.rows
    );
    let same = attempt(|| {
        let _pinned = Pinned::running(0);
        let connection = Connection::open()?;
        let _code = as_code_owner_within(code.owner, code.path);
        let mut same = false;
        connection.write(&put, &[], &["same"], |cells| {
            same = take(cells, "same")?;
            Ok(())
        })?;
        Ok(same)
    });
    if !same.map_err(hinted)? {
        return Err(Error::from_parts(
            PgSqlErrorCode::ERRCODE_TRIGGERED_DATA_CHANGE_VIOLATION,
            &format!("what was put back into {} is not what was archived", parent.quoted()),
            "Nothing was restored. A trigger of the table changes rows or leaves some out; with the option into no trigger is run.",
        ));
    }
    code.run(&format!("DROP TABLE {table}"))?;
    Ok(default)
}
