//! What an archive asks of a store. One file for each kind of store.

mod file;

use std::io::{self, BufRead, Write};

pub use file::FileStore;

use crate::storage::Location;

/// Keys are relative paths with `/`; what is under a key appears whole or not at all.
pub trait Store {
    /// Begins an object, which is there when it is committed.
    fn create(&self, key: &str) -> io::Result<Box<dyn Pending>>;
    fn open(&self, key: &str) -> io::Result<Box<dyn BufRead>>;
    /// Returns how many bytes an object has.
    fn size(&self, key: &str) -> io::Result<u64>;
    fn delete(&self, key: &str) -> io::Result<()>;
}

/// An object that is being written; given up where it goes without `commit`.
pub trait Pending: Write + Send {
    /// Makes it durable, under a key that nothing else has.
    fn commit(self: Box<Self>) -> io::Result<()>;
}

pub fn open(location: &Location) -> Box<dyn Store> {
    Box::new(FileStore::new(&location.folder))
}
