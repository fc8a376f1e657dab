//! Archives of partitions, the server's side: policies, records, reading and restoring rows, retiring partitions. Files and
//! their verification are in pgmeta-archive. Does not use the model.

#[macro_use]
mod queries;

mod errors;
mod jobs;
mod policy;
mod records;
mod restore;
mod retire;
mod transfer;

pub use errors::StorageAccessError;
pub use jobs::archive_one::archive;
pub use jobs::attempt::{ArchiveRequest, Definition};
pub use jobs::cancel::{cancel, failure, retry_all};
pub use jobs::launch::start;
pub use jobs::procedure::run;
pub use jobs::worker::work;
pub use policy::candidate::Candidate;
pub use policy::candidates::candidates_of;
pub use policy::edit::{alter, create, drop, set_paused};
pub use policy::health::{Finding, health, validate};
pub use policy::schedule::run as run_schedule;
pub use policy::storage::{Purpose, check_keys, check_options};
pub use policy::{Policy, Retention, read_options};
pub use records::adopt::{Adopt, Adoption, adopt};
pub use records::delete::{Delete, delete};
pub use records::guard::Dropped;
pub use records::manifest_of;
pub use records::metrics::metrics;
pub use records::rename::Renamed;
pub use restore::{PropertyGroup, PropertyStatement, PropertyStatements, Restore, restore};
pub use retire::{attached_by_another, key_evaluates};
pub use transfer::verify::{Comparison, FileCheck, VerifyOptions, compare, prove};
