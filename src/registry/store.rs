//! Access to the registry's tables, as the extension's owner. Decides nothing: callers check rights first.

use pgmeta_core::cells::RowError;

use crate::error::Error;
use crate::guc::GucGuard;
use crate::rights::{as_extension_owner, user, user_name};
use crate::server;
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

/// Binds the rows of another cluster or database, for example after pg_dump, to the roles of their names: from then on, OIDs count. Writers
/// call it first.
pub fn bind_roles() -> Result<(), Error> {
    const BIND: [&str; 3] = [
        "UPDATE pgmeta_registry.definitions d SET owner_oid = r.oid, origin = $1 FROM pg_roles r \
            WHERE d.origin <> $1 AND r.rolname = d.owner",
        "UPDATE pgmeta_registry.grants g SET role_oid = r.oid, origin = $1 FROM pg_roles r \
            WHERE g.origin <> $1 AND r.rolname = g.role",
        "UPDATE pgmeta_registry.templates t SET owner_oid = r.oid, origin = $1 FROM pg_roles r \
            WHERE t.origin <> $1 AND r.rolname = t.owner",
    ];
    let origin = server::origin();
    for bind in BIND {
        change(bind, &[Arg::Text(&origin)])?;
    }
    Ok(())
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
