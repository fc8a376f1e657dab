//! Backtraces of Rust, which pgrx would put into the details of errors, and the standard library into the server's log:
//! none is wanted, whatever the server's environment says.

use std::backtrace::Backtrace;
use std::panic::{set_hook, take_hook};
use std::thread;

/// What asks for them.
const VARIABLES: [&str; 2] = ["RUST_BACKTRACE", "RUST_LIB_BACKTRACE"];

/// Has none captured from now on. Call while the library is being loaded.
pub fn forbid() {
    let found = VARIABLES.map(|name| (name, std::env::var_os(name)));
    // SAFETY: a process of the server has one thread when it loads a library. What other libraries may look for is there
    // again afterwards.
    unsafe {
        found.iter().for_each(|(name, _)| std::env::remove_var(name));
        // The first one decides for all.
        let _ = Backtrace::capture();
        for (name, value) in &found {
            value.iter().for_each(|value| std::env::set_var(name, value));
        }
    }
    let backend = thread::current().id();
    let on_backend = take_hook();
    set_hook(Box::new(move |panic| match thread::current().id() == backend {
        true => on_backend(panic),
        // The library's own would print a backtrace. The backend passes on what it was when it waits for the thread.
        false => eprintln!("pgmeta: a thread has failed: {panic}"),
    }));
}
