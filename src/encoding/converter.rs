//! The server's own functions that convert between the database's encoding and UTF-8, looked up once: they are called
//! while an error is handled too, when no catalog can be read.

use std::cell::Cell;
use std::ffi::{CStr, c_int};

use pgrx::pg_sys;

use super::{GetDatabaseEncoding, SQL_ASCII, UTF8};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    FromServer,
    ToServer,
}

/// How far a conversion came.
#[derive(Debug)]
pub struct Stopped {
    pub converted: Vec<u8>,
    /// Where the first character begins that has no equivalent.
    pub at: usize,
}

/// How many bytes are converted at once; the server's functions take up to a quarter of what an int can count.
const CHUNK: usize = 1 << 24;

/// No byte becomes more.
const GROWTH: usize = 4;

/// No character has more bytes, in whatever encoding.
const LONGEST: usize = 4;

type Function = *mut pg_sys::FmgrInfo;

thread_local! {
    static FROM_SERVER: Cell<Option<Function>> = const { Cell::new(None) };
    static TO_SERVER: Cell<Option<Function>> = const { Cell::new(None) };
}

/// Looks up the functions of both directions, unless nothing is converted.
pub fn prepare() {
    if !matches!(GetDatabaseEncoding(), UTF8 | SQL_ASCII) {
        for direction in [Direction::FromServer, Direction::ToServer] {
            function(direction);
        }
    }
}

/// Returns the numbers of the encodings, from which and to which.
fn encodings(direction: Direction) -> (c_int, c_int) {
    let own = GetDatabaseEncoding();
    match direction {
        Direction::FromServer => (own, UTF8),
        Direction::ToServer => (UTF8, own),
    }
}

/// Returns the function; `None` where there is none, or it cannot be looked up now.
fn function(direction: Direction) -> Option<Function> {
    let known = match direction {
        Direction::FromServer => &FROM_SERVER,
        Direction::ToServer => &TO_SERVER,
    };
    if let Some(function) = known.get() {
        return Some(function);
    }
    let (from, to) = encodings(direction);
    // SAFETY: the function is kept where it lives as long as this process, whose database is always the same.
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

/// Converts all, or as much as can be.
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
        // SAFETY: the function reads so many bytes, and writes at most `GROWTH` times as many and a NUL. Told to raise no
        // error, it returns how many bytes it has converted.
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
        // A character that the chunk has cut is converted with the next.
        if done + LONGEST <= length || (done < length && length == rest.len()) {
            return stopped(converted, at);
        }
    }
    Ok(converted)
}

/// Returns how many bytes are ASCII before the first that is not.
fn ascii(text: &[u8]) -> usize {
    text.iter().position(|byte| !byte.is_ascii()).unwrap_or(text.len())
}
