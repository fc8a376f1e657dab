//! All I/O of storages runs on a helper thread, because a storage can be slow. The backend stays responsive.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use pgmeta_archive::keys::{is_stem, prefixes};
use pgmeta_archive::storage::{Credentials, Location};
use pgmeta_archive::store::{self, Store, StoreOptions};

use crate::interrupt;
use crate::threads::{self, Running};

/// Time limit for clean-up after a cancel.
const CLEANUP_TIMEOUT: Duration = Duration::from_millis(800);

/// Maximum interval between two checks for interrupts.
const PAUSE: Duration = Duration::from_millis(10);

/// A storage whose calls run on threads.
#[derive(Clone)]
pub struct StoreClient {
    store: Arc<dyn Store>,
    cancel: Arc<CancelToken>,
}

/// Makes the threads of a storage stop.
#[derive(Default)]
struct CancelToken {
    requested: AtomicBool,
    /// End of the time limit for clean-up, which ignores a cancel.
    until: Mutex<Option<Instant>>,
}

impl CancelToken {
    fn is_on(&self) -> bool {
        match *self.until.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(until) => Instant::now() > until,
            None => self.requested.load(Ordering::Relaxed) || threads::exiting(),
        }
    }

    fn set_until(&self, until: Option<Instant>) {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }
}

/// Cancels the work of a thread when it is dropped.
pub struct CancelOnDrop {
    cancel: Arc<CancelToken>,
}

impl CancelOnDrop {
    /// Returns the function by which a thread checks whether to stop.
    pub fn cancel_check(&self) -> impl Fn() -> bool + Send + use<> {
        let cancel = Arc::clone(&self.cancel);
        move || cancel.is_on()
    }

    /// Waits for the thread, and processes interrupts.
    pub fn wait<T>(self, thread: Running<T>) -> T {
        let mut pause = Duration::from_micros(50);
        let thread = thread;
        // Dropped before `thread`, so that the thread is told to stop before we join it.
        let _guard = self;
        while !thread.is_finished() {
            interrupt::look();
            std::thread::sleep(pause);
            pause = (pause * 2).min(PAUSE);
        }
        thread.join()
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.cancel.requested.store(true, Ordering::Relaxed);
    }
}

impl StoreClient {
    pub fn open(location: &Location, keys: Option<&Credentials>, timeout: Duration) -> io::Result<Self> {
        let cancel = Arc::new(CancelToken::default());
        let cancel_check = Arc::clone(&cancel);
        let options = StoreOptions { stop: Arc::new(move || cancel_check.is_on()), timeout };
        Ok(Self { store: store::open(location, keys, &options)?, cancel })
    }

    pub fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.store)
    }

    /// Returns the function by which a thread checks whether to stop.
    pub fn cancel_check(&self) -> impl Fn() -> bool + Send + use<> {
        let cancel = Arc::clone(&self.cancel);
        move || cancel.is_on()
    }

    /// Starts new work: clears an earlier cancel.
    pub fn guard(&self) -> CancelOnDrop {
        self.cancel.requested.store(false, Ordering::Relaxed);
        CancelOnDrop { cancel: Arc::clone(&self.cancel) }
    }

    /// Runs `work` on a thread and waits for it.
    pub fn run<T: Send + 'static, E: Send + From<io::Error> + 'static>(
        &self,
        work: impl FnOnce(&Arc<dyn Store>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let store = self.store();
        let guard = self.guard();
        let thread = threads::spawn(move || work(&store))?;
        guard.wait(thread)
    }

    /// Deletes all files of a key prefix, even after an error, with a short time limit; returns whether all are deleted.
    pub fn delete_prefix(&self, stem: &str) -> bool {
        let (store, stem) = (self.store(), stem.to_owned());
        self.cancel.set_until(Some(Instant::now() + CLEANUP_TIMEOUT));
        let gone = threads::spawn(move || remove(&*store, &stem)).is_ok_and(|thread| thread.join().is_ok());
        self.cancel.set_until(None);
        gone
    }
}

/// Deletes all objects of one attempt, by its stem.
pub fn remove(store: &dyn Store, stem: &str) -> io::Result<()> {
    if !is_stem(stem) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    for prefix in prefixes(stem) {
        store.list(&prefix)?.iter().try_for_each(|key| store.delete(key))?;
    }
    Ok(())
}
