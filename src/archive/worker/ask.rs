//! What a worker asks of the server about a partition, each in a transaction of its own or within one; and the lock that
//! keeps other workers from it.

use crate::archive::export::LOCK;
use crate::error::Error;
use crate::spi::{Arg, Connection};
use crate::worker::relay::Relay;
use crate::worker::session::transaction;

/// Keeps others from a partition until `unlock`, or the end of this process.
pub fn lock(partition: u32) -> Result<bool, Relay> {
    of_partition(&format!("SELECT pg_catalog.pg_try_advisory_lock({LOCK}, $1::oid::int4) AS found"), partition)
}

pub fn unlock(partition: u32) -> Result<bool, Relay> {
    of_partition(&format!("SELECT pg_catalog.pg_advisory_unlock({LOCK}, $1::oid::int4) AS found"), partition)
}

fn of_partition(sql: &str, partition: u32) -> Result<bool, Relay> {
    transaction(|| ask(sql, partition))
}

fn ask(sql: &str, partition: u32) -> Result<bool, Error> {
    Ok(Connection::open()?.value(sql, &[Arg::Int(partition.into())], "found")?.unwrap_or_default())
}

/// Returns whether the parent has a DEFAULT partition, with which none is detached concurrently.
pub fn has_default(partition: u32) -> Result<bool, Error> {
    ask(
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = i.inhparent \
            WHERE i.inhrelid = $1::oid AND p.partdefid <> 0) AS found",
        partition,
    )
}

/// Returns the name of a partition whose detachment was interrupted.
pub fn pending_detach(partition: u32) -> Result<Option<String>, Error> {
    const FIND: &str = "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name FROM pg_catalog.pg_inherits i \
        JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
        WHERE i.inhrelid = $1::oid AND i.inhdetachpending";
    Connection::open()?.value(FIND, &[Arg::Int(partition.into())], "name")
}
