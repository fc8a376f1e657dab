//! Archives of partitions, the server's side: what is due, reading rows and putting them back, what becomes of the
//! partition, and the record of it all. Files and their proof are pgmeta-archive's; knows no model.

mod access;
mod attempt;
mod away;
mod cancel;
mod check;
mod copy;
mod due;
mod export;
mod inlet;
mod metrics;
mod owner;
mod partition;
mod pipe;
mod policy;
mod progress;
mod record;
mod restore;
mod retire;
mod rows;
mod run;
mod schedule;
mod start;
mod storage;
mod worker;

pub use attempt::Order;
pub use cancel::{cancel, failure};
pub use check::{Finding, health, validate};
pub use due::{Candidate, candidates};
pub use export::archive;
pub use metrics::metrics;
pub use policy::{Policy, Retention, alter, create, drop, read_options, set_paused};
pub use record::manifest_of;
pub use restore::{Restore, restore};
pub use retire::{attached_by_another, key_evaluates};
pub use rows::{Comparison, Look, Proof, compare, prove};
pub use run::run;
pub use schedule::run as run_schedule;
pub use start::start;
pub use storage::{Purpose, check_keys, check_options};
pub use worker::work;
