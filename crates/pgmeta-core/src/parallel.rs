//! Work that may run in parallel. Starts no thread: the caller does, because it knows what a thread must not access.

/// Half of this number of objects or statements takes longer than the start of a thread.
pub const MINIMUM_FOR_A_THREAD: usize = 4_000;

/// Runs two closures, in parallel if possible.
pub trait Executor {
    fn join<A: Send, B>(&self, other: impl FnOnce() -> A + Send, here: impl FnOnce() -> B) -> (A, B);

    /// Runs both for a number of objects or statements: in sequence if they are too few for a thread.
    fn join_if_large<A: Send, B>(
        &self,
        count: usize,
        other: impl FnOnce() -> A + Send,
        here: impl FnOnce() -> B,
    ) -> (A, B) {
        if count < MINIMUM_FOR_A_THREAD { Sequential.join(other, here) } else { self.join(other, here) }
    }
}

/// Runs one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Sequential;

impl Executor for Sequential {
    fn join<A: Send, B>(&self, other: impl FnOnce() -> A + Send, here: impl FnOnce() -> B) -> (A, B) {
        let here = here();
        (other(), here)
    }
}
