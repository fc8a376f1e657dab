//! Preserves the original texts of the server's errors. pgrx reads them as UTF-8 and loses other bytes. Catches nothing.

use std::ffi::{CStr, c_char, c_void};
use std::panic::AssertUnwindSafe;

use pgrx::pg_sys::panic::{CaughtError, ErrorReport, ErrorReportWithLevel};
use pgrx::{PgLogLevel, PgTryBuilder, function_name, pg_guard, pg_sys};

use super::{is_utf8, prepare};

/// The texts of the last error, in the database's encoding.
struct Raised {
    message: Vec<u8>,
    detail: Option<Vec<u8>>,
    hint: Option<Vec<u8>>,
}

impl Raised {
    /// Returns whether a report is of this error and has lost characters.
    fn is_lost_in(&self, report: &ErrorReportWithLevel) -> bool {
        let texts = [Some(&self.message), self.detail.as_ref(), self.hint.as_ref()];
        let beyond_ascii = texts.into_iter().flatten().any(|text| !text.is_ascii());
        beyond_ascii && String::from_utf8_lossy(&self.message) == report.message()
    }

    fn report(self, code: pgrx::PgSqlErrorCode) {
        // SAFETY: as in `super::message`.
        let text = |bytes| unsafe { String::from_utf8_unchecked(bytes) };
        let Self { message, detail, hint } = self;
        let mut report = ErrorReport::new(code, text(message), function_name!());
        if let Some(detail) = detail {
            report = report.set_detail(text(detail));
        }
        if let Some(hint) = hint {
            report = report.set_hint(text(hint));
        }
        report.report(PgLogLevel::ERROR);
    }
}

/// Calls the server such that its errors keep their original texts.
pub fn exact<T>(run: impl FnOnce() -> T) -> T {
    if is_utf8() {
        return run();
    }
    prepare();
    let mut raised: Option<Raised> = None;
    let seen = &raw mut raised;
    // SAFETY: the callback is removed before its stack frame ends.
    unsafe {
        let before = pg_sys::error_context_stack;
        let mut callback =
            pg_sys::ErrorContextCallback { previous: before, callback: Some(note), arg: seen.cast::<c_void>() };
        pg_sys::error_context_stack = &raw mut callback;
        let result = PgTryBuilder::new(AssertUnwindSafe(run))
            .catch_others(move |error| {
                pg_sys::error_context_stack = before;
                if let CaughtError::PostgresError(report) = &error
                    && let Some(raised) = (*seen).take()
                    && raised.is_lost_in(report)
                {
                    raised.report(report.sql_error_code());
                }
                error.rethrow()
            })
            .execute();
        pg_sys::error_context_stack = before;
        result
    }
}

/// Called by the server for each message, before it is caught.
#[pg_guard]
unsafe extern "C-unwind" fn note(seen: *mut c_void) {
    // SAFETY: the server is building a message, and returns a copy of it.
    unsafe {
        let context = pg_sys::MemoryContextSwitchTo(pg_sys::TopMemoryContext);
        let data = pg_sys::CopyErrorData();
        if (*data).elevel >= pg_sys::PGERROR as i32 {
            let text = |text: *const c_char| (!text.is_null()).then(|| CStr::from_ptr(text).to_bytes().to_vec());
            *seen.cast::<Option<Raised>>() = Some(Raised {
                message: text((*data).message).unwrap_or_default(),
                detail: text((*data).detail),
                hint: text((*data).hint),
            });
        }
        pg_sys::FreeErrorData(data);
        pg_sys::MemoryContextSwitchTo(context);
    }
}
