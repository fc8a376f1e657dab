//! Queries of a worker about a partition, and the locks that exclude other workers. Each query runs in its own transaction
//! or within the caller's.

use crate::archive::policy::Policy;
use crate::archive::queries;
use crate::archive::records::run_as::Owner;
use crate::error::Error;
use crate::locks::{self, Mode, Subject, Until};
use crate::rights;
use crate::spi::{Arg, Connection};
use crate::worker::remote_error::RemoteError;
use crate::worker::session::transaction;

/// Locks a partition against other workers until `unlock` or the end of this process; returns false if another holds the
/// lock.
pub fn lock(partition: u32) -> Result<bool, RemoteError> {
    transaction(|| locks::take(&Connection::open()?, Subject::Table(partition), Mode::Exclusive, Until::Release))
}

pub fn unlock(partition: u32) -> Result<(), RemoteError> {
    transaction(|| locks::release(&Connection::open()?, Subject::Table(partition), Mode::Exclusive))
}

/// Waits until no other process detaches partitions of a table. `unlock` releases the lock.
pub fn wait(table: u32) -> Result<(), Error> {
    locks::wait(&Connection::open()?, Subject::Table(table), Mode::Exclusive, Until::Release)
}

/// Finds a policy, and shows until the end of this process that it has a worker. A worker is a session of the policy's
/// owner.
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

/// Returns whether the parent has a DEFAULT partition: then no partition can be detached concurrently.
pub fn has_default(partition: u32) -> Result<bool, Error> {
    let args = [Arg::Int(partition.into())];
    queries::value(&Connection::open()?, sql!("has_default_partition"), &args, "found")
}

/// Returns the name of a partition whose DETACH CONCURRENTLY was interrupted.
pub fn pending_detach(partition: u32) -> Result<Option<String>, Error> {
    queries::optional_value(&Connection::open()?, sql!("pending_detach"), &[Arg::Int(partition.into())], "name")
}
