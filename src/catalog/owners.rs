//! Finds relations, and the roles as which statements must run code, in the present catalog.

use pgmeta_core::model::ObjectKey;

use crate::error::Error;
use crate::spi::{Arg, Connection, SnapshotGuard};

/// Returns the OID of a relation.
pub fn relation(key: &ObjectKey) -> Result<Option<u32>, Error> {
    const FIND: &str = "SELECT c.oid FROM pg_catalog.pg_class c \
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2";
    by_names(FIND, key, "oid")
}

/// Returns the owner of a domain.
pub fn domain_owner(key: &ObjectKey) -> Result<Option<u32>, Error> {
    const FIND: &str = "SELECT t.typowner AS owner FROM pg_catalog.pg_type t \
        JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = $1 AND t.typname = $2";
    by_names(FIND, key, "owner")
}

/// Returns the OID of a role if it may create objects in a schema.
pub fn creator(role: &str, schema: &str) -> Result<Option<u32>, Error> {
    const FIND: &str = "SELECT r.oid FROM pg_catalog.pg_roles r, pg_catalog.pg_namespace n WHERE r.rolname = $1 AND n.nspname = $2 \
        AND pg_catalog.has_schema_privilege(r.oid, n.oid, 'USAGE') AND pg_catalog.has_schema_privilege(r.oid, n.oid, 'CREATE')";
    let _snapshot = SnapshotGuard::new();
    Connection::open()?.value(FIND, &[Arg::Text(role), Arg::Text(schema)], "oid")
}

fn by_names(sql: &str, key: &ObjectKey, column: &'static str) -> Result<Option<u32>, Error> {
    let _snapshot = SnapshotGuard::new();
    let names: Vec<Arg<'_>> = key.names.iter().map(|name| Arg::Text(name)).collect();
    Connection::open()?.value(sql, &names, column)
}
