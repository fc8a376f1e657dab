//! Checks that long work must call: for interrupts, for the death of the postmaster, and for the memory limit. Sets the
//! core's check for the backend's thread; `threads` sets it for other threads.

use pgrx::check_for_interrupts;

use crate::memory;
use crate::orphan;

/// Sets the core's check for this thread, which must be the backend's own.
pub fn watch() {
    pgmeta_core::interrupt::set_question(look);
}

/// Raises an error if the call was cancelled, the session terminated, or memory is short. Ends the process if the
/// postmaster has died.
pub fn look() {
    // An error is being raised already.
    if std::thread::panicking() {
        return;
    }
    orphan::end_if_orphan();
    check_for_interrupts!();
    memory::check();
}
