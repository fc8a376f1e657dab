//! Work that may be done beside other work. Starts no thread: that is the caller's to do, who knows what a thread must not
//! be reached by.

/// Half of so many objects or statements is: fewer are done sooner than a thread is started.
pub const MINIMUM_FOR_A_THREAD: usize = 4_000;

/// Does two things, at the same time where it can.
pub trait Executor {
    fn join<A: Send, B>(&self, beside: impl FnOnce() -> A + Send, here: impl FnOnce() -> B) -> (A, B);

    /// Does both for so many objects or statements: one after the other where they are too few for a thread.
    fn join_if_large<A: Send, B>(
        &self,
        count: usize,
        beside: impl FnOnce() -> A + Send,
        here: impl FnOnce() -> B,
    ) -> (A, B) {
        if count < MINIMUM_FOR_A_THREAD { Sequential.join(beside, here) } else { self.join(beside, here) }
    }
}

/// One after the other.
#[derive(Clone, Copy, Debug)]
pub struct Sequential;

impl Executor for Sequential {
    fn join<A: Send, B>(&self, beside: impl FnOnce() -> A + Send, here: impl FnOnce() -> B) -> (A, B) {
        let here = here();
        (beside(), here)
    }
}
