//! Storages: foreign servers of the wrapper `pgmeta_storage`, and who may use them.

use std::io;

use pgmeta_archive::storage::{self, Location, OPTIONS, StorageError};
use pgmeta_archive::store::{self, Store};
use pgmeta_core::rows::take;
use pgrx::PgSqlErrorCode;

use crate::error::Error;
use crate::server;
use crate::spi::{Arg, Connection};

pub struct Storage {
    pub name: String,
    location: Location,
}

impl Storage {
    /// Finds a storage that the caller may use.
    pub fn open(connection: &Connection, name: &str) -> Result<Self, Error> {
        const FIND: &str = "SELECT COALESCE(s.srvoptions, '{}')::text[] AS options, \
            pg_catalog.has_server_privilege(s.oid, 'USAGE') AS usable \
            FROM pg_catalog.pg_foreign_server s JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw \
            WHERE s.srvname = $1 AND w.fdwname = 'pgmeta_storage'";
        let mut found = None;
        connection.read(FIND, &[Arg::Text(name)], &["options", "usable"], |cells| {
            found = Some((take::<Vec<Option<String>>>(cells, "options")?, take::<bool>(cells, "usable")?));
            Ok(())
        })?;
        let Some((options, usable)) = found else {
            return Err(Error::Missing {
                what: format!("storage \"{name}\""),
                hint: "CREATE SERVER … FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file:///…') makes one.".into(),
                code: PgSqlErrorCode::ERRCODE_UNDEFINED_OBJECT,
            });
        };
        if !usable {
            return Err(Error::Denied {
                action: format!("use storage \"{name}\""),
                hint: "It takes USAGE on the foreign server.".into(),
            });
        }
        // A file storage is what the role could reach with COPY as well.
        if !server::may_write_files() {
            return Err(Error::Denied {
                action: format!("use storage \"{name}\""),
                hint: "Files on the server take the privileges of pg_write_server_files.".into(),
            });
        }
        let options: Vec<String> = options.into_iter().flatten().collect();
        let location = parse(&options)?;
        Ok(Self { name: name.to_owned(), location })
    }

    pub fn store(&self) -> Box<dyn Store> {
        store::open(&self.location)
    }
}

/// Checks the options of a server, each as `name=value`.
pub fn parse(options: &[String]) -> Result<Location, Error> {
    let pairs = options.iter().map(|option| option.split_once('=').unwrap_or((option, "")));
    storage::parse(pairs).map_err(|error| {
        let (code, hint) = match &error {
            StorageError::UnknownOption(_) => {
                (PgSqlErrorCode::ERRCODE_FDW_INVALID_OPTION_NAME, format!("The options are: {}.", OPTIONS.join(", ")))
            }
            StorageError::NoUrl => (
                PgSqlErrorCode::ERRCODE_FDW_OPTION_NAME_NOT_FOUND,
                "Name a folder of the server: OPTIONS (url 'file:///srv/archive').".to_owned(),
            ),
            StorageError::Scheme(_) => (
                PgSqlErrorCode::ERRCODE_FEATURE_NOT_SUPPORTED,
                "The schemes are: file. Object stores are not supported yet.".to_owned(),
            ),
            StorageError::Path(_) => (
                PgSqlErrorCode::ERRCODE_INVALID_PARAMETER_VALUE,
                "Write file:// and an absolute path without \"..\", such as file:///srv/archive.".to_owned(),
            ),
        };
        Error::from_parts(code, &error.to_string(), &hint)
    })
}

/// What went wrong with a file of a storage.
pub fn failed(action: &'static str, key: &str) -> impl Fn(io::Error) -> Error {
    let path = key.to_owned();
    move |source| Error::Io { action, path: path.clone(), source }
}
