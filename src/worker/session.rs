//! Runs scripts in a worker's session, statement by statement as psql sends them, and transactions. Errors are returned,
//! and the session stays usable.

use std::ffi::{CStr, CString, c_int, c_void};
use std::panic::AssertUnwindSafe;

use pgrx::pg_sys::panic::CaughtError;
use pgrx::{PgList, PgTryBuilder, pg_guard, pg_sys};

use crate::compat;
use crate::encoding;
use crate::error::Error;
use crate::interrupt;
use crate::orphan;
use crate::worker::remote_error::RemoteError;

/// The error that stopped a script, and the byte offset if it is known.
#[derive(Debug)]
pub struct Stopped {
    pub error: RemoteError,
    pub at: Option<usize>,
}

/// The position in a script. The server's error handling writes to it too.
#[derive(Default)]
struct Place {
    statement: Option<usize>,
    /// The position of the error in characters, from 1; 0: unknown.
    position: c_int,
}

/// Runs a script. Each statement is a transaction, unless the script controls transactions itself.
pub fn run(script: &str) -> Result<(), Stopped> {
    let mut place = Place::default();
    let seen = &raw mut place;
    let result = caught(|| {
        let text = text_of(script)?;
        // SAFETY: text and place outlive the call, and the callback is removed, after an error by the server.
        unsafe {
            let mut callback = pg_sys::ErrorContextCallback {
                previous: pg_sys::error_context_stack,
                callback: Some(note_position),
                arg: seen.cast(),
            };
            pg_sys::error_context_stack = &raw mut callback;
            let result = encoding::exact(|| statements(&text, seen));
            pg_sys::error_context_stack = callback.previous;
            result
        }
    });
    result.map_err(|error| {
        let in_characters = usize::try_from(place.position).ok().filter(|&position| position > 0);
        let at = in_characters.and_then(|position| encoding::place_of(script, position - 1));
        Stopped { error, at: at.or(place.statement) }
    })
}

/// Converts a script to the database's encoding. The conversion function is read from a catalog.
fn text_of(script: &str) -> Result<CString, Error> {
    if encoding::is_utf8() {
        return Ok(encoding::c_string(script)?);
    }
    // SAFETY: no transaction is active; `caught` rolls back after an error.
    unsafe {
        pg_sys::StartTransactionCommand();
        let text = encoding::c_string(script)?;
        encoding::prepare();
        pg_sys::CommitTransactionCommand();
        Ok(text)
    }
}

/// Runs a closure in a transaction with a snapshot.
pub fn transaction<T>(run: impl FnOnce() -> Result<T, Error>) -> Result<T, RemoteError> {
    caught(|| {
        // SAFETY: no transaction is active; `caught` rolls back after an error.
        unsafe {
            pg_sys::SetCurrentStatementStartTimestamp();
            pg_sys::StartTransactionCommand();
            pg_sys::PushActiveSnapshot(pg_sys::GetTransactionSnapshot());
            let result = run()?;
            pg_sys::PopActiveSnapshot();
            orphan::end_if_orphan();
            pg_sys::CommitTransactionCommand();
            Ok(result)
        }
    })
}

/// Runs a closure outside of any transaction.
pub fn guarded<T>(run: impl FnOnce() -> Result<T, Error>) -> Result<T, RemoteError> {
    caught(run)
}

/// Returns errors as values and rolls back. Termination is not caught.
fn caught<T>(run: impl FnOnce() -> Result<T, Error>) -> Result<T, RemoteError> {
    // SAFETY: both are as the server's main loop leaves them between commands.
    let (stack, result) = unsafe {
        let stack = pg_sys::error_context_stack;
        let result = PgTryBuilder::new(AssertUnwindSafe(|| run().map_err(RemoteError::from)))
            .catch_others(|caught| {
                let (CaughtError::PostgresError(report)
                | CaughtError::ErrorReport(report)
                | CaughtError::RustPanic { ereport: report, .. }) = &caught;
                Err(RemoteError {
                    code: report.sql_error_code(),
                    message: encoding::from_message(report.message()),
                    detail: report.detail().map(encoding::from_message),
                    hint: report.hint().map(encoding::from_message),
                })
            })
            .execute();
        (stack, result)
    };
    if result.is_err() {
        // SAFETY: the server does not handle the error any more; this ends the open transaction.
        unsafe {
            pg_sys::error_context_stack = stack;
            pg_sys::AbortOutOfAnyTransaction();
            pg_sys::MemoryContextSwitchTo(pg_sys::TopMemoryContext);
        }
    }
    result
}

