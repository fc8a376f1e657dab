//! pgmeta's settings, and the server's settings that a call pins so that its output does not depend on the caller's.

use std::ffi::{CStr, CString};

use pgrx::guc::{GucContext, GucFlags, GucRegistry, GucSetting};
use pgrx::pg_sys;

/// Number of workers of a policy without the option `workers`.
static ARCHIVE_WORKERS: GucSetting<i32> = GucSetting::<i32>::new(1);

/// Databases with a schedule, separated by commas.
static ARCHIVE_DATABASES: GucSetting<Option<CString>> = GucSetting::<Option<CString>>::new(None);

/// Seconds between two checks of the schedules.
static ARCHIVE_INTERVAL: GucSetting<i32> = GucSetting::<i32>::new(30);

/// Returns whether the server is loading shared_preload_libraries.
pub fn is_preloading() -> bool {
    // SAFETY: variables of this process.
    unsafe { pg_sys::process_shared_preload_libraries_in_progress && !pg_sys::IsBinaryUpgrade }
}

/// Timeouts of policies without an option, in milliseconds.
static ARCHIVE_LOCK_TIMEOUT: GucSetting<i32> = GucSetting::<i32>::new(3_000);
static ARCHIVE_UPLOAD_TIMEOUT: GucSetting<i32> = GucSetting::<i32>::new(60_000);

/// Memory for buffered rows per worker, in megabytes.
static ARCHIVE_MEMORY: GucSetting<i32> = GucSetting::<i32>::new(64);

/// Number of threads that compress; -1 means the number of processors minus one.
static ARCHIVE_COMPRESS_THREADS: GucSetting<i32> = GucSetting::<i32>::new(-1);

/// Memory limit for the Rust code of one process, in megabytes.
static MEMORY: GucSetting<i32> = GucSetting::<i32>::new(4096);

/// Maximum number of background workers of pgmeta in the server; -1 means half of max_worker_processes.
static MAX_WORKERS: GucSetting<i32> = GucSetting::<i32>::new(-1);

/// What is deployed in a database: a definition's ID, a version and a fingerprint, which deployments set with ALTER DATABASE.
static DEPLOYMENT: GucSetting<Option<CString>> = GucSetting::<Option<CString>>::new(None);

/// Whether DROP SERVER and DROP EXTENSION are allowed while archives depend on them.
static ALLOW_ORPHANS: GucSetting<bool> = GucSetting::<bool>::new(false);

/// Defines pgmeta's own settings.
pub fn define() {
    let int = |name, short, setting, (least, most), context, flags| {
        GucRegistry::define_int_guc(name, short, c"", setting, least, most, context, flags);
    };
    let (plain, ms) = (GucFlags::default(), GucFlags::UNIT_MS);
    int(
        c"pgmeta.archive_workers",
        c"Sets the number of workers for archive policies without the option \"workers\".",
        &ARCHIVE_WORKERS,
        (1, 64),
        GucContext::Suset,
        plain,
    );
    int(
        c"pgmeta.archive_interval",
        c"Sets the time between two checks of the schedules of archive policies.",
        &ARCHIVE_INTERVAL,
        (1, 3600),
        GucContext::Sighup,
        GucFlags::UNIT_S,
    );
    int(
        c"pgmeta.archive_lock_timeout",
        c"Sets the maximum time to wait for locks when a partition is retired, for policies without the option \"lock_timeout\".",
        &ARCHIVE_LOCK_TIMEOUT,
        (0, i32::MAX),
        GucContext::Userset,
        ms,
    );
    int(
        c"pgmeta.archive_upload_timeout",
        c"Sets the maximum time to wait for an answer of an object store, for policies without the option \"upload_timeout\".",
        &ARCHIVE_UPLOAD_TIMEOUT,
        (1, i32::MAX),
        GucContext::Userset,
        ms,
    );
    int(
        c"pgmeta.archive_memory",
        c"Sets the maximum memory for buffered rows per archive worker.",
        &ARCHIVE_MEMORY,
        (16, 1024),
        GucContext::Userset,
        GucFlags::UNIT_MB,
    );
    int(
        c"pgmeta.archive_compress_threads",
        c"Sets the number of compression threads per archive worker; -1 means the number of processors minus one.",
        &ARCHIVE_COMPRESS_THREADS,
        (-1, 64),
        GucContext::Userset,
        plain,
    );
    int(
        c"pgmeta.memory",
        c"Sets the maximum memory that pgmeta may use in each session.",
        &MEMORY,
        (1, i32::MAX),
        GucContext::Suset,
        GucFlags::UNIT_MB,
    );
    int(
        c"pgmeta.max_workers",
        c"Sets the maximum number of background workers of pgmeta; -1 means half of max_worker_processes.",
        &MAX_WORKERS,
        (-1, 1024),
        GucContext::Sighup,
        plain,
    );
    GucRegistry::define_bool_guc(
        c"pgmeta.allow_orphans",
        c"Allows DROP SERVER and DROP EXTENSION while archives need the storage or the records.",
        c"",
        &ALLOW_ORPHANS,
        GucContext::Userset,
        plain,
    );
    GucRegistry::define_string_guc(
        c"pgmeta.deployment",
        c"Shows the definition that is deployed in a database, its version and fingerprint.",
        c"Deployments set it for the database. Nothing reads the value of a session.",
        &DEPLOYMENT,
        GucContext::Userset,
        GucFlags::NO_SHOW_ALL,
    );
    // Static background workers can only be registered when the server starts.
    if is_preloading() {
        GucRegistry::define_string_guc(
            c"pgmeta.archive_databases",
            c"Sets the databases in which the schedules of archive policies run, separated by commas.",
            c"One background worker runs for each database. Requires pgmeta in shared_preload_libraries.",
            &ARCHIVE_DATABASES,
            GucContext::Postmaster,
            plain,
        );
    }
}

