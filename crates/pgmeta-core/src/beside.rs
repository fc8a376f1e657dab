//! Work that may be done beside other work. Starts no thread: that is the caller's to do, who knows what a thread must not
//! be reached by.

/// Does two things, at the same time where it can.
pub trait Beside {
    fn both<A: Send, B>(&self, beside: impl FnOnce() -> A + Send, here: impl FnOnce() -> B) -> (A, B);
}

/// One after the other.
#[derive(Clone, Copy, Debug)]
pub struct InTurn;

impl Beside for InTurn {
    fn both<A: Send, B>(&self, beside: impl FnOnce() -> A + Send, here: impl FnOnce() -> B) -> (A, B) {
        let here = here();
        (beside(), here)
    }
}
