//! All I/O of storages runs on a helper thread, because a storage can be slow. The backend stays responsive.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use pgmeta_archive::keys::{is_stem, prefixes};
use pgmeta_archive::storage::{Credentials, Location};
use pgmeta_archive::store::{self, Manner, Store};

use crate::interrupt;
use crate::threads::{self, Running};

/// How long what must still be done takes at most when the backend has given up.
const LAST: Duration = Duration::from_millis(800);

/// The longest pause between two looks for interrupts.
const PAUSE: Duration = Duration::from_millis(10);

/// A storage, asked on threads.
#[derive(Clone)]
pub struct Away {
    store: Arc<dyn Store>,
    halt: Arc<Halt>,
}

/// Whether what is being done is still wanted.
#[derive(Default)]
struct Halt {
    given_up: AtomicBool,
    /// Clean-up that must run even after an error.
    until: Mutex<Option<Instant>>,
}

impl Halt {
    fn is_on(&self) -> bool {
        match *self.until.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(until) => Instant::now() > until,
            None => self.given_up.load(Ordering::Relaxed) || threads::exiting(),
        }
    }

    fn set_until(&self, until: Option<Instant>) {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }
}

/// Work that is cancelled when this is dropped.
pub struct Given {
    halt: Arc<Halt>,
}

impl Given {
    /// Returns the check by which a thread learns whether it should continue.
    pub fn seen(&self) -> impl Fn() -> bool + Send + use<> {
        let halt = Arc::clone(&self.halt);
        move || halt.is_on()
    }

    /// Waits for the thread, and for interrupts.
    pub fn wait<T>(self, thread: Running<T>) -> T {
        let mut pause = Duration::from_micros(50);
        let thread = thread;
        // Dropped before `thread`, so that the thread is told to stop before we join it.
        let _given = self;
        while !thread.is_finished() {
            interrupt::look();
            std::thread::sleep(pause);
            pause = (pause * 2).min(PAUSE);
        }
        thread.join()
    }
}

impl Drop for Given {
    fn drop(&mut self) {
        self.halt.given_up.store(true, Ordering::Relaxed);
    }
}

impl Away {
    pub fn open(location: &Location, keys: Option<&Credentials>, timeout: Duration) -> io::Result<Self> {
        let halt = Arc::new(Halt::default());
        let seen = Arc::clone(&halt);
        let manner = Manner { stop: Arc::new(move || seen.is_on()), timeout };
        Ok(Self { store: store::open(location, keys, &manner)?, halt })
    }

    pub fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.store)
    }

    /// Returns the check by which a thread learns whether it should continue.
    pub fn seen(&self) -> impl Fn() -> bool + Send + use<> {
        let halt = Arc::clone(&self.halt);
        move || halt.is_on()
    }

    /// Says that something is being done from now on.
    pub fn give(&self) -> Given {
        self.halt.given_up.store(false, Ordering::Relaxed);
        Given { halt: Arc::clone(&self.halt) }
    }

    /// Does something with the storage, and waits for it.
    pub fn run<T: Send + 'static, E: Send + From<io::Error> + 'static>(
        &self,
        work: impl FnOnce(&Arc<dyn Store>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let store = self.store();
        let given = self.give();
        let thread = threads::spawn(move || work(&store))?;
        given.wait(thread)
    }

    /// Deletes all files of a key prefix, even after an error, with a short time limit; returns whether all are deleted.
    pub fn sweep(&self, stem: &str) -> bool {
        let (store, stem) = (self.store(), stem.to_owned());
        self.halt.set_until(Some(Instant::now() + LAST));
        let gone = threads::spawn(move || remove(&*store, &stem)).is_ok_and(|thread| thread.join().is_ok());
        self.halt.set_until(None);
        gone
    }
}

/// Removes all objects of one attempt, by what their keys begin with.
pub fn remove(store: &dyn Store, stem: &str) -> io::Result<()> {
    if !is_stem(stem) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    for prefix in prefixes(stem) {
        store.list(&prefix)?.iter().try_for_each(|key| store.delete(key))?;
    }
    Ok(())
}
