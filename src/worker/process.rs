//! Background workers: starting one, waiting for it, being one. Knows nothing of what they do.

use std::ffi::{CString, c_int};
use std::time::{Duration, Instant};

use pgrx::bgworkers::{BackgroundWorkerBuilder, BackgroundWorkerStatus, DynamicBackgroundWorker};
use pgrx::{IntoDatum, pg_sys};

use crate::compat;
use crate::error::Error;
use crate::guc;
use crate::orphan::{self, EndWithPostmaster};

/// The library that holds the workers' functions, as the server finds it.
const LIBRARY: &str = "pgmeta";

// The server's own handlers; pgrx declares them as functions that cannot be pointed to.
unsafe extern "C-unwind" {
    fn die(signal: c_int);
    fn SignalHandlerForShutdownRequest(signal: c_int);
    fn SignalHandlerForConfigReload(signal: c_int);
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
        // SAFETY: a process has its number from the start.
        let own = unsafe { pg_sys::MyProcPid };
        builder(order).set_notify_pid(own).load_dynamic().map(|handle| Self { handle }).map_err(|_| Error::NoWorker)
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

/// Waits until something happens, for at most the time given. Cannot be interrupted, but reports to others that
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

/// Waits until it is time, or the worker is told to end; takes over what the configuration's files say meanwhile.
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

/// Has the server start a worker with itself, once it accepts writes, and again when it has failed.
pub fn register(order: &Order<'_>) {
    builder(order).set_restart_time(Some(Duration::from_secs(60))).load();
}

/// Makes this worker a session of the server's own role in a database of a name.
pub fn login_as_server(database: &str) {
    let Ok(name) = CString::new(database) else { return };
    // SAFETY: as in `login`; no role's name stands for the one that the cluster was made with.
    unsafe {
        compat::handle_signal(pg_sys::SIGTERM as c_int, Some(cancel_and_notice));
        compat::handle_signal(pg_sys::SIGHUP as c_int, Some(SignalHandlerForConfigReload));
        end_with_postmaster();
        pg_sys::BackgroundWorkerUnblockSignals();
        pg_sys::BackgroundWorkerInitializeConnection(name.as_ptr(), std::ptr::null(), 0);
    }
    guc::pin_worker();
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

/// Has this worker end with the postmaster, for as long as it lives.
fn end_with_postmaster() {
    std::mem::forget(EndWithPostmaster::start());
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

/// Makes this worker a session of a role in a database, as if it had logged in, except for the search_path, which is pinned from
/// the first statement on; returns the one that a client of that role would have. A database that admits no connections admits
/// this one.
pub fn login(database: u32, role: u32, on_terminate: OnTerminate) -> CString {
    let handler: unsafe extern "C-unwind" fn(c_int) = match on_terminate {
        OnTerminate::End => die,
        OnTerminate::Notice => SignalHandlerForShutdownRequest,
        OnTerminate::Cancel => cancel_and_notice,
    };
    // SAFETY: the worker is started and has no session yet; the handlers are those of the server.
    unsafe {
        compat::handle_signal(pg_sys::SIGTERM as c_int, Some(handler));
        end_with_postmaster();
        pg_sys::BackgroundWorkerUnblockSignals();
        let flags = pg_sys::BGWORKER_BYPASS_ALLOWCONN;
        pg_sys::BackgroundWorkerInitializeConnectionByOid(database.into(), role.into(), flags);
    }
    guc::pin_worker()
}

/// Returns whether a worker that notices it has been told to end, or is the last of its server.
pub fn is_terminated() -> bool {
    // SAFETY: set by the signal handler only.
    let is_told = unsafe { (&raw const pg_sys::ShutdownRequestPending).read_volatile() != 0 };
    is_told || orphan::is_orphan()
}
