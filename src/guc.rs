//! Settings: those that a call pins so that the caller's do not show in its output.

use std::ffi::{CStr, CString};

use pgrx::guc::{GucContext, GucFlags, GucRegistry, GucSetting};
use pgrx::pg_sys;

/// Workers of a policy that does not say how many.
static ARCHIVE_WORKERS: GucSetting<i32> = GucSetting::<i32>::new(1);

/// Databases with a schedule, separated by commas.
static ARCHIVE_DATABASES: GucSetting<Option<CString>> = GucSetting::<Option<CString>>::new(None);

/// Seconds between two looks at the schedules.
static ARCHIVE_INTERVAL: GucSetting<i32> = GucSetting::<i32>::new(30);

/// Returns whether the server is starting and loads what it preloads.
pub fn is_preloading() -> bool {
    // SAFETY: variables of this process.
    unsafe { pg_sys::process_shared_preload_libraries_in_progress && !pg_sys::IsBinaryUpgrade }
}

/// What policies wait for where they do not say it, in milliseconds.
static ARCHIVE_LOCK_TIMEOUT: GucSetting<i32> = GucSetting::<i32>::new(3_000);
static ARCHIVE_UPLOAD_TIMEOUT: GucSetting<i32> = GucSetting::<i32>::new(60_000);

/// What rows on their way may take, in megabytes.
static ARCHIVE_MEMORY: GucSetting<i32> = GucSetting::<i32>::new(64);

/// Threads that compress; -1 is one less than there are processors.
static ARCHIVE_COMPRESS_THREADS: GucSetting<i32> = GucSetting::<i32>::new(-1);

/// What the Rust code of one process may use, in megabytes.
static MEMORY: GucSetting<i32> = GucSetting::<i32>::new(4096);

/// Background workers of pgmeta at the same time, in the whole server; -1 is half of what the server has.
static MAX_WORKERS: GucSetting<i32> = GucSetting::<i32>::new(-1);

/// Whether a DROP may take a storage or the extension from archives.
static ALLOW_ORPHANS: GucSetting<bool> = GucSetting::<bool>::new(false);

