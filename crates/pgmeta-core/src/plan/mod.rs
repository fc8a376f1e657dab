//! How to get from one model to another: statements in a safe order, each with what it does to a busy server.
//! Prints nothing of its own where `ddl` can.

pub mod format;
mod step;

pub use step::{Hazard, LockLevel, Run, Statement, Step, Timeouts, numbered};
