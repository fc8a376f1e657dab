//! Memory for the case that the system refuses more: running code continues with it until its next check whether
//! it may continue, which raises the error. An allocator must not raise one, and the language's own answer is to abort
//! the process. Takes memory from the system only; allocates nothing itself.

use std::alloc::Layout;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is kept at least.
const LEAST: usize = 16 << 20;

/// The reserve grows in steps, each of which is a call of the system.
const STEP: usize = 8 << 20;

/// Ranges that still hold something from the last time the system had no more.
const MOST: usize = 8;

/// A range of addresses. What is taken from it is taken from its beginning on, and it is whole again when all is back.
#[derive(Clone, Copy)]
struct Range {
    start: *mut u8,
    size: usize,
    taken: usize,
    pieces: usize,
}

// SAFETY: the memory belongs to no thread.
unsafe impl Send for Range {}

impl Range {
    const NONE: Self = Self { start: null_mut(), size: 0, taken: 0, pieces: 0 };

    fn map(size: usize) -> Option<Self> {
        let (access, flags) =
            (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE);
        // SAFETY: a new mapping, at an address of the system's choice.
        let start = unsafe { libc::mmap(null_mut(), size, access, flags, -1, 0) };
        (start != libc::MAP_FAILED).then_some(Self { start: start.cast(), size, taken: 0, pieces: 0 })
    }

    /// Makes a range larger or smaller of which nothing is taken.
    fn resize(&mut self, size: usize) -> bool {
        // SAFETY: the mapping is this range's own, and nobody has an address in it.
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
            // Ranges begin with a page, and no type asks for more.
            Some(end) if end <= self.size && layout.align() <= 4096 => {
                self.taken = end;
                self.pieces += 1;
                // SAFETY: within the mapping.
                unsafe { self.start.add(start) }
            }
            _ => null_mut(),
        }
    }

    /// Takes one piece back. Pages that were used go back to the system with the last one.
    fn give(&mut self) {
        self.pieces -= 1;
        if self.pieces == 0 {
            // SAFETY: the mapping is this range's own, and nothing in it is in use.
            unsafe { libc::madvise(self.start.cast(), self.taken, libc::MADV_DONTNEED) };
            self.taken = 0;
        }
    }

    fn unmap(self) {
        // SAFETY: nothing in it is in use, and nobody comes back to it.
        unsafe { libc::munmap(self.start.cast(), self.size) };
    }
}

/// The last one is the reserve; those before it still hold something.
struct Ranges {
    list: [Range; MOST],
    count: usize,
}

static RANGES: Mutex<Ranges> = Mutex::new(Ranges { list: [Range::NONE; MOST], count: 0 });

/// Of the reserve, while nothing is taken from it.
static SIZE: AtomicUsize = AtomicUsize::new(0);

/// How many pieces are taken.
static PIECES: AtomicUsize = AtomicUsize::new(0);

/// Whether the system has refused something.
static SHORT: AtomicBool = AtomicBool::new(false);

fn ranges() -> MutexGuard<'static, Ranges> {
    RANGES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has so much in reserve from now on, beyond the least; should the system not give it, memory is short.
pub fn keep(beyond: usize) {
    if LEAST.saturating_add(beyond) > SIZE.load(Ordering::Relaxed) && !grow(beyond) {
        SHORT.store(true, Ordering::Relaxed);
    }
}

/// Gives back what is beyond the least.
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

/// Returns whether the system had no more and still has not.
pub fn is_short(beyond: usize) -> bool {
    if !SHORT.load(Ordering::Relaxed) {
        return false;
    }
    let still = !grow(beyond);
    SHORT.store(still, Ordering::Relaxed);
    still
}

/// Takes from the reserve; null where it has not enough.
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

/// Returns whether something that is taken may have an address in it.
#[inline]
pub fn is_in_use() -> bool {
    PIECES.load(Ordering::Relaxed) != 0
}

/// Returns whether a pointer is to something that was taken.
pub fn holds(pointer: *mut u8) -> bool {
    ranges().of(pointer).is_some()
}

/// Takes something back, if it was taken from here.
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

/// Makes the reserve so large, with a new range where the last one is in use.
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
