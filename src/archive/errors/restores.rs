//! Errors of restores.

use pgmeta_archive::state::State;
use pgrx::PgSqlErrorCode;

use crate::error::{AreaError, Error};

const ELSEWHERE: &str = "estore it in a database that has the type as it was: pgmeta_archive_adopt records it there.";

#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    #[error("archive {0} is not of a partition")]
    NotOfPartition(i64),
    #[error("{0} is not a partitioned table")]
    NotPartitioned(String),
    #[error("rows of archive {id} may be in {parent} already")]
    RowsPresent { id: i64, parent: String, state: State },
    #[error("restored rows of table {table} do not match archive {id}")]
    OtherRows { id: i64, table: String },
    #[error("rows that were put back into {0} do not match the archive")]
    OtherRowsInParent(String),
    /// A composite type has lost attributes that have values, or their types changed.
    #[error("{columns} cannot be restored: type {name} has changed: {difference}")]
    LostAttributes { columns: String, name: String, difference: String, remedy: String, retyped: bool },
    #[error(
        "{columns} cannot be restored: type {name}, which arrays, domains or ranges contain, has changed: {difference}"
    )]
    ChangedWithin { columns: String, name: String, difference: String },
    #[error("composite types that have changed and domains of another role are in the same table")]
    ChangedTypesAndDomains,
    #[error("values cannot be converted to type {types}: {source}")]
    Conversion { types: String, source: Box<Error> },
    #[error("{what} cannot be as the parent has it: {source}")]
    Shape { what: String, source: Box<Error>, hint: Option<&'static str> },
    #[error("column {column} of {parent} is not generated any more, and the archive has no values of it")]
    NotGenerated { column: String, parent: String },
    #[error("column {column} of {parent} is NOT NULL and has no default, and the archive has no values for it")]
    NoValues { column: String, parent: String },
    #[error("{table} lacks what this statement gives: {statement}: {source}")]
    Property { table: String, statement: String, source: Box<Error> },
}

impl AreaError for RestoreError {
    fn sqlstate(&self) -> PgSqlErrorCode {
        use PgSqlErrorCode::*;
        match self {
            RestoreError::NotOfPartition(_) | RestoreError::RowsPresent { .. } => {
                ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE
            }
            RestoreError::NotPartitioned(_) => ERRCODE_WRONG_OBJECT_TYPE,
            RestoreError::OtherRows { .. } => ERRCODE_DATA_EXCEPTION,
            RestoreError::OtherRowsInParent(_) => ERRCODE_TRIGGERED_DATA_CHANGE_VIOLATION,
            RestoreError::LostAttributes { retyped: true, .. } => ERRCODE_DATATYPE_MISMATCH,
            RestoreError::LostAttributes { .. }
            | RestoreError::ChangedWithin { .. }
            | RestoreError::ChangedTypesAndDomains => ERRCODE_FEATURE_NOT_SUPPORTED,
            RestoreError::NotGenerated { .. } | RestoreError::NoValues { .. } => ERRCODE_NOT_NULL_VIOLATION,
            RestoreError::Conversion { source, .. }
            | RestoreError::Shape { source, .. }
            | RestoreError::Property { source, .. } => source.code(),
        }
    }

    fn detail(&self) -> Option<String> {
        match self {
            RestoreError::RowsPresent { state, .. } => Some(format!("The state of the archive is \"{state}\".")),
            _ => None,
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            RestoreError::NotOfPartition(_) => "Restore it without the option attach.",
            RestoreError::NotPartitioned(_) => {
                "The option parent names another; without the option attach the table stands alone."
            }
            RestoreError::RowsPresent { .. } => "With the option into they are restored into a table of their own.",
            RestoreError::OtherRows { .. } => {
                "Nothing was restored. A type whose text has changed since, or a trigger, may be the reason."
            }
            RestoreError::OtherRowsInParent(_) => {
                "Nothing was restored. A trigger of the table changes rows or leaves some out; with the option into no trigger is run."
            }
            RestoreError::LostAttributes { name, remedy, .. } => {
                return Some(format!(
                    "ALTER TYPE {name} {remedy} brings it back, as RENAME ATTRIBUTE does where it has another name; attributes that came later are NULL in what is restored. Or r{ELSEWHERE}"
                ));
            }
            RestoreError::ChangedWithin { .. } => return Some(format!("R{ELSEWHERE}")),
            RestoreError::ChangedTypesAndDomains => {
                "Restore it with the option attach, or as the owner of the domains."
            }
            RestoreError::Conversion { .. } => "Restore it in a database that has the type as it was.",
            RestoreError::Shape { hint, .. } => {
                hint.unwrap_or("Restore it without the option attach, change the rows, and attach the table yourself.")
            }
            RestoreError::NotGenerated { .. } | RestoreError::NoValues { .. } => {
                "Restore it without the option attach, fill the column, and attach the table yourself."
            }
            RestoreError::Property { .. } => {
                "Others would see rows that they were kept from. With the option properties false, nothing is granted either."
            }
        };
        Some(hint.to_owned())
    }
}
