//! Validates the options of CREATE and ALTER SERVER for a storage, and of CREATE USER MAPPING for its keys.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::archive;
use crate::encoding::Texts;
use crate::error::Error;

/// The server calls this with all options that the object will have.
#[pg_extern(immutable, parallel_safe)]
fn _pgmeta_storage_validator(options: Option<Texts>, catalog: Option<pg_sys::Oid>) -> Result<(), ErrorReport> {
    let options: Vec<String> = options.unwrap_or_default().0.into_iter().flatten().collect();
    match catalog {
        Some(pg_sys::ForeignServerRelationId) => archive::check_options(&options).map(drop)?,
        Some(pg_sys::UserMappingRelationId) => archive::check_keys(&options)?,
        _ => {
            if let Some(option) = options.first() {
                let name = option.split_once('=').map_or(option.as_str(), |(name, _)| name);
                Err(Error::from(archive::StorageAccessError::WrapperOption(name.to_owned())))?;
            }
        }
    }
    Ok(())
}
