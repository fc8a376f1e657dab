//! Reasons to refuse a plan: options that do not fit the target, and changes that PostgreSQL cannot make. Plans nothing.

use crate::plan::using::UsingError;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error("invalid option \"using\": {0}")]
    Using(#[from] UsingError),
    #[error("cannot copy the rows of table {table}: {why}")]
    CannotCopy { table: String, why: String },
    #[error("cannot change type {changed} while {user} uses it")]
    InUse { changed: String, user: String },
}
