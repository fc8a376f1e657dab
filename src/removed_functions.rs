//! C functions of released versions that no longer exist. Databases with an older extension version refer to them, and so
//! do the SQL scripts from which ALTER EXTENSION UPDATE starts: the library must export them. Calling one is an error.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{PgLogLevel, pg_guard, pg_sys};

use crate::error::Error;

macro_rules! removed_functions {
    ($($function:ident $about:ident;)*) => { $(
        #[unsafe(no_mangle)]
        pub extern "C" fn $about() -> &'static pg_sys::Pg_finfo_record {
            &pg_sys::Pg_finfo_record { api_version: 1 }
        }

        #[pg_guard]
        #[unsafe(no_mangle)]
        pub extern "C-unwind" fn $function(_call: pg_sys::FunctionCallInfo) -> pg_sys::Datum {
            ErrorReport::from(Error::RemovedFunction).report(PgLogLevel::ERROR);
            pg_sys::Datum::null()
        }
    )* };
}

// Functions of version 0.1.0.
removed_functions! {
    _pgmeta_archive_begin_wrapper pg_finfo__pgmeta_archive_begin_wrapper;
    _pgmeta_archive_clear_wrapper pg_finfo__pgmeta_archive_clear_wrapper;
    _pgmeta_archive_ended_wrapper pg_finfo__pgmeta_archive_ended_wrapper;
    _pgmeta_archive_failed_wrapper pg_finfo__pgmeta_archive_failed_wrapper;
    _pgmeta_archive_lock_wrapper pg_finfo__pgmeta_archive_lock_wrapper;
    _pgmeta_archive_make_wrapper pg_finfo__pgmeta_archive_make_wrapper;
    _pgmeta_archive_served_wrapper pg_finfo__pgmeta_archive_served_wrapper;
    diff_of_schemas_wrapper pg_finfo_diff_of_schemas_wrapper;
}
