//! Finds the partitioned table to which a restored one is attached. It may have been renamed.

use pgmeta_archive::manifest::Manifest;
use pgrx::PgSqlErrorCode;

use crate::archive::errors::RestoreError;
use crate::archive::queries;
use crate::archive::records::parent_of;
use crate::archive::retire::lock_parent;
use crate::archive::transfer::partition::Parent;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::spi::{Arg, Connection};

/// A partitioned table with a lock.
pub struct Found {
    pub parent: Parent,
    pub owner: u32,
    /// Whether the archived partition belonged to this table.
    pub is_same: bool,
}

/// Finds and locks the parent of an archived partition. `wanted`: the name from the caller.
pub fn find(id: i64, manifest: &Manifest, wanted: Option<&str>) -> Result<Found, Error> {
    let (Some(archived), Some(_)) = (&manifest.parent, &manifest.bound) else {
        return Err(RestoreError::NotOfPartition(id).into());
    };
    let recorded = {
        let _pinned = GucGuard::new();
        parent_of(&Connection::open()?, id)?
    };
    let oid = match (wanted, recorded) {
        // The name is resolved by the caller's search_path.
        (Some(name), _) => named(name)?,
        (None, Some(recorded)) => recorded,
        (None, None) => named(archived)?,
    };
    let parent = read(oid)?;
    let owner = lock_parent(&parent)?;
    Ok(Found { parent, owner, is_same: recorded == Some(oid) })
}

fn named(name: &str) -> Result<u32, Error> {
    let found: Option<u32> = queries::value(&Connection::open()?, sql!("relation_by_name"), &[Arg::Text(name)], "oid")?;
    found.ok_or_else(|| Error::Missing {
        what: format!("relation {name}"),
        hint: "The option parent names the table that the partition is to belong to now.".into(),
        code: PgSqlErrorCode::ERRCODE_UNDEFINED_TABLE,
    })
}

query! {
    struct ParentTable = "parent_table" {
        schema: String,
        name: String,
        partitioned: bool,
    }
}

fn read(oid: u32) -> Result<Parent, Error> {
    let _pinned = GucGuard::new();
    let found: Option<ParentTable> = queries::optional(&Connection::open()?, &[Arg::Int(oid.into())])?;
    let Some(ParentTable { schema, name, partitioned }) = found else {
        return Err(Error::Missing {
            what: format!("relation with OID {oid}"),
            hint: String::new(),
            code: PgSqlErrorCode::ERRCODE_UNDEFINED_TABLE,
        });
    };
    let parent = Parent { oid, schema, name };
    if partitioned {
        return Ok(parent);
    }
    Err(RestoreError::NotPartitioned(parent.quoted()).into())
}
