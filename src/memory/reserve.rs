//! A reserve for the case that the system provides no more memory: running code uses it until its next check, which raises
//! the error. The allocator must not raise an error, and Rust's default is to abort the process. Gets its memory directly
//! from the system.

use std::alloc::Layout;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Minimum size of the reserve, in bytes.
const LEAST: usize = 16 << 20;

/// Step by which the reserve grows, in bytes: each is a system call.
const STEP: usize = 8 << 20;

/// Maximum number of older ranges that are still in use from an earlier shortage.
const MOST: usize = 8;

/// A range of addresses. Pieces are taken from its start on; when all are returned, the whole range is free again.
#[derive(Clone, Copy)]
struct Range {
    start: *mut u8,
    size: usize,
    taken: usize,
    pieces: usize,
}

// SAFETY: the memory is not bound to a thread.
unsafe impl Send for Range {}

impl Range {
    const NONE: Self = Self { start: null_mut(), size: 0, taken: 0, pieces: 0 };

    fn map(size: usize) -> Option<Self> {
        let (access, flags) =
            (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE);
        // SAFETY: a new mapping at an address that the system chooses.
        let start = unsafe { libc::mmap(null_mut(), size, access, flags, -1, 0) };
        (start != libc::MAP_FAILED).then_some(Self { start: start.cast(), size, taken: 0, pieces: 0 })
    }

    /// Changes the size of a range without used pieces.
    fn resize(&mut self, size: usize) -> bool {
        // SAFETY: the mapping belongs to this range, and nobody uses an address in it.
        let start = unsafe { libc::mremap(self.start.cast(), self.size, size, libc::MREMAP_MAYMOVE) };
        if start == libc::MAP_FAILED {
            return false;
        }
        (self.start, self.size) = (start.cast(), size);
        true
    }

    fn holds(&self, pointer: *mut u8) -> bool {
        (self.start.addr()..self.start.addr() + self.size).contains(&pointer.addr())
    }

    fn take(&mut self, layout: Layout) -> *mut u8 {
        let start = self.taken.next_multiple_of(layout.align());
        match start.checked_add(layout.size()) {
            // A range starts at a page, and no type requires a larger alignment.
            Some(end) if end <= self.size && layout.align() <= 4096 => {
                self.taken = end;
                self.pieces += 1;
                // SAFETY: within the mapping.
                unsafe { self.start.add(start) }
            }
            _ => null_mut(),
        }
    }

    /// Returns a piece. With the last one, the used pages are returned to the system.
    fn give(&mut self) {
        self.pieces -= 1;
        if self.pieces == 0 {
            // SAFETY: the mapping belongs to this range, and nothing in it is in use.
            unsafe { libc::madvise(self.start.cast(), self.taken, libc::MADV_DONTNEED) };
            self.taken = 0;
        }
    }

    fn unmap(self) {
        // SAFETY: nothing in it is in use, and nobody uses it again.
        unsafe { libc::munmap(self.start.cast(), self.size) };
    }
}

/// The last range is the reserve; earlier ones are still in use.
struct Ranges {
    list: [Range; MOST],
    count: usize,
}

static RANGES: Mutex<Ranges> = Mutex::new(Ranges { list: [Range::NONE; MOST], count: 0 });

/// Size of the reserve while none of it is used.
static SIZE: AtomicUsize = AtomicUsize::new(0);

/// Number of pieces in use.
static PIECES: AtomicUsize = AtomicUsize::new(0);

/// Whether the system has refused memory.
static SHORT: AtomicBool = AtomicBool::new(false);

fn ranges() -> MutexGuard<'static, Ranges> {
    RANGES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Grows the reserve to this size beyond the minimum, if it is smaller. If the system does not provide it, memory is short.
pub fn keep(beyond: usize) {
    if LEAST.saturating_add(beyond) > SIZE.load(Ordering::Relaxed) && !grow(beyond) {
        SHORT.store(true, Ordering::Relaxed);
    }
}

/// Reduces the reserve to its minimum.
pub fn trim() {
    let mut ranges = ranges();
    if let Some(last) = ranges.last()
        && last.pieces == 0
        && last.size > LEAST
        && last.resize(LEAST)
    {
        SIZE.store(LEAST, Ordering::Relaxed);
    }
}

/// Returns whether the system refused memory and still does.
pub fn is_short(beyond: usize) -> bool {
    if !SHORT.load(Ordering::Relaxed) {
        return false;
    }
    let still = !grow(beyond);
    SHORT.store(still, Ordering::Relaxed);
    still
}

/// Takes a piece from the reserve; null if it is too small.
#[cold]
pub fn take(layout: Layout) -> *mut u8 {
    SHORT.store(true, Ordering::Relaxed);
    let mut ranges = ranges();
    let Some(last) = ranges.last() else { return null_mut() };
    let pointer = last.take(layout);
    if !pointer.is_null() {
        SIZE.store(0, Ordering::Relaxed);
        PIECES.fetch_add(1, Ordering::Relaxed);
    }
    pointer
}

/// Returns whether pieces of the reserve are in use.
#[inline]
pub fn is_in_use() -> bool {
    PIECES.load(Ordering::Relaxed) != 0
}

/// Returns whether a pointer is into the reserve.
pub fn holds(pointer: *mut u8) -> bool {
    ranges().of(pointer).is_some()
}

/// Returns a piece, if it is from the reserve.
#[cold]
pub fn give(pointer: *mut u8) -> bool {
    let mut ranges = ranges();
    let Some(at) = ranges.of(pointer) else { return false };
    ranges.list[at].give();
    PIECES.fetch_sub(1, Ordering::Relaxed);
    if ranges.list[at].pieces == 0 {
        if at + 1 == ranges.count {
            SIZE.store(ranges.list[at].size, Ordering::Relaxed);
        } else {
            ranges.list[at].unmap();
            let count = ranges.count;
            ranges.list.copy_within(at + 1..count, at);
            ranges.count -= 1;
        }
    }
    true
}

/// Resizes the reserve. Creates a new range if the last one is in use.
fn grow(beyond: usize) -> bool {
    let Some(size) = LEAST.checked_add(beyond).and_then(|size| size.checked_next_multiple_of(STEP)) else {
        return false;
    };
    let mut ranges = ranges();
    let is_there = match ranges.last() {
        Some(last) if last.pieces == 0 => last.size >= size || last.resize(size),
        _ => Range::map(size).is_some_and(|range| ranges.push(range)),
    };
    if let Some(last) = ranges.last().filter(|_| is_there) {
        SIZE.store(last.size, Ordering::Relaxed);
    }
    is_there
}

impl Ranges {
    fn last(&mut self) -> Option<&mut Range> {
        self.list[..self.count].last_mut()
    }

    fn push(&mut self, range: Range) -> bool {
        if self.count == MOST {
            range.unmap();
            return false;
        }
        self.list[self.count] = range;
        self.count += 1;
        true
    }

    fn of(&self, pointer: *mut u8) -> Option<usize> {
        self.list[..self.count].iter().position(|range| range.holds(pointer))
    }
}
