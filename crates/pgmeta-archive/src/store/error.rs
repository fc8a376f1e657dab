//! Errors of stores, and their class. An `io::Error` contains them, so that streams can return them.

use std::io;

use parquet::errors::ParquetError;

use crate::error_class::ErrorClass;

impl ErrorClass {
    /// Returns the class of any error of a store.
    pub fn of_io(error: &io::Error) -> Self {
        if let Some(inner) = error.get_ref() {
            if let Some(error) = inner.downcast_ref::<StoreError>() {
                return error.class;
            }
            // The Parquet writer wraps errors of its output.
            if let Some(ParquetError::External(inner)) = inner.downcast_ref()
                && let Some(error) = inner.downcast_ref()
            {
                return Self::of_io(error);
            }
        }
        match error.kind() {
            io::ErrorKind::PermissionDenied => ErrorClass::Permission,
            io::ErrorKind::NotFound => ErrorClass::Missing,
            io::ErrorKind::Interrupted => ErrorClass::Interrupted,
            io::ErrorKind::InvalidInput => ErrorClass::Configuration,
            io::ErrorKind::OutOfMemory => ErrorClass::Memory,
            io::ErrorKind::StorageFull => ErrorClass::Full,
            // zstd reports it with a text, without an error kind.
            _ if error.to_string().contains(ZSTD_NO_MEMORY) => ErrorClass::Memory,
            _ => ErrorClass::Storage,
        }
    }
}

const ZSTD_NO_MEMORY: &str = "Allocation error : not enough memory";

/// An error of an object store. Its text contains no key.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct StoreError {
    pub class: ErrorClass,
    pub message: String,
}

impl From<StoreError> for io::Error {
    fn from(error: StoreError) -> Self {
        let kind = match error.class {
            ErrorClass::Network => io::ErrorKind::TimedOut,
            ErrorClass::Permission => io::ErrorKind::PermissionDenied,
            ErrorClass::Missing => io::ErrorKind::NotFound,
            ErrorClass::Configuration => io::ErrorKind::InvalidInput,
            ErrorClass::Interrupted => io::ErrorKind::ConnectionAborted,
            ErrorClass::Memory => io::ErrorKind::OutOfMemory,
            ErrorClass::Full => io::ErrorKind::StorageFull,
            ErrorClass::Storage | ErrorClass::Data | ErrorClass::Lost | ErrorClass::Database => io::ErrorKind::Other,
        };
        io::Error::new(kind, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The error may be direct, from zstd, or wrapped by the Parquet writer.
    #[test]
    fn memory_and_disk_errors_have_their_own_classes() {
        let plain = || io::Error::from(io::ErrorKind::OutOfMemory);
        let zstd = || io::Error::other(ZSTD_NO_MEMORY);
        let parquet = |error: io::Error| io::Error::other(ParquetError::External(Box::new(error)));
        for error in [plain(), zstd(), parquet(plain()), parquet(zstd()), parquet(parquet(plain()))] {
            assert_eq!(ErrorClass::of_io(&error), ErrorClass::Memory, "{error:?}");
        }
        assert_eq!(ErrorClass::of_io(&parquet(io::ErrorKind::StorageFull.into())), ErrorClass::Full);
        assert_eq!(ErrorClass::of_io(&parquet(io::Error::other("disk"))), ErrorClass::Storage);
    }
}