pub fn allow_orphans() -> bool {
    ALLOW_ORPHANS.get()
}

pub fn archive_lock_timeout() -> u32 {
    u32::try_from(ARCHIVE_LOCK_TIMEOUT.get()).unwrap_or(0)
}

pub fn archive_upload_timeout() -> u32 {
    u32::try_from(ARCHIVE_UPLOAD_TIMEOUT.get()).unwrap_or(1)
}

/// Returns the memory limit in bytes.
pub fn memory() -> usize {
    usize::try_from(MEMORY.get()).unwrap_or(4096) << 20
}

pub fn max_workers() -> u32 {
    // SAFETY: a variable of the server, which is set when it starts.
    let half = || u32::try_from(unsafe { pg_sys::max_worker_processes }).unwrap_or(0) / 2;
    u32::try_from(MAX_WORKERS.get()).unwrap_or_else(|_| half())
}

/// Returns the memory for buffered rows in bytes.
pub fn archive_memory() -> usize {
    usize::try_from(ARCHIVE_MEMORY.get()).unwrap_or(64) << 20
}

/// Returns the number of threads that compress, at least one.
pub fn archive_compress_threads() -> usize {
    let all = || std::thread::available_parallelism().map_or(1, usize::from);
    usize::try_from(ARCHIVE_COMPRESS_THREADS.get()).unwrap_or_else(|_| all() - 1).max(1)
}

