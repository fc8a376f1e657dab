//! The memory that the three processes share: the order, the text, a queue for the answer, a place for an error.
//! Knows nothing of what is done with them.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};

use pgrx::{pg_guard, pg_sys};

use crate::error::Error;

const ALIGNMENT: usize = 64;
const QUEUE: usize = 256 * 1024;
/// A relayed error of the longest parts, each character escaped.
const FAULT: usize = 3 * 6 * 1000 + 256;

/// At the beginning of the segment. Plain fields are written before any worker starts.
#[repr(C)]
struct Header {
    database: u32,
    role: u32,
    text: usize,
    /// The scratch database, once there is one.
    scratch: AtomicU32,
    /// The caller is gone, or wants no answer any more.
    abandoned: AtomicBool,
    /// How much of the place for an error is written; 0: there is none.
    fault: AtomicUsize,
}

const FAULT_AT: usize = size_of::<Header>().next_multiple_of(ALIGNMENT);
const QUEUE_AT: usize = (FAULT_AT + FAULT).next_multiple_of(ALIGNMENT);
const TEXT_AT: usize = QUEUE_AT + QUEUE;

/// A process's view of the segment.
#[derive(Debug)]
pub struct Channel {
    segment: *mut pg_sys::dsm_segment,
}

/// The caller's end of the queue.
#[derive(Debug)]
pub struct Receiver {
    queue: *mut pg_sys::shm_mq_handle,
}

/// What the queue holds.
#[derive(Debug)]
pub enum Poll {
    Message(Vec<u8>),
    Nothing,
    Closed,
}

impl Channel {
    /// Makes a segment for a text that the current role wants to have loaded. It is freed with the last process that uses it.
    pub fn create(text: &str) -> Result<Self, Error> {
        // SAFETY: the segment is as long as the layout says, and no other process knows it yet.
        unsafe {
            let segment = pg_sys::dsm_create(TEXT_AT + text.len(), 0);
            if segment.is_null() {
                return Err(Error::NoResult("the scratch database"));
            }
            let base: *mut u8 = pg_sys::dsm_segment_address(segment).cast();
            base.cast::<Header>().write(Header {
                database: pg_sys::MyDatabaseId.to_u32(),
                role: pg_sys::GetUserId().to_u32(),
                text: text.len(),
                scratch: AtomicU32::new(0),
                abandoned: AtomicBool::new(false),
                fault: AtomicUsize::new(0),
            });
            base.add(TEXT_AT).copy_from_nonoverlapping(text.as_ptr(), text.len());
            let queue = pg_sys::shm_mq_create(base.add(QUEUE_AT).cast(), QUEUE);
            pg_sys::shm_mq_set_receiver(queue, pg_sys::MyProc);
            // Runs however the caller ends: with an error, or because its session is terminated.
            pg_sys::on_dsm_detach(segment, Some(abandon), pg_sys::Datum::from(base));
            Ok(Self { segment })
        }
    }

    /// Opens a segment in a worker; it is gone where the caller is.
    pub fn attach(handle: u32) -> Option<Self> {
        // SAFETY: a handle of a segment that is gone gives null.
        unsafe {
            let segment = pg_sys::dsm_attach(handle);
            if segment.is_null() {
                return None;
            }
            // Until the worker ends, whatever transactions it runs.
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
        // SAFETY: `create` wrote it; what changes later is atomic.
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

    pub fn scratch(&self) -> u32 {
        self.header().scratch.load(Ordering::Acquire)
    }

    pub fn set_scratch(&self, database: u32) {
        self.header().scratch.store(database, Ordering::Release);
    }

    pub fn is_abandoned(&self) -> bool {
        self.header().abandoned.load(Ordering::Acquire)
    }

    pub fn abandon(&self) {
        self.header().abandoned.store(true, Ordering::Release);
    }

    /// Leaves an error for the caller. Of the supervisor only, and once.
    pub fn set_fault(&self, fault: &[u8]) {
        let length = fault.len().min(FAULT);
        // SAFETY: the place is as long, and not read before the length is set.
        unsafe { self.base().add(FAULT_AT).copy_from_nonoverlapping(fault.as_ptr(), length) };
        self.header().fault.store(length, Ordering::Release);
    }

    pub fn fault(&self) -> Option<Vec<u8>> {
        let length = self.header().fault.load(Ordering::Acquire);
        // SAFETY: once the length is set, it is written.
        (length > 0).then(|| unsafe { std::slice::from_raw_parts(self.base().add(FAULT_AT), length) }.to_vec())
    }

    pub fn receiver(&self) -> Receiver {
        // SAFETY: `create` made the queue for this process as the receiver.
        let queue = unsafe {
            let queue = self.base().add(QUEUE_AT).cast();
            pg_sys::shm_mq_attach(queue, self.segment, std::ptr::null_mut())
        };
        Receiver { queue }
    }

    /// Sends the answer, and waits until the caller has taken most of it or is gone. Of the loader only, and once.
    pub fn send(&self, answer: &[u8]) {
        // SAFETY: no other process is the queue's sender.
        unsafe {
            let queue = self.base().add(QUEUE_AT).cast();
            pg_sys::shm_mq_set_sender(queue, pg_sys::MyProc);
            let queue = pg_sys::shm_mq_attach(queue, self.segment, std::ptr::null_mut());
            crate::compat::send(queue, answer);
        }
    }

    /// Lets go of the segment; the receiver's end must not be used any more.
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
    // SAFETY: the server runs this before it takes the segment away.
    unsafe { (*base.cast_mut_ptr::<Header>()).abandoned.store(true, Ordering::Release) };
}
