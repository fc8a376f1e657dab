//! How much memory the Rust code of this process may use, and what it uses: the error is raised at the next look, not where
//! an allocation is. Knows nothing of what the memory is for.

mod allocator;
mod cushion;
mod reserve;
mod stack;

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{PgLogLevel, PgSqlErrorCode, PgXactCallbackEvent, function_name, register_xact_callback};

use crate::guc;
use crate::memory::allocator::{Counted, due, used};

#[global_allocator]
static ALLOCATOR: Counted = Counted;

pub use allocator::settle;
pub use cushion::with as with_cushion;

/// What mimalloc asks the system for at once, in KiB: its own choice of a GiB is too much where addresses are limited.
const ARENA: i64 = 32 << 10;

/// The number of that option, which the bindings do not name, and what it has by default.
const ARENA_RESERVE: libmimalloc_sys::mi_option_t = 23;
const DEFAULT: i64 = 1 << 20;

/// In bytes, for threads, which cannot ask the server for a setting.
static LIMIT: AtomicUsize = AtomicUsize::new(usize::MAX);

thread_local! {
    static WAITING: Cell<bool> = const { Cell::new(false) };
}

/// What there is too little of.
#[derive(Clone, Copy, Debug)]
pub enum Shortage {
    /// The setting allows no more.
    Limit { used: usize, limit: usize },
    /// The system gives no more.
    System,
}

/// Has something in reserve from now on.
pub fn prepare() {
    reserve::keep(0);
    cushion::lay();
    stack::extend();
}

/// Run when the library is loaded: the first allocation comes before any function of ours is called.
#[used]
#[unsafe(link_section = ".init_array")]
static AT_LOAD: extern "C" fn() = take_little_at_once;

extern "C" fn take_little_at_once() {
    // SAFETY: options of the allocator's own, read when it takes memory from the system.
    unsafe {
        if libmimalloc_sys::mi_option_get(ARENA_RESERVE) == DEFAULT {
            libmimalloc_sys::mi_option_set(ARENA_RESERVE, ARENA);
        }
    }
}

/// Raises an error where this process may use no more. For the backend's own thread.
pub fn check() {
    LIMIT.store(guc::memory(), Ordering::Relaxed);
    if let Some(shortage) = shortage() {
        raise(shortage);
    }
    if !cushion::lay() || !stack::extend() {
        raise(Shortage::System);
    }
}

/// Raises an error unless so much can be had at once. For the backend's own thread, and for what is large.
pub fn require(bytes: usize) {
    LIMIT.store(guc::memory(), Ordering::Relaxed);
    let limit = LIMIT.load(Ordering::Relaxed);
    let used = used().saturating_add(bytes);
    if used > limit {
        raise(Shortage::Limit { used, limit });
    }
    reserve::keep(due(used).max(bytes.saturating_mul(2)));
    check();
}

/// Raises an error unless the server can have so much for a result. For the backend's own thread.
pub fn require_of_server(bytes: usize) {
    check();
    if !cushion::could_have(bytes) {
        raise(Shortage::System);
    }
}

/// Returns what there is too little of. For any thread.
pub fn shortage() -> Option<Shortage> {
    let (used, limit) = (used(), LIMIT.load(Ordering::Relaxed));
    if used > limit {
        return Some(Shortage::Limit { used, limit });
    }
    reserve::is_short(due(used)).then_some(Shortage::System)
}

/// Raises an error of the server's class for want of memory.
pub fn raise(shortage: Shortage) {
    let (detail, hint) = match shortage {
        Shortage::Limit { used, limit } => (
            format!("The call needs {} MB or more, and pgmeta.memory is {} MB.", used.div_ceil(1 << 20), limit >> 20),
            "Request less at once, for example fewer schemas, or ask a superuser to increase pgmeta.memory.",
        ),
        Shortage::System => (
            "The operating system refuses more memory for this process.".to_owned(),
            "Request less at once, for example fewer schemas, or increase the system's limits, for example ulimit -v.",
        ),
    };
    ErrorReport::new(PgSqlErrorCode::ERRCODE_OUT_OF_MEMORY, "out of memory", function_name!())
        .set_detail(detail)
        .set_hint(hint)
        .report(PgLogLevel::ERROR);
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
        reserve::trim();
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