/// Returns the databases in which schedules run.
pub fn archive_databases() -> Vec<String> {
    let list = ARCHIVE_DATABASES.get().map(|list| list.to_string_lossy().into_owned()).unwrap_or_default();
    list.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

pub fn archive_interval() -> u32 {
    u32::try_from(ARCHIVE_INTERVAL.get()).unwrap_or(30)
}

pub fn archive_workers() -> u32 {
    u32::try_from(ARCHIVE_WORKERS.get()).unwrap_or(1)
}

/// The search_path of pgmeta's own SQL. It contains no schemas of users. pg_temp would be searched first if it were not listed; here
/// it is searched last.
const SEARCH_PATH: (&CStr, &CStr) = (c"search_path", c"pg_catalog, pg_temp");

/// Settings that change deparsed text, with the values that pg_dump uses, and settings that make catalog queries slower.
const PINNED: &[(&CStr, &CStr)] = &[
    SEARCH_PATH,
    (c"DateStyle", c"ISO, MDY"),
    (c"IntervalStyle", c"postgres"),
    (c"TimeZone", c"UTC"),
    (c"extra_float_digits", c"3"),
    (c"bytea_output", c"hex"),
    (c"quote_all_identifiers", c"off"),
    (c"standard_conforming_strings", c"on"),
    (c"escape_string_warning", c"off"),
    (c"backslash_quote", c"safe_encoding"),
    (c"xmlbinary", c"base64"),
    (c"xmloption", c"content"),
    (c"array_nulls", c"on"),
    (c"lc_monetary", c"C"),
    (c"lc_numeric", c"C"),
    (c"lc_time", c"C"),
    (c"jit", c"off"),
    (c"enable_seqscan", c"on"),
    (c"enable_hashjoin", c"on"),
    (c"enable_hashagg", c"on"),
    (c"cursor_tuple_fraction", c"1"),
    (c"work_mem", c"64MB"),
    // The backend adds rows to the model faster than parallel workers return them.
    (c"max_parallel_workers_per_gather", c"0"),
];

/// Settings for the statements of plans, as scripts of DDL set them. The time zone is the caller's, because the result of a
/// conversion can depend on it.
const RUNNING: &[(&CStr, &CStr)] = &[
    SEARCH_PATH,
    (c"IntervalStyle", c"postgres"),
    (c"standard_conforming_strings", c"on"),
    (c"array_nulls", c"on"),
    (c"xmloption", c"content"),
    (c"check_function_bodies", c"off"),
    (c"default_tablespace", c""),
    (c"default_table_access_method", c"heap"),
];

/// Settings that are pinned until this guard is dropped. After an error, the transaction's abort restores the caller's.
pub struct GucGuard {
    level: i32,
}

impl GucGuard {
    /// Pins for queries of catalogs.
    pub fn new() -> Self {
        Self::with(&[PINNED])
    }

    /// Pins only the search_path: for SQL that runs with the rights of another role.
    pub fn search_path() -> Self {
        Self::with(&[&[SEARCH_PATH]])
    }

    /// Pins another search_path. It must begin with pg_catalog, so that the names in pgmeta's SQL still mean the same objects.
    pub fn path(path: &CStr) -> Self {
        Self::with(&[&[(SEARCH_PATH.0, path)]])
    }

    /// Pins for reading rows to archive and for restoring them. A policy that would hide rows raises an error.
    pub fn archiving() -> Self {
        // SAFETY: a name of the server's.
        let encoding = unsafe { CStr::from_ptr(pg_sys::GetDatabaseEncodingName()) };
        // Send functions use the client's encoding; files contain the database's.
        Self::with(&[PINNED, &[(c"row_security", c"off"), (c"client_encoding", encoding)]])
    }

    /// Pins for reading all rows of a table. A policy that would hide rows raises an error.
    pub fn whole_tables() -> Self {
        Self::with(&[&[SEARCH_PATH, (c"row_security", c"off")]])
    }

    /// Pins for running a statement of a plan with this lock timeout in milliseconds (0 disables it).
    pub fn running(lock_timeout_ms: i32) -> Self {
        let timeout = CString::new(lock_timeout_ms.max(0).to_string()).unwrap_or_default();
        Self::with(&[RUNNING, &[(c"lock_timeout", &timeout)]])
    }

    /// Pins for statements whose texts have names without a schema, such as those of a definition. The path must begin with pg_catalog.
    pub fn defining(path: &CStr) -> Self {
        Self::with(&[RUNNING, &[(SEARCH_PATH.0, path)]])
    }

    /// Restores the pinned settings and keeps other changes: for a statement whose effect is a setting.
    pub fn keep(self) {
        // SAFETY: as in drop, which does not run after `forget`.
        unsafe { pg_sys::AtEOXact_GUC(true, self.level) };
        std::mem::forget(self);
    }

    fn with(lists: &[&[(&CStr, &CStr)]]) -> Self {
        // SAFETY: the level is popped in drop, or by the abort of the (sub)transaction.
        let level = unsafe { pg_sys::NewGUCNestLevel() };
        for (name, value) in lists.iter().copied().flatten() {
            // SAFETY: both are C strings; GUC_ACTION_SAVE ties the change to the nest level.
            unsafe {
                pg_sys::set_config_option(
                    name.as_ptr(),
                    value.as_ptr(),
                    pg_sys::GucContext::PGC_USERSET,
                    pg_sys::GucSource::PGC_S_SESSION,
                    pg_sys::GucAction::GUC_ACTION_SAVE,
                    true,
                    0,
                    false,
                );
            }
        }
        Self { level }
    }
}

/// Pins the search_path of a background worker. The settings of its role and database are ignored, and RESET and DISCARD restore
/// the pinned value. Returns the ignored setting.
pub fn pin_worker() -> CString {
    let (name, value) = SEARCH_PATH;
    // SAFETY: the setting exists.
    let given = unsafe { CStr::from_ptr(pg_sys::GetConfigOption(name.as_ptr(), false, false)).to_owned() };
    set_worker_path(value);
    given
}

/// Sets the default search_path of a background worker, which SET can override.
pub fn set_worker_path(value: &CStr) {
    let (context, source) = (pg_sys::GucContext::PGC_SUSET, pg_sys::GucSource::PGC_S_OVERRIDE);
    // SAFETY: the setting exists, and the server copies the value.
    unsafe { pg_sys::SetConfigOption(SEARCH_PATH.0.as_ptr(), value.as_ptr(), context, source) };
}

impl Drop for GucGuard {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            // As at an abort: also resets what code of a table's owner has set.
            // SAFETY: pops the level that `new` pushed.
            unsafe { pg_sys::AtEOXact_GUC(false, self.level) };
        }
    }
}
