//! The memory that the three processes share: the header, the text of the task, a queue for the answer, and buffers for an error and
//! a name. Does not interpret their contents.

use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use pgrx::{pg_guard, pg_sys};

use crate::error::Error;

const ALIGNMENT: usize = 64;
const QUEUE: usize = 256 * 1024;
/// Maximum length of a remote error: its longest parts, with each character escaped.
const FAULT: usize = 3 * 6 * 1000 + 256;
/// Maximum length of a name in the server.
const NAME: usize = 63;

/// What the other database is for.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Running an SQL script and reading what it creates.
    Scratch,
    /// A deployment of a definition.
    Deployment,
}

impl Kind {
    /// Returns the `backend_type` of the supervisor.
    pub fn supervisor(self) -> &'static str {
        match self {
            Self::Scratch => "pgmeta scratch",
            Self::Deployment => "pgmeta deployment",
        }
    }

    /// Returns the `backend_type` of the worker in the other database.
    pub fn worker(self) -> &'static str {
        match self {
            Self::Scratch => "pgmeta scratch loader",
            Self::Deployment => "pgmeta deployment worker",
        }
    }

    /// Returns the exported function of that worker.
    pub fn function(self) -> &'static str {
        match self {
            Self::Scratch => "pgmeta_scratch_load",
            Self::Deployment => "pgmeta_registry_work",
        }
    }
}

/// The database in which the work is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// One with a temporary name, which is dropped after the work.
    Temporary,
    /// One with a temporary name, which is dropped at the end of the caller's transaction unless that renames it.
    New,
    /// This one.
    Existing(u32),
    /// This one, which is dropped at the end of the caller's transaction if that gives it the temporary name.
    Dropped(u32),
}

impl Place {
    fn database(self) -> u32 {
        match self {
            Self::Temporary | Self::New => 0,
            Self::Existing(database) | Self::Dropped(database) => database,
        }
    }

    /// Returns whether the end of the caller's transaction decides if the database stays.
    fn is_decided_later(self) -> bool {
        matches!(self, Self::New | Self::Dropped(_))
    }
}

/// What is to be done where.
#[derive(Clone, Copy, Debug)]
pub struct Task<'a> {
    pub kind: Kind,
    pub place: Place,
    pub text: &'a str,
}

/// The header of the segment. Plain fields are written before any worker starts.
#[repr(C)]
struct Header {
    database: u32,
    role: u32,
    kind: Kind,
    is_decided_later: bool,
    text: usize,
    /// The OID of the other database, once it exists.
    target: AtomicU32,
    /// The process ID of the worker in it.
    worker: AtomicI32,
    /// How long the creation took, in microseconds.
    creation: AtomicU64,
    /// Whether the caller ended or no longer wants the answer.
    abandoned: AtomicBool,
    /// Whether the caller lets the worker commit.
    approved: AtomicBool,
    /// Whether the worker has committed.
    committed: AtomicBool,
    /// Whether the worker has ended.
    finished: AtomicBool,
    /// Length of the error in its buffer; 0: none.
    fault: AtomicUsize,
    /// Length of the temporary name in its buffer; 0: none.
    name: AtomicUsize,
}

const FAULT_AT: usize = size_of::<Header>().next_multiple_of(ALIGNMENT);
const NAME_AT: usize = (FAULT_AT + FAULT).next_multiple_of(ALIGNMENT);
const QUEUE_AT: usize = (NAME_AT + NAME).next_multiple_of(ALIGNMENT);
const TEXT_AT: usize = QUEUE_AT + QUEUE;

/// A process's access to the segment.
#[derive(Debug)]
pub struct Channel {
    segment: *mut pg_sys::dsm_segment,
}

/// The receiving end of the queue.
#[derive(Debug)]
pub struct Receiver {
    queue: *mut pg_sys::shm_mq_handle,
}

/// The state of the queue.
#[derive(Debug)]
pub enum Poll {
    Message(Vec<u8>),
    Nothing,
    Closed,
}

