//! Messages to the client and the log that are not errors. Does not know their contents.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{PgLogLevel, PgSqlErrorCode, check_for_interrupts, function_name, pg_sys};

use crate::encoding;

/// Sends a message. The server looks for interrupts once it has sent one, and what it raises there leaves the functions of
/// Rust without unwinding them: files would stay, threads continue, subtransactions be open. So the check is suppressed.
pub fn tell(level: PgLogLevel, code: PgSqlErrorCode, message: impl Into<String>) {
    let report = ErrorReport::new(code, encoding::message(message.into()), function_name!());
    // SAFETY: as HOLD_INTERRUPTS and RESUME_INTERRUPTS do; an error resets the count.
    unsafe {
        pg_sys::InterruptHoldoffCount += 1;
        report.report(level);
        pg_sys::InterruptHoldoffCount -= 1;
    }
    // Not where something unwinds already: what is told while it does must not end the process.
    if !std::thread::panicking() {
        check_for_interrupts!();
    }
}

/// Sends a warning.
pub fn warn(message: &str) {
    tell(PgLogLevel::WARNING, PgSqlErrorCode::ERRCODE_WARNING, message);
}
