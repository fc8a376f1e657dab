//! What differs between the majors in the server's C interface; nothing else may ask for the major there.

use pgmeta_core::cells::AclItem;
use pgrx::pg_sys;

/// Decodes an aclitem. Until 15 its halves are 16 bits wide, from 16 on 32.
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

/// Returns whether the transaction has added labels to enum types, which it may not use until it is committed. The
/// list is known by its length: it ends with one OID, from 17 on with two.
pub fn has_new_labels() -> bool {
    let empty = if cfg!(any(feature = "pg17", feature = "pg18")) { 2 } else { 1 };
    // SAFETY: it counts the entries of a table of this session.
    unsafe { EstimateUncommittedEnumsSpace() > empty * size_of::<pg_sys::Oid>() }
}

/// Forgets which labels the transaction has added, so that it may use them. The server keeps them from being used
/// because an index could be left with a label in it that was rolled back.
pub fn forget_new_labels() {
    // SAFETY: the server does so at the end of each transaction.
    unsafe { AtEOXact_Enum() };
}

/// Returns a column's description. From 18 on the descriptor keeps them behind a function.
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

/// Analyzes and rewrites a statement without parameters. 15 has renamed the function.
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

/// Sends a message and waits for room; since 15 the receiver is told at once only where that is asked for.
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

/// Runs a portal to its end, at top level. 18 has one argument less.
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

/// Sets a signal's handler. 18 has renamed the function.
///
/// # Safety
/// The handler may do what a signal handler may.
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

/// Returns whether objects of a kind belong to the whole cluster. Parameters have privileges from 15 on.
pub fn is_shared(kind: pg_sys::ObjectType::Type) -> bool {
    use pg_sys::ObjectType::*;
    #[cfg(not(feature = "pg14"))]
    if kind == OBJECT_PARAMETER_ACL {
        return true;
    }
    matches!(kind, OBJECT_DATABASE | OBJECT_ROLE | OBJECT_TABLESPACE)
}

/// Returns the processes that have a session now, as `pg_stat_activity` shows them. 16 has renamed the function.
pub fn processes() -> Vec<i32> {
    // SAFETY: entries are counted from 1, and stay until what is known of sessions is thrown away.
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

/// Returns what an ALTER PUBLICATION names.
///
/// # Safety
/// The statement must be the server's.
pub unsafe fn publication_objects(statement: *mut pg_sys::AlterPublicationStmt) -> *mut pg_sys::List {
    // SAFETY: promised by the caller.
    unsafe {
        #[cfg(feature = "pg14")]
        return (*statement).tables;
        #[cfg(not(feature = "pg14"))]
        return (*statement).pubobjects;
    }
}
