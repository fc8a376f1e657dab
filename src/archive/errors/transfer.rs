//! Errors about rows that are written to a storage, and about files that are read back.

use pgrx::PgSqlErrorCode;

use crate::encoding::EncodingError;
use crate::error::AreaError;

#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    #[error("stored file \"{0}\" is missing")]
    MissingFile(String),
    #[error("stored file \"{file}\" is damaged: {detail}")]
    DamagedFile { file: String, detail: String },
    #[error("{message}")]
    UnreadFile { code: PgSqlErrorCode, message: String },
    #[error("types of columns of {table} have changed while they were read")]
    TypesChanged { table: String },
    #[error("stored values of {table} do not match its rows")]
    NotRestorable { table: String },
    #[error("row of {table} is too long for a text format")]
    RowTooLong { table: String },
    #[error("column {column} of {table} contains a value that is not valid UTF-8: {source}")]
    NotUtf8 { column: String, table: String, source: EncodingError },
    #[error("column {column} of {table} contains a value that could not be restored: {message}")]
    Unrestorable { column: String, table: String, message: String },
    #[error("column {column} contains a value that its type in the file cannot represent")]
    OutOfRange { column: String },
    #[error("column {column} is of type {data_type}, which has no binary send function")]
    NoBinaryForm { column: String, data_type: String },
    #[error("{table} has no columns, which format \"parquet\" does not support")]
    NoColumns { table: String },
    #[error("column {column} of {table} is of type {data_type}, which cannot be compared with the bounds of a slice")]
    NoSlices { column: String, table: String, data_type: String },
}

impl AreaError for TransferError {
    fn sqlstate(&self) -> PgSqlErrorCode {
        use PgSqlErrorCode::*;
        match self {
            TransferError::MissingFile(_) => ERRCODE_UNDEFINED_FILE,
            TransferError::DamagedFile { .. } => ERRCODE_DATA_CORRUPTED,
            TransferError::UnreadFile { code, .. } => *code,
            TransferError::TypesChanged { .. } => ERRCODE_T_R_SERIALIZATION_FAILURE,
            TransferError::RowTooLong { .. } => ERRCODE_PROGRAM_LIMIT_EXCEEDED,
            TransferError::NotUtf8 { source, .. } => source.code(),
            TransferError::OutOfRange { .. } => ERRCODE_DATA_EXCEPTION,
            TransferError::NotRestorable { .. }
            | TransferError::Unrestorable { .. }
            | TransferError::NoBinaryForm { .. }
            | TransferError::NoColumns { .. }
            | TransferError::NoSlices { .. } => ERRCODE_FEATURE_NOT_SUPPORTED,
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            TransferError::MissingFile(_) | TransferError::DamagedFile { .. } | TransferError::UnreadFile { .. } => {
                "pgmeta_archive_verify shows each file of the archive."
            }
            TransferError::TypesChanged { .. } => "Run it again.",
            TransferError::NotRestorable { .. } => "Nothing was retired. Try another format.",
            TransferError::RowTooLong { .. } => "Use the format binary.",
            TransferError::NotUtf8 { .. } => "Use the format binary, which keeps the database's encoding.",
            TransferError::Unrestorable { .. } => {
                "Try another format, or leave the column out by the option columns. The option search_path says where functions of the type look names up."
            }
            TransferError::OutOfRange { .. } => return None,
            TransferError::NoBinaryForm { .. } => "Use another format, or leave the column out by the option columns.",
            TransferError::NoColumns { .. } => "Use another format.",
            TransferError::NoSlices { .. } => "Restore the archive into another table.",
        };
        Some(hint.to_owned())
    }
}
