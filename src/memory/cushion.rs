//! Memory of the C library that is freed when the server raises an error, because copying the error through
//! Rust needs memory: without it pgrx would fail in the same place again, until the server panics.

use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, Ordering};

use pgrx::pg_sys;

/// Contexts of the server ask for a MiB at least once they are large.
const SIZE: usize = 4 << 20;

static CUSHION: AtomicPtr<c_void> = AtomicPtr::new(null_mut());

/// Takes the memory again, if it was given back; returns whether it is there.
pub fn lay() -> bool {
    if CUSHION.load(Ordering::Relaxed).is_null() {
        // SAFETY: freed by `give`, which alone takes it out.
        CUSHION.store(unsafe { libc::malloc(SIZE) }, Ordering::Relaxed);
    }
    !CUSHION.load(Ordering::Relaxed).is_null()
}

/// Returns whether the server could have so much now, with something to spare.
pub fn could_have(bytes: usize) -> bool {
    // SAFETY: freed at once.
    unsafe {
        let probe = libc::malloc(bytes.saturating_add(SIZE));
        libc::free(probe);
        !probe.is_null()
    }
}

/// Calls the server, with the memory at hand should it raise an error.
pub fn with<T>(run: impl FnOnce() -> T) -> T {
    let mut callback = pg_sys::ErrorContextCallback { previous: null_mut(), callback: Some(give), arg: null_mut() };
    // SAFETY: the callback is taken off the stack before it is dropped, also if an error unwinds.
    unsafe {
        callback.previous = pg_sys::error_context_stack;
        let _stack = Stack { before: callback.previous };
        pg_sys::error_context_stack = &raw mut callback;
        run()
    }
}

/// What the server's stack of callbacks is brought back to.
struct Stack {
    before: *mut pg_sys::ErrorContextCallback,
}

impl Drop for Stack {
    fn drop(&mut self) {
        // SAFETY: whoever has put it there is still there.
        unsafe { pg_sys::error_context_stack = self.before };
    }
}

/// Called by the server for each error, before anybody has caught it.
unsafe extern "C-unwind" fn give(_argument: *mut c_void) {
    // SAFETY: taken by `lay`.
    unsafe { libc::free(CUSHION.swap(null_mut(), Ordering::Relaxed)) };
}
