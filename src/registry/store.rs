//! Access to the registry's tables, as the extension's owner. Decides nothing: callers check rights first.

use pgmeta_core::cells::RowError;

use crate::error::Error;
use crate::guc::GucGuard;
use crate::rights::{as_extension_owner, user, user_name};
use crate::spi::{Arg, Connection, SnapshotGuard, Tuple};

/// The role that calls.
#[derive(Clone, Debug)]
pub struct Caller {
    pub oid: u32,
    pub name: String,
}

impl Caller {
    pub fn current() -> Result<Self, Error> {
        let _pinned = GucGuard::new();
        Ok(Self { oid: user(), name: user_name(&Connection::open()?)? })
    }

    pub fn arg(&self) -> Arg<'static> {
        Arg::Int(self.oid.into())
    }
}

/// Runs a query, and calls `visit` for each row. It sees what earlier calls of the same statement have changed.
pub fn read(
    sql: &str,
    args: &[Arg<'_>],
    columns: &[&'static str],
    visit: impl FnMut(&mut Tuple<'_>) -> Result<(), RowError>,
) -> Result<(), Error> {
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    let _owner = as_extension_owner(&connection)?;
    let _snapshot = SnapshotGuard::new();
    connection.read(sql, args, columns, visit)
}

/// Runs a statement that writes, and calls `visit` for each row that it returns.
pub fn write(
    sql: &str,
    args: &[Arg<'_>],
    columns: &[&'static str],
    visit: impl FnMut(&mut Tuple<'_>) -> Result<(), RowError>,
) -> Result<(), Error> {
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    let _owner = as_extension_owner(&connection)?;
    connection.write(sql, args, columns, visit)
}

/// Runs a statement that writes; returns the number of changed rows.
pub fn change(sql: &str, args: &[Arg<'_>]) -> Result<i64, Error> {
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    let _owner = as_extension_owner(&connection)?;
    connection.changed(sql, args)
}
