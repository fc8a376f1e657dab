//! Differences in the server's C interface between major versions. No other module may check the major for that.

use pgmeta_core::cells::AclItem;
use pgrx::pg_sys;

/// Decodes an aclitem. Its halves have 16 bits up to PostgreSQL 15, and 32 bits since 16.
///
/// # Safety
/// `datum` must be an aclitem.
pub unsafe fn acl_item(datum: pg_sys::Datum) -> AclItem {
    // SAFETY: promised by the caller.
    let item = unsafe { &*datum.cast_mut_ptr::<pg_sys::AclItem>() };
    let bits = u64::from(item.ai_privs);
    let half = if cfg!(any(feature = "pg14", feature = "pg15")) { 16 } else { 32 };
    let mask = (1 << half) - 1;
    AclItem {
        grantee: item.ai_grantee.to_u32(),
        grantor: item.ai_grantor.to_u32(),
        privileges: (bits & mask) as u32,
        grantable: ((bits >> half) & mask) as u32,
    }
}

unsafe extern "C-unwind" {
    fn AtEOXact_Enum();
    fn EstimateUncommittedEnumsSpace() -> usize;
}

/// Returns whether the transaction has added enum labels, which must not be used before the commit. The length of the
/// serialized list shows it: an empty list has one terminating OID, since PostgreSQL 17 two.
pub fn has_new_labels() -> bool {
    let empty = if cfg!(any(feature = "pg17", feature = "pg18")) { 2 } else { 1 };
    // SAFETY: counts the entries of a table of this session.
    unsafe { EstimateUncommittedEnumsSpace() > empty * size_of::<pg_sys::Oid>() }
}

/// Clears the list of enum labels that the transaction has added, so that it may use them. The server forbids that because
/// an index could keep a label that was rolled back.
pub fn forget_new_labels() {
    // SAFETY: the server does the same at the end of each transaction.
    unsafe { AtEOXact_Enum() };
}

/// Returns the attribute of a tuple descriptor, which PostgreSQL 18 returns by a function.
///
/// # Safety
/// `descriptor` must be valid and `at` below its number of attributes.
pub unsafe fn attribute(descriptor: pg_sys::TupleDesc, at: usize) -> *mut pg_sys::FormData_pg_attribute {
    // SAFETY: promised by the caller.
    #[cfg(feature = "pg18")]
    return unsafe { pg_sys::TupleDescAttr(descriptor, at as core::ffi::c_int) };
    #[cfg(not(feature = "pg18"))]
    return unsafe { (*descriptor).attrs.as_mut_ptr().add(at) };
}

/// Analyzes and rewrites a statement without parameters. PostgreSQL 15 renamed the function.
///
/// # Safety
/// The statement must have been parsed from the text.
pub unsafe fn analyze(statement: *mut pg_sys::RawStmt, text: *const core::ffi::c_char) -> *mut pg_sys::List {
    // SAFETY: promised by the caller.
    #[cfg(feature = "pg14")]
    return unsafe { pg_sys::pg_analyze_and_rewrite(statement, text, std::ptr::null_mut(), 0, std::ptr::null_mut()) };
    #[cfg(not(feature = "pg14"))]
    return unsafe {
        pg_sys::pg_analyze_and_rewrite_fixedparams(statement, text, std::ptr::null(), 0, std::ptr::null_mut())
    };
}

/// Sends a message and waits for space. Since PostgreSQL 15 the receiver is notified at once only if requested.
///
/// # Safety
/// The queue must be attached, with this process as its sender.
pub unsafe fn send(queue: *mut pg_sys::shm_mq_handle, message: &[u8]) {
    let (length, bytes) = (message.len(), message.as_ptr().cast());
    // SAFETY: promised by the caller.
    unsafe {
        #[cfg(feature = "pg14")]
        pg_sys::shm_mq_send(queue, length, bytes, false);
        #[cfg(not(feature = "pg14"))]
        pg_sys::shm_mq_send(queue, length, bytes, false, true);
    }
}

/// Runs a portal to its end, at top level. In PostgreSQL 18 the function has one argument less.
///
/// # Safety
/// The portal must have been started, and the receiver must be valid.
pub unsafe fn run_portal(portal: pg_sys::Portal, receiver: *mut pg_sys::DestReceiver) {
    let mut completion = pg_sys::QueryCompletion::default();
    let (all, completion) = (core::ffi::c_long::MAX, &raw mut completion);
    // SAFETY: promised by the caller.
    #[cfg(feature = "pg18")]
    unsafe {
        pg_sys::PortalRun(portal, all, true, receiver, receiver, completion);
    }
    #[cfg(not(feature = "pg18"))]
    unsafe {
        pg_sys::PortalRun(portal, all, true, true, receiver, receiver, completion);
    }
}

/// Sets the handler of a signal. PostgreSQL 18 renamed the function.
///
/// # Safety
/// The handler must only do what is allowed in a signal handler.
pub unsafe fn handle_signal(signal: core::ffi::c_int, handler: pg_sys::pqsigfunc) {
    // SAFETY: promised by the caller.
    #[cfg(feature = "pg18")]
    unsafe {
        pg_sys::pqsignal_be(signal, handler);
    }
    #[cfg(not(feature = "pg18"))]
    unsafe {
        pg_sys::pqsignal(signal, handler);
    }
}

/// Returns whether objects of a kind are shared by the cluster. Parameters have privileges since PostgreSQL 15.
pub fn is_shared(kind: pg_sys::ObjectType::Type) -> bool {
    use pg_sys::ObjectType::*;
    #[cfg(not(feature = "pg14"))]
    if kind == OBJECT_PARAMETER_ACL {
        return true;
    }
    matches!(kind, OBJECT_DATABASE | OBJECT_ROLE | OBJECT_TABLESPACE)
}

/// Returns the process IDs of all sessions, as in `pg_stat_activity`. PostgreSQL 16 renamed the function.
pub fn processes() -> Vec<i32> {
    // SAFETY: entries are numbered from 1, and stay valid until the local copy is cleared.
    unsafe {
        pg_sys::pgstat_clear_backend_activity_snapshot();
        let entry = |at| {
            #[cfg(any(feature = "pg14", feature = "pg15"))]
            return pg_sys::pgstat_fetch_stat_local_beentry(at);
            #[cfg(not(any(feature = "pg14", feature = "pg15")))]
            return pg_sys::pgstat_get_local_beentry_by_index(at);
        };
        let entries = (1..=pg_sys::pgstat_fetch_stat_numbackends()).map(entry);
        entries.filter(|entry| !entry.is_null()).map(|entry| (*entry).backendStatus.st_procpid).collect()
    }
}

/// Returns the objects that an ALTER PUBLICATION names.
///
/// # Safety
/// The statement must come from the server.
pub unsafe fn publication_objects(statement: *mut pg_sys::AlterPublicationStmt) -> *mut pg_sys::List {
    // SAFETY: promised by the caller.
    unsafe {
        #[cfg(feature = "pg14")]
        return (*statement).tables;
        #[cfg(not(feature = "pg14"))]
        return (*statement).pubobjects;
    }
}
