//! The operations of a store, which each kind of store implements. Knows no kind.

use std::io::{self, BufRead, Write};
use std::sync::Arc;
use std::time::Duration;

/// Keys are relative paths with `/`; what is under a key appears whole or not at all. May wait for a network: to be called
/// where that does no harm.
pub trait Store: Send + Sync {
    /// Begins an object, which is there when it is committed.
    fn create(&self, key: &str) -> io::Result<Box<dyn Pending>>;
    /// Begins an object that may have so many bytes, more or less.
    fn create_large(&self, key: &str, _bytes: u64) -> io::Result<Box<dyn Pending>> {
        self.create(key)
    }
    fn open(&self, key: &str) -> io::Result<Box<dyn BufRead + Send>>;
    /// Reads part of an object.
    fn read_at(&self, key: &str, start: u64, length: usize) -> io::Result<Vec<u8>>;
    /// Returns how many bytes an object has.
    fn size(&self, key: &str) -> io::Result<u64>;
    /// Deletes an object. A missing object is not an error.
    fn delete(&self, key: &str) -> io::Result<()>;
    /// Returns the keys that begin with a text, and leftovers of objects that were never committed.
    fn list(&self, prefix: &str) -> io::Result<Vec<String>>;
    /// Visits all keys that begin with a text, in whatever folder, until that is enough.
    fn walk(&self, prefix: &str, visit: &mut dyn FnMut(&str) -> bool) -> io::Result<()>;
}

/// An object that is being written; aborted if it is dropped without `commit`.
pub trait Pending: Write + Send {
    /// Makes it durable, under a key that nothing else has.
    fn commit(self: Box<Self>) -> io::Result<()>;
}

/// Says that whoever asked has given up: what waits ends soon.
pub type Stop = Arc<dyn Fn() -> bool + Send + Sync>;

/// How a store is asked.
#[derive(Clone)]
pub struct Manner {
    pub stop: Stop,
    /// How long the answer to one request may take.
    pub timeout: Duration,
}
