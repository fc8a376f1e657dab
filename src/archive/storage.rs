//! Storages: foreign servers of the wrapper `pgmeta_storage`, who may use them, and with which keys.

use std::ffi::CStr;
use std::io;
use std::time::Duration;

use pgmeta_archive::error_class::ErrorClass;
use pgmeta_archive::storage::{self, Bucket, Credentials, Location, StorageError};
use pgrx::{PgList, PgSqlErrorCode, pg_sys};

use crate::archive::away::Away;
use crate::archive::queries;
use crate::encoding;
use crate::error::Error;
use crate::guc;
use crate::locks::{self, Mode, Subject, Until};
use crate::server;
use crate::spi::{Arg, Connection, Latest};

pub struct Storage {
    pub name: String,
    pub away: Away,
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
            return denied("It takes USAGE on the foreign server.");
        }
        let location = check_options(&options)?;
        let keys = match &location {
            // A file storage is what the role could reach with COPY as well.
            Location::Folder(_) if purpose == Purpose::Write && !server::may_write_files() => {
                return denied("Writing files on the server takes the privileges of pg_write_server_files.");
            }
            Location::Folder(_) if purpose == Purpose::Read && !server::may_read_files() => {
                return denied("Reading files on the server takes the privileges of pg_read_server_files.");
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
        let away = Away::open(&location, keys.as_ref(), timeout).map_err(failed("open", name))?;
        let folder = match &location {
            Location::Folder(folder) => Some(folder.display().to_string()),
            Location::Bucket(_) => None,
        };
        Ok(Self { name: name.to_owned(), away, folder })
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
    Err(Error::from_parts(
        PgSqlErrorCode::ERRCODE_LOCK_NOT_AVAILABLE,
        &format!("storage \"{name}\" is being renamed or dropped by another session"),
        "Run the call again.",
    ))
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
    storage::parse_keys(Some(bucket.scheme), pairs).map_err(refusal)
}

/// Checks the options of a server, each as `name=value`.
pub fn check_options(options: &[String]) -> Result<Location, Error> {
    storage::parse(pairs(options)).map_err(refusal)
}

/// Checks the options of a user mapping.
pub fn check_keys(options: &[String]) -> Result<(), Error> {
    storage::parse_keys(None, pairs(options)).map(drop).map_err(refusal)
}

fn pairs(options: &[String]) -> impl Iterator<Item = (&str, &str)> {
    options.iter().map(|option| option.split_once('=').unwrap_or((option, "")))
}

fn refusal(error: StorageError) -> Error {
    let (code, hint) = match &error {
        StorageError::UnknownOption(name, known) => {
            let place = if storage::KEYS.contains(&name.as_str()) {
                format!(
                    "Keys go into a user mapping: CREATE USER MAPPING FOR role SERVER storage OPTIONS ({name} '…'). "
                )
            } else if storage::OPTIONS.contains(&name.as_str()) {
                format!("It is an option of the storage: ALTER SERVER storage OPTIONS (ADD {name} '…'). ")
            } else {
                String::new()
            };
            let hint = format!("{place}The options here are: {}.", known.join(", "));
            (PgSqlErrorCode::ERRCODE_FDW_INVALID_OPTION_NAME, hint)
        }
        StorageError::NoUrl => (
            PgSqlErrorCode::ERRCODE_FDW_OPTION_NAME_NOT_FOUND,
            "Name a folder of the server or a bucket: OPTIONS (url 'file:///srv/archive').".to_owned(),
        ),
        StorageError::Missing(_) => (
            PgSqlErrorCode::ERRCODE_FDW_OPTION_NAME_NOT_FOUND,
            "An az:// URL names a container of the storage account that account_name names.".to_owned(),
        ),
        StorageError::Unfit(..) => (
            PgSqlErrorCode::ERRCODE_FDW_INVALID_OPTION_NAME,
            "docs/storage.md lists the options of each scheme.".to_owned(),
        ),
        StorageError::Scheme(_) => {
            (PgSqlErrorCode::ERRCODE_FEATURE_NOT_SUPPORTED, "The schemes are: file, s3, gs, az.".to_owned())
        }
        StorageError::Path(_) => (
            PgSqlErrorCode::ERRCODE_INVALID_PARAMETER_VALUE,
            "Write file:// and an absolute path without \"..\", such as file:///srv/archive.".to_owned(),
        ),
        StorageError::Bucket(_) => (
            PgSqlErrorCode::ERRCODE_INVALID_PARAMETER_VALUE,
            "Write the bucket and a prefix without \"..\", such as s3://bucket/prefix.".to_owned(),
        ),
        StorageError::Keys(scheme) => {
            let sets: Vec<String> = scheme.sets().iter().map(|set| set.join(" with ")).collect();
            let hint = format!("A storage of scheme {} takes: {}.", scheme.word(), sets.join(", or "));
            (PgSqlErrorCode::ERRCODE_FDW_OPTION_NAME_NOT_FOUND, hint)
        }
        StorageError::Key("service_account_key") => (
            PgSqlErrorCode::ERRCODE_INVALID_PARAMETER_VALUE,
            "It is JSON with client_email, private_key and private_key_id; other parts are not used.".to_owned(),
        ),
        StorageError::Key(_) => {
            (PgSqlErrorCode::ERRCODE_INVALID_PARAMETER_VALUE, "docs/storage.md says what it is.".to_owned())
        }
        StorageError::NotBoolean(_) => {
            (PgSqlErrorCode::ERRCODE_INVALID_PARAMETER_VALUE, "Write 'true' or 'false'.".to_owned())
        }
        StorageError::Endpoint(_) => (
            PgSqlErrorCode::ERRCODE_INVALID_PARAMETER_VALUE,
            "Write it as 'https://host:port'; keys go into a user mapping, never into URLs.".to_owned(),
        ),
    };
    Error::from_parts(code, &error.to_string(), &hint)
}

/// Returns whether a request for credentials of the machine has failed: the last thing that a client without keys tries.
fn asks_the_machine(error: &io::Error) -> bool {
    let message = error.to_string();
    ["169.254.169.254", "metadata.google.internal"].iter().any(|address| message.contains(address))
}

/// What went wrong with a file of a storage.
pub fn failed(action: &'static str, key: &str) -> impl Fn(io::Error) -> Error {
    let path = key.to_owned();
    move |source| {
        if asks_the_machine(&source) {
            return Error::from_parts(
                PgSqlErrorCode::ERRCODE_INSUFFICIENT_PRIVILEGE,
                &format!(
                    "could not {action} \"{path}\": no user mapping for the role, and the server's environment has no credentials"
                ),
                "CREATE USER MAPPING gives the role keys. Without one the server's environment and then the machine it runs on are asked, \
                 and neither has any.",
            );
        }
        let (code, hint) = match ErrorClass::of_io(&source) {
            ErrorClass::Full => (PgSqlErrorCode::ERRCODE_DISK_FULL, ""),
            ErrorClass::Memory => (PgSqlErrorCode::ERRCODE_OUT_OF_MEMORY, ""),
            ErrorClass::Missing if action == "read" => (
                PgSqlErrorCode::ERRCODE_UNDEFINED_FILE,
                "It was there when it was written: removed since, or is the storage not mounted?",
            ),
            ErrorClass::Network => (
                PgSqlErrorCode::ERRCODE_CONNECTION_FAILURE,
                "The storage was not reached, or did not answer in time: pgmeta_archive_health asks it again.",
            ),
            ErrorClass::Permission => (
                PgSqlErrorCode::ERRCODE_INSUFFICIENT_PRIVILEGE,
                "The storage refuses: look at its permissions, and at the keys of the user mapping.",
            ),
            ErrorClass::Interrupted => (PgSqlErrorCode::ERRCODE_QUERY_CANCELED, ""),
            ErrorClass::Missing
            | ErrorClass::Storage
            | ErrorClass::Configuration
            | ErrorClass::Data
            | ErrorClass::Lost
            | ErrorClass::Database => (PgSqlErrorCode::ERRCODE_IO_ERROR, ""),
        };
        Error::from_parts(code, &format!("could not {action} \"{path}\": {source}"), hint)
    }
}
