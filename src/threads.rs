//! Threads besides the backend's own. They must not call any function of the server, nor use memory of its contexts.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::ffi::c_int;
use std::io;
use std::mem::{ManuallyDrop, MaybeUninit};
use std::os::unix::thread::JoinHandleExt;
use std::panic::{catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, Builder, JoinHandle};
use std::time::Duration;

use pgmeta_core::interrupt::set_question;
use pgmeta_core::parallel::Executor;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{PgLogLevel, PgSqlErrorCode, function_name, pg_guard, pg_sys};

use crate::interrupt;
use crate::memory::{self, Shortage};

/// Interval at which the backend checks for interrupts while it waits for a thread.
const LOOK: Duration = Duration::from_millis(20);

/// A thread that is joined when this is dropped, if not before.
pub struct Running<T> {
    handle: Option<JoinHandle<T>>,
    is_wanted: Arc<AtomicBool>,
    /// Nothing is ever sent: the channel is closed when the work is done.
    end: Receiver<()>,
}

/// The reason why a thread stopped early; it unwinds with this value.
enum Ended {
    /// The backend no longer waits for it.
    Unwanted,
    Short(Shortage),
}

impl<T> Running<T> {
    /// Waits for the thread, and processes interrupts. A panic of the thread continues here.
    pub fn join(mut self) -> T {
        while let Err(RecvTimeoutError::Timeout) = self.end.recv_timeout(LOOK) {
            interrupt::look();
        }
        match self.wait() {
            Some(Ok(result)) => result,
            Some(Err(panic)) => pass_on(panic),
            None => unreachable!("a thread is waited for once"),
        }
    }

    /// Returns whether `join` would return at once.
    pub fn is_finished(&self) -> bool {
        self.handle.as_ref().is_none_or(JoinHandle::is_finished)
    }

    fn wait(&mut self) -> Option<thread::Result<T>> {
        let handle = self.handle.take()?;
        let own = handle.as_pthread_t();
        let result = handle.join();
        RUNNING.with_borrow_mut(|running| running.retain(|&other| other != own));
        Some(result)
    }
}

impl<T> Drop for Running<T> {
    /// Only reached while unwinding; the thread's result is ignored.
    fn drop(&mut self) {
        self.is_wanted.store(false, Ordering::Relaxed);
        let _ = self.wait();
    }
}

/// Raises the panic or error of a thread in the backend.
fn pass_on(panic: Box<dyn Any + Send>) -> ! {
    if let Some(Ended::Short(shortage)) = panic.downcast_ref() {
        memory::raise(*shortage);
    }
    resume_unwind(panic)
}

/// Starts a thread.
pub fn spawn<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> io::Result<Running<T>> {
    // SAFETY: nothing is borrowed.
    unsafe { start(run) }
}

/// Runs one of two closures on a second thread: see [`Executor::join`].
#[derive(Clone, Copy, Debug)]
pub struct Threads;

impl Executor for Threads {
    fn join<A: Send, B>(&self, beside: impl FnOnce() -> A + Send, here: impl FnOnce() -> B) -> (A, B) {
        // Taken by the thread, or run here if no thread can be started.
        let work = Mutex::new(Some(beside));
        let run = || work.lock().unwrap_or_else(PoisonError::into_inner).take().map(|beside| beside());
        // SAFETY: the thread is joined below, or when `thread` is dropped because `here` unwinds.
        let thread = unsafe { start(run) };
        let here = here();
        match thread.map_or_else(|_| run(), Running::join) {
            Some(beside) => (beside, here),
            None => unreachable!("the work is taken once"),
        }
    }
}

// These variables have no destructors: the C library could not register them if memory is short, and would end the process.
thread_local! {
    /// In a thread: whether the backend still waits for it.
    static WANTED: RefCell<Option<ManuallyDrop<Arc<AtomicBool>>>> = const { RefCell::new(None) };
    /// The threads of this backend. Only the backend's own thread starts and joins them.
    static RUNNING: RefCell<ManuallyDrop<Vec<libc::pthread_t>>> = const { RefCell::new(ManuallyDrop::new(Vec::new())) };
    static WATCHED: Cell<bool> = const { Cell::new(false) };
}

static EXITING: AtomicBool = AtomicBool::new(false);

/// Returns whether the backend is exiting: an idle thread must then end.
pub fn exiting() -> bool {
    EXITING.load(Ordering::Relaxed)
}

