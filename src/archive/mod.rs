//! Archives of partitions, the server's side: what is due, reading rows and putting them back, what becomes of the
//! partition, and the record of it all. Files and their proof are pgmeta-archive's; knows no model.

mod away;
mod check;
mod copy;
mod due;
mod export;
mod inlet;
mod metrics;
mod partition;
mod pipe;
mod policy;
mod record;
mod restore;
mod retire;
mod rows;
mod storage;

pub use check::{Finding, health, validate};
pub use due::{Candidate, candidates};
pub use export::{Order, archive};
pub use metrics::metrics;
pub use policy::{Policy, Retention, alter, create, drop, read_options, set_paused};
pub use record::{failed, failure, manifest_of};
pub use restore::{Restore, restore};
pub use rows::{Comparison, Look, Proof, compare, prove};
pub use storage::{check_keys, check_options};
