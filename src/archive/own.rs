//! pgmeta's own tables, with the rights of their owner: who may call the functions has no others on them, and so cannot say
//! what never happened.

use crate::error::Error;
use crate::server::AsRole;
use crate::spi::Connection;

/// Acts as the owner of the records until what is returned goes.
pub fn as_owner(connection: &Connection) -> Result<AsRole, Error> {
    const OWNER: &str = "SELECT c.relowner AS owner FROM pg_catalog.pg_class c WHERE c.oid = \
        (SELECT r.oid FROM pg_catalog.pg_class r WHERE r.relname = 'archive_records' \
            AND r.relnamespace = (SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = 'pgmeta'))";
    let owner: u32 = connection.value(OWNER, &[], "owner")?.unwrap_or_default();
    Ok(AsRole::new(owner))
}

/// Returns the name of the role that calls.
pub fn caller(connection: &Connection) -> Result<String, Error> {
    Ok(connection.value("SELECT CURRENT_USER::text AS name", &[], "name")?.unwrap_or_default())
}
