//! Stack that is there before it is needed: where the system gives no more addresses, a process whose stack must grow is ended by
//! SIGSEGV, be it in the server's code or in ours, and nobody can turn that into an error. Raises nothing.

use std::hint::black_box;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::memory::cushion;

/// More than a query of ours or a plan takes. The server itself takes 2 MB at most, its default of `max_stack_depth`.
const SIZE: usize = 1 << 20;

/// Down to where the stack is there.
static LOWEST: AtomicUsize = AtomicUsize::new(usize::MAX);

/// Lets the stack grow where less than half of `SIZE` is there; returns whether it could. For the backend's own thread.
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

/// A frame of that size: the compiler touches each of its pages.
#[inline(never)]
fn touch() {
    black_box(&mut MaybeUninit::<[u8; SIZE]>::uninit());
}
