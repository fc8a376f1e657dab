//! Why a database is not read.

use pgrx::PgSqlErrorCode;
use rusqlite::ErrorCode;

use crate::error::AreaError;

/// Why a database is not read.
#[derive(Debug, thiserror::Error)]
pub enum SqliteError {
    #[error("invalid SQLite database: {0}")]
    Invalid(String),
    #[error("the statement of SQLite {kind} \"{name}\" contains a null character")]
    NullCharacter { kind: String, name: String },
    #[error("SQLite ran out of memory")]
    Memory,
    #[error("could not read \"{path}\": {source}")]
    File { path: String, source: std::io::Error },
}

impl From<rusqlite::Error> for SqliteError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::OutOfMemory) => SqliteError::Memory,
            _ => SqliteError::Invalid(error.to_string()),
        }
    }
}

impl AreaError for SqliteError {
    fn sqlstate(&self) -> PgSqlErrorCode {
        match self {
            SqliteError::NullCharacter { .. } | SqliteError::Invalid(_) => {
                PgSqlErrorCode::ERRCODE_INVALID_BINARY_REPRESENTATION
            }
            SqliteError::Memory => PgSqlErrorCode::ERRCODE_OUT_OF_MEMORY,
            SqliteError::File { source, .. } => match source.kind() {
                std::io::ErrorKind::NotFound => PgSqlErrorCode::ERRCODE_UNDEFINED_FILE,
                _ => PgSqlErrorCode::ERRCODE_IO_ERROR,
            },
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            SqliteError::Invalid(_) => Some("PRAGMA integrity_check of SQLite finds what is wrong.".to_owned()),
            SqliteError::NullCharacter { .. } => {
                Some("SQLite itself writes none: create the object again in a copy of the database.".to_owned())
            }
            SqliteError::Memory | SqliteError::File { .. } => None,
        }
    }
}
