//! Measures and limits the memory of this process's Rust code. An error is raised at the next check, not by the allocation.
//! Does not know what the memory is used for.

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

/// Size of mimalloc's requests to the system, in KiB. Its default of 1 GiB is too much if the address space is limited.
const ARENA: i64 = 32 << 10;

/// The number of that option, for which the bindings have no name, and its default.
const ARENA_RESERVE: libmimalloc_sys::mi_option_t = 23;
const DEFAULT: i64 = 1 << 20;

/// The limit in bytes, for threads, which cannot read settings.
static LIMIT: AtomicUsize = AtomicUsize::new(usize::MAX);

thread_local! {
    static WAITING: Cell<bool> = const { Cell::new(false) };
}

/// The kind of shortage.
#[derive(Clone, Copy, Debug)]
pub enum Shortage {
    /// The limit of the setting is reached.
    Limit { used: usize, limit: usize },
    /// The system provides no more memory.
    System,
}

/// Creates the reserve.
pub fn prepare() {
    reserve::keep(0);
    cushion::lay();
    stack::extend();
}

/// Runs when the library is loaded, before the first allocation.
#[used]
#[unsafe(link_section = ".init_array")]
static AT_LOAD: extern "C" fn() = take_little_at_once;

extern "C" fn take_little_at_once() {
    // SAFETY: options of the allocator, which it reads when it requests memory.
    unsafe {
        if libmimalloc_sys::mi_option_get(ARENA_RESERVE) == DEFAULT {
            libmimalloc_sys::mi_option_set(ARENA_RESERVE, ARENA);
        }
    }
}

/// Raises an error if this process must not use more memory. Only for the backend's own thread.
pub fn check() {
    LIMIT.store(guc::memory(), Ordering::Relaxed);
    if let Some(shortage) = shortage() {
        raise(shortage);
    }
    if !cushion::lay() || !stack::extend() {
        raise(Shortage::System);
    }
}

/// Raises an error unless this much memory is available in one piece. For large allocations, only on the backend's own
/// thread.
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

/// Raises an error unless the server can allocate this much for a result. Only for the backend's own thread.
pub fn require_of_server(bytes: usize) {
    check();
    if !cushion::could_have(bytes) {
        raise(Shortage::System);
    }
}

/// Returns whether the server could allocate some megabytes now.
pub fn is_spare() -> bool {
    cushion::could_have(0)
}

/// Returns the kind of shortage, if any. For any thread.
pub fn shortage() -> Option<Shortage> {
    let (used, limit) = (used(), LIMIT.load(Ordering::Relaxed));
    if used > limit {
        return Some(Shortage::Limit { used, limit });
    }
    reserve::is_short(due(used)).then_some(Shortage::System)
}

/// Raises an error of the class "insufficient resources".
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

/// Returns freed memory to the system at the end of the transaction: otherwise a session that exported a large database
/// would keep it.
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

/// Returns freed memory to the system now.
pub fn give_back() {
    // SAFETY: may be called at any time and on any thread.
    unsafe { libmimalloc_sys::mi_collect(true) };
}
