//! Running statements that change the schema, and looking at what they did. For `api::run` only: readers never write.

use std::cell::Cell;
use std::ffi::c_int;
use std::time::{Duration, Instant};

use pgrx::{PgSqlErrorCode, check_for_interrupts, pg_sys};

use crate::compat::publication_objects;
use crate::encoding;
use crate::error::Error;
use crate::spi::{Connection, is_for_the_session, subtransaction};

/// Runs one statement with the caller's rights, in a snapshot of its own; its rows are thrown away. What it changes is
/// seen by the next one, and by readers from the next [`Latest`] on.
fn execute(sql: &str) -> Result<(), Error> {
    let text = encoding::c_string(sql)?;
    let _connection = Connection::open()?;
    // SAFETY: the text outlives the call. Not read-only, so that the server advances the command counter.
    let status = encoding::exact(|| unsafe { pg_sys::SPI_execute(text.as_ptr(), false, 0) });
    // Negative are SPI's own errors, such as a transaction command; the server raises all others.
    if status < 0 { Err(Error::Spi(status)) } else { Ok(()) }
}

/// Runs one statement within a time limit (milliseconds; 0 is none). On an error, the end of the time among them, all is
/// as before the statement.
pub fn execute_within(sql: &str, limit_ms: i32) -> Result<(), Error> {
    let limit = Limit::start(limit_ms);
    let caught =
        |code| !is_for_the_session(code) || (code == PgSqlErrorCode::ERRCODE_QUERY_CANCELED && limit.is_over());
    let run = || {
        execute(sql)?;
        limit.stop();
        // A signal that came in the last moment is about this statement still.
        check_for_interrupts!();
        Ok(())
    };
    subtransaction(run, true, caught)
}

/// Runs a query of one number, named `changed`, within a time limit. It reads, and sees what the transaction has done.
pub fn count_within(sql: &str, limit_ms: i32) -> Result<i64, Error> {
    let limit = Limit::start(limit_ms);
    let caught =
        |code| !is_for_the_session(code) || (code == PgSqlErrorCode::ERRCODE_QUERY_CANCELED && limit.is_over());
    let run = || {
        let _latest = Latest::new();
        let changed = Connection::open()?.one(sql, &[], "changed")?;
        limit.stop();
        check_for_interrupts!();
        Ok(changed)
    };
    // Rolled back, so that its locks are no longer there: they are none of a statement's.
    subtransaction(run, false, caught)
}

/// The same, without a limit, for a text that others have a part in: it must be one statement that does one thing, or nothing
/// of it is run. An expression that closes the parenthesis it stands in could add to it.
pub fn execute_one_within(sql: &str) -> Result<(), Error> {
    let run = || {
        let text = encoding::c_string(sql)?;
        // SAFETY: the text outlives the call; what cannot be parsed is raised.
        if unsafe { !is_one_thing(pg_sys::pg_parse_query(text.as_ptr())) } {
            return Err(Error::NotOneStatement);
        }
        execute(sql)
    };
    subtransaction(run, true, |code| !is_for_the_session(code))
}

/// Returns whether statements are one, with one command or object where it could have several.
///
/// # Safety
/// The list must be what the server's parser has returned.
unsafe fn is_one_thing(statements: *mut pg_sys::List) -> bool {
    // SAFETY: each element is a raw statement; the tag says what it has. An empty list is NULL.
    unsafe {
        let length = |list: *mut pg_sys::List| if list.is_null() { 0 } else { (*list).length };
        if length(statements) != 1 {
            return false;
        }
        let statement = (*pg_sys::list_nth(statements, 0).cast::<pg_sys::RawStmt>()).stmt;
        match (*statement).type_ {
            pg_sys::NodeTag::T_AlterTableStmt => length((*statement.cast::<pg_sys::AlterTableStmt>()).cmds) == 1,
            pg_sys::NodeTag::T_AlterPublicationStmt => {
                length(publication_objects(statement.cast::<pg_sys::AlterPublicationStmt>())) == 1
            }
            _ => true,
        }
    }
}

/// Runs in a subtransaction, and undoes whatever was done in it, whether it succeeds or not.
pub fn undone<T>(run: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    subtransaction(run, false, |code| !is_for_the_session(code))
}

/// While this lives, readers see what the transaction has done so far, and what others have committed.
pub struct Latest;

impl Latest {
    pub fn new() -> Self {
        // SAFETY: there is a transaction.
        Self::of(|| unsafe { pg_sys::GetTransactionSnapshot() })
    }

    /// What others have committed is seen even where the transaction's isolation would hide it.
    pub fn committed() -> Self {
        // SAFETY: as above.
        Self::of(|| unsafe { pg_sys::GetLatestSnapshot() })
    }

    fn of(snapshot: impl FnOnce() -> pg_sys::Snapshot) -> Self {
        // SAFETY: popped in drop, or by the abort of the (sub)transaction. The server copies what it is given.
        unsafe {
            pg_sys::CommandCounterIncrement();
            pg_sys::PushActiveSnapshot(snapshot());
        }
        Self
    }
}

impl Drop for Latest {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            // SAFETY: pushed by `new`.
            unsafe { pg_sys::PopActiveSnapshot() };
        }
    }
}

/// The server's timeout for statements. It starts once for what the client sends, so that SET comes too late within it.
const STATEMENT_TIMEOUT: c_int = 3;

unsafe extern "C-unwind" {
    fn enable_timeout_after(id: c_int, delay_ms: c_int);
    fn enable_timeout_at(id: c_int, finish: i64);
    fn disable_timeout(id: c_int, keep_indicator: bool);
    fn get_timeout_active(id: c_int) -> bool;
    fn get_timeout_finish_time(id: c_int) -> i64;
}

/// A time limit in the place of the caller's own, which comes back after it.
struct Limit {
    begun: Instant,
    limit: Option<Duration>,
    /// When the caller's would have ended, in the server's microseconds.
    callers: Option<i64>,
    running: Cell<bool>,
}

impl Limit {
    fn start(limit_ms: i32) -> Self {
        let begun = Instant::now();
        let wanted = u64::try_from(limit_ms).ok().filter(|&ms| ms > 0).map(Duration::from_millis);
        // SAFETY: reads and sets one of the server's own timeouts, whose handler every session has registered.
        unsafe {
            let callers = get_timeout_active(STATEMENT_TIMEOUT).then(|| get_timeout_finish_time(STATEMENT_TIMEOUT));
            let now = pg_sys::GetCurrentTimestamp();
            // The caller's own stays where it ends sooner.
            let limit = wanted.filter(|wanted| {
                let until = now.saturating_add(i64::try_from(wanted.as_micros()).unwrap_or(i64::MAX));
                callers.is_none_or(|callers| until < callers)
            });
            if limit.is_some() {
                enable_timeout_after(STATEMENT_TIMEOUT, limit_ms);
            }
            Self { begun, limit, callers, running: Cell::new(limit.is_some()) }
        }
    }

    /// Returns whether it was this limit that ended the statement.
    fn is_over(&self) -> bool {
        self.limit.is_some_and(|limit| self.begun.elapsed() >= limit)
    }

    fn stop(&self) {
        if !self.running.replace(false) {
            return;
        }
        // SAFETY: as in `start`.
        unsafe {
            disable_timeout(STATEMENT_TIMEOUT, false);
            if let Some(callers) = self.callers {
                enable_timeout_at(STATEMENT_TIMEOUT, callers);
            }
        }
    }
}

impl Drop for Limit {
    fn drop(&mut self) {
        // While an error unwinds too: neither call can raise one.
        self.stop();
    }
}
