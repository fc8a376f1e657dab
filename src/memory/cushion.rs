//! Memory of the C library that is freed when the server raises an error: pgrx copies the error, which needs memory.
//! Without it the copy would fail in the same way again, until the server panics.

use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, Ordering};

use pgrx::pg_sys;

/// Large memory contexts of the server request at least 1 MiB.
const SIZE: usize = 4 << 20;

static CUSHION: AtomicPtr<c_void> = AtomicPtr::new(null_mut());

/// Allocates the memory if it was freed; returns whether it is allocated.
pub fn lay() -> bool {
    if CUSHION.load(Ordering::Relaxed).is_null() {
        // SAFETY: only `give` takes and frees it.
        CUSHION.store(unsafe { libc::malloc(SIZE) }, Ordering::Relaxed);
    }
    !CUSHION.load(Ordering::Relaxed).is_null()
}

/// Returns whether the server could allocate this much now, with some spare.
pub fn could_have(bytes: usize) -> bool {
    // SAFETY: freed at once.
    unsafe {
        let probe = libc::malloc(bytes.saturating_add(SIZE));
        libc::free(probe);
        !probe.is_null()
    }
}

/// Calls the server with the cushion, which is freed if the server raises an error.
pub fn with<T>(run: impl FnOnce() -> T) -> T {
    let mut callback = pg_sys::ErrorContextCallback { previous: null_mut(), callback: Some(give), arg: null_mut() };
    // SAFETY: the callback is removed from the stack before it is dropped, even if an error unwinds.
    unsafe {
        callback.previous = pg_sys::error_context_stack;
        let _stack = Stack { before: callback.previous };
        pg_sys::error_context_stack = &raw mut callback;
        run()
    }
}

/// Restores the server's stack of error callbacks.
struct Stack {
    before: *mut pg_sys::ErrorContextCallback,
}

impl Drop for Stack {
    fn drop(&mut self) {
        // SAFETY: the callbacks below are still valid.
        unsafe { pg_sys::error_context_stack = self.before };
    }
}

/// Called by the server for each error, before it is caught.
unsafe extern "C-unwind" fn give(_argument: *mut c_void) {
    // SAFETY: allocated by `lay`.
    unsafe { libc::free(CUSHION.swap(null_mut(), Ordering::Relaxed)) };
}
