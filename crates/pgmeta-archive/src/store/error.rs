//! Errors of stores, by what can be done about them. Carried by `io::Error`, so that streams can pass it on.

use std::io;

use parquet::errors::ParquetError;

/// Why an operation on a store failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The store was not reached, or did not answer in time.
    Network,
    /// The store knows the caller, or does not, and refuses.
    Permission,
    /// What is asked for is not there.
    Missing,
    /// There is no room.
    Full,
    /// The store has a trouble of its own.
    Storage,
    /// The storage's options make no sense to the store.
    Configuration,
    /// The process has no memory for it, or for another thread.
    Memory,
    /// Whoever asked has given up.
    Interrupted,
}

impl Class {
    pub fn word(self) -> &'static str {
        match self {
            Class::Network => "network",
            Class::Permission => "permission",
            Class::Missing | Class::Full | Class::Storage => "storage",
            Class::Memory => "memory",
            Class::Configuration => "configuration",
            Class::Interrupted => "interrupted",
        }
    }

    /// Returns what went wrong, of any error of a store.
    pub fn of(error: &io::Error) -> Self {
        if let Some(inner) = error.get_ref() {
            if let Some(error) = inner.downcast_ref::<StoreError>() {
                return error.class;
            }
            // The writer of Parquet wraps what its output says.
            if let Some(ParquetError::External(inner)) = inner.downcast_ref()
                && let Some(error) = inner.downcast_ref()
            {
                return Self::of(error);
            }
        }
        match error.kind() {
            io::ErrorKind::PermissionDenied => Class::Permission,
            io::ErrorKind::NotFound => Class::Missing,
            io::ErrorKind::Interrupted => Class::Interrupted,
            io::ErrorKind::InvalidInput => Class::Configuration,
            io::ErrorKind::OutOfMemory => Class::Memory,
            io::ErrorKind::StorageFull => Class::Full,
            // zstd has a text for it, and no kind.
            _ if error.to_string().contains(ZSTD_NO_MEMORY) => Class::Memory,
            _ => Class::Storage,
        }
    }
}

const ZSTD_NO_MEMORY: &str = "Allocation error : not enough memory";

/// An error of a store behind a network; its text names no key.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct StoreError {
    pub class: Class,
    pub message: String,
}

impl From<StoreError> for io::Error {
    fn from(error: StoreError) -> Self {
        let kind = match error.class {
            Class::Network => io::ErrorKind::TimedOut,
            Class::Permission => io::ErrorKind::PermissionDenied,
            Class::Missing => io::ErrorKind::NotFound,
            Class::Configuration => io::ErrorKind::InvalidInput,
            Class::Interrupted => io::ErrorKind::ConnectionAborted,
            Class::Memory => io::ErrorKind::OutOfMemory,
            Class::Full => io::ErrorKind::StorageFull,
            Class::Storage => io::ErrorKind::Other,
        };
        io::Error::new(kind, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By itself, from zstd, and within what the writer of Parquet makes of both.
    #[test]
    fn want_of_memory_or_room_is_told_from_trouble_of_the_store() {
        let plain = || io::Error::from(io::ErrorKind::OutOfMemory);
        let zstd = || io::Error::other(ZSTD_NO_MEMORY);
        let parquet = |error: io::Error| io::Error::other(ParquetError::External(Box::new(error)));
        for error in [plain(), zstd(), parquet(plain()), parquet(zstd()), parquet(parquet(plain()))] {
            assert_eq!(Class::of(&error), Class::Memory, "{error:?}");
        }
        assert_eq!(Class::of(&parquet(io::ErrorKind::StorageFull.into())), Class::Full);
        assert_eq!(Class::of(&parquet(io::Error::other("disk"))), Class::Storage);
    }
}
