//! Errors about storages: their options, and their answers.

use std::io;

use pgmeta_archive::error_class::ErrorClass;
use pgmeta_archive::storage::{self, StorageError};
use pgrx::PgSqlErrorCode;

use crate::error::AreaError;

#[derive(Debug, thiserror::Error)]
pub enum StorageAccessError {
    /// Wrong options of a foreign server or a user mapping.
    #[error(transparent)]
    Definition(#[from] StorageError),
    /// An option of the foreign-data wrapper, which has none.
    #[error("invalid option \"{0}\"")]
    WrapperOption(String),
    #[error("storage \"{0}\" is being renamed or dropped by another session")]
    Locked(String),
    #[error("archives in storage \"{0}\" were recorded since this transaction began")]
    RecordedMeanwhile(String),
    #[error("storage \"{0}\" does not support conditional writes")]
    Overwrites(String),
    #[error("storage \"{0}\" returned other bytes than were written")]
    OtherBytes(String),
    #[error(
        "could not {action} \"{key}\": no user mapping for the role, and the server's environment has no credentials"
    )]
    NoCredentials { action: &'static str, key: String },
    #[error("could not {action} \"{key}\": {source}")]
    Io {
        action: &'static str,
        key: String,
        source: io::Error,
        /// The folder of a file storage, for the hint.
        folder: Option<String>,
    },
}

impl StorageAccessError {
    /// An error of a storage about a key, or about the storage itself.
    pub fn io(action: &'static str, key: &str, source: io::Error) -> Self {
        let key = key.to_owned();
        match asks_the_machine(&source) {
            true => StorageAccessError::NoCredentials { action, key },
            false => StorageAccessError::Io { action, key, source, folder: None },
        }
    }

    /// Adds the folder of a file storage.
    pub fn in_folder(self, name: Option<String>) -> Self {
        match self {
            StorageAccessError::Io { action, key, source, .. } => {
                StorageAccessError::Io { action, key, source, folder: name }
            }
            other => other,
        }
    }
}

/// Returns whether a request for the machine's own credentials failed. Clients try this last if they have no keys.
fn asks_the_machine(error: &io::Error) -> bool {
    let message = error.to_string();
    ["169.254.169.254", "metadata.google.internal"].iter().any(|address| message.contains(address))
}

