//! What long work asks now and then: whether the server wants it to end, or is there no more, and whether it may use more
//! memory. What the core asks on the backend's own thread is set here; for others, in `threads`.

use pgrx::check_for_interrupts;

use crate::memory;
use crate::orphan;

/// Has the core ask on this thread, which must be the backend's own.
pub fn watch() {
    pgmeta_core::interrupt::set_question(look);
}

/// Raises the server's error where the call was cancelled, the session was ended, or memory is short; ends the process where
/// the postmaster has died.
pub fn look() {
    // An error is being raised already.
    if std::thread::panicking() {
        return;
    }
    orphan::end_if_orphan();
    check_for_interrupts!();
    memory::check();
}
