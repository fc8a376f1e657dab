//! Extends the stack in advance. If the system provides no more memory, a process whose stack must grow is killed by
//! SIGSEGV, and no code can turn that into an error. Raises nothing.

use std::hint::black_box;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::memory::cushion;

/// Size of stack to prepare: more than any query of pgmeta or plan uses. The server limits itself to 2 MB by default
/// (`max_stack_depth`).
const SIZE: usize = 1 << 20;

/// The lowest address up to which the stack is mapped.
static LOWEST: AtomicUsize = AtomicUsize::new(usize::MAX);

/// Extends the stack if less than half of `SIZE` is mapped; returns whether it could. Only for the backend's own thread.
pub fn extend() -> bool {
    let mark = 0_u8;
    let here = (&raw const mark).addr();
    if here.saturating_sub(SIZE / 2) >= LOWEST.load(Ordering::Relaxed) {
        return true;
    }
    if !cushion::could_have(SIZE) {
        return false;
    }
    touch();
    LOWEST.store(here.saturating_sub(SIZE), Ordering::Relaxed);
    true
}

/// Has a frame of that size: the compiler touches each of its pages.
#[inline(never)]
fn touch() {
    black_box(&mut MaybeUninit::<[u8; SIZE]>::uninit());
}
