//! Runs statements that change the schema, and reads their effects. Readers must not use it.

use std::cell::Cell;
use std::ffi::c_int;
use std::time::{Duration, Instant};

use pgrx::{PgSqlErrorCode, check_for_interrupts, pg_sys};

use crate::compat::publication_objects;
use crate::encoding;
use crate::error::Error;
use crate::spi::{Connection, is_for_the_session, subtransaction};

/// Runs one statement with the caller's rights, in a new snapshot; discards its rows. Later statements see its changes, and
/// readers see them after the next [`SnapshotGuard`].
pub fn execute(sql: &str) -> Result<(), Error> {
    let text = encoding::c_string(sql)?;
    let _connection = Connection::open()?;
    // SAFETY: the text outlives the call. Not read-only, so that the server advances the command counter.
    let status = encoding::exact(|| unsafe { pg_sys::SPI_execute(text.as_ptr(), false, 0) });
    // Negative values are SPI's own errors, for example for a transaction command; the server raises all others.
    if status < 0 { Err(Error::Spi(status)) } else { Ok(()) }
}

/// Runs one statement with a time limit in milliseconds (0: none). After an error, including a timeout, its effects are
/// rolled back.
pub fn execute_within(sql: &str, limit_ms: i32) -> Result<(), Error> {
    let limit = Limit::start(limit_ms);
    let caught =
        |code| !is_for_the_session(code) || (code == PgSqlErrorCode::ERRCODE_QUERY_CANCELED && limit.is_over());
    let run = || {
        execute(sql)?;
        limit.stop();
        // A cancel that arrived while the statement finished still applies to it.
        check_for_interrupts!();
        Ok(())
    };
    subtransaction(run, true, caught)
}

/// Runs a query that returns one number, `changed`, with a time limit. It sees the transaction's changes, and must only
/// read.
pub fn count_within(sql: &str, limit_ms: i32) -> Result<i64, Error> {
    let limit = Limit::start(limit_ms);
    let caught =
        |code| !is_for_the_session(code) || (code == PgSqlErrorCode::ERRCODE_QUERY_CANCELED && limit.is_over());
    let run = || {
        let _snapshot = SnapshotGuard::new();
        let changed = Connection::open()?.one(sql, &[], "changed")?;
        limit.stop();
        check_for_interrupts!();
        Ok(changed)
    };
    // Rolled back to release its locks, which are not locks of the plan's statements.
    subtransaction(run, false, caught)
}

/// Runs a statement whose text comes partly from others, without a time limit. It must be exactly one statement with one
/// action, or nothing runs: an expression could close its parenthesis and append more.
pub fn execute_one_within(sql: &str) -> Result<(), Error> {
    let run = || {
        let text = encoding::c_string(sql)?;
        // SAFETY: the text outlives the call; a syntax error is raised.
        if unsafe { !is_one_thing(pg_sys::pg_parse_query(text.as_ptr())) } {
            return Err(Error::NotOneStatement);
        }
        execute(sql)
    };
    subtransaction(run, true, |code| !is_for_the_session(code))
}

/// Returns whether a list has one statement, with one action or object if the statement may have several.
///
/// # Safety
/// The list must be a result of the server's parser.
unsafe fn is_one_thing(statements: *mut pg_sys::List) -> bool {
    // SAFETY: each element is a raw statement; its tag determines the struct. An empty list is NULL.
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

/// Runs in a subtransaction, and rolls it back even after success.
pub fn run_and_roll_back<T>(run: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    subtransaction(run, false, |code| !is_for_the_session(code))
}

/// While this guard exists, readers see the transaction's changes so far, and changes that others have committed.
pub struct SnapshotGuard;

impl SnapshotGuard {
    pub fn new() -> Self {
        // SAFETY: a transaction is active.
        Self::of(|| unsafe { pg_sys::GetTransactionSnapshot() })
    }

    /// Shows changes that others have committed even if the isolation level would hide them.
    pub fn committed() -> Self {
        // SAFETY: as above.
        Self::of(|| unsafe { pg_sys::GetLatestSnapshot() })
    }

    fn of(snapshot: impl FnOnce() -> pg_sys::Snapshot) -> Self {
        // SAFETY: popped in drop, or by the abort of the (sub)transaction. The server copies the snapshot.
        unsafe {
            pg_sys::CommandCounterIncrement();
            pg_sys::PushActiveSnapshot(snapshot());
        }
        Self
    }
}

impl Drop for SnapshotGuard {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            // SAFETY: pushed by `new`.
            unsafe { pg_sys::PopActiveSnapshot() };
        }
    }
}

/// The ID of the server's statement timeout. The server starts it once for each message of the client, so that a SET has no
/// effect on the current one.
const STATEMENT_TIMEOUT: c_int = 3;

unsafe extern "C-unwind" {
    fn enable_timeout_after(id: c_int, delay_ms: c_int);
    fn enable_timeout_at(id: c_int, finish: i64);
    fn disable_timeout(id: c_int, keep_indicator: bool);
    fn get_timeout_active(id: c_int) -> bool;
    fn get_timeout_finish_time(id: c_int) -> i64;
}

/// A time limit that replaces the caller's own and restores it afterwards.
struct Limit {
    begun: Instant,
    limit: Option<Duration>,
    /// When the caller's timeout would end, in the server's microseconds.
    callers: Option<i64>,
    running: Cell<bool>,
}

impl Limit {
    fn start(limit_ms: i32) -> Self {
        let begun = Instant::now();
        let wanted = u64::try_from(limit_ms).ok().filter(|&ms| ms > 0).map(Duration::from_millis);
        // SAFETY: reads and sets a timeout of the server, for which every session has a handler.
        unsafe {
            let callers = get_timeout_active(STATEMENT_TIMEOUT).then(|| get_timeout_finish_time(STATEMENT_TIMEOUT));
            let now = pg_sys::GetCurrentTimestamp();
            // The caller's own timeout stays if it ends sooner.
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

    /// Returns whether this limit ended the statement.
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
        // Also during unwinding: neither call can raise an error.
        self.stop();
    }
}
