//! Opens databases of SQLite to read their schemas. They come from users: they are opened for reading only, without triggers, extensions
//! and other databases, and SQLite's memory is limited. Knows nothing of definitions beyond the rows that they are made of.
//!
//! SQLite's code runs on the backend's thread. No error of the server may pass through it: it asks whether to stop, and stops itself.

mod error;
mod rows;

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use pgmeta_definition::{SqliteOptions, SqliteSchema};
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use crate::error::Error;
use crate::interrupt;
use crate::server;

use error::SqliteError;

/// What SQLite may use besides the database itself, in bytes.
const WORK_MEMORY: i64 = 128 << 20;

/// How many steps of SQLite's programs lie between two questions whether to stop.
const STEPS: i32 = 10_000;

/// The length of the header of a database.
const HEADER: usize = 100;

/// The places in the header that say how changes are written: 1 in the database itself, 2 in a log beside it.
const WRITE_VERSION: usize = 18;
const READ_VERSION: usize = 19;

/// A database that can be opened.
pub enum Source<'s> {
    Bytes(&'s [u8]),
    File(PathBuf),
}

impl Source<'static> {
    /// Checks the caller's privilege and the path.
    pub fn of_argument(path: &str) -> Result<Self, Error> {
        if !server::may_read_files() {
            let hint = "The privileges of role pg_read_server_files are required. The bytes of a database need none."
                .to_owned();
            return Err(Error::Denied { action: "read files on the server".to_owned(), hint });
        }
        if !Path::new(path).is_absolute() {
            let hint = "Pass an absolute path on the server, or the bytes of a database as bytea.".to_owned();
            return Err(Error::BadArgument { name: "path", value: path.to_owned(), hint });
        }
        Ok(Source::File(PathBuf::from(path)))
    }
}

impl Source<'_> {
    /// Reads the schema.
    pub fn schema(&self, options: &SqliteOptions) -> Result<SqliteSchema, Error> {
        let read = self.read(options);
        // SQLite stopped because of it.
        interrupt::look();
        Ok(read?)
    }

    fn read(&self, options: &SqliteOptions) -> Result<SqliteSchema, SqliteError> {
        let header = self.header()?;
        let has_log = header.get(READ_VERSION) == Some(&2);
        let size = match self {
            Source::Bytes(bytes) => bytes.len(),
            Source::File(_) => 0,
        };
        let _limit = HeapLimit::set(i64::try_from(size).unwrap_or(i64::MAX).saturating_add(WORK_MEMORY));
        let connection = self.open(has_log)?;
        rows::schema(&connection, has_log, options)
    }

    /// Returns the first bytes, which must be those of SQLite: it would take an empty file as an empty database.
    fn header(&self) -> Result<Vec<u8>, SqliteError> {
        let header = match self {
            Source::Bytes(bytes) => bytes.get(..HEADER).unwrap_or_default().to_vec(),
            Source::File(path) => {
                let failed = |source| SqliteError::File { path: path.display().to_string(), source };
                let mut header = Vec::with_capacity(HEADER);
                let limit = u64::try_from(HEADER).unwrap_or_default();
                // A pipe would block until somebody writes to it.
                if !std::fs::metadata(path).map_err(failed)?.is_file() {
                    return Err(failed(std::io::Error::other("not a file")));
                }
                File::open(path).map_err(failed)?.take(limit).read_to_end(&mut header).map_err(failed)?;
                header
            }
        };
        if header.starts_with(b"SQLite format 3\0") && header.len() == HEADER {
            Ok(header)
        } else {
            Err(SqliteError::Invalid("it does not begin as one".to_owned()))
        }
    }

    fn open(&self, has_log: bool) -> Result<Connection, SqliteError> {
        let mut connection = match self {
            Source::Bytes(bytes) => {
                let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                let mut connection = Connection::open_in_memory_with_flags(flags)?;
                let mut head: Vec<u8> = bytes.get(..HEADER).unwrap_or_default().to_vec();
                if has_log {
                    // Without a file there is no log: SQLite would refuse.
                    [WRITE_VERSION, READ_VERSION]
                        .iter()
                        .for_each(|at| head.iter_mut().skip(*at).take(1).for_each(|own| *own = 1));
                }
                let rest = bytes.get(HEADER..).unwrap_or_default();
                connection.deserialize_read_exact("main", Cursor::new(head).chain(rest), bytes.len(), true)?;
                connection
            }
            Source::File(path) => {
                let flags =
                    OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                Connection::open_with_flags(address(path), flags)?
            }
        };
        protect(&mut connection)?;
        Ok(connection)
    }
}

/// Returns the address of a file: as one that nobody changes, SQLite neither locks it nor writes a log beside it.
fn address(path: &Path) -> String {
    let mut address = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-".contains(byte) {
            address.push(char::from(*byte));
        } else {
            address += &format!("%{byte:02X}");
        }
    }
    address + "?mode=ro&immutable=1"
}

/// Makes a connection safe for a database whose content may be made to harm.
fn protect(connection: &mut Connection) -> Result<(), rusqlite::Error> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    for unsafe_setting in [
        DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA,
        DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER,
        DbConfig::SQLITE_DBCONFIG_WRITABLE_SCHEMA,
        DbConfig::SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER,
    ] {
        connection.set_db_config(unsafe_setting, false)?;
    }
    for (limit, most) in [
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_LENGTH, 16 << 20),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 1 << 20),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 200),
        (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 100),
        (Limit::SQLITE_LIMIT_VDBE_OP, 100_000),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 1),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        connection.set_limit(limit, most)?;
    }
    connection.progress_handler(STEPS, Some(server::must_stop))?;
    connection.execute_batch(
        "PRAGMA query_only = ON; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY",
    )
}

/// A limit of SQLite's memory, which is one for all its connections; it ends when this is dropped.
struct HeapLimit;

impl HeapLimit {
    fn set(bytes: i64) -> Self {
        // SAFETY: it only sets a number.
        unsafe { rusqlite::ffi::sqlite3_hard_heap_limit64(bytes) };
        Self
    }
}

impl Drop for HeapLimit {
    fn drop(&mut self) {
        // SAFETY: as above; 0 removes the limit.
        unsafe { rusqlite::ffi::sqlite3_hard_heap_limit64(0) };
    }
}
