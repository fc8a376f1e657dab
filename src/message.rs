//! Sends messages that are not errors to the client and the log.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{PgLogLevel, PgSqlErrorCode, check_for_interrupts, function_name, pg_sys};

use crate::encoding;

/// Sends a message. The server checks for interrupts afterwards and may raise an error that does not unwind Rust frames:
/// files would remain, threads continue, and subtransactions stay open. Therefore the check is suppressed and made here.
pub fn tell(level: PgLogLevel, code: PgSqlErrorCode, message: impl Into<String>) {
    let report = ErrorReport::new(code, encoding::message(message.into()), function_name!());
    // SAFETY: as HOLD_INTERRUPTS and RESUME_INTERRUPTS do; an error resets the count.
    unsafe {
        pg_sys::InterruptHoldoffCount += 1;
        report.report(level);
        pg_sys::InterruptHoldoffCount -= 1;
    }
    // Not during unwinding: a second error would end the process.
    if !std::thread::panicking() {
        check_for_interrupts!();
    }
}

/// Sends a warning.
pub fn warn(message: &str) {
    tell(PgLogLevel::WARNING, PgSqlErrorCode::ERRCODE_WARNING, message);
}
