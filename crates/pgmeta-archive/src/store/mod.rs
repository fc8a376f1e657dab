//! The stores of archives. `interface` defines the operations of a store, one file implements each kind; `cloud` has the
//! differences between clouds.

mod cloud;
mod error;
mod file;
mod interface;
mod object;

use std::io;
use std::sync::Arc;

pub use error::StoreError;
pub use file::FileStore;
pub use interface::{CancelCheck, ObjectWriter, Store, StoreOptions};

use crate::storage::{Credentials, Location};
use object::ObjectStore;

/// Opens a storage. Without keys, it uses those of the environment.
pub fn open(location: &Location, keys: Option<&Credentials>, options: &StoreOptions) -> io::Result<Arc<dyn Store>> {
    Ok(match location {
        Location::Folder(folder) => Arc::new(FileStore::new(folder)),
        Location::Bucket(bucket) => Arc::new(ObjectStore::new(bucket, keys, options)?),
    })
}
