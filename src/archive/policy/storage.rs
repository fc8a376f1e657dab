//! Storages: foreign servers of the wrapper `pgmeta_storage`, who may use them, and with which keys.

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
use crate::spi::{Arg, Connection, Latest};

pub struct Storage {
    pub name: String,
    pub client: StoreClient,
    /// Of the server, where it is none in a cloud.
    pub folder: Option<String>,
}

/// What a storage is opened for. Whoever writes archives reads back what was just written, and no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Write,
    Read,
}

query! {
    struct StorageRow = "storage" {
        oid: u32,
        options: Vec<String>,
        /// The role has the privilege USAGE on it.
        usable: bool,
        /// The role has a user mapping, or PUBLIC has.
        mapped: bool,
        /// The role is a member of pgmeta_storage_environment.
        trusted: bool,
    }
}

impl Storage {
    /// Finds a storage that the caller may use to write archives.
    pub fn open(connection: &Connection, name: &str) -> Result<Self, Error> {
        Self::open_for(connection, name, Purpose::Write)
    }

    /// Finds a storage that the caller may use for that.
    pub fn open_for(connection: &Connection, name: &str, purpose: Purpose) -> Result<Self, Error> {
        Self::open_within(connection, name, purpose, Duration::from_millis(guc::archive_upload_timeout().into()))
    }

    /// The same; each request takes so long at most.
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
            // A file storage is what the role could reach with COPY as well.
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

/// Keeps a storage from being renamed or dropped until the transaction ends: what is about to be recorded of it, others do not see yet.
pub fn hold(connection: &Connection, name: &str) -> Result<(), Error> {
    let find = || {
        let _latest = Latest::committed();
        queries::optional_value::<u32>(connection, sql!("storage_oid"), &[Arg::Text(name)], "oid")
    };
    // Whoever renames it may wait for a table that this session has: this one gives way.
    if let Some(server) = find()?
        && locks::take(connection, Subject::Storage(server), Mode::Shared, Until::TransactionEnd)?
        && find()? == Some(server)
    {
        return Ok(());
    }
    Err(StorageAccessError::Locked(name.to_owned()).into())
}

/// Returns the caller's keys, which must be those of the storage's scheme.
fn keys(server: u32, bucket: &Bucket) -> Result<Credentials, Error> {
    let mut options: Vec<(String, String)> = Vec::new();
    // SAFETY: there is a mapping, or the server raises that there is none; its options are strings.
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

/// Checks the options of a server, each as `name=value`.
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

/// What went wrong with a file of a storage.
pub fn failed(action: &'static str, key: &str) -> impl Fn(io::Error) -> Error {
    let key = key.to_owned();
    move |source| StorageAccessError::io(action, &key, source).into()
}
