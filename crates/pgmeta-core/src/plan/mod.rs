//! Plans the change of one model into another: statements in a safe order, with their effects on a database in use. Prints nothing
//! that `ddl` can print.

mod alter;
mod build;
mod cluster;
mod code;
mod column_changes;
mod conversion;
mod create;
mod dependents;
mod differences;
mod drop;
pub mod format;
mod graph;
mod hazards;
mod locks;
mod lookup;
mod merge;
mod modifiers;
mod names;
mod options;
mod parameters;
mod print;
mod recreate_type;
mod shared;
mod sizes;
mod step;
mod touches;
mod transactional_form;
mod transactions;

mod column;
mod column_facts;
mod constraint;
mod domain;
mod function;
mod global;
mod index;
mod member;
mod not_null;
mod policy;
pub mod properties;
mod refusal;
mod rename;
mod replaced;
mod sequence;
mod table;
mod trigger;
mod types;
mod unplanned;
mod using;
mod view;

#[cfg(test)]
#[allow(clippy::panic)]
mod tests;

pub use alter::{Alter, ColumnChange, Sides, Strategy};
pub use build::{Action, plan, replaced};
pub use code::Code;
pub use conversion::{Count, known_casts};
pub use differences::{Difference, differences};
pub use hazards::{Forbidden, forbidden};
pub use options::Options;
pub use refusal::PlanError;
pub use step::{Hazard, LockLevel, Run, Statement, Step, Timeouts, numbered};
pub use transactional_form::transactional_form;
pub use unplanned::describe_unplanned;
pub use using::UsingError;
