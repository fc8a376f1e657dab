//! The ways to archive: one partition in the caller's transaction, a procedure that commits after each stage, and workers.

pub mod archive_one;
pub mod attempt;
pub mod cancel;
pub mod launch;
pub mod procedure;
pub mod worker;