impl Channel {
    /// Creates a segment with a task of the current role. It is freed with the last process that uses it.
    pub fn create(task: Task<'_>) -> Result<Self, Error> {
        let Task { kind, place, text } = task;
        // SAFETY: the segment has the length of the layout, and no other process knows it yet.
        unsafe {
            let segment = pg_sys::dsm_create(TEXT_AT + text.len(), 0);
            if segment.is_null() {
                return Err(Error::NoResult("the background worker"));
            }
            let base: *mut u8 = pg_sys::dsm_segment_address(segment).cast();
            base.cast::<Header>().write(Header {
                database: pg_sys::MyDatabaseId.to_u32(),
                role: pg_sys::GetUserId().to_u32(),
                kind,
                is_decided_later: place.is_decided_later(),
                text: text.len(),
                target: AtomicU32::new(place.database()),
                worker: AtomicI32::new(0),
                creation: AtomicU64::new(0),
                abandoned: AtomicBool::new(false),
                approved: AtomicBool::new(false),
                committed: AtomicBool::new(false),
                finished: AtomicBool::new(false),
                fault: AtomicUsize::new(0),
                name: AtomicUsize::new(0),
            });
            base.add(TEXT_AT).copy_from_nonoverlapping(text.as_ptr(), text.len());
            let queue = pg_sys::shm_mq_create(base.add(QUEUE_AT).cast(), QUEUE);
            pg_sys::shm_mq_set_receiver(queue, pg_sys::MyProc);
            // Runs however the caller ends: after an error, or because its session is terminated.
            pg_sys::on_dsm_detach(segment, Some(abandon), pg_sys::Datum::from(base));
            Ok(Self { segment })
        }
    }

    /// Opens a segment in a worker; `None` if the caller has ended.
    pub fn attach(handle: u32) -> Option<Self> {
        // SAFETY: the handle of a freed segment returns null.
        unsafe {
            let segment = pg_sys::dsm_attach(handle);
            if segment.is_null() {
                return None;
            }
            // The mapping stays until the worker ends, across transactions.
            pg_sys::dsm_pin_mapping(segment);
            Some(Self { segment })
        }
    }

    pub fn handle(&self) -> u32 {
        // SAFETY: the segment is open.
        unsafe { pg_sys::dsm_segment_handle(self.segment) }
    }

    fn base(&self) -> *mut u8 {
        // SAFETY: the segment is open.
        unsafe { pg_sys::dsm_segment_address(self.segment).cast() }
    }

    fn header(&self) -> &Header {
        // SAFETY: `create` wrote it; fields that change later are atomic.
        unsafe { &*self.base().cast() }
    }

    /// Returns the OIDs of the caller's database and role.
    pub fn login(&self) -> (u32, u32) {
        (self.header().database, self.header().role)
    }

    pub fn text(&self) -> &str {
        // SAFETY: `create` copied a `str` of that length, and nobody writes to it.
        unsafe {
            let bytes = std::slice::from_raw_parts(self.base().add(TEXT_AT), self.header().text);
            std::str::from_utf8_unchecked(bytes)
        }
    }

    pub fn kind(&self) -> Kind {
        self.header().kind
    }

    /// Returns whether the end of the caller's transaction decides if the database stays.
    pub fn is_decided_later(&self) -> bool {
        self.header().is_decided_later
    }

    /// Returns the OID of the other database; `None` before it is created.
    pub fn target(&self) -> Option<u32> {
        Some(self.header().target.load(Ordering::Acquire)).filter(|&database| database != 0)
    }

    pub fn set_target(&self, database: u32) {
        self.header().target.store(database, Ordering::Release);
    }

    /// Returns the process ID of the worker in the other database; 0 before it has started.
    pub fn worker(&self) -> i32 {
        self.header().worker.load(Ordering::Acquire)
    }

    pub fn set_worker(&self, pid: i32) {
        self.header().worker.store(pid, Ordering::Release);
    }

    /// Returns how long the creation of the database took.
    pub fn creation(&self) -> Duration {
        Duration::from_micros(self.header().creation.load(Ordering::Acquire))
    }

    pub fn set_creation(&self, taken: Duration) {
        let microseconds = u64::try_from(taken.as_micros()).unwrap_or(u64::MAX);
        self.header().creation.store(microseconds, Ordering::Release);
    }

    pub fn is_approved(&self) -> bool {
        self.header().approved.load(Ordering::Acquire)
    }

    /// Lets the worker commit.
    pub fn approve(&self) {
        self.header().approved.store(true, Ordering::Release);
    }

    pub fn is_committed(&self) -> bool {
        self.header().committed.load(Ordering::Acquire)
    }

