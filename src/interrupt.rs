//! What long work asks now and then: whether the server wants it to end, and whether it may use more memory. What the core
//! asks on the backend's own thread is set here; for others, in `threads`.

use pgrx::check_for_interrupts;

use crate::memory;

/// Has the core ask on this thread, which must be the backend's own.
pub fn watch() {
    pgmeta_core::interrupt::set_question(look);
}

/// Raises the server's error where the call was cancelled, the session was ended, or memory is short.
pub fn look() {
    // An error is on its way already.
    if std::thread::panicking() {
        return;
    }
    check_for_interrupts!();
    memory::check();
}
