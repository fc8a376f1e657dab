//! Errors about the record of an archive, and about its manifest.

use pgmeta_archive::manifest::{FORMAT_VERSION, ManifestError};
use pgmeta_archive::state::State;
use pgrx::PgSqlErrorCode;

use crate::error::AreaError;

#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    #[error("archive {id} is {state}, and cannot become {target}")]
    BadState { id: i64, state: State, target: State },
    #[error("archive {id} has failed: {error}")]
    Failed { id: i64, error: String },
    /// The archive has no stored files.
    #[error("archive {id} {}", not_stored(.state))]
    NotStored { id: i64, state: State },
    #[error("archive {id} is in progress")]
    InProgress { id: i64, state: State },
    #[error("archive {id} is not in progress")]
    NotInProgress { id: i64, state: State },
    #[error("archive {id} cannot be retried")]
    NotRetriable { id: i64, state: State },
    #[error("archive {id} was recorded in another database")]
    OfAnotherDatabase { id: i64 },
    #[error("archive {id} holds the only copy of its rows")]
    OnlyCopy { id: i64, of_slice: bool },
    #[error("archive {id} does not match the rows of its table")]
    OtherRows { id: i64 },
    #[error("manifest \"{key}\" has been modified")]
    ModifiedManifest { key: String, found: String, expected: String },
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error("the parent in the manifest is not the name of a table")]
    ManifestParent,
    #[error("the type of column {column} in the manifest is not valid")]
    ManifestType { column: String },
}

fn not_stored(state: &State) -> String {
    match state {
        State::Cancelled => "was cancelled".to_owned(),
        State::Deleting => "is being deleted".to_owned(),
        State::Deleted => "was deleted".to_owned(),
        State::Scanning
        | State::Uploading
        | State::Verifying
        | State::Stored
        | State::Retiring
        | State::Retired
        | State::Restored
        | State::Failed => "is not stored yet".to_owned(),
    }
}

impl AreaError for RecordError {
    fn sqlstate(&self) -> PgSqlErrorCode {
        match self {
            RecordError::ModifiedManifest { .. }
            | RecordError::Manifest(_)
            | RecordError::ManifestParent
            | RecordError::ManifestType { .. } => PgSqlErrorCode::ERRCODE_DATA_CORRUPTED,
            RecordError::BadState { .. }
            | RecordError::Failed { .. }
            | RecordError::NotStored { .. }
            | RecordError::InProgress { .. }
            | RecordError::NotInProgress { .. }
            | RecordError::NotRetriable { .. }
            | RecordError::OfAnotherDatabase { .. }
            | RecordError::OnlyCopy { .. }
            | RecordError::OtherRows { .. } => PgSqlErrorCode::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
        }
    }

    fn detail(&self) -> Option<String> {
        match self {
            RecordError::InProgress { state, .. }
            | RecordError::NotInProgress { state, .. }
            | RecordError::NotRetriable { state, .. } => Some(format!("Its state is \"{state}\".")),
            RecordError::NotStored { state, .. } if state.is_running() => Some(format!("Its state is \"{state}\".")),
            RecordError::OfAnotherDatabase { .. } => Some("That database may need its files.".into()),
            RecordError::OnlyCopy { of_slice: true, .. } => Some("They were deleted from their partition.".into()),
            RecordError::OnlyCopy { of_slice: false, .. } => Some("Their partition was retired.".into()),
            RecordError::ModifiedManifest { found, expected, .. } => {
                Some(format!("Its SHA-256 is {found}, expected {expected}."))
            }
            _ => None,
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            RecordError::BadState { .. } => "Another session has changed its state.",
            RecordError::Failed { .. } | RecordError::NotStored { state: State::Cancelled, .. } => {
                "pgmeta_archive_retry tries it again."
            }
            RecordError::NotStored { state: State::Deleting, .. } => {
                "CALL pgmeta_archive_delete finishes the deletion."
            }
            RecordError::NotStored { state: State::Deleted, .. } => "Only its record is left.",
            RecordError::NotStored { .. } => "pgmeta.archive_progress shows how far it has come.",
            RecordError::InProgress { .. } => "pgmeta_archive_cancel cancels it.",
            RecordError::NotInProgress { .. } => {
                "Only archives that are in progress, or that would be tried again, can be cancelled."
            }
            RecordError::NotRetriable { .. } => {
                "Only archives of a policy that have failed, were cancelled or deleted, or were restored as partitions can be retried."
            }
            RecordError::OfAnotherDatabase { .. } | RecordError::OnlyCopy { .. } | RecordError::OtherRows { .. } => {
                "Pass the option {\"force\": true} to delete it for good."
            }
            RecordError::Manifest(ManifestError::TooNew(_)) => {
                return Some(format!("This version of pgmeta reads format version {FORMAT_VERSION} at most."));
            }
            RecordError::ModifiedManifest { .. }
            | RecordError::Manifest(ManifestError::Json(_))
            | RecordError::ManifestParent
            | RecordError::ManifestType { .. } => return None,
        };
        Some(hint.to_owned())
    }
}
