//! Storages: foreign servers of the wrapper `pgmeta_storage`, the privileges on them, and their keys.

use std::ffi::CStr;
use std::io;
use std::time::Duration;

use pgmeta_archive::storage::{self, Bucket, Credentials, Location};
use pgrx::{PgList, PgSqlErrorCode, pg_sys};

use crate::archive::errors::StorageAccessError;
use crate::archive::queries;
use crate::archive::transfer::store_client::StoreClient;
use crate::encoding;
use crate::error::Error;
use crate::guc;
use crate::locks::{self, Mode, Subject, Until};
use crate::server;
use crate::spi::{Arg, Connection, SnapshotGuard};

pub struct Storage {
    pub name: String,
    pub client: StoreClient,
    /// The folder on the server, if the storage is not in a cloud.
    pub folder: Option<String>,
}

/// Why a storage is opened. Writing includes reading back the files just written, but no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Write,
    Read,
}

query! {
    struct StorageRow = "storage" {
        oid: u32,
        options: Vec<String>,
        /// Whether the role has the privilege USAGE.
        usable: bool,
        /// Whether the role or PUBLIC has a user mapping.
        mapped: bool,
        /// Whether the role is a member of pgmeta_storage_environment.
        trusted: bool,
    }
}

impl Storage {
    /// Opens a storage that the caller may use to write archives.
    pub fn open(connection: &Connection, name: &str) -> Result<Self, Error> {
        Self::open_for(connection, name, Purpose::Write)
    }

    /// Opens a storage that the caller may use for a purpose.
    pub fn open_for(connection: &Connection, name: &str, purpose: Purpose) -> Result<Self, Error> {
        Self::open_within(connection, name, purpose, Duration::from_millis(guc::archive_upload_timeout().into()))
    }

    /// Likewise, with a time limit for each request.
    pub fn open_within(
        connection: &Connection,
        name: &str,
        purpose: Purpose,
        timeout: Duration,
    ) -> Result<Self, Error> {
        let found: Option<StorageRow> = queries::optional(connection, &[Arg::Text(name)])?;
        let Some(StorageRow { oid, options, usable, mapped, trusted }) = found else {
            return Err(Error::Missing {
                what: format!("storage \"{name}\""),
                hint: "CREATE SERVER … FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file:///…') makes one.".into(),
                code: PgSqlErrorCode::ERRCODE_UNDEFINED_OBJECT,
            });
        };
        let denied =
            |hint: &str| Err(Error::Denied { action: format!("use storage \"{name}\""), hint: hint.to_owned() });
        if !usable {
            return denied("USAGE privilege on the foreign server is required.");
        }
        let location = check_options(&options)?;
        let keys = match &location {
            // For a file storage, the role must be able to write files with COPY.
            Location::Folder(_) if purpose == Purpose::Write && !server::may_write_files() => {
                return denied("Privileges of pg_write_server_files are required to write files on the server.");
            }
            Location::Folder(_) if purpose == Purpose::Read && !server::may_read_files() => {
                return denied("Privileges of pg_read_server_files are required to read files on the server.");
            }
            Location::Folder(_) => None,
            Location::Bucket(bucket) if mapped => Some(keys(oid, bucket)?),
            Location::Bucket(_) if trusted => None,
            Location::Bucket(_) => {
                return denied(
                    "CREATE USER MAPPING gives the role keys; those of the server's environment are for the roles in pgmeta_storage_environment.",
                );
            }
        };
        let client = StoreClient::open(&location, keys.as_ref(), timeout).map_err(failed("open", name))?;
        let folder = match &location {
            Location::Folder(folder) => Some(folder.display().to_string()),
            Location::Bucket(_) => None,
        };
        Ok(Self { name: name.to_owned(), client, folder })
    }
}

/// Locks a storage against renaming and dropping until the transaction ends: other sessions cannot see the new records
/// before.
pub fn hold(connection: &Connection, name: &str) -> Result<(), Error> {
    let find = || {
        let _snapshot = SnapshotGuard::committed();
        queries::optional_value::<u32>(connection, sql!("storage_oid"), &[Arg::Text(name)], "oid")
    };
    // A session that renames it may wait for a table that this session has locked: avoid the deadlock and fail.
    if let Some(server) = find()?
        && locks::take(connection, Subject::Storage(server), Mode::Shared, Until::TransactionEnd)?
        && find()? == Some(server)
    {
        return Ok(());
    }
    Err(StorageAccessError::Locked(name.to_owned()).into())
}

/// Returns the caller's keys. They must be those of the storage's scheme.
fn keys(server: u32, bucket: &Bucket) -> Result<Credentials, Error> {
    let mut options: Vec<(String, String)> = Vec::new();
    // SAFETY: the server raises an error if there is no mapping; its options are strings.
    unsafe {
        let mapping = pg_sys::GetUserMapping(pg_sys::GetUserId(), server.into());
        for option in PgList::<pg_sys::DefElem>::from_pg((*mapping).options).iter_ptr() {
            let text = |text: *const std::ffi::c_char| {
                encoding::decode(CStr::from_ptr(text).to_bytes()).map(std::borrow::Cow::into_owned)
            };
            options.push((text((*option).defname)?, text(pg_sys::defGetString(option))?));
        }
    }
    let pairs = options.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    storage::parse_keys(Some(bucket.scheme), pairs).map_err(|error| StorageAccessError::from(error).into())
}

/// Checks the options of a foreign server, each as `name=value`.
pub fn check_options(options: &[String]) -> Result<Location, Error> {
    storage::parse(pairs(options)).map_err(|error| StorageAccessError::from(error).into())
}

/// Checks the options of a user mapping.
pub fn check_keys(options: &[String]) -> Result<(), Error> {
    storage::parse_keys(None, pairs(options)).map(drop).map_err(|error| StorageAccessError::from(error).into())
}

fn pairs(options: &[String]) -> impl Iterator<Item = (&str, &str)> {
    options.iter().map(|option| option.split_once('=').unwrap_or((option, "")))
}

/// Returns a function that converts an I/O error about a file of a storage.
pub fn failed(action: &'static str, key: &str) -> impl Fn(io::Error) -> Error {
    let key = key.to_owned();
    move |source| StorageAccessError::io(action, &key, source).into()
}
