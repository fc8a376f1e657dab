//! Rejects statements with effects outside of the scratch database: it is in the same cluster, with the real roles,
//! tablespaces and databases. Identifies statements by their command tags.

use std::ffi::CStr;
use std::sync::atomic::{AtomicBool, Ordering};

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{PgList, PgLogLevel, PgSqlErrorCode, function_name, pg_guard, pg_sys};

use crate::compat;

static IS_UP: AtomicBool = AtomicBool::new(false);
static mut NEXT: pg_sys::ProcessUtility_hook_type = None;

/// Statements with effects on the whole cluster, or beyond the session.
const REFUSED: &[&str] = &[
    "ALTER DATABASE",
    "ALTER ROLE",
    "ALTER SYSTEM",
    "ALTER TABLESPACE",
    "COMMIT PREPARED",
    "CREATE DATABASE",
    "CREATE ROLE",
    "CREATE TABLESPACE",
    "DROP DATABASE",
    "DROP OWNED",
    "DROP ROLE",
    "DROP TABLESPACE",
    "GRANT ROLE",
    "PREPARE TRANSACTION",
    "REASSIGN OWNED",
    "REVOKE ROLE",
    "ROLLBACK PREPARED",
];

/// Rejects such statements in this process from now on.
pub fn raise() {
    // SAFETY: the process has one thread, and the hook is set once.
    unsafe {
        NEXT = pg_sys::ProcessUtility_hook;
        pg_sys::ProcessUtility_hook = Some(check);
    }
    IS_UP.store(true, Ordering::Relaxed);
}

/// Stops rejecting statements.
pub fn lower() {
    IS_UP.store(false, Ordering::Relaxed);
}

#[pg_guard]
#[expect(clippy::too_many_arguments, reason = "the server's hook has them")]
unsafe extern "C-unwind" fn check(
    planned: *mut pg_sys::PlannedStmt,
    text: *const core::ffi::c_char,
    read_only_tree: bool,
    context: pg_sys::ProcessUtilityContext::Type,
    parameters: pg_sys::ParamListInfo,
    environment: *mut pg_sys::QueryEnvironment,
    receiver: *mut pg_sys::DestReceiver,
    completion: *mut pg_sys::QueryCompletion,
) {
    // SAFETY: the server passes a valid statement, and the arguments are passed on unchanged.
    unsafe {
        if IS_UP.load(Ordering::Relaxed)
            && let Some((what, hint)) = refused((*planned).utilityStmt)
        {
            let message = format!("cannot execute {what} in a scratch database");
            let report = ErrorReport::new(PgSqlErrorCode::ERRCODE_FEATURE_NOT_SUPPORTED, message, function_name!());
            report.set_hint(hint).report(PgLogLevel::ERROR);
        }
        match NEXT {
            Some(next) => {
                next(planned, text, read_only_tree, context, parameters, environment, receiver, completion);
            }
            None => pg_sys::standard_ProcessUtility(
                planned,
                text,
                read_only_tree,
                context,
                parameters,
                environment,
                receiver,
                completion,
            ),
        }
    }
}

/// Returns the rejected command, and a hint.
///
/// # Safety
/// The node must be a utility statement.
unsafe fn refused(node: *mut pg_sys::Node) -> Option<(String, &'static str)> {
    use pg_sys::NodeTag;
    const SHARED: &str = "The statement affects the whole cluster. Remove it from the script.";
    const DATA: &str = "No client is connected. Omit data with pg_dump --schema-only.";
    const CONNECTS: &str = "The statement would connect to another server. Create the subscription WITH (connect = false), and do not alter it afterwards.";
    // SAFETY: a node's tag determines its struct.
    unsafe {
        let tag = CStr::from_ptr(pg_sys::GetCommandTagName(pg_sys::CreateCommandTag(node))).to_str().ok()?;
        let on_shared = |kind| compat::is_shared(kind).then(|| (format!("{tag} on a shared object"), SHARED));
        match (*node).type_ {
            NodeTag::T_GrantStmt => on_shared((*node.cast::<pg_sys::GrantStmt>()).objtype),
            NodeTag::T_CommentStmt => on_shared((*node.cast::<pg_sys::CommentStmt>()).objtype),
            NodeTag::T_SecLabelStmt => on_shared((*node.cast::<pg_sys::SecLabelStmt>()).objtype),
            NodeTag::T_CopyStmt => {
                let copy = &*node.cast::<pg_sys::CopyStmt>();
                let direction = if copy.is_from { "FROM stdin" } else { "TO stdout" };
                copy.filename.is_null().then(|| (format!("COPY ... {direction}"), DATA))
            }
            NodeTag::T_CreateSubscriptionStmt => {
                let options = (*node.cast::<pg_sys::CreateSubscriptionStmt>()).options;
                let connects = !PgList::<pg_sys::DefElem>::from_pg(options)
                    .iter_ptr()
                    .any(|option| CStr::from_ptr((*option).defname) == c"connect" && !pg_sys::defGetBoolean(option));
                connects.then(|| (format!("{tag} that connects"), CONNECTS))
            }
            NodeTag::T_AlterSubscriptionStmt => Some((tag.to_owned(), CONNECTS)),
            _ => REFUSED.contains(&tag).then(|| (tag.to_owned(), SHARED)),
        }
    }
}
