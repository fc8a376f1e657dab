//! Checks for interrupts in long loops. Knows no server: the code that runs the core on a thread sets the check.

use std::cell::Cell;

/// A counter is cheap; the check may not be.
const PASSES: u32 = 512;

thread_local! {
    static QUESTION: Cell<Option<fn()>> = const { Cell::new(None) };
    static PASSES_LEFT: Cell<u32> = const { Cell::new(PASSES) };
}

/// Sets the check of this thread. It unwinds to end the work, so that loops need not return errors.
pub fn set_question(question: fn()) {
    QUESTION.set(Some(question));
}

/// Runs the check in every few hundred passes of a loop. A pass takes microseconds at most.
pub fn check() {
    let left = PASSES_LEFT.get();
    PASSES_LEFT.set(if left == 0 { PASSES } else { left - 1 });
    if left == 0 {
        check_now();
    }
}

/// Runs without checks: for what another thread may wait for. A check that ends the process would wait for that thread.
pub fn without_checks<T>(run: impl FnOnce() -> T) -> T {
    struct Restore(Option<fn()>);
    impl Drop for Restore {
        fn drop(&mut self) {
            QUESTION.set(self.0);
        }
    }
    let _restore = Restore(QUESTION.replace(None));
    run()
}

/// Runs the check immediately: for passes that take longer.
pub fn check_now() {
    if let Some(question) = QUESTION.get() {
        question();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_is_called_and_may_unwind() {
        thread_local! { static ASKED: Cell<u32> = const { Cell::new(0) } }
        for _ in 0..=PASSES {
            check();
        }
        set_question(|| ASKED.set(ASKED.get() + 1));
        for _ in 0..=PASSES {
            check();
        }
        check_now();
        assert_eq!(ASKED.get(), 2);
        without_checks(check_now);
        assert_eq!(ASKED.get(), 2);
        check_now();
        assert_eq!(ASKED.get(), 3);
        set_question(|| std::panic::resume_unwind(Box::new("the end")));
        let ended = std::panic::catch_unwind(check_now);
        assert_eq!(ended.err().and_then(|end| end.downcast_ref().copied()), Some("the end"));
    }
}
