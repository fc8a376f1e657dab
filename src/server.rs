//! Properties of the running server and the session: version, rights, search_path. Reads no catalog.

use std::ffi::CStr;
use std::time::Duration;

use pgrx::pg_sys;

use crate::error::Error;

/// Returns the running server's version, 150020 for 15.20.
pub fn version_num() -> u32 {
    // SAFETY: the setting exists in every server, which returns a C string.
    let text = unsafe {
        let text = pg_sys::GetConfigOption(c"server_version_num".as_ptr(), false, false);
        CStr::from_ptr(text)
    };
    text.to_str().ok().and_then(|text| text.parse().ok()).unwrap_or(pg_sys::PG_VERSION_NUM)
}

/// Returns whether the caller has the rights of `pg_write_server_files`.
pub fn may_write_files() -> bool {
    // SAFETY: both are OIDs of roles.
    unsafe { pg_sys::has_privs_of_role(pg_sys::GetUserId(), pg_sys::ROLE_PG_WRITE_SERVER_FILES.into()) }
}

/// Returns whether the caller has the rights of `pg_read_server_files`.
pub fn may_read_files() -> bool {
    // SAFETY: as above.
    unsafe { pg_sys::has_privs_of_role(pg_sys::GetUserId(), pg_sys::ROLE_PG_READ_SERVER_FILES.into()) }
}

/// Returns whether the call was cancelled or the session terminated. Code that errors cannot pass through asks this, and stops.
pub fn must_stop() -> bool {
    // SAFETY: signal handlers set these variables, and only this thread reads them.
    unsafe { pg_sys::QueryCancelPending != 0 || pg_sys::ProcDiePending != 0 }
}

/// Returns an error in a read-only transaction and on a standby, as the server does, with a hint.
pub fn require_writable(function: &'static str) -> Result<(), Error> {
    require_primary(function)?;
    if is_read_only() { Err(Error::ReadOnly { function, standby: false }) } else { Ok(()) }
}

/// Returns an error on a standby.
pub fn require_primary(function: &'static str) -> Result<(), Error> {
    if is_in_recovery() { Err(Error::ReadOnly { function, standby: true }) } else { Ok(()) }
}

/// Returns the OID of this session's database.
pub fn own_database() -> u32 {
    // SAFETY: a variable of this session.
    unsafe { pg_sys::MyDatabaseId.to_u32() }
}

/// Returns the ID of the current subtransaction, or of the transaction.
pub fn subtransaction() -> pg_sys::SubTransactionId {
    // SAFETY: reads this session's state.
    unsafe { pg_sys::GetCurrentSubTransactionId() }
}

/// Identifies this cluster and database. OIDs of other databases are meaningless here.
pub fn origin() -> String {
    format!("{}/{}", system_identifier(), own_database())
}

/// Returns the system identifier, which only copies of this cluster share.
pub fn system_identifier() -> String {
    // SAFETY: reads a value that was loaded from pg_control at the start.
    unsafe { pg_sys::GetSystemIdentifier() }.to_string()
}

/// Returns whether the server is a standby or still recovers.
pub fn is_in_recovery() -> bool {
    // SAFETY: reads shared memory.
    unsafe { pg_sys::RecoveryInProgress() }
}

/// Returns whether the transaction cannot write: it is read-only, or the server is a standby.
pub fn is_read_only() -> bool {
    // SAFETY: a variable of this session.
    unsafe { pg_sys::XactReadOnly }
}

/// Returns whether queries can run: the process is in a transaction that has not failed.
pub fn is_in_transaction() -> bool {
    // SAFETY: reads this session's state.
    unsafe { pg_sys::IsTransactionState() }
}

/// Returns the schemas of the caller's search_path, in order.
pub fn search_path() -> Vec<u32> {
    const LONGEST: usize = 256;
    let mut oids = [pg_sys::InvalidOid; LONGEST];
    // SAFETY: the array has the length that is passed.
    let count = unsafe { pg_sys::fetch_search_path_array(oids.as_mut_ptr(), LONGEST as i32) };
    oids.iter().take(usize::try_from(count).unwrap_or(0)).map(|oid| oid.to_u32()).collect()
}

/// Returns the time after which a waiting session checks for a deadlock.
pub fn deadlock_timeout() -> Duration {
    // SAFETY: a variable of this session.
    Duration::from_millis(unsafe { pg_sys::DeadlockTimeout }.try_into().unwrap_or(1))
}

/// Returns the ID of this process.
pub fn own_pid() -> i32 {
    // SAFETY: set at the start of each process.
    unsafe { pg_sys::MyProcPid }
}