    pub fn set_committed(&self) {
        self.header().committed.store(true, Ordering::Release);
    }

    pub fn is_finished(&self) -> bool {
        self.header().finished.load(Ordering::Acquire)
    }

    pub fn set_finished(&self) {
        self.header().finished.store(true, Ordering::Release);
    }

    pub fn is_abandoned(&self) -> bool {
        self.header().abandoned.load(Ordering::Acquire)
    }

    pub fn abandon(&self) {
        self.header().abandoned.store(true, Ordering::Release);
    }

    /// Writes an error for the caller. Only the first is kept: a later one follows from it.
    pub fn set_fault(&self, fault: &[u8]) {
        if self.header().fault.load(Ordering::Acquire) == 0 {
            self.write(FAULT_AT, FAULT, fault, &self.header().fault);
        }
    }

    pub fn fault(&self) -> Option<Vec<u8>> {
        self.read(FAULT_AT, &self.header().fault)
    }

    /// Writes the temporary name. The supervisor calls this once.
    pub fn set_name(&self, name: &str) {
        self.write(NAME_AT, NAME, name.as_bytes(), &self.header().name);
    }

    /// Returns the temporary name of the other database; `None` before the supervisor has chosen it.
    pub fn name(&self) -> Option<String> {
        self.read(NAME_AT, &self.header().name).and_then(|name| String::from_utf8(name).ok())
    }

    fn write(&self, at: usize, longest: usize, bytes: &[u8], length: &AtomicUsize) {
        let written = bytes.len().min(longest);
        // SAFETY: the buffer has the length `longest`, and is not read before its length is set.
        unsafe { self.base().add(at).copy_from_nonoverlapping(bytes.as_ptr(), written) };
        length.store(written, Ordering::Release);
    }

    fn read(&self, at: usize, length: &AtomicUsize) -> Option<Vec<u8>> {
        let length = length.load(Ordering::Acquire);
        // SAFETY: the buffer is complete once its length is set.
        (length > 0).then(|| unsafe { std::slice::from_raw_parts(self.base().add(at), length) }.to_vec())
    }

    pub fn receiver(&self) -> Receiver {
        // SAFETY: `create` made the queue with this process as the receiver.
        let queue = unsafe {
            let queue = self.base().add(QUEUE_AT).cast();
            pg_sys::shm_mq_attach(queue, self.segment, std::ptr::null_mut())
        };
        Receiver { queue }
    }

    /// Sends the answer; waits until the caller has received most of it or has ended. The worker calls this once.
    pub fn send(&self, answer: &[u8]) {
        // SAFETY: no other process is the queue's sender.
        unsafe {
            let queue = self.base().add(QUEUE_AT).cast();
            pg_sys::shm_mq_set_sender(queue, pg_sys::MyProc);
            let queue = pg_sys::shm_mq_attach(queue, self.segment, std::ptr::null_mut());
            crate::compat::send(queue, answer);
        }
    }

    /// Keeps the segment after the call, until it is closed or the session ends.
    pub fn keep(&self) {
        // SAFETY: the segment is open.
        unsafe { pg_sys::dsm_pin_mapping(self.segment) };
    }

    /// Releases the segment. The receiving end must not be used afterwards.
    pub fn close(self) {
        // SAFETY: the segment is open, and `self` is its only handle.
        unsafe { pg_sys::dsm_detach(self.segment) };
    }
}

impl Receiver {
    pub fn poll(&self) -> Poll {
        let (mut length, mut data) = (0, std::ptr::null_mut());
        // SAFETY: the message is copied before the next call.
        unsafe {
            match pg_sys::shm_mq_receive(self.queue, &raw mut length, &raw mut data, true) {
                pg_sys::shm_mq_result::SHM_MQ_SUCCESS => {
                    Poll::Message(std::slice::from_raw_parts(data.cast::<u8>(), length).to_vec())
                }
                pg_sys::shm_mq_result::SHM_MQ_WOULD_BLOCK => Poll::Nothing,
                _ => Poll::Closed,
            }
        }
    }
}

#[pg_guard]
unsafe extern "C-unwind" fn abandon(_segment: *mut pg_sys::dsm_segment, base: pg_sys::Datum) {
    // SAFETY: the server calls this before it unmaps the segment.
    unsafe { (*base.cast_mut_ptr::<Header>()).abandoned.store(true, Ordering::Release) };
}
