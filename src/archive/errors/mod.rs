//! The errors of archives as data: an enum for each area. Makes no decisions.

mod policies;
mod records;
mod restores;
mod retire;
mod storages;
mod transfer;

pub use policies::{OwnerProblem, PolicyError};
pub use records::RecordError;
pub use restores::RestoreError;
pub use retire::RetireError;
pub use storages::StorageAccessError;
pub use transfer::TransferError;
