//! Archives of table partitions without the server: options of policies, names and formats of files, stores, proofs. Uses
//! neither PostgreSQL nor pgmeta-core.

pub mod adoption;
pub mod bound;
pub mod composite;
pub mod compression;
pub mod digest;
pub mod error_class;
pub mod format;
pub mod json;
pub mod jsonb;
pub mod jsonl;
pub mod keys;
pub mod manifest;
pub mod numeric;
pub mod options;
pub mod schedule;
pub mod standing;
pub mod state;
pub mod storage;
pub mod store;
pub mod template;
pub mod value;

mod batch;
mod columns;
mod contents;
mod datetime;
mod frames;
mod parquet_file;
mod reader;
mod writer;

pub use batch::{Batch, Batches, Group};
pub use columns::EncodeError;
pub use contents::{contents, records};
pub use frames::FRAME;
pub use reader::{VerifyError, verify};
pub use writer::{DataFileWriter, FileOptions, WriteProgress};
