//! Converts values with the input and output functions of their types, as COPY does. Errors are the server's own.

use std::ffi::{c_char, c_int};

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{PgLogLevel, pg_sys};

use crate::error::Error;

/// The format of a column's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    Text,
    Binary,
}

/// The functions of a column's type, found once.
pub struct Input {
    wire: Wire,
    reads: pg_sys::FmgrInfo,
    parameter: pg_sys::Oid,
    modifier: i32,
    prints: pg_sys::FmgrInfo,
    /// Text that ends with NUL.
    buffer: Vec<u8>,
}

impl Input {
    /// Finds the functions of a type. The current memory context must live as long as the result.
    pub fn of(type_oid: u32, modifier: i32, wire: Wire) -> Self {
        let (mut function, mut parameter) = (pg_sys::InvalidOid, pg_sys::InvalidOid);
        let (mut prints, mut is_varlena) = (pg_sys::InvalidOid, false);
        let (mut reads, mut printer) = (pg_sys::FmgrInfo::default(), pg_sys::FmgrInfo::default());
        // SAFETY: a type without such a function raises an error; the server fills the variables.
        unsafe {
            match wire {
                Wire::Text => pg_sys::getTypeInputInfo(type_oid.into(), &raw mut function, &raw mut parameter),
                Wire::Binary => pg_sys::getTypeBinaryInputInfo(type_oid.into(), &raw mut function, &raw mut parameter),
            }
            pg_sys::getTypeOutputInfo(type_oid.into(), &raw mut prints, &raw mut is_varlena);
            pg_sys::fmgr_info(function, &raw mut reads);
            pg_sys::fmgr_info(prints, &raw mut printer);
        }
        Self { wire, reads, parameter, modifier, prints: printer, buffer: Vec::new() }
    }

    /// Reads a value; `None` is NULL, which some domains reject.
    fn read(&mut self, value: Option<&[u8]>) -> Option<pg_sys::Datum> {
        if value.is_none() && self.reads.fn_strict {
            return None;
        }
        let Some(value) = value else {
            let nothing = std::ptr::null_mut();
            // SAFETY: functions that are not strict are called for NULL, as COPY does.
            unsafe {
                match self.wire {
                    Wire::Text => {
                        pg_sys::InputFunctionCall(&raw mut self.reads, nothing, self.parameter, self.modifier)
                    }
                    Wire::Binary => {
                        pg_sys::ReceiveFunctionCall(&raw mut self.reads, nothing.cast(), self.parameter, self.modifier)
                    }
                }
            };
            return None;
        };
        self.buffer.clear();
        self.buffer.extend_from_slice(value);
        self.buffer.push(0);
        let start: *mut c_char = self.buffer.as_mut_ptr().cast();
        // SAFETY: the buffer ends with NUL and outlives the call.
        Some(unsafe {
            match self.wire {
                Wire::Text => pg_sys::InputFunctionCall(&raw mut self.reads, start, self.parameter, self.modifier),
                Wire::Binary => {
                    let len = c_int::try_from(value.len()).unwrap_or(c_int::MAX);
                    let mut message = pg_sys::StringInfoData { data: start, len, maxlen: len + 1, cursor: 0 };
                    let read = pg_sys::ReceiveFunctionCall(
                        &raw mut self.reads,
                        &raw mut message,
                        self.parameter,
                        self.modifier,
                    );
                    if message.cursor != len {
                        ErrorReport::from(Error::BinaryFormat).report(PgLogLevel::ERROR);
                    }
                    read
                }
            }
        })
    }

    /// Reads a value and appends its text from the output function; returns whether it is not NULL.
    pub fn reprint(&mut self, value: Option<&[u8]>, out: &mut Vec<u8>) -> bool {
        let Some(read) = self.read(value) else { return false };
        // SAFETY: the datum is a value of the type.
        unsafe {
            let text = pg_sys::OutputFunctionCall(&raw mut self.prints, read);
            out.extend_from_slice(std::ffi::CStr::from_ptr(text).to_bytes());
        }
        true
    }
}
