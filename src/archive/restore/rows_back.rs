//! Restores rows of a DEFAULT partition into their partitioned table, which routes each row to the partition that accepts
//! it now. The rows come from a separate table, where they were verified and altered to the parent's columns. Creates no
//! partition.

use pgmeta_archive::manifest::Manifest;
use pgmeta_archive::state::State;
use pgmeta_core::cells::take;
use pgmeta_core::ident::{ident, qualified};

use crate::archive::errors::RestoreError;
use crate::archive::queries;
use crate::archive::records::state_of;
use crate::archive::restore::shape::hinted;
use crate::archive::restore::table_owner::TableOwner;
use crate::archive::transfer::partition::{Parent, Partition};
use crate::error::Error;
use crate::guc::GucGuard;
use crate::rights::as_code_owner_within;
use crate::spi::{Arg, Connection, SnapshotGuard, attempt};

/// Returns the name of the intermediate table, in the parent's schema.
pub fn beside(parent: &Parent, id: i64) -> String {
    qualified(&parent.schema, &format!("pgmeta restores {id}"))
}

/// Returns an error if the rows are still in their table. Must be called with the parent locked.
pub fn require_gone(id: i64, parent: &Parent) -> Result<(), Error> {
    let _pinned = GucGuard::new();
    // Another session may have restored them while this one waited.
    let _snapshot = SnapshotGuard::committed();
    let state = state_of(&Connection::open()?, id)?;
    if state == State::Retired {
        return Ok(());
    }
    Err(RestoreError::RowsPresent { id, parent: parent.quoted(), state }.into())
}

/// Inserts the rows of a table into a parent, whose triggers must not change them, and drops the table. Returns the OID of
/// the parent's DEFAULT partition, or 0.
pub fn put_back(
    (oid, table): (u32, &str),
    parent: &Parent,
    manifest: &Manifest,
    owner: &TableOwner<'_>,
) -> Result<u32, Error> {
    let (columns, default) = {
        let _pinned = GucGuard::new();
        let _snapshot = SnapshotGuard::new();
        let connection = Connection::open()?;
        let columns = Partition::read(&connection, oid)?.columns;
        let args = [Arg::Int(parent.oid.into())];
        let default: u32 = queries::value(&connection, sql!("default_partition_oid"), &args, "oid")?;
        (columns, default)
    };
    let names: Vec<String> =
        columns.iter().filter(|column| !column.generated).map(|column| ident(&column.name)).collect();
    let list = names.join(", ");
    let values =
        [("parent", &*parent.quoted()), ("columns", &*list), ("table", table), ("rows", &*manifest.rows.to_string())];
    let put = queries::fill(sql!("put_back"), &values)?;
    let same = attempt(|| {
        let _pinned = GucGuard::running(0);
        let connection = Connection::open()?;
        let _code = as_code_owner_within(owner.role, owner.path);
        let mut same = false;
        connection.write(&put, &[], &["same"], |cells| {
            same = take(cells, "same")?;
            Ok(())
        })?;
        Ok(same)
    });
    if !same.map_err(hinted)? {
        return Err(RestoreError::OtherRowsInParent(parent.quoted()).into());
    }
    owner.run(&format!("DROP TABLE {table}"))?;
    Ok(default)
}