/// Called by the server for each error, the first time before it is caught.
#[pg_guard]
unsafe extern "C-unwind" fn note_position(place: *mut c_void) {
    // SAFETY: the place outlives the callback.
    unsafe {
        let position = pg_sys::geterrposition();
        // An error that passes through a hook is reported again, without its position.
        if position > 0 {
            (*place.cast::<Place>()).position = position;
        }
    }
}

/// # Safety
/// No transaction may be open. `place` must be valid.
unsafe fn statements(text: &CStr, place: *mut Place) -> Result<(), Error> {
    // SAFETY: contexts are children of the topmost one, so that the end of a transaction does not free them.
    unsafe {
        let parsed = new_context(c"pgmeta script");
        pg_sys::StartTransactionCommand();
        pg_sys::MemoryContextSwitchTo(parsed);
        let list = pg_sys::pg_parse_query(text.as_ptr());
        pg_sys::CommitTransactionCommand();
        for raw in PgList::<pg_sys::RawStmt>::from_pg(list).iter_ptr() {
            interrupt::look();
            *place = Place { statement: usize::try_from((*raw).stmt_location).ok(), position: 0 };
            let own = new_context(c"pgmeta statement");
            statement(raw, text, own);
            pg_sys::MemoryContextSwitchTo(pg_sys::TopMemoryContext);
            pg_sys::MemoryContextDelete(own);
        }
        pg_sys::MemoryContextDelete(parsed);
        if pg_sys::IsTransactionBlock() { Err(Error::OpenTransaction) } else { Ok(()) }
    }
}

/// Runs one statement like one from a client, and discards its result.
///
/// # Safety
/// The statement must have been parsed from the text.
unsafe fn statement(raw: *mut pg_sys::RawStmt, text: &CStr, context: pg_sys::MemoryContext) {
    // SAFETY: the steps are those of exec_simple_query in the server; the context outlives the portal.
    unsafe {
        pg_sys::SetCurrentStatementStartTimestamp();
        pg_sys::StartTransactionCommand();
        pg_sys::MemoryContextSwitchTo(context);
        let tag = pg_sys::CreateCommandTag((*raw).stmt);
        let wants_snapshot = pg_sys::analyze_requires_snapshot(raw);
        if wants_snapshot {
            pg_sys::PushActiveSnapshot(pg_sys::GetTransactionSnapshot());
        }
        let queries = compat::analyze(raw, text.as_ptr());
        let options = pg_sys::CURSOR_OPT_PARALLEL_OK as c_int;
        let plans = pg_sys::pg_plan_queries(queries, text.as_ptr(), options, std::ptr::null_mut());
        if wants_snapshot {
            pg_sys::PopActiveSnapshot();
        }
        let portal = pg_sys::CreatePortal(c"".as_ptr(), true, true);
        (*portal).visible = false;
        pg_sys::PortalDefineQuery(portal, std::ptr::null(), text.as_ptr(), tag, plans, std::ptr::null_mut());
        pg_sys::PortalStart(portal, std::ptr::null_mut(), 0, std::ptr::null_mut());
        let receiver = pg_sys::CreateDestReceiver(pg_sys::CommandDest::DestNone);
        compat::run_portal(portal, receiver);
        pg_sys::PortalDrop(portal, false);
        pg_sys::CommitTransactionCommand();
    }
}

fn new_context(name: &'static CStr) -> pg_sys::MemoryContext {
    // SAFETY: the name is a constant, as the server requires.
    unsafe {
        pg_sys::AllocSetContextCreateExtended(
            pg_sys::TopMemoryContext,
            name.as_ptr(),
            pg_sys::ALLOCSET_DEFAULT_MINSIZE as usize,
            pg_sys::ALLOCSET_DEFAULT_INITSIZE as usize,
            pg_sys::ALLOCSET_DEFAULT_MAXSIZE as usize,
        )
    }
}
