//! Ends processes whose postmaster has died: the server cannot be restarted while one of them exists.

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

/// The signal that the server requests from the kernel.
#[cfg(target_os = "linux")]
const DEATH: c_int = libc::SIGPWR;

/// Returns whether the postmaster has died.
pub fn is_orphan() -> bool {
    // SAFETY: variables of this process; the pipe exists as long as the process.
    unsafe {
        #[cfg(target_os = "linux")]
        if (&raw const postmaster_possibly_dead).read_volatile() == 0 {
            return false;
        }
        pg_sys::IsUnderPostmaster && !PostmasterIsAliveInternal()
    }
}

/// Ends this process if the postmaster has died, as the server does when it waits.
pub fn end_if_orphan() {
    // SAFETY: the transaction is rolled back, and control does not return to the stack. A process that is exiting already
    // continues.
    unsafe {
        if is_orphan() && !pg_sys::proc_exit_inprogress {
            pg_sys::proc_exit(1);
        }
    }
}

/// While this guard exists, the death of the postmaster terminates the process even during a statement. The server checks
/// only while it waits on a latch. PostgreSQL 14 waits ten seconds for the statistics collector, which has died too.
pub struct EndWithPostmaster {
    #[cfg(target_os = "linux")]
    before: libc::sigaction,
}

impl EndWithPostmaster {
    pub fn start() -> Self {
        #[cfg(target_os = "linux")]
        // SAFETY: `before` is filled before it is read. Other fields stay as the server set them.
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
        // SAFETY: restores the handler from before `start`.
        unsafe { libc::sigaction(DEATH, &raw const self.before, std::ptr::null_mut()) };
    }
}

/// Does what the server's handler and SIGTERM do.
#[cfg(target_os = "linux")]
unsafe extern "C-unwind" fn terminate_orphan(signal: c_int) {
    // SAFETY: both functions may run in signal handlers. Since PostgreSQL 17, `die` requires its caller to preserve errno.
    unsafe {
        let errno = *libc::__errno_location();
        (&raw mut postmaster_possibly_dead).write_volatile(1);
        die(signal);
        *libc::__errno_location() = errno;
    }
}
