//! The operations of a store, which each kind of store implements. Contains no implementation.

use std::io::{self, BufRead, Write};
use std::sync::Arc;
use std::time::Duration;

/// Keys are relative paths with `/`. An object appears completely or not at all. Calls may wait for a network, so a backend
/// must not make them directly.
pub trait Store: Send + Sync {
    /// Begins an object. It exists after `commit`.
    fn create(&self, key: &str) -> io::Result<Box<dyn ObjectWriter>>;
    /// Begins an object of about this many bytes.
    fn create_large(&self, key: &str, _bytes: u64) -> io::Result<Box<dyn ObjectWriter>> {
        self.create(key)
    }
    fn open(&self, key: &str) -> io::Result<Box<dyn BufRead + Send>>;
    /// Reads a part of an object.
    fn read_at(&self, key: &str, start: u64, length: usize) -> io::Result<Vec<u8>>;
    /// Returns the size of an object in bytes.
    fn size(&self, key: &str) -> io::Result<u64>;
    /// Deletes an object. A missing object is not an error.
    fn delete(&self, key: &str) -> io::Result<()>;
    /// Returns the keys with a prefix, including leftovers of objects that were never committed.
    fn list(&self, prefix: &str) -> io::Result<Vec<String>>;
    /// Calls `visit` for all keys with a prefix, in all folders, until it returns false.
    fn walk(&self, prefix: &str, visit: &mut dyn FnMut(&str) -> bool) -> io::Result<()>;
}

/// An object that is being written. Dropping it without `commit` aborts it.
pub trait ObjectWriter: Write + Send {
    /// Makes the object durable. Fails if its key exists.
    fn commit(self: Box<Self>) -> io::Result<()>;
}

/// Returns whether the caller has cancelled: waits then end soon.
pub type CancelCheck = Arc<dyn Fn() -> bool + Send + Sync>;

/// How requests are sent to a store.
#[derive(Clone)]
pub struct StoreOptions {
    pub stop: CancelCheck,
    /// Time limit for the answer to a request.
    pub timeout: Duration,
}
