//! How to get from one model to another: statements in a safe order, each with what it does to a busy server.
//! Prints nothing of its own where `ddl` can.

mod alter;
mod build;
mod casts;
mod code;
mod create;
mod dependents;
mod drop;
pub mod format;
mod lookup;
mod losses;
mod names;
mod options;
mod plain_form;
mod shared;
mod sizes;
mod step;
mod swap;

mod column;
mod constraint;
mod domain;
mod function;
mod global;
mod index;
mod member;
mod policy;
mod rename;
mod replaced;
mod sequence;
mod table;
mod trigger;
mod types;
mod view;

#[cfg(test)]
#[allow(clippy::panic)]
mod tests;

pub use alter::{Alter, How, Loss, Sides};
pub use build::{Action, plan, replaced};
pub use code::Code;
pub use options::Options;
pub use plain_form::plain_form;
pub use step::{Hazard, LockLevel, Run, Statement, Step, Timeouts, numbered};
