//! Starts background workers, waits for them, and sets up the process of one. Does not know what they do.

use std::ffi::{CString, c_int};
use std::time::{Duration, Instant};

use pgrx::bgworkers::{BackgroundWorkerBuilder, BackgroundWorkerStatus, DynamicBackgroundWorker};
use pgrx::{IntoDatum, pg_sys};

use crate::compat;
use crate::error::Error;
use crate::guc;
use crate::orphan::{self, EndWithPostmaster};

/// The library with the workers' functions, for the server.
const LIBRARY: &str = "pgmeta";

// The server's own handlers. pgrx declares them as functions without an address.
unsafe extern "C-unwind" {
    fn die(signal: c_int);
    fn SignalHandlerForShutdownRequest(signal: c_int);
    fn SignalHandlerForConfigReload(signal: c_int);
}

/// The parameters of a worker.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// The exported function that it runs.
    pub function: &'a str,
    pub name: &'a str,
    /// Its `backend_type` in `pg_stat_activity`.
    pub kind: &'a str,
    pub argument: u32,
    /// A parameter of the function, of less than 128 bytes.
    pub extra: &'a str,
}

fn builder(order: &Order<'_>) -> BackgroundWorkerBuilder {
    BackgroundWorkerBuilder::new(order.name)
        .set_type(order.kind)
        .set_library(LIBRARY)
        .set_function(order.function)
        .set_argument(i64::from(order.argument).into_datum())
        .set_extra(order.extra)
        .enable_spi_access()
}

/// A worker that this process has started.
pub struct Worker {
    handle: DynamicBackgroundWorker,
}

impl Worker {
    /// Starts a worker.
    pub fn start(order: &Order<'_>) -> Result<Self, Error> {
        // SAFETY: set at the start of each process.
        let own = unsafe { pg_sys::MyProcPid };
        builder(order).set_notify_pid(own).load_dynamic().map(|handle| Self { handle }).map_err(|_| Error::NoWorker)
    }

    /// Waits until the worker runs; returns its process ID, or `None` if it has ended.
    pub fn pid(&self) -> Option<i32> {
        self.handle.wait_for_startup().ok()
    }

    pub fn has_stopped(&self) -> bool {
        let status = self.handle.pid();
        matches!(status, Err(BackgroundWorkerStatus::Stopped | BackgroundWorkerStatus::PostmasterDied))
    }

    /// Ends the worker and waits until it has ended.
    pub fn end(self) {
        let _ = self.handle.terminate().wait_for_shutdown();
    }
}

/// Waits until the latch is set or the time has passed. Cannot be interrupted, but processes barriers, for which DROP
/// DATABASE waits.
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

/// Waits until the time has passed or the worker is terminated. Reloads the configuration files meanwhile.
pub fn rest(time: Duration) {
    let until = Instant::now() + time;
    while !is_terminated() {
        let Some(left) = until.checked_duration_since(Instant::now()) else { break };
        wait(left.min(Duration::from_secs(1)));
        // SAFETY: set by the signal handler only; files are read between transactions.
        unsafe {
            if (&raw const pg_sys::ConfigReloadPending).read_volatile() != 0 {
                (&raw mut pg_sys::ConfigReloadPending).write_volatile(0);
                pg_sys::ProcessConfigFile(pg_sys::GucContext::PGC_SIGHUP);
            }
        }
    }
}

/// Registers a worker that the server starts with itself once it accepts writes, and restarts after a failure.
pub fn register(order: &Order<'_>) {
    builder(order).set_restart_time(Some(Duration::from_secs(60))).load();
}

/// Logs this worker in to a database as the bootstrap superuser.
pub fn login_as_server(database: &str) {
    let Ok(name) = CString::new(database) else { return };
    // SAFETY: as in `login`; a null role means the bootstrap superuser.
    unsafe {
        compat::handle_signal(pg_sys::SIGTERM as c_int, Some(cancel_and_notice));
        compat::handle_signal(pg_sys::SIGHUP as c_int, Some(SignalHandlerForConfigReload));
        end_with_postmaster();
        pg_sys::BackgroundWorkerUnblockSignals();
        pg_sys::BackgroundWorkerInitializeConnection(name.as_ptr(), std::ptr::null(), 0);
    }
    guc::pin_worker();
}

/// What a worker does on SIGTERM.
#[derive(Clone, Copy, Debug)]
pub enum OnTerminate {
    /// It ends at the next check for interrupts.
    End,
    /// It calls `is_terminated` itself and cleans up.
    Notice,
    /// Like `Notice`, and the current statement is cancelled.
    Cancel,
}

/// Ends this worker when the postmaster dies.
fn end_with_postmaster() {
    std::mem::forget(EndWithPostmaster::start());
}

/// Sets the shutdown flag and cancels the current statement.
unsafe extern "C-unwind" fn cancel_and_notice(signal: c_int) {
    // SAFETY: does the same as the server's own handlers.
    unsafe {
        pg_sys::InterruptPending = 1;
        pg_sys::QueryCancelPending = 1;
        SignalHandlerForShutdownRequest(signal);
    }
}

/// Logs this worker in to a database as a role, like a client except for the search_path, which is pinned from the first
/// statement on; returns the search_path that a client would have. Works even if the database allows no connections.
pub fn login(database: u32, role: u32, on_terminate: OnTerminate) -> CString {
    let handler: unsafe extern "C-unwind" fn(c_int) = match on_terminate {
        OnTerminate::End => die,
        OnTerminate::Notice => SignalHandlerForShutdownRequest,
        OnTerminate::Cancel => cancel_and_notice,
    };
    // SAFETY: the worker has started and has no session yet; the handlers are the server's.
    unsafe {
        compat::handle_signal(pg_sys::SIGTERM as c_int, Some(handler));
        end_with_postmaster();
        pg_sys::BackgroundWorkerUnblockSignals();
        let flags = pg_sys::BGWORKER_BYPASS_ALLOWCONN;
        pg_sys::BackgroundWorkerInitializeConnectionByOid(database.into(), role.into(), flags);
    }
    guc::pin_worker()
}

/// Returns whether this worker was told to end, or its postmaster has died.
pub fn is_terminated() -> bool {
    // SAFETY: set by the signal handler only.
    let is_told = unsafe { (&raw const pg_sys::ShutdownRequestPending).read_volatile() != 0 };
    is_told || orphan::is_orphan()
}