impl AreaError for StorageAccessError {
    fn sqlstate(&self) -> PgSqlErrorCode {
        use PgSqlErrorCode::*;
        match self {
            StorageAccessError::Definition(error) => match error {
                StorageError::UnknownOption(..) | StorageError::UnsupportedOption(..) => {
                    ERRCODE_FDW_INVALID_OPTION_NAME
                }
                StorageError::NoUrl | StorageError::Missing(_) | StorageError::Keys(_) => {
                    ERRCODE_FDW_OPTION_NAME_NOT_FOUND
                }
                StorageError::Scheme(_) => ERRCODE_FEATURE_NOT_SUPPORTED,
                StorageError::Path(_)
                | StorageError::Bucket(_)
                | StorageError::Key(_)
                | StorageError::NotBoolean(_)
                | StorageError::Endpoint(_) => ERRCODE_INVALID_PARAMETER_VALUE,
            },
            StorageAccessError::WrapperOption(_) => ERRCODE_FDW_INVALID_OPTION_NAME,
            StorageAccessError::Locked(_) => ERRCODE_LOCK_NOT_AVAILABLE,
            StorageAccessError::RecordedMeanwhile(_) => ERRCODE_T_R_SERIALIZATION_FAILURE,
            StorageAccessError::Overwrites(_) | StorageAccessError::OtherBytes(_) => ERRCODE_IO_ERROR,
            StorageAccessError::NoCredentials { .. } => ERRCODE_INSUFFICIENT_PRIVILEGE,
            StorageAccessError::Io { action, source, .. } => match ErrorClass::of_io(source) {
                ErrorClass::Full => ERRCODE_DISK_FULL,
                ErrorClass::Memory => ERRCODE_OUT_OF_MEMORY,
                ErrorClass::Missing if *action == "read" => ERRCODE_UNDEFINED_FILE,
                ErrorClass::Network => ERRCODE_CONNECTION_FAILURE,
                ErrorClass::Permission => ERRCODE_INSUFFICIENT_PRIVILEGE,
                ErrorClass::Interrupted => ERRCODE_QUERY_CANCELED,
                ErrorClass::Missing
                | ErrorClass::Storage
                | ErrorClass::Configuration
                | ErrorClass::Data
                | ErrorClass::Lost
                | ErrorClass::Database => ERRCODE_IO_ERROR,
            },
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            StorageAccessError::Definition(error) => return Some(definition_hint(error)),
            StorageAccessError::WrapperOption(_) => "Storages have options on the server, and keys on user mappings.",
            StorageAccessError::Locked(_) => "Run the call again.",
            StorageAccessError::RecordedMeanwhile(_) => "Rename it in a new transaction.",
            StorageAccessError::Overwrites(_) | StorageAccessError::OtherBytes(_) => return None,
            StorageAccessError::NoCredentials { .. } => {
                "CREATE USER MAPPING gives the role keys. Without one the server's environment and then the machine it runs on are asked, \
                 and neither has any."
            }
            StorageAccessError::Io { action, source, folder, .. } => {
                if let Some(hint) = folder.as_deref().and_then(|folder| folder_hint(folder, source)) {
                    return Some(hint);
                }
                match ErrorClass::of_io(source) {
                    ErrorClass::Missing if *action == "read" => {
                        "It was there when it was written: removed since, or is the storage not mounted?"
                    }
                    ErrorClass::Network => {
                        "The storage was not reached, or did not answer in time: pgmeta_archive_health asks it again."
                    }
                    ErrorClass::Permission => {
                        "The storage refuses: look at its permissions, and at the keys of the user mapping."
                    }
                    _ => return None,
                }
            }
        };
        Some(hint.to_owned())
    }
}

fn definition_hint(error: &StorageError) -> String {
    match error {
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
            format!("{place}The options here are: {}.", known.join(", "))
        }
        StorageError::NoUrl => {
            "Name a folder of the server or a bucket: OPTIONS (url 'file:///srv/archive').".to_owned()
        }
        StorageError::Missing(_) => {
            "An az:// URL names a container of the storage account that account_name names.".to_owned()
        }
        StorageError::UnsupportedOption(..) => "docs/storage.md lists the options of each scheme.".to_owned(),
        StorageError::Scheme(_) => "Supported schemes are file, s3, gs and az.".to_owned(),
        StorageError::Path(_) => {
            "Write file:// and an absolute path without \"..\", such as file:///srv/archive.".to_owned()
        }
        StorageError::Bucket(_) => {
            "Write the bucket and a prefix without \"..\", such as s3://bucket/prefix.".to_owned()
        }
        StorageError::Keys(scheme) => {
            let sets: Vec<String> = scheme.sets().iter().map(|set| set.join(" with ")).collect();
            format!("A storage of scheme {} requires {}.", scheme.word(), sets.join(", or "))
        }
        StorageError::Key("service_account_key") => {
            "It is JSON with client_email, private_key and private_key_id; other parts are not used.".to_owned()
        }
        StorageError::Key(_) => "docs/storage.md says what it is.".to_owned(),
        StorageError::NotBoolean(_) => "Write 'true' or 'false'.".to_owned(),
        StorageError::Endpoint(_) => {
            "Write it as 'https://host:port', or set option \"allow_http\"; keys go into a user mapping, never into URLs."
                .to_owned()
        }
    }
}

/// Returns a hint how to create a folder that the server can write to.
fn folder_hint(folder: &str, error: &io::Error) -> Option<String> {
    match error.kind() {
        io::ErrorKind::NotFound => Some(format!(
            "mkdir -p '{folder}', and chown it to the operating system user that the server runs as. The option {{\"probe\": false}} makes a policy before its storage."
        )),
        io::ErrorKind::PermissionDenied => {
            Some(format!("chown '{folder}' to the operating system user that the server runs as."))
        }
        _ => None,
    }
}
