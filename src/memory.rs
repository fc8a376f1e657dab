//! The allocator of the Rust code; the server's own memory contexts are not touched by it. A model is a million small
//! pieces, which the C library's allocator takes a sixth of an export's time to give out and take back.

use std::cell::Cell;

use mimalloc::MiMalloc;
use pgrx::{PgXactCallbackEvent, register_xact_callback};

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

thread_local! {
    static WAITING: Cell<bool> = const { Cell::new(false) };
}

/// Gives freed memory back to the system when the transaction ends: a session that once exported a large database
/// would keep it otherwise.
pub fn give_back_at_end() {
    if WAITING.replace(true) {
        return;
    }
    let give_back = || {
        WAITING.set(false);
        give_back();
    };
    for end in [PgXactCallbackEvent::Commit, PgXactCallbackEvent::Abort, PgXactCallbackEvent::Prepare] {
        register_xact_callback(end, give_back);
    }
}

/// Gives memory that is freed back to the system now.
pub fn give_back() {
    // SAFETY: may be called at any time, on any thread.
    unsafe { libmimalloc_sys::mi_collect(true) };
}
