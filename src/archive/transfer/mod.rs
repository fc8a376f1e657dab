//! Writes rows to a storage, reads them back, and verifies that they are the same. Records nothing.

pub mod copy_from;
pub mod download;
pub mod partition;
pub mod read_back;
pub mod rows;
pub mod store_client;
pub mod types;
pub mod upload;
pub mod verify;
pub mod version_1;
