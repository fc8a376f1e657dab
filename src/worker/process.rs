//! Background workers: starting one, waiting for it, being one. Knows nothing of what they do.

use std::ffi::c_int;
use std::time::Duration;

use pgrx::bgworkers::{BackgroundWorkerBuilder, BackgroundWorkerStatus, DynamicBackgroundWorker};
use pgrx::{IntoDatum, PgSqlErrorCode, pg_sys};

use crate::compat;
use crate::error::Error;

/// The library that holds the workers' functions, as the server finds it.
const LIBRARY: &str = "pgmeta";

// The server's own handlers; pgrx declares them as functions that cannot be pointed to.
unsafe extern "C-unwind" {
    fn die(signal: c_int);
    fn SignalHandlerForShutdownRequest(signal: c_int);
}

/// What a worker is to be.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// The function that it runs, by the name that the library exports.
    pub function: &'a str,
    pub name: &'a str,
    /// Its type, as `pg_stat_activity` shows it.
    pub kind: &'a str,
    pub argument: u32,
    /// More for the function, of less than 128 bytes.
    pub extra: &'a str,
}

/// A worker that this process has started.
pub struct Worker {
    handle: DynamicBackgroundWorker,
}

impl Worker {
    /// Starts a worker.
    pub fn start(order: &Order<'_>) -> Result<Self, Error> {
        // SAFETY: a process has its number from the start.
        let own = unsafe { pg_sys::MyProcPid };
        BackgroundWorkerBuilder::new(order.name)
            .set_type(order.kind)
            .set_library(LIBRARY)
            .set_function(order.function)
            .set_argument(i64::from(order.argument).into_datum())
            .set_extra(order.extra)
            .set_notify_pid(own)
            .enable_spi_access()
            .load_dynamic()
            .map(|handle| Self { handle })
            .map_err(|_| {
                Error::from_parts(
                    PgSqlErrorCode::ERRCODE_INSUFFICIENT_RESOURCES,
                    "could not start a background worker",
                    "Wait for others to end, or raise max_worker_processes.",
                )
            })
    }

    /// Waits until the worker runs, and returns the number of its process; `None` where it has ended already.
    pub fn pid(&self) -> Option<i32> {
        self.handle.wait_for_startup().ok()
    }

    pub fn has_stopped(&self) -> bool {
        let status = self.handle.pid();
        matches!(status, Err(BackgroundWorkerStatus::Stopped | BackgroundWorkerStatus::PostmasterDied))
    }

    /// Ends the worker and returns when it is gone.
    pub fn end(self) {
        let _ = self.handle.terminate().wait_for_shutdown();
    }
}

/// Waits until something happens, for at most the time given. Does not let itself be interrupted, but tells others that
/// it has seen what all sessions must see, for which a DROP DATABASE waits.
pub fn wait(longest: Duration) {
    let events = pg_sys::WL_LATCH_SET | pg_sys::WL_TIMEOUT | pg_sys::WL_EXIT_ON_PM_DEATH;
    let milliseconds = longest.as_millis().try_into().unwrap_or(1);
    // SAFETY: every process that runs queries has a latch.
    unsafe {
        pg_sys::WaitLatch(pg_sys::MyLatch, events as c_int, milliseconds, pg_sys::PG_WAIT_EXTENSION);
        pg_sys::ResetLatch(pg_sys::MyLatch);
        pg_sys::ProcessProcSignalBarrier();
    }
}

/// What a worker does when it is told to end.
#[derive(Clone, Copy, Debug)]
pub enum OnTerminate {
    /// It ends at the next look for interrupts.
    End,
    /// It asks `is_terminated` itself, and cleans up.
    Notice,
    /// The same, but what it is doing is cancelled.
    Cancel,
}

/// Notes that the worker is to end, and cancels what it does.
unsafe extern "C-unwind" fn cancel_and_notice(signal: c_int) {
    // SAFETY: as the server's own handlers do.
    unsafe {
        pg_sys::InterruptPending = 1;
        pg_sys::QueryCancelPending = 1;
        SignalHandlerForShutdownRequest(signal);
    }
}

/// Makes this worker a session of a role in a database, as if it had logged in. A database that admits no connections
/// admits this one.
pub fn login(database: u32, role: u32, on_terminate: OnTerminate) {
    let handler: unsafe extern "C-unwind" fn(c_int) = match on_terminate {
        OnTerminate::End => die,
        OnTerminate::Notice => SignalHandlerForShutdownRequest,
        OnTerminate::Cancel => cancel_and_notice,
    };
    // SAFETY: the worker is started and has no session yet; the handlers are those of the server.
    unsafe {
        compat::handle_signal(pg_sys::SIGTERM as c_int, Some(handler));
        pg_sys::BackgroundWorkerUnblockSignals();
        let flags = pg_sys::BGWORKER_BYPASS_ALLOWCONN;
        pg_sys::BackgroundWorkerInitializeConnectionByOid(database.into(), role.into(), flags);
    }
}

/// Returns whether a worker that notices it has been told to end.
pub fn is_terminated() -> bool {
    // SAFETY: set by the signal handler only.
    unsafe { (&raw const pg_sys::ShutdownRequestPending).read_volatile() != 0 }
}
