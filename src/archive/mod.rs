//! Archives of partitions, the server's side: what is due, reading and restoring rows, retiring the
//! partition, and the records. Files and their proof are pgmeta-archive's; knows no model.

#[macro_use]
mod queries;

mod access;
mod adopt;
mod attempt;
mod away;
mod cancel;
mod check;
mod copy;
mod default_rows;
mod delete;
mod due;
mod errors;
mod export;
mod guard;
mod inlet;
mod key;
mod metrics;
mod owner;
mod partition;
mod path;
mod pipe;
mod policy;
mod progress;
mod proof;
mod read_back;
mod record;
mod rename;
mod restore;
mod retire;
mod rows;
mod run;
mod schedule;
mod slice;
mod start;
mod storage;
mod stored;
mod table_locks;
mod types;
mod version_1;
mod worker;

pub use adopt::{Adopt, Adoption, adopt};
pub use attempt::{Definition, Order};
pub use cancel::{cancel, failure, retry_all};
pub use check::{Finding, health, validate};
pub use delete::{Delete, delete};
pub use due::{Candidate, candidates_of};
pub use errors::StorageAccessError;
pub use export::archive;
pub use guard::Dropped;
pub use metrics::metrics;
pub use policy::{Policy, Retention, alter, create, drop, read_options, set_paused};
pub use proof::{Comparison, Look, Proof, compare, prove};
pub use record::manifest_of;
pub use rename::Renamed;
pub use restore::{Gift, Given, Part, Restore, restore};
pub use retire::{attached_by_another, key_evaluates};
pub use run::run;
pub use schedule::run as run_schedule;
pub use start::start;
pub use storage::{Purpose, check_keys, check_options};
pub use worker::work;
