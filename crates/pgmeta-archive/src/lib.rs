//! Archives of table partitions, apart from the server: what a policy says, where files go, how rows are written and
//! proved. No PostgreSQL here, and nothing of pgmeta-core.

pub mod bound;
pub mod compression;
pub mod digest;
pub mod format;
pub mod manifest;
pub mod options;
pub mod storage;
pub mod store;
pub mod template;

mod reader;
mod writer;

pub use reader::{Records, VerifyError, verify};
pub use writer::{Batches, Sink};
