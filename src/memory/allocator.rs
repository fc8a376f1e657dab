//! The allocator of the Rust code: mimalloc, with a count of bytes and the reserve. The server's memory contexts do not use
//! it. Building a model makes about a million small allocations; with the C library's allocator they cost a sixth of an
//! export's time. Nothing here may unwind.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::sync::atomic::{AtomicIsize, Ordering};

use mimalloc::MiMalloc;

use crate::memory::reserve;

/// Number of bytes that a thread counts locally before it adds them to the total.
const STEP: isize = 64 << 10;

static USED: AtomicIsize = AtomicIsize::new(0);

thread_local! {
    static COUNTED: Cell<isize> = const { Cell::new(0) };
}

/// Returns the number of bytes in use, without the local counts of threads.
pub fn used() -> usize {
    usize::try_from(USED.load(Ordering::Relaxed)).unwrap_or(0)
}

/// Adds this thread's local count to the total.
pub fn settle() {
    USED.fetch_add(COUNTED.replace(0), Ordering::Relaxed);
}

/// Returns the size of the reserve: enough for code with this many bytes in use to reach its next check.
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
        // Growing buffers double: the reserve must have room for the next size of a large one.
        reserve::keep(due(used).max(counted.saturating_mul(2)));
    }
}

fn bytes(size: usize) -> isize {
    isize::try_from(size).unwrap_or(isize::MAX)
}

/// The allocator.
#[derive(Debug)]
pub struct Counted;

// SAFETY: memory is freed where it was allocated: by mimalloc or by the reserve.
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
/// As for [`GlobalAlloc::alloc_zeroed`].
#[cold]
unsafe fn zeroed(layout: Layout) -> *mut u8 {
    let pointer = reserve::take(layout);
    if !pointer.is_null() {
        // SAFETY: the allocation has this size.
        unsafe { pointer.write_bytes(0, layout.size()) };
    }
    pointer
}

/// # Safety
/// As for [`GlobalAlloc::realloc`].
#[cold]
unsafe fn moved(allocator: &Counted, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
    // SAFETY: the caller guarantees that the size fits the alignment; both allocations have at least the number of bytes
    // that are copied.
    unsafe {
        let new = allocator.alloc(Layout::from_size_align_unchecked(size, layout.align()));
        if !new.is_null() {
            new.copy_from_nonoverlapping(pointer, layout.size().min(size));
            allocator.dealloc(pointer, layout);
        }
        new
    }
}
