//! Threads beside the backend's own. What runs on them must not call the server: no function of it, no memory of its
//! contexts.

use std::io;
use std::mem::MaybeUninit;
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread::{self, Builder, JoinHandle};

use pgmeta_core::beside::Beside;

/// Starts a thread that no signal reaches: the server's handlers belong to the backend's own.
pub fn spawn<T: Send + 'static>(name: &str, run: impl FnOnce() -> T + Send + 'static) -> io::Result<JoinHandle<T>> {
    unsignalled(|| Builder::new().name(name.to_owned()).spawn(run))
}

/// Does what is said to be beside on a thread of its own, for as long as [`Beside::both`] takes.
#[derive(Clone, Copy, Debug)]
pub struct Threads;

impl Beside for Threads {
    fn both<A: Send, B>(&self, beside: impl FnOnce() -> A + Send, here: impl FnOnce() -> B) -> (A, B) {
        // Taken by the thread, or done here where no thread is to be had.
        let work = Mutex::new(Some(beside));
        let take = || work.lock().unwrap_or_else(PoisonError::into_inner).take();
        thread::scope(|scope| {
            let thread = unsignalled(|| {
                Builder::new().name("pgmeta beside".into()).spawn_scoped(scope, || take().map(|beside| beside()))
            });
            let here = here();
            let beside = match thread {
                Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
                Err(_) => take().map(|beside| beside()),
            };
            match beside {
                Some(beside) => (beside, here),
                None => unreachable!("the work is taken once"),
            }
        })
    }
}

/// Starts something with all signals blocked: a thread begins with the mask of the one that starts it.
fn unsignalled<T>(start: impl FnOnce() -> T) -> T {
    let mut before = MaybeUninit::uninit();
    // SAFETY: the sets are filled before they are read.
    unsafe {
        let mut all = MaybeUninit::uninit();
        libc::sigfillset(all.as_mut_ptr());
        libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), before.as_mut_ptr());
    }
    let started = start();
    // SAFETY: `before` was filled above.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, before.as_ptr(), std::ptr::null_mut()) };
    started
}
