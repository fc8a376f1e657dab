//! Archives one partition in the caller's transaction: reads, stores, verifies, records, and then retires it. Deletes the
//! stored files if the call or its transaction fails.

use std::cell::{Cell, RefCell};
use std::panic::AssertUnwindSafe;
use std::rc::Rc;

use pgmeta_archive::options::Retire;
use pgmeta_archive::state::{Event, State};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{
    PgLogLevel, PgSubXactCallbackEvent, PgXactCallbackEvent, XactCallbackReceipt, register_subxact_callback,
    register_xact_callback,
};

use crate::archive::errors::RetireError;
use crate::archive::jobs::attempt::{ArchiveRequest, Attempt};
use crate::archive::records::progress::Progress;
use crate::archive::records::{self, Done, Stored};
use crate::archive::retire;
use crate::archive::transfer::read_back::require_restorable;
use crate::archive::transfer::store_client::StoreClient;
use crate::archive::transfer::verify::require_proof;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::locks::{self, Mode, Subject, Until};
use crate::server;
use crate::spi::{Connection, run_and_roll_back};

/// Archives a partition; returns the ID of the archive.
pub fn archive(order: &ArchiveRequest<'_>) -> Result<i64, Error> {
    server::require_writable("pgmeta_archive")?;
    let pinned = GucGuard::archiving();
    let connection = Connection::open()?;
    if !lock(&connection, order.partition)? {
        return Err(RetireError::Busy.into());
    }
    let attempt = Attempt::new(&connection, order)?;
    attempt.partition.tell_of_children(&connection)?;
    let id = attempt.begun(order, |begun| records::insert(&connection, begun))?;
    drop(connection);
    drop(pinned);
    make(id, &attempt, order)?;
    Ok(id)
}

/// Completes an attempt that is recorded already.
pub fn make(id: i64, attempt: &Attempt, order: &ArchiveRequest<'_>) -> Result<(), Error> {
    let options = order.options;
    let pinned = GucGuard::archiving();
    let connection = Connection::open()?;
    let kept = CleanupGuard::new(&attempt.client, &attempt.stem);
    let progress = Progress::start(order.partition, id, attempt.partition.bytes, attempt.partition.rows);
    // Releases the locks of reading: a session that changes the parent could wait for them while this session waits for the
    // parent.
    let scanned = run_and_roll_back(|| attempt.scan(&connection, options))?;
    progress.phase(State::Uploading);
    let written = attempt.store(scanned)?;
    let committed = attempt.commit(written, order)?;
    let (location, sha256, manifest) = (committed.location, committed.sha256, committed.manifest);
    records::set_written(&connection, id, &Done { location: &location, sha256: &sha256, manifest: &manifest })?;
    progress.phase(State::Verifying);
    let stored = Stored { partition: order.partition, location, sha256, client: attempt.client.clone() };
    require_proof(&stored)?;
    require_restorable(&stored, &manifest, options.search_path.as_deref())?;
    records::set_state(&connection, id, Event::Proved, None)?;
    drop(connection);
    drop(pinned);
    if options.retire != Retire::Keep {
        progress.phase(State::Retiring);
        retire::retire(&attempt.partition, options, &manifest)?;
        let _pinned = GucGuard::new();
        let how = options.retire.word();
        records::set_retired(&Connection::open()?, id, how, how)?;
    }
    kept.until_abort();
    Ok(())
}

/// Locks a partition against other archiving sessions until the transaction ends; returns false if one holds the lock.
pub fn lock(connection: &Connection, partition: u32) -> Result<bool, Error> {
    locks::take(connection, Subject::Table(partition), Mode::Exclusive, Until::TransactionEnd)
}

/// Deletes files of an attempt unless the call, its transaction and the session end without an error.
struct CleanupGuard {
    files: Rc<AttemptFiles>,
    on_abort: Option<XactCallbackReceipt>,
}

struct AttemptFiles {
    client: StoreClient,
    stem: RefCell<Option<String>>,
}

impl CleanupGuard {
    fn new(client: &StoreClient, stem: &str) -> Self {
        let files = Rc::new(AttemptFiles { client: client.clone(), stem: RefCell::new(Some(stem.to_owned())) });
        let gone = AssertUnwindSafe(Rc::clone(&files));
        let on_abort = register_xact_callback(PgXactCallbackEvent::Abort, move || {
            let gone = &gone;
            gone.0.remove();
        });
        Self { files, on_abort: Some(on_abort) }
    }

    /// From now on the files depend on the end of the transaction and of its current subtransactions. The transaction
    /// cannot be prepared: another session would commit it without knowledge of the files.
    fn until_abort(mut self) {
        self.on_abort = None;
        let prepared = AssertUnwindSafe(Rc::clone(&self.files));
        register_xact_callback(PgXactCallbackEvent::PrePrepare, move || {
            let prepared = &prepared;
            if prepared.0.stem.borrow().is_some() {
                ErrorReport::from(Error::Prepared).report(PgLogLevel::ERROR);
            }
        });
        let level = Rc::new(Cell::new(server::subtransaction()));
        let (inner, files) = (AssertUnwindSafe(Rc::clone(&level)), AssertUnwindSafe(Rc::clone(&self.files)));
        register_subxact_callback(PgSubXactCallbackEvent::AbortSub, move |ended, _| {
            let (inner, files) = (&inner, &files);
            if inner.get() == ended {
                files.remove();
            }
        });
        let outer = AssertUnwindSafe(level);
        register_subxact_callback(PgSubXactCallbackEvent::CommitSub, move |ended, parent| {
            let outer = &outer;
            if outer.get() == ended {
                outer.set(parent);
            }
        });
    }
}

impl Drop for CleanupGuard {
    fn drop(&mut self) {
        if let Some(on_abort) = self.on_abort.take() {
            on_abort.unregister_callback();
            self.files.remove();
        }
    }
}

impl AttemptFiles {
    /// Deletes the files. Files that cannot be deleted have no recorded manifest, so nobody treats them as an archive.
    fn remove(&self) {
        if let Some(stem) = self.stem.take() {
            self.client.delete_prefix(&stem);
        }
    }
}
