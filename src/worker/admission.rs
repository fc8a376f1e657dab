//! Limits the number of workers of all sessions. Sessions start workers one at a time, and each waits until the workers
//! that it started are counted.

use std::ffi::CStr;
use std::time::{Duration, Instant};

use pgrx::{check_for_interrupts, pg_sys};

use crate::compat;
use crate::error::Error;
use crate::guc;
use crate::worker::process::{Order, Worker, wait};

/// The types of workers, and the number of processes of each: the supervisor of another database starts a worker.
const COUNTED: [(&CStr, u32); 4] =
    [(c"pgmeta archive", 1), (c"pgmeta scratch", 2), (c"pgmeta deployment", 2), (c"pgmeta registry", 1)];

/// How long to wait until a new worker is counted.
const PATIENCE: Duration = Duration::from_secs(2);

const PACE: Duration = Duration::from_millis(2);

/// The permission to start workers. Other sessions wait until it is dropped.
pub struct Admission {
    lock: pg_sys::LOCKTAG,
}

/// Waits for the permission to start workers with this number of processes.
pub fn admit(wanted: u32) -> Result<Admission, Error> {
    let admission = Admission::take();
    let most = guc::max_workers();
    let running = running().iter().map(|(_, counted)| counted).sum::<u32>();
    if running.saturating_add(wanted) > most {
        return Err(Error::TooManyWorkers { wanted, running, most });
    }
    Ok(admission)
}

impl Admission {
    fn take() -> Self {
        // A lock outside of any database, which the functions for advisory locks cannot take.
        let lock = pg_sys::LOCKTAG {
            locktag_field1: 0,
            locktag_field2: u32::from_be_bytes(*b"pgme"),
            locktag_field3: u32::from_be_bytes(*b"work"),
            locktag_field4: 3,
            locktag_type: pg_sys::LockTagType::LOCKTAG_ADVISORY as u8,
            locktag_lockmethodid: pg_sys::USER_LOCKMETHOD as u8,
        };
        // SAFETY: a transaction is active, and holds the lock until `drop` or its abort.
        unsafe { pg_sys::LockAcquire(&raw const lock, pg_sys::ExclusiveLock as i32, false, false) };
        Self { lock }
    }

    /// Starts a worker, and waits until it is counted or has ended.
    pub fn start(&self, order: &Order<'_>) -> Result<Worker, Error> {
        let worker = Worker::start(order)?;
        if let Some(pid) = worker.pid() {
            let begun = Instant::now();
            while !worker.has_stopped()
                && running().iter().all(|(other, _)| *other != pid)
                && begun.elapsed() < PATIENCE
            {
                wait(PACE);
                check_for_interrupts!();
            }
        }
        Ok(worker)
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            // SAFETY: taken by `take`.
            unsafe { pg_sys::LockRelease(&raw const self.lock, pg_sys::ExclusiveLock as i32, false) };
        }
    }
}

/// Returns the process IDs of all workers that count, and the number of processes of each.
fn running() -> Vec<(i32, u32)> {
    compat::processes().into_iter().filter_map(|pid| Some((pid, counted(pid)?))).collect()
}

fn counted(pid: i32) -> Option<u32> {
    // SAFETY: a name, or null if the process is not a worker; it is valid until the next call.
    let kind = unsafe {
        let kind = pg_sys::GetBackgroundWorkerTypeByPid(pid);
        (!kind.is_null()).then(|| CStr::from_ptr(kind))?
    };
    COUNTED.iter().find(|(name, _)| *name == kind).map(|(_, counted)| *counted)
}
