//! The caller's side: checks the rights, starts the supervisor, waits for the answer, and lets the worker commit or not.

use std::cell::RefCell;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::time::{Duration, Instant};

use pgmeta_core::cells::{Cell, Cells};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{PgLogLevel, PgXactCallbackEvent, check_for_interrupts, pg_sys, register_xact_callback};

use crate::error::Error;
use crate::guc::GucGuard;
use crate::other_database::channel::{Channel, Poll, Task};
use crate::other_database::supervisor;
use crate::server;
use crate::spi::{Arg, Connection};
use crate::worker::admission::admit;
use crate::worker::process::{self, Worker};
use crate::worker::remote_error::RemoteError;

/// Interval at which a waiting caller checks the supervisor, and whether the worker waits for the caller.
const PACE: Duration = Duration::from_secs(1);

/// Interval at which it checks whether the worker has committed.
const COMMIT_PACE: Duration = Duration::from_millis(1);

/// How long a cancelled caller waits until the database is dropped. If it returns earlier, the supervisor drops it later.
const PATIENCE: Duration = Duration::from_secs(10);

thread_local! {
    /// The process IDs of workers that wait for the end of this transaction.
    static HANDED: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

/// A running task.
pub struct Run {
    channel: Option<Channel>,
    worker: Worker,
}

impl Run {
    /// Starts the supervisor, which starts the worker.
    pub fn start(task: Task<'_>) -> Result<Self, Error> {
        let channel = Channel::create(task)?;
        // The supervisor, and the worker that it starts.
        let admission = admit(2)?;
        let order = process::Order {
            function: supervisor::FUNCTION,
            name: &format!("{} supervisor", task.kind.supervisor()),
            kind: task.kind.supervisor(),
            argument: channel.handle(),
            extra: "",
        };
        // SAFETY: a transaction is active. The handle of the worker must outlive the call's memory.
        let worker = unsafe {
            let before = pg_sys::MemoryContextSwitchTo(pg_sys::TopTransactionContext);
            let worker = admission.start(&order);
            pg_sys::MemoryContextSwitchTo(before);
            worker?
        };
        drop(admission);
        Ok(Self { channel: Some(channel), worker })
    }

    /// Waits for the answer; `None` if the workers ended without one.
    pub fn answer(&self) -> Result<Option<Vec<u8>>, Error> {
        let Some(channel) = &self.channel else { return Ok(None) };
        let receiver = channel.receiver();
        let start = Instant::now();
        loop {
            // Checked before the queue, so that a message sent before the end is not missed.
            let is_finished = channel.is_finished() || self.worker.has_stopped();
            match receiver.poll() {
                Poll::Message(message) => return Ok(Some(message)),
                Poll::Nothing | Poll::Closed if is_finished => return Ok(None),
                Poll::Nothing | Poll::Closed => {}
            }
            process::wait(PACE);
            check_for_interrupts!();
            if start.elapsed() > PACE {
                self.check_wait(channel)?;
            }
        }
    }

    /// Waits until the supervisor has cleaned up and ended.
    pub fn end(&self) -> Result<(), Error> {
        while !self.worker.has_stopped() {
            process::wait(PACE);
            check_for_interrupts!();
        }
        Ok(())
    }

    /// Returns the error that a worker left instead of an answer, or beside it.
    pub fn fault(&self) -> Option<RemoteError> {
        self.channel.as_ref()?.fault().as_deref().and_then(RemoteError::decode)
    }

    /// Returns the temporary name of the database.
    pub fn name(&self) -> Option<String> {
        self.channel.as_ref()?.name()
    }

    /// Returns how long its creation took.
    pub fn creation(&self) -> Duration {
        self.channel.as_ref().map(Channel::creation).unwrap_or_default()
    }

    /// Lets the worker commit, and waits until it has.
    pub fn commit(&self) -> Result<(), Error> {
        let Some(channel) = &self.channel else { return Err(Error::WorkerEnded) };
        channel.approve();
        loop {
            // Checked before the flag, so that a commit before the end is not missed.
            let is_finished = channel.is_finished() || self.worker.has_stopped();
            if channel.is_committed() {
                return Ok(());
            }
            if is_finished {
                return Err(self.fault().map_or(Error::WorkerEnded, Error::from));
            }
            process::wait(COMMIT_PACE);
        }
    }

    /// Keeps the task until the end of the caller's transaction. If the worker waits for approval, it commits directly before that
    /// does; it rolls back if the transaction, or the subtransaction that runs now, is rolled back.
    pub fn until_end(self) {
        let Some(channel) = &self.channel else { return };
        channel.keep();
        if !channel.is_committed() {
            HANDED.with_borrow_mut(|workers| workers.push(channel.worker().unsigned_abs()));
        }
        // SAFETY: a transaction is active.
        let transaction = unsafe { pg_sys::GetCurrentTransactionId() };
        let run = Rc::new(RefCell::new(Some(self)));
        let (committed, prepared) = (AssertUnwindSafe(Rc::clone(&run)), AssertUnwindSafe(Rc::clone(&run)));
        register_xact_callback(PgXactCallbackEvent::PreCommit, move || {
            let committed = &committed;
            let result = committed.borrow().as_ref().map_or(Ok(()), |run| run.commit_with(transaction));
            if let Err(error) = result {
                ErrorReport::from(error).report(PgLogLevel::ERROR);
            }
        });
        register_xact_callback(PgXactCallbackEvent::PrePrepare, move || {
            let prepared = &prepared;
            if prepared.borrow().is_some() {
                ErrorReport::from(Error::PreparedDeployment).report(PgLogLevel::ERROR);
            }
        });
        for end in [PgXactCallbackEvent::Commit, PgXactCallbackEvent::Abort] {
            let ended = AssertUnwindSafe(Rc::clone(&run));
            register_xact_callback(end, move || {
                let ended = &ended;
                HANDED.with_borrow_mut(Vec::clear);
                drop(ended.take());
            });
        }
    }

    /// Lets the worker commit if a transaction is part of the one that commits now.
    fn commit_with(&self, transaction: pg_sys::TransactionId) -> Result<(), Error> {
        // SAFETY: a transaction is active.
        let is_part = unsafe { pg_sys::TransactionIdIsCurrentTransactionId(transaction) };
        let waits = self.channel.as_ref().is_some_and(|channel| !channel.is_committed() && !channel.is_decided_later());
        if is_part && waits { self.commit() } else { Ok(()) }
    }

    /// Returns an error if the worker waits for a lock of the caller, which waits for the worker: the server does not notice.
    fn check_wait(&self, channel: &Channel) -> Result<(), Error> {
        const BLOCKERS: &str = "SELECT pg_catalog.pg_blocking_pids($1::int) && $2::oid[]::int[] AS blocks";
        let own = u32::try_from(server::own_pid()).unwrap_or_default();
        let mut blockers = vec![own];
        blockers.extend(HANDED.with_borrow(|workers| workers.clone()));
        let _pinned = GucGuard::new();
        let args = [Arg::Int(channel.worker().into()), Arg::Oids(&blockers)];
        match Connection::open()?.value(BLOCKERS, &args, "blocks")? {
            Some(true) => Err(Error::WaitsForItself),
            _ => Ok(()),
        }
    }
}

impl Drop for Run {
    /// Stops a worker that has not ended, and waits while the supervisor cleans up.
    fn drop(&mut self) {
        let Some(channel) = self.channel.take() else { return };
        channel.abandon();
        let is_done = || self.worker.has_stopped() || (channel.is_decided_later() && channel.is_finished());
        let start = Instant::now();
        while !is_done() && start.elapsed() < PATIENCE {
            process::wait(Duration::from_millis(20));
        }
        channel.close();
    }
}

/// Returns an error if workers could not log in as the current role, or not create a database.
pub fn may_call(action: &str, creates: bool) -> Result<(), Error> {
    const FACTS: &str = "SELECT r.rolcreatedb OR r.rolsuper AS creates, r.rolcanlogin AS logs_in \
        FROM pg_catalog.pg_roles r WHERE r.rolname = CURRENT_USER";
    let _pinned = GucGuard::new();
    let (mut may_create, mut logs_in) = (false, false);
    Connection::open()?.read(FACTS, &[], &["creates", "logs_in"], |cells| {
        may_create = matches!(cells.next_cell()?, Cell::Bool(true));
        logs_in = matches!(cells.next_cell()?, Cell::Bool(true));
        Ok(())
    })?;
    let denied = |hint: &str| Err(Error::Denied { action: action.into(), hint: hint.into() });
    match (may_create || !creates, logs_in) {
        (true, true) => Ok(()),
        (false, _) => denied("The attribute CREATEDB is required, because a separate database is created."),
        (true, false) => denied("The attribute LOGIN is required, because background workers log in as the role."),
    }
}
