//! Errors about policies: their options, owners and tables.

use pgmeta_archive::options::OptionsError;
use pgmeta_archive::template::TemplateError;
use pgrx::PgSqlErrorCode;

use crate::error::AreaError;

#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    #[error("policy \"{0}\" already exists")]
    Exists(String),
    #[error("{0} is not a partitioned table")]
    NotPartitioned(String),
    #[error("invalid options: {0}")]
    Options(OptionsError),
    #[error(transparent)]
    Template(#[from] TemplateError),
    #[error("partition key {key} cannot be compared with {}", retention(.by_time))]
    Key { key: String, by_time: bool },
    #[error("option \"default_rows\" is not supported for table {table}")]
    DefaultRowsKey { table: String, key: String },
    #[error("option \"default_rows\" is not supported for DEFAULT partition {partition}")]
    DefaultRowsPartition { partition: String },
    #[error("role \"{owner}\", the owner of policy \"{policy}\", {}", .problem.text())]
    Owner { policy: String, owner: String, problem: OwnerProblem },
}

/// Why a policy's owner cannot run it.
#[derive(Debug)]
pub enum OwnerProblem {
    Missing,
    /// The role has this name now.
    Renamed(String),
    NoLogin,
}

impl OwnerProblem {
    fn text(&self) -> String {
        match self {
            OwnerProblem::Missing => "does not exist".to_owned(),
            OwnerProblem::Renamed(name) => format!("is called \"{name}\" now"),
            OwnerProblem::NoLogin => "cannot log in".to_owned(),
        }
    }
}

fn retention(by_time: &bool) -> &'static str {
    if *by_time { "a retention by time" } else { "a number of keys" }
}

impl AreaError for PolicyError {
    fn sqlstate(&self) -> PgSqlErrorCode {
        use PgSqlErrorCode::*;
        match self {
            PolicyError::Exists(_) => ERRCODE_DUPLICATE_OBJECT,
            PolicyError::NotPartitioned(_) => ERRCODE_WRONG_OBJECT_TYPE,
            PolicyError::Options(OptionsError::Twice(_)) => ERRCODE_DUPLICATE_COLUMN,
            PolicyError::Options(_) | PolicyError::Template(_) | PolicyError::Key { .. } => {
                ERRCODE_INVALID_PARAMETER_VALUE
            }
            PolicyError::DefaultRowsKey { .. } | PolicyError::DefaultRowsPartition { .. } => {
                ERRCODE_FEATURE_NOT_SUPPORTED
            }
            PolicyError::Owner { .. } => ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
        }
    }

    fn detail(&self) -> Option<String> {
        match self {
            PolicyError::DefaultRowsKey { table, key } => {
                Some(format!("Table {table} is partitioned by {key}, not by a range of one column."))
            }
            PolicyError::DefaultRowsPartition { partition } => Some(format!("{partition} is not a table.")),
            _ => None,
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            PolicyError::Exists(_) => "pgmeta_archive_policy_alter changes it.",
            PolicyError::NotPartitioned(_) => {
                "A policy archives the partitions of a table; pgmeta_archive archives a single one."
            }
            PolicyError::Options(OptionsError::Twice(_)) => return None,
            PolicyError::Options(_) => "docs/archive.md describes each option.",
            PolicyError::Template(error) => return Some(error.hint()),
            PolicyError::Key { by_time: true, .. } => {
                "An interval is for keys of date and time, for domains over them, and for date_trunc of a timestamp; with the option epoch \
                 for integers (s, ms, us) and for UUIDs of version 7 (uuid7)."
            }
            PolicyError::Key { by_time: false, .. } => {
                "A number is for integer keys that are no time: leave out the option epoch."
            }
            PolicyError::DefaultRowsKey { .. } => {
                "Leave the option out, or make a policy for each of its partitions that is partitioned so."
            }
            PolicyError::DefaultRowsPartition { .. } => "Leave the option out.",
            PolicyError::Owner { problem: OwnerProblem::Missing, .. } => {
                "Drop the policy, and make it as another role."
            }
            PolicyError::Owner { problem: OwnerProblem::Renamed(_), .. } => {
                "A superuser, or a member of the role, drops the policy and makes it again."
            }
            PolicyError::Owner { problem: OwnerProblem::NoLogin, .. } => {
                "Workers are sessions of the owner: ALTER ROLE … LOGIN, or make the policy as another role."
            }
        };
        Some(hint.to_owned())
    }
}
