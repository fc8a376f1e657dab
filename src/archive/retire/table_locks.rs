//! Takes locks so that other sessions never become the victim of a deadlock. A wait ends before another session that waits
//! for this one starts its deadlock check, and no wait begins while another session waits. pgmeta ends its own wait
//! instead, releases its locks and tries again. Does not know why a lock is taken.

use std::cell::Cell;
use std::time::{Duration, Instant};

use pgmeta_archive::options::Options;
use pgrx::PgSqlErrorCode;

use crate::archive::errors::RetireError;
use crate::archive::queries;
use crate::error::Error;
use crate::guc::{self, GucGuard};
use crate::interrupt;
use crate::server;
use crate::spi::{Connection, attempt, execute_within};

/// The pause before the first retry. Each further pause is twice as long, up to the limit.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// Interval at which a pause checks for interrupts.
const LOOK: Duration = Duration::from_millis(10);

/// The total time to wait for locks. Time between the waits does not count.
pub struct Patience {
    left: Cell<Duration>,
    pause: Cell<Duration>,
}

impl Patience {
    pub fn new(options: &Options) -> Self {
        let milliseconds = options.lock_timeout.unwrap_or_else(guc::archive_lock_timeout);
        Self { left: Cell::new(Duration::from_millis(milliseconds.into())), pause: Cell::new(FIRST_PAUSE) }
    }

    /// Returns how long one statement may wait for a lock, in milliseconds: less than deadlock_timeout. So the wait ends
    /// before a session that waits for this one checks for deadlocks.
    pub fn turn(&self) -> i32 {
        let most = server::deadlock_timeout() / 2;
        i32::try_from(most.min(self.left.get()).as_millis()).unwrap_or(i32::MAX).max(1)
    }

    pub fn is_over(&self) -> bool {
        self.left.get().is_zero()
    }

    /// Runs a statement and counts its time as waiting.
    pub fn wait<T>(&self, run: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let result = run();
        self.left.set(self.left.get().saturating_sub(begun.elapsed()));
        result
    }

    /// Pauses so that other sessions get the locks.
    pub fn pause(&self) {
        let pause = self.pause.get().min(self.left.get());
        self.pause.set((self.pause.get() * 2).min(LONGEST_PAUSE));
        self.wait(|| {
            let until = Instant::now() + pause;
            while let Some(left) = until.checked_duration_since(Instant::now()) {
                interrupt::look();
                std::thread::sleep(left.min(LOOK));
            }
        });
    }

    /// Runs `run` in a subtransaction. If a lock is not available, releases all locks and tries again.
    pub fn retry<T>(&self, mut run: impl FnMut() -> Result<T, Error>) -> Result<T, Error> {
        loop {
            match attempt(&mut run) {
                Err(error) if is_busy(error.code()) && !self.is_over() => self.pause(),
                outcome => return outcome,
            }
        }
    }

    /// Takes a lock, which is held until the (sub)transaction ends.
    pub fn lock(&self, table: &str, mode: &str) -> Result<(), Error> {
        loop {
            require_nobody_waits()?;
            let locked = self.wait(|| {
                let _pinned = GucGuard::running(self.turn());
                execute_within(&format!("LOCK TABLE ONLY {table} IN {mode} MODE"), 0)
            });
            match locked {
                Err(error) if is_busy(error.code()) && !self.is_over() => self.pause(),
                outcome => return outcome,
            }
        }
    }
}

/// Returns whether an error means that other sessions hold a lock.
pub fn is_busy(code: PgSqlErrorCode) -> bool {
    matches!(code, PgSqlErrorCode::ERRCODE_LOCK_NOT_AVAILABLE | PgSqlErrorCode::ERRCODE_T_R_DEADLOCK_DETECTED)
}

/// Returns an error if another session waits for this one: it may hold a lock that this one needs.
pub fn require_nobody_waits() -> Result<(), Error> {
    let _pinned = GucGuard::new();
    let waits: bool = queries::value(&Connection::open()?, sql!("lock_waits"), &[], "waits")?;
    if !waits {
        return Ok(());
    }
    Err(RetireError::OthersWait.into())
}
