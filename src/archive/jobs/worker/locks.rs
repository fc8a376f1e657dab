//! What a worker asks of the server about a partition, each in a transaction of its own or within one; and the lock that
//! keeps other workers from it.

use crate::archive::policy::Policy;
use crate::archive::queries;
use crate::archive::records::run_as::Owner;
use crate::error::Error;
use crate::locks::{self, Mode, Subject, Until};
use crate::rights;
use crate::spi::{Arg, Connection};
use crate::worker::relay::Relay;
use crate::worker::session::transaction;

/// Keeps others from a partition until `unlock`, or the end of this process.
pub fn lock(partition: u32) -> Result<bool, Relay> {
    transaction(|| locks::take(&Connection::open()?, Subject::Table(partition), Mode::Exclusive, Until::Release))
}

pub fn unlock(partition: u32) -> Result<(), Relay> {
    transaction(|| locks::release(&Connection::open()?, Subject::Table(partition), Mode::Exclusive))
}

/// Waits until nobody else detaches partitions of a table; `unlock` ends it.
pub fn wait(table: u32) -> Result<(), Error> {
    locks::wait(&Connection::open()?, Subject::Table(table), Mode::Exclusive, Until::Release)
}

/// Shows others that somebody is at a policy, until the end of this process, and finds it. A worker is a session of its owner.
pub fn enter(policy: &str) -> Result<Policy, Error> {
    let found = Policy::find(policy)?;
    let connection = Connection::open()?;
    locks::wait(&connection, Subject::Policy(found.id), Mode::Shared, Until::Release)?;
    let owner = Owner::find(&connection, policy)?.map(|owner| owner.require_able()).transpose()?;
    if owner == Some(rights::user()) {
        return Ok(found);
    }
    Err(Error::Denied {
        action: format!("run policy \"{policy}\""),
        hint: "Its owner has changed since the worker began.".into(),
    })
}

/// Returns whether the parent has a DEFAULT partition, with which none is detached concurrently.
pub fn has_default(partition: u32) -> Result<bool, Error> {
    let args = [Arg::Int(partition.into())];
    queries::value(&Connection::open()?, sql!("has_default_partition"), &args, "found")
}

/// Returns the name of a partition whose detachment was interrupted.
pub fn pending_detach(partition: u32) -> Result<Option<String>, Error> {
    queries::optional_value(&Connection::open()?, sql!("pending_detach"), &[Arg::Int(partition.into())], "name")
}
