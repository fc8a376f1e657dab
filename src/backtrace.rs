//! Disables Rust backtraces, whatever the server's environment says: pgrx would put them into error details, and the
//! standard library into the server's log.

use std::backtrace::Backtrace;
use std::panic::{set_hook, take_hook};
use std::thread;

/// The environment variables that enable backtraces.
const VARIABLES: [&str; 2] = ["RUST_BACKTRACE", "RUST_LIB_BACKTRACE"];

/// Disables backtraces. Must be called while the library is loaded.
pub fn forbid() {
    let found = VARIABLES.map(|name| (name, std::env::var_os(name)));
    // SAFETY: a server process has one thread while it loads a library. The variables are restored afterwards for other
    // libraries.
    unsafe {
        found.iter().for_each(|(name, _)| std::env::remove_var(name));
        // The standard library decides at the first capture.
        let _ = Backtrace::capture();
        for (name, value) in &found {
            value.iter().for_each(|value| std::env::set_var(name, value));
        }
    }
    let backend = thread::current().id();
    let on_backend = take_hook();
    set_hook(Box::new(move |panic| match thread::current().id() == backend {
        true => on_backend(panic),
        // The default hook would print a backtrace. The backend raises the thread's panic when it joins it.
        false => eprintln!("pgmeta: a thread has failed: {panic}"),
    }));
}