/// The core's check on threads: unwinds if the work is no longer wanted or uses too much memory.
fn ask() {
    // A panic is unwinding already.
    if thread::panicking() {
        return;
    }
    let is_wanted = WANTED.with_borrow(|wanted| wanted.as_ref().is_none_or(|wanted| wanted.load(Ordering::Relaxed)));
    if !is_wanted || exiting() {
        resume_unwind(Box::new(Ended::Unwanted));
    }
    if let Some(shortage) = memory::shortage() {
        resume_unwind(Box::new(Ended::Short(shortage)));
    }
}

/// The state of a working thread.
struct Work {
    /// Closes the channel when it is dropped.
    _end: SyncSender<()>,
}

impl Work {
    fn begin(is_wanted: Arc<AtomicBool>, end: SyncSender<()>) -> Self {
        WANTED.set(Some(ManuallyDrop::new(is_wanted)));
        set_question(ask);
        Self { _end: end }
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        drop(WANTED.take().map(ManuallyDrop::into_inner));
        memory::settle();
    }
}

/// Registers the destructors of the standard library's thread-local variables while memory is available. The C library does
/// that at the first use of each, and ends the process if memory is short.
pub fn prepare() {
    let _ = thread::current().id();
    let report = ErrorReport::new(PgSqlErrorCode::ERRCODE_SUCCESSFUL_COMPLETION, "a first panic", function_name!());
    let _ = catch_unwind(|| report.report(PgLogLevel::ERROR));
    let (_open, end) = sync_channel::<()>(0);
    let _ = end.recv_timeout(Duration::ZERO);
}

/// Memory of the C library for what a new thread registers, in bytes.
const ROOM: usize = 64 << 10;

/// Returns whether the C library has memory for a new thread, and for what this thread takes at the same time; without memory it would end
/// the process.
fn has_room() -> bool {
    if !memory::is_spare() {
        return false;
    }
    // SAFETY: freed at once; the library keeps it for the next request.
    unsafe {
        let room = libc::malloc(ROOM);
        libc::free(room);
        !room.is_null()
    }
}

/// Starts a thread that receives no signals, because the server's handlers must run on the backend's own thread. The thread
/// ends before the backend exits: FATAL errors do not unwind, and exit handlers must not run beside other threads.
///
/// # Safety
/// The result must be dropped before anything that the closure borrows.
unsafe fn start<'a, T: Send + 'a>(run: impl FnOnce() -> T + Send + 'a) -> io::Result<Running<T>> {
    if !WATCHED.replace(true) {
        // SAFETY: the callback exists as long as the process.
        unsafe { pg_sys::before_shmem_exit(Some(end_all), pg_sys::Datum::null()) };
    }
    if !has_room() {
        return Err(io::ErrorKind::OutOfMemory.into());
    }
    let is_wanted = Arc::new(AtomicBool::new(true));
    let wanted = Arc::clone(&is_wanted);
    let (closed, end) = sync_channel(0);
    let mut before = MaybeUninit::uninit();
    // SAFETY: the sets are filled before they are read. A thread inherits the signal mask of the thread that starts it.
    unsafe {
        let mut all = MaybeUninit::uninit();
        libc::sigfillset(all.as_mut_ptr());
        libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), before.as_mut_ptr());
    }
    // SAFETY: promised by the caller.
    let handle = unsafe {
        Builder::new().name("pgmeta".into()).spawn_unchecked(move || {
            let _work = Work::begin(wanted, closed);
            run()
        })
    };
    // SAFETY: `before` was filled above.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, before.as_ptr(), std::ptr::null_mut()) };
    // Whatever error the system reports, it has no memory for another stack.
    let handle = handle.map_err(|_| io::ErrorKind::OutOfMemory)?;
    RUNNING.with_borrow_mut(|running| running.push(handle.as_pthread_t()));
    Ok(Running { handle: Some(handle), is_wanted, end })
}

#[pg_guard]
unsafe extern "C-unwind" fn end_all(_code: c_int, _argument: pg_sys::Datum) {
    EXITING.store(true, Ordering::Relaxed);
    for thread in ManuallyDrop::into_inner(RUNNING.take()) {
        // SAFETY: no other code will join the thread afterwards.
        unsafe { libc::pthread_join(thread, std::ptr::null_mut()) };
    }
}
