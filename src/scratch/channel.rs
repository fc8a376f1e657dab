//! The memory that the three processes share: the header, the script, a queue for the answer, and a buffer for an error.
//! Does not interpret their contents.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};

use pgrx::{pg_guard, pg_sys};

use crate::error::Error;

const ALIGNMENT: usize = 64;
const QUEUE: usize = 256 * 1024;
/// Maximum length of a remote error: its longest parts, with each character escaped.
const FAULT: usize = 3 * 6 * 1000 + 256;

/// The header of the segment. Plain fields are written before any worker starts.
#[repr(C)]
struct Header {
    database: u32,
    role: u32,
    text: usize,
    /// The OID of the scratch database, once it exists.
    scratch: AtomicU32,
    /// Whether the caller ended or no longer wants the answer.
    abandoned: AtomicBool,
    /// Length of the error in its buffer; 0: none.
    fault: AtomicUsize,
}

const FAULT_AT: usize = size_of::<Header>().next_multiple_of(ALIGNMENT);
const QUEUE_AT: usize = (FAULT_AT + FAULT).next_multiple_of(ALIGNMENT);
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
    /// Creates a segment with a script that the current role wants to load. It is freed with the last process that uses it.
    pub fn create(text: &str) -> Result<Self, Error> {
        // SAFETY: the segment has the length of the layout, and no other process knows it yet.
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

    /// Writes an error for the caller. The supervisor calls this at most once.
    pub fn set_fault(&self, fault: &[u8]) {
        let length = fault.len().min(FAULT);
        // SAFETY: the buffer is large enough, and not read before the length is set.
        unsafe { self.base().add(FAULT_AT).copy_from_nonoverlapping(fault.as_ptr(), length) };
        self.header().fault.store(length, Ordering::Release);
    }

    pub fn fault(&self) -> Option<Vec<u8>> {
        let length = self.header().fault.load(Ordering::Acquire);
        // SAFETY: the error is complete once its length is set.
        (length > 0).then(|| unsafe { std::slice::from_raw_parts(self.base().add(FAULT_AT), length) }.to_vec())
    }

    pub fn receiver(&self) -> Receiver {
        // SAFETY: `create` made the queue with this process as the receiver.
        let queue = unsafe {
            let queue = self.base().add(QUEUE_AT).cast();
            pg_sys::shm_mq_attach(queue, self.segment, std::ptr::null_mut())
        };
        Receiver { queue }
    }

    /// Sends the answer; waits until the caller has received most of it or has ended. The loader calls this once.
    pub fn send(&self, answer: &[u8]) {
        // SAFETY: no other process is the queue's sender.
        unsafe {
            let queue = self.base().add(QUEUE_AT).cast();
            pg_sys::shm_mq_set_sender(queue, pg_sys::MyProc);
            let queue = pg_sys::shm_mq_attach(queue, self.segment, std::ptr::null_mut());
            crate::compat::send(queue, answer);
        }
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
