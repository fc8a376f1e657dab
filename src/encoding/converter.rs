//! The server's functions that convert between the database's encoding and UTF-8. They are found in advance, because they
//! are also called during error handling, when no catalog can be read.

use std::cell::Cell;
use std::ffi::{CStr, c_int};

use pgrx::pg_sys;

use super::{GetDatabaseEncoding, SQL_ASCII, UTF8};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    FromServer,
    ToServer,
}

/// The result of a conversion that stopped.
#[derive(Debug)]
pub struct Stopped {
    pub converted: Vec<u8>,
    /// Offset of the first character without an equivalent.
    pub at: usize,
}

/// Number of bytes per call: the server's functions accept up to a quarter of the maximum of an int.
const CHUNK: usize = 1 << 24;

/// Maximum growth factor of a conversion.
const GROWTH: usize = 4;

/// Maximum number of bytes of a character in any encoding.
const LONGEST: usize = 4;

type Function = *mut pg_sys::FmgrInfo;

thread_local! {
    static FROM_SERVER: Cell<Option<Function>> = const { Cell::new(None) };
    static TO_SERVER: Cell<Option<Function>> = const { Cell::new(None) };
}

/// Finds the functions of both directions, unless nothing is converted.
pub fn prepare() {
    if !matches!(GetDatabaseEncoding(), UTF8 | SQL_ASCII) {
        for direction in [Direction::FromServer, Direction::ToServer] {
            function(direction);
        }
    }
}

/// Returns the IDs of the source and target encodings.
fn encodings(direction: Direction) -> (c_int, c_int) {
    let own = GetDatabaseEncoding();
    match direction {
        Direction::FromServer => (own, UTF8),
        Direction::ToServer => (UTF8, own),
    }
}

/// Returns the function; `None` if there is none, or it cannot be found now.
fn function(direction: Direction) -> Option<Function> {
    let known = match direction {
        Direction::FromServer => &FROM_SERVER,
        Direction::ToServer => &TO_SERVER,
    };
    if let Some(function) = known.get() {
        return Some(function);
    }
    let (from, to) = encodings(direction);
    // SAFETY: the function is stored in memory that lives as long as the process, whose database never changes.
    let function = unsafe {
        if !pg_sys::IsTransactionState() {
            return None;
        }
        let oid = pg_sys::FindDefaultConversionProc(from, to);
        if oid == pg_sys::InvalidOid {
            return None;
        }
        let size = size_of::<pg_sys::FmgrInfo>();
        let function: Function = pg_sys::MemoryContextAllocZero(pg_sys::TopMemoryContext, size).cast();
        pg_sys::fmgr_info_cxt(oid, function, pg_sys::TopMemoryContext);
        function
    };
    known.set(Some(function));
    Some(function)
}

/// Converts the whole text, or as much as possible.
pub fn convert(direction: Direction, text: &[u8]) -> Result<Vec<u8>, Stopped> {
    let mut converted = Vec::with_capacity(text.len() + text.len() / 2);
    let stopped = |converted, at| Err(Stopped { converted, at });
    let Some(function) = function(direction) else {
        let at = ascii(text);
        return stopped(text[..at].to_vec(), at);
    };
    let (from, to) = encodings(direction);
    let mut buffer: Vec<u8> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let length = rest.len().min(CHUNK);
        buffer.resize(length * GROWTH + 1, 0);
        // SAFETY: the function reads `length` bytes, and writes at most `GROWTH` times as many and a NUL. In the mode
        // without errors it returns the number of converted bytes.
        let done = unsafe {
            let done = pg_sys::FunctionCall6Coll(
                function,
                pg_sys::InvalidOid,
                from.into(),
                to.into(),
                rest.as_ptr().into(),
                buffer.as_mut_ptr().into(),
                c_int::try_from(length).unwrap_or(0).into(),
                true.into(),
            );
            converted.extend_from_slice(CStr::from_ptr(buffer.as_ptr().cast()).to_bytes());
            usize::try_from(done.value() as c_int).unwrap_or(0)
        };
        at += done;
        // A character that the chunk's end splits is converted with the next chunk.
        if done + LONGEST <= length || (done < length && length == rest.len()) {
            return stopped(converted, at);
        }
    }
    Ok(converted)
}

/// Returns the number of leading ASCII bytes.
fn ascii(text: &[u8]) -> usize {
    text.iter().position(|byte| !byte.is_ascii()).unwrap_or(text.len())
}
