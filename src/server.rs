//! What the running server and the session know of themselves: version, rights, search_path. Reads no catalog.

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

/// Refuses in a read-only transaction and on a standby, as the server does for its own commands, and says what to do.
pub fn require_writable(function: &'static str) -> Result<(), Error> {
    require_primary(function)?;
    if is_read_only() { Err(Error::ReadOnly { function, standby: false }) } else { Ok(()) }
}

/// Refuses on a standby.
pub fn require_primary(function: &'static str) -> Result<(), Error> {
    if is_in_recovery() { Err(Error::ReadOnly { function, standby: true }) } else { Ok(()) }
}

/// Returns the OID of this session's database.
pub fn own_database() -> u32 {
    // SAFETY: a variable of this session.
    unsafe { pg_sys::MyDatabaseId.to_u32() }
}

/// Returns the number of the subtransaction that is being run, or of the transaction itself.
pub fn subtransaction() -> pg_sys::SubTransactionId {
    // SAFETY: reads this session's state.
    unsafe { pg_sys::GetCurrentSubTransactionId() }
}

/// Identifies this cluster and database: OIDs of others mean nothing here.
pub fn origin() -> String {
    format!("{}/{}", system_identifier(), own_database())
}

/// Returns the identifier that no other cluster has, except copies of this one.
pub fn system_identifier() -> String {
    // SAFETY: reads what was in pg_control when the server began.
    unsafe { pg_sys::GetSystemIdentifier() }.to_string()
}

/// Returns whether the server is a standby, or not there yet.
pub fn is_in_recovery() -> bool {
    // SAFETY: reads shared memory.
    unsafe { pg_sys::RecoveryInProgress() }
}

/// Returns whether the transaction may not write: it is read-only, or the server is a standby.
pub fn is_read_only() -> bool {
    // SAFETY: a variable of this session.
    unsafe { pg_sys::XactReadOnly }
}

/// Returns whether queries can be run: the process is in a transaction that has not failed.
pub fn is_in_transaction() -> bool {
    // SAFETY: reads this session's state.
    unsafe { pg_sys::IsTransactionState() }
}

/// Returns the schemas of the caller's search_path, in order.
pub fn search_path() -> Vec<u32> {
    const LONGEST: usize = 256;
    let mut oids = [pg_sys::InvalidOid; LONGEST];
    // SAFETY: the array has as many elements as it says.
    let count = unsafe { pg_sys::fetch_search_path_array(oids.as_mut_ptr(), LONGEST as i32) };
    oids.iter().take(usize::try_from(count).unwrap_or(0)).map(|oid| oid.to_u32()).collect()
}

/// Returns how long a session waits for a lock before it looks whether that is a deadlock, by this session's setting.
pub fn deadlock_timeout() -> Duration {
    // SAFETY: a variable of this session.
    Duration::from_millis(unsafe { pg_sys::DeadlockTimeout }.try_into().unwrap_or(1))
}

/// Returns the number of this process.
pub fn own_pid() -> i32 {
    // SAFETY: a process has its number from the start.
    unsafe { pg_sys::MyProcPid }
}
