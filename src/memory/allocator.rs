//! The allocator of the Rust code: mimalloc, counted, with the reserve behind it. The server's own memory contexts are not
//! touched by it. A model is a million small pieces, which the C library's allocator takes a sixth of an export's time to
//! give out and take back. Nothing here may unwind.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::sync::atomic::{AtomicIsize, Ordering};

use mimalloc::MiMalloc;

use crate::memory::reserve;

/// Each thread counts so many bytes for itself before it adds them to what all count.
const STEP: isize = 64 << 10;

static USED: AtomicIsize = AtomicIsize::new(0);

thread_local! {
    static COUNTED: Cell<isize> = const { Cell::new(0) };
}

/// Returns the number of bytes in use, without those that threads have not added yet.
pub fn used() -> usize {
    usize::try_from(USED.load(Ordering::Relaxed)).unwrap_or(0)
}

/// Adds what this thread has counted for itself.
pub fn settle() {
    USED.fetch_add(COUNTED.replace(0), Ordering::Relaxed);
}

/// Returns what the reserve is to have, so that what has so much in use comes to its next look with it.
pub fn due(used: usize) -> usize {
    used / 4
}

#[inline]
fn count(bytes: isize) {
    let counted = COUNTED.get() + bytes;
    if counted.unsigned_abs() < STEP.unsigned_abs() {
        COUNTED.set(counted);
    } else {
        add(counted);
    }
}

#[cold]
fn add(counted: isize) {
    COUNTED.set(0);
    let used = USED.fetch_add(counted, Ordering::Relaxed).saturating_add(counted);
    if let (Ok(used), Ok(counted)) = (usize::try_from(used), usize::try_from(counted)) {
        // What grows doubles: the next step of something large must find its place in the reserve.
        reserve::keep(due(used).max(counted.saturating_mul(2)));
    }
}

fn bytes(size: usize) -> isize {
    isize::try_from(size).unwrap_or(isize::MAX)
}

/// The allocator.
#[derive(Debug)]
pub struct Counted;

// SAFETY: memory of mimalloc is freed by mimalloc, and memory of the reserve by the reserve.
unsafe impl GlobalAlloc for Counted {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(bytes(layout.size()));
        // SAFETY: promised by the caller, here and below.
        let pointer = unsafe { MiMalloc.alloc(layout) };
        if pointer.is_null() { reserve::take(layout) } else { pointer }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(bytes(layout.size()));
        let pointer = unsafe { MiMalloc.alloc_zeroed(layout) };
        if pointer.is_null() { unsafe { zeroed(layout) } } else { pointer }
    }

    #[inline]
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-bytes(layout.size()));
        if !(reserve::is_in_use() && reserve::give(pointer)) {
            unsafe { MiMalloc.dealloc(pointer, layout) };
        }
    }

    #[inline]
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if !(reserve::is_in_use() && reserve::holds(pointer)) {
            let new = unsafe { MiMalloc.realloc(pointer, layout, size) };
            if !new.is_null() {
                count(bytes(size) - bytes(layout.size()));
                return new;
            }
        }
        unsafe { moved(self, pointer, layout, size) }
    }
}

/// # Safety
/// As [`GlobalAlloc::alloc_zeroed`] has it.
#[cold]
unsafe fn zeroed(layout: Layout) -> *mut u8 {
    let pointer = reserve::take(layout);
    if !pointer.is_null() {
        // SAFETY: so much was taken.
        unsafe { pointer.write_bytes(0, layout.size()) };
    }
    pointer
}

/// # Safety
/// As [`GlobalAlloc::realloc`] has it.
#[cold]
unsafe fn moved(allocator: &Counted, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
    // SAFETY: the size is one that the caller promises to fit the alignment; both pieces have as many bytes as are copied.
    unsafe {
        let new = allocator.alloc(Layout::from_size_align_unchecked(size, layout.align()));
        if !new.is_null() {
            new.copy_from_nonoverlapping(pointer, layout.size().min(size));
            allocator.dealloc(pointer, layout);
        }
        new
    }
}