/// Defines pgmeta's own settings.
pub fn define() {
    let int = |name, short, setting, (least, most), context, flags| {
        GucRegistry::define_int_guc(name, short, c"", setting, least, most, context, flags);
    };
    let (plain, ms) = (GucFlags::default(), GucFlags::UNIT_MS);
    int(
        c"pgmeta.archive_workers",
        c"Workers of an archive policy without the option workers.",
        &ARCHIVE_WORKERS,
        (1, 64),
        GucContext::Suset,
        plain,
    );
    int(
        c"pgmeta.archive_interval",
        c"Seconds between two looks at the schedules of archive policies.",
        &ARCHIVE_INTERVAL,
        (1, 3600),
        GucContext::Sighup,
        GucFlags::UNIT_S,
    );
    int(
        c"pgmeta.archive_lock_timeout",
        c"How long retiring a partition waits for locks, for policies without the option lock_timeout.",
        &ARCHIVE_LOCK_TIMEOUT,
        (0, i32::MAX),
        GucContext::Userset,
        ms,
    );
    int(
        c"pgmeta.archive_upload_timeout",
        c"How long an object store may take to answer, for policies without the option upload_timeout.",
        &ARCHIVE_UPLOAD_TIMEOUT,
        (1, i32::MAX),
        GucContext::Userset,
        ms,
    );
    int(
        c"pgmeta.archive_memory",
        c"What rows on their way from a table to a storage may take, for each worker.",
        &ARCHIVE_MEMORY,
        (16, 1024),
        GucContext::Userset,
        GucFlags::UNIT_MB,
    );
    int(
        c"pgmeta.archive_compress_threads",
        c"Threads that compress the files of an archive, for each worker; -1 is one less than there are processors.",
        &ARCHIVE_COMPRESS_THREADS,
        (-1, 64),
        GucContext::Userset,
        plain,
    );
    int(
        c"pgmeta.memory",
        c"What pgmeta may use of each session's memory.",
        &MEMORY,
        (1, i32::MAX),
        GucContext::Suset,
        GucFlags::UNIT_MB,
    );
    int(
        c"pgmeta.max_workers",
        c"Background workers that pgmeta has at the same time; -1 is half of max_worker_processes.",
        &MAX_WORKERS,
        (-1, 1024),
        GucContext::Sighup,
        plain,
    );
    GucRegistry::define_bool_guc(
        c"pgmeta.allow_orphans",
        c"Whether DROP SERVER and DROP EXTENSION may leave archives without storage or record.",
        c"",
        &ALLOW_ORPHANS,
        GucContext::Userset,
        plain,
    );
    // Background workers are registered when the server starts, and not later.
    if is_preloading() {
        GucRegistry::define_string_guc(
            c"pgmeta.archive_databases",
            c"Databases whose archive policies have schedules, separated by commas.",
            c"Each has a background worker. Takes shared_preload_libraries.",
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

/// In bytes.
pub fn memory() -> usize {
    usize::try_from(MEMORY.get()).unwrap_or(4096) << 20
}

pub fn max_workers() -> u32 {
    // SAFETY: a variable of the server, which is set when it starts.
    let half = || u32::try_from(unsafe { pg_sys::max_worker_processes }).unwrap_or(0) / 2;
    u32::try_from(MAX_WORKERS.get()).unwrap_or_else(|_| half())
}

/// In bytes.
pub fn archive_memory() -> usize {
    usize::try_from(ARCHIVE_MEMORY.get()).unwrap_or(64) << 20
}

/// How many threads compress, one at least.
pub fn archive_compress_threads() -> usize {
    let all = || std::thread::available_parallelism().map_or(1, usize::from);
    usize::try_from(ARCHIVE_COMPRESS_THREADS.get()).unwrap_or_else(|_| all() - 1).max(1)
}

/// The databases whose policies have a schedule.
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

/// Where pgmeta's own SQL looks names up. Schemas of users are not searched at all, and the temporary one, which is searched
/// first unless it is named, is searched last.
const SEARCH_PATH: (&CStr, &CStr) = (c"search_path", c"pg_catalog, pg_temp");

/// What deparsing depends on, at the values pg_dump uses, and what only costs time in catalog queries.
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
    // Rows are turned into a model faster than workers hand them over.
    (c"max_parallel_workers_per_gather", c"0"),
];

/// For statements of plans: what scripts of DDL set before them. The time zone is the caller's, for it can be part of
/// what a conversion means.
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

/// Settings pinned until this is dropped; an error brings the caller's back with the transaction's abort.
pub struct Pinned {
    level: i32,
}

impl Pinned {
    /// Pins for queries of catalogs.
    pub fn new() -> Self {
        Self::with(&[PINNED])
    }

    /// Pins the search_path alone: for SQL with the rights of another role, whatever else is pinned.
    pub fn search_path() -> Self {
        Self::with(&[&[SEARCH_PATH]])
    }

    /// Pins another search_path, for code that needs one: it begins with pg_catalog, so that what pgmeta names means the same.
    pub fn path(path: &CStr) -> Self {
        Self::with(&[&[(SEARCH_PATH.0, path)]])
    }

    /// Pins for reading rows to archive and putting them back: a policy that hides rows is an error.
    pub fn archiving() -> Self {
        // SAFETY: a name of the server's.
        let encoding = unsafe { CStr::from_ptr(pg_sys::GetDatabaseEncodingName()) };
        // Send functions speak the client's encoding, and files have the database's.
        Self::with(&[PINNED, &[(c"row_security", c"off"), (c"client_encoding", encoding)]])
    }

    /// Pins for reading tables of which a policy is to hide nothing: where it would, that is an error.
    pub fn whole_tables() -> Self {
        Self::with(&[&[SEARCH_PATH, (c"row_security", c"off")]])
    }

    /// Pins for running a plan's statement, which waits for a lock this long at most (milliseconds; 0 is for ever).
    pub fn running(lock_timeout_ms: i32) -> Self {
        let timeout = CString::new(lock_timeout_ms.max(0).to_string()).unwrap_or_default();
        Self::with(&[RUNNING, &[(c"lock_timeout", &timeout)]])
    }

    /// Ends with what was set meanwhile kept, but for what was pinned: for a statement that is there to set something.
    pub fn keep(self) {
        // SAFETY: as in drop, which does not come any more.
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

/// Pins the search_path of a background worker: what its role or its database say of it is not used, and RESET and DISCARD come
/// back to this one. Returns what they say.
pub fn pin_worker() -> CString {
    let (name, value) = SEARCH_PATH;
    // SAFETY: the setting exists.
    let given = unsafe { CStr::from_ptr(pg_sys::GetConfigOption(name.as_ptr(), false, false)).to_owned() };
    set_worker_path(value);
    given
}

/// Sets the search_path that a background worker has unless it runs a SET.
pub fn set_worker_path(value: &CStr) {
    let (context, source) = (pg_sys::GucContext::PGC_SUSET, pg_sys::GucSource::PGC_S_OVERRIDE);
    // SAFETY: the setting exists, and the server copies what it is given.
    unsafe { pg_sys::SetConfigOption(SEARCH_PATH.0.as_ptr(), value.as_ptr(), context, source) };
}

impl Drop for Pinned {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            // As at an abort: what code of a table's owner has set meanwhile goes as well, not only what was pinned.
            // SAFETY: pops the level that `new` pushed.
            unsafe { pg_sys::AtEOXact_GUC(false, self.level) };
        }
    }
}
