//! Loads rows into a table by the server's own COPY FROM, which reads its formats exactly as they were written.

use std::cell::RefCell;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::mem::ManuallyDrop;

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{PgLogLevel, PgMemoryContexts, pg_guard, pg_sys};

use crate::encoding;
use crate::error::Error;

/// Returns the next bytes; `None` at the end.
pub type Source<'a> = dyn FnMut() -> Result<Option<Vec<u8>>, Error> + 'a;

struct Reading {
    source: *mut Source<'static>,
    chunk: Vec<u8>,
    start: usize,
}

thread_local! {
    /// The input of the server's callback, which gets no argument. Without a destructor, as in threads.rs.
    static READING: RefCell<Option<ManuallyDrop<Reading>>> = const { RefCell::new(None) };
}

/// Loads bytes from the source, in a format and an encoding, into columns of a table; returns the number of rows.
pub fn copy_from(
    table: u32,
    columns: &[String],
    (format, encoding): (&CStr, &str),
    source: &mut Source<'_>,
) -> Result<u64, Error> {
    with_copy(table, columns, (format, encoding), source, |copy| {
        // SAFETY: the COPY has begun and not ended.
        Ok(unsafe { pg_sys::CopyFrom(copy) })
    })
}

/// Calls `visit` for the fields of each CSV record of the source, as COPY parses them for a table; `None` is NULL.
pub fn each_record(
    table: u32,
    encoding: &str,
    source: &mut Source<'_>,
    mut visit: impl FnMut(&[Option<&[u8]>]),
) -> Result<(), Error> {
    let mut row = PgMemoryContexts::new("pgmeta record");
    with_copy(table, &[], (c"csv", encoding), source, |copy| {
        loop {
            let (mut fields, mut count) = (std::ptr::null_mut(), 0);
            // SAFETY: the COPY has begun and not ended; the fields are valid until the next call.
            unsafe {
                if !pg_sys::NextCopyFromRawFields(copy, &raw mut fields, &raw mut count) {
                    return Ok(());
                }
                let fields = std::slice::from_raw_parts(fields, usize::try_from(count).unwrap_or(0));
                let bytes = |field: &*mut c_char| (!field.is_null()).then(|| CStr::from_ptr(*field).to_bytes());
                let fields: Vec<Option<&[u8]>> = fields.iter().map(bytes).collect();
                row.switch_to(|_| visit(&fields));
                row.reset();
            }
        }
    })
}

/// Begins a COPY from the source, and ends it after `run`.
fn with_copy<T>(
    table: u32,
    columns: &[String],
    (format, encoding): (&CStr, &str),
    source: &mut Source<'_>,
    run: impl FnOnce(pg_sys::CopyFromState) -> Result<T, Error>,
) -> Result<T, Error> {
    let encoding = encoding::c_string(encoding)?;
    let names = columns.iter().map(|name| encoding::c_string(name)).collect::<Result<Vec<_>, _>>()?;
    // SAFETY: the source outlives this call. It is removed at the end of the call, or by the next call if an error unwinds.
    let source: *mut Source<'static> = unsafe { std::mem::transmute(std::ptr::from_mut(source)) };
    READING.set(Some(ManuallyDrop::new(Reading { source, chunk: Vec::new(), start: 0 })));
    // SAFETY: called as workers of logical replication do; an error releases all resources with the transaction.
    let result = unsafe {
        let relation = pg_sys::table_open(table.into(), pg_sys::RowExclusiveLock as c_int);
        let state = pg_sys::make_parsestate(std::ptr::null_mut());
        let lock = pg_sys::RowExclusiveLock as c_int;
        pg_sys::addRangeTableEntryForRelation(state, relation, lock, std::ptr::null_mut(), false, false);
        let mut attributes = std::ptr::null_mut();
        for name in &names {
            attributes = pg_sys::lappend(attributes, string(name).cast());
        }
        let mut options = std::ptr::null_mut();
        for (name, value) in [(c"format", format), (c"encoding", &*encoding)] {
            let option = pg_sys::makeDefElem(pg_sys::pstrdup(name.as_ptr()), string(value), -1);
            options = pg_sys::lappend(options, option.cast());
        }
        let nothing = std::ptr::null_mut();
        let copy =
            pg_sys::BeginCopyFrom(state, relation, nothing, std::ptr::null(), false, Some(read), attributes, options);
        let result = run(copy);
        pg_sys::EndCopyFrom(copy);
        pg_sys::free_parsestate(state);
        pg_sys::table_close(relation, pg_sys::NoLock as c_int);
        result
    };
    drop(READING.take().map(ManuallyDrop::into_inner));
    result
}

/// # Safety
/// The current memory context of the server must be valid.
unsafe fn string(text: &CStr) -> *mut pg_sys::Node {
    // SAFETY: the server gets its own copy.
    unsafe { pg_sys::makeString(pg_sys::pstrdup(text.as_ptr()).cast::<c_char>()).cast() }
}

#[pg_guard]
unsafe extern "C-unwind" fn read(buffer: *mut c_void, least: c_int, most: c_int) -> c_int {
    // SAFETY: the server passes a buffer of that many bytes.
    let into = unsafe { std::slice::from_raw_parts_mut(buffer.cast::<u8>(), usize::try_from(most).unwrap_or(0)) };
    let least = usize::try_from(least).unwrap_or(0).max(1);
    let mut filled = 0;
    // Taken out: nothing remains after an error.
    let Some(mut reading) = READING.take().map(ManuallyDrop::into_inner) else { return 0 };
    while filled < least {
        if reading.start == reading.chunk.len() {
            // SAFETY: the source exists until the COPY ends.
            match unsafe { (*reading.source)() } {
                Ok(Some(chunk)) => (reading.chunk, reading.start) = (chunk, 0),
                Ok(None) => break,
                Err(error) => ErrorReport::from(error).report(PgLogLevel::ERROR),
            }
            continue;
        }
        let taken = (reading.chunk.len() - reading.start).min(into.len() - filled);
        into[filled..filled + taken].copy_from_slice(&reading.chunk[reading.start..reading.start + taken]);
        filled += taken;
        reading.start += taken;
    }
    READING.set(Some(ManuallyDrop::new(reading)));
    c_int::try_from(filled).unwrap_or(0)
}
