//! pgmeta's own locks. Unlike advisory locks they cannot be taken by SQL, so that no user can block archiving with them.
//! pg_locks shows them as type "object", with the class of pgmeta's table or pg_foreign_server.

use core::ffi::c_int;

use pgrx::pg_sys;

use crate::error::Error;
use crate::rights::OwnTables;
use crate::server;
use crate::spi::Connection;

/// The subject of a lock.
#[derive(Clone, Copy, Debug)]
pub enum Subject {
    /// A partition, or a table whose partitions are detached one at a time.
    Table(u32),
    /// A policy that a worker processes.
    Policy(i32),
    /// A storage, by the OID of its server: excludes renaming and dropping while an archive is recorded in it.
    Storage(u32),
}

/// How long a lock is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    TransactionEnd,
    /// Until `release` or the end of the process.
    Release,
}

#[derive(Clone, Copy, Debug)]
pub enum Mode {
    Shared = pg_sys::ShareLock as isize,
    Exclusive = pg_sys::ExclusiveLock as isize,
}

/// Takes a lock if it is free; returns whether it was free.
pub fn take(connection: &Connection, subject: Subject, mode: Mode, until: Until) -> Result<bool, Error> {
    acquire(connection, subject, mode, until, true)
}

/// Takes a lock, and waits for it up to `lock_timeout`.
pub fn wait(connection: &Connection, subject: Subject, mode: Mode, until: Until) -> Result<(), Error> {
    acquire(connection, subject, mode, until, false).map(drop)
}

/// Releases a lock that was taken with `Until::Release`.
pub fn release(connection: &Connection, subject: Subject, mode: Mode) -> Result<(), Error> {
    let tag = tag(connection, subject)?;
    // SAFETY: the tag is valid; releasing a lock that is not held raises a warning.
    unsafe { pg_sys::LockRelease(&raw const tag, mode as c_int, true) };
    Ok(())
}

fn acquire(connection: &Connection, subject: Subject, mode: Mode, until: Until, at_once: bool) -> Result<bool, Error> {
    let tag = tag(connection, subject)?;
    let for_session = until == Until::Release;
    // SAFETY: the tag is valid; the end of the transaction releases its locks.
    let result = unsafe { pg_sys::LockAcquire(&raw const tag, mode as c_int, for_session, at_once) };
    Ok(result != pg_sys::LockAcquireResult::LOCKACQUIRE_NOT_AVAIL)
}

fn tag(connection: &Connection, subject: Subject) -> Result<pg_sys::LOCKTAG, Error> {
    let tables = OwnTables::require(connection)?;
    let (class, object) = match subject {
        Subject::Table(oid) => (tables.records, oid),
        Subject::Policy(id) => (tables.policies, id.cast_unsigned()),
        Subject::Storage(server) => (pg_sys::ForeignServerRelationId.to_u32(), server),
    };
    Ok(pg_sys::LOCKTAG {
        locktag_field1: server::own_database(),
        locktag_field2: class,
        locktag_field3: object,
        locktag_field4: 0,
        locktag_type: pg_sys::LockTagType::LOCKTAG_OBJECT as u8,
        // User locks survive a failed transaction and end with the process.
        locktag_lockmethodid: pg_sys::USER_LOCKMETHOD as u8,
    })
}
