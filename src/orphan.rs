//! Processes whose postmaster has died: they end, because nobody restarts the server while one of them lives.

#[cfg(target_os = "linux")]
use std::{ffi::c_int, mem::MaybeUninit};

use pgrx::pg_sys;

unsafe extern "C" {
    fn PostmasterIsAliveInternal() -> bool;
    /// Set by a signal that the kernel sends when the postmaster dies.
    #[cfg(target_os = "linux")]
    static mut postmaster_possibly_dead: c_int;
}

#[cfg(target_os = "linux")]
unsafe extern "C-unwind" {
    fn die(signal: c_int);
}

/// The signal that the server has asked the kernel for.
#[cfg(target_os = "linux")]
const DEATH: c_int = libc::SIGPWR;

/// Returns whether the process that has started this one is gone.
pub fn is_orphan() -> bool {
    // SAFETY: variables of this process; the pipe that is asked is there as long as it is.
    unsafe {
        #[cfg(target_os = "linux")]
        if (&raw const postmaster_possibly_dead).read_volatile() == 0 {
            return false;
        }
        pg_sys::IsUnderPostmaster && !PostmasterIsAliveInternal()
    }
}

/// Ends this process where it is an orphan, as the server's own end where they wait for something.
pub fn end_if_orphan() {
    // SAFETY: its transaction is rolled back; what is on the stack is not returned to. A process that is ending already continues.
    unsafe {
        if is_orphan() && !pg_sys::proc_exit_inprogress {
            pg_sys::proc_exit(1);
        }
    }
}

/// While there is one, the postmaster's death terminates this process also in the midst of a statement. The server looks for that
/// only where it waits on a latch: 14 waits for statistics from a process that has died too, for ten seconds.
pub struct EndWithPostmaster {
    #[cfg(target_os = "linux")]
    before: libc::sigaction,
}

impl EndWithPostmaster {
    pub fn start() -> Self {
        #[cfg(target_os = "linux")]
        // SAFETY: `before` is filled before it is read. What is not changed is as the server has set it.
        unsafe {
            let mut before = MaybeUninit::<libc::sigaction>::zeroed();
            libc::sigaction(DEATH, std::ptr::null(), before.as_mut_ptr());
            let before = before.assume_init();
            let action = libc::sigaction { sa_sigaction: terminate_orphan as *const () as usize, ..before };
            libc::sigaction(DEATH, &raw const action, std::ptr::null_mut());
            Self { before }
        }
        #[cfg(not(target_os = "linux"))]
        Self {}
    }
}

#[cfg(target_os = "linux")]
impl Drop for EndWithPostmaster {
    fn drop(&mut self) {
        // SAFETY: what was there before `start`.
        unsafe { libc::sigaction(DEATH, &raw const self.before, std::ptr::null_mut()) };
    }
}

/// Does what the server's handler does, and what SIGTERM does.
#[cfg(target_os = "linux")]
unsafe extern "C-unwind" fn terminate_orphan(signal: c_int) {
    // SAFETY: each is made for signal handlers. Since 17, `die` relies on its caller to preserve the number of the last error.
    unsafe {
        let errno = *libc::__errno_location();
        (&raw mut postmaster_possibly_dead).write_volatile(1);
        die(signal);
        *libc::__errno_location() = errno;
    }
}
