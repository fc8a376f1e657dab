//! Errors about tables that cannot be archived, and about partitions that cannot be retired.

use pgrx::PgSqlErrorCode;

use crate::error::AreaError;

#[derive(Debug, thiserror::Error)]
pub enum RetireError {
    #[error("{0} is a partitioned table")]
    PartitionedTable(String),
    #[error("{0} is a foreign table")]
    ForeignTable(String),
    #[error("{0} is not a table")]
    NotTable(String),
    #[error("{0} is pending detach")]
    PendingDetach(String),
    #[error("{0} is not a partition")]
    NotPartition(String),
    #[error("{table} is referenced by foreign keys: {}", .keys.join(", "))]
    Referenced { table: String, keys: Vec<String> },
    #[error("{0} is not a DEFAULT partition any more")]
    NotDefault(String),
    #[error("{deleted} of {archived} archived rows of {table} were deleted")]
    RowsNotDeleted { table: String, archived: u64, deleted: i64 },
    #[error("{what} of {table} have changed since they were read")]
    Changed { table: String, what: &'static str },
    /// Other sessions wait for locks of this session.
    #[error("could not obtain locks: other sessions are waiting for this session")]
    OthersWait,
    #[error("the partition is being archived by another session")]
    Busy,
    #[error("bound of {0} is not as the server prints it")]
    Bound(String),
}

impl AreaError for RetireError {
    fn sqlstate(&self) -> PgSqlErrorCode {
        use PgSqlErrorCode::*;
        match self {
            RetireError::PartitionedTable(_) | RetireError::ForeignTable(_) | RetireError::NotTable(_) => {
                ERRCODE_WRONG_OBJECT_TYPE
            }
            RetireError::PendingDetach(_) | RetireError::NotPartition(_) | RetireError::NotDefault(_) => {
                ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE
            }
            RetireError::Referenced { .. } => ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST,
            RetireError::RowsNotDeleted { .. } => ERRCODE_TRIGGERED_DATA_CHANGE_VIOLATION,
            RetireError::Changed { .. } => ERRCODE_T_R_SERIALIZATION_FAILURE,
            RetireError::OthersWait | RetireError::Busy => ERRCODE_LOCK_NOT_AVAILABLE,
            RetireError::Bound(_) => ERRCODE_DATA_CORRUPTED,
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            RetireError::PartitionedTable(_) => "Archive its partitions, or make a policy for it.",
            RetireError::ForeignTable(_) => "Its rows are not in this server.",
            RetireError::NotTable(_) => "Only tables and partitions have rows to archive.",
            RetireError::PendingDetach(_) => {
                "ALTER TABLE … DETACH PARTITION … FINALIZE ends an interrupted DETACH CONCURRENTLY."
            }
            RetireError::NotPartition(_) => {
                "Only partitions are retired; other tables are archived with retire \"keep\"."
            }
            RetireError::Referenced { .. } => "Archive it with retire \"keep\", or drop the foreign keys before.",
            RetireError::NotDefault(_) => {
                "Its rows were left there. The archive is good: pgmeta_archive_delete takes it away."
            }
            RetireError::RowsNotDeleted { .. } => {
                "Nothing was deleted. A trigger or a policy for rows kept some of them."
            }
            RetireError::Changed { .. } => "Nothing was retired or recorded. Try again.",
            RetireError::OthersWait => "Try again when nobody writes to the partition, or changes its parent.",
            RetireError::Busy => "Wait for it to end; pgmeta.archives shows what it has done.",
            RetireError::Bound(_) => "Restore it without the option attach.",
        };
        Some(hint.to_owned())
    }
}
