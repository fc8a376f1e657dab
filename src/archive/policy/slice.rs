//! Slices of DEFAULT partitions: the SQL conditions for their rows, for a table `r`. Does not choose slices.

use pgmeta_archive::manifest::{Manifest, Slice};
use pgmeta_core::ident::{ident, literal};
use pgrx::PgSqlErrorCode;

use crate::archive::errors::TransferError;
use crate::archive::transfer::partition::Partition;
use crate::error::Error;

/// Returns the condition for the rows of a slice.
pub fn condition(table: &Partition, slice: &Slice) -> Result<String, Error> {
    let Slice { column, lower, upper } = slice;
    let Some(found) = table.columns.iter().find(|known| known.name == *column) else {
        return Err(Error::Missing {
            what: format!("column {} of {}", ident(column), table.quoted()),
            hint: "The table was partitioned by it when its rows were archived.".into(),
            code: PgSqlErrorCode::ERRCODE_UNDEFINED_COLUMN,
        });
    };
    let base = match found.base.as_str() {
        // A bound may be out of range for the column's type.
        "int2" | "int4" | "int8" => "int8",
        base @ ("date" | "timestamp" | "timestamptz" | "uuid") => base,
        _ => {
            return Err(TransferError::NoSlices {
                column: ident(column),
                table: table.quoted(),
                data_type: found.data_type.clone(),
            }
            .into());
        }
    };
    let name = ident(column);
    // Use the operators of the base type: a domain may have others.
    let key = if found.domain { format!("r.{name}::pg_catalog.{}", found.base) } else { format!("r.{name}") };
    let bound = |value: &str| format!("{}::pg_catalog.{base}", literal(value));
    Ok(format!("{key} >= {} AND {key} < {}", bound(lower), bound(upper)))
}

/// Returns the condition for all rows that are in an archive's slice now; none for a whole table.
pub fn now(table: &Partition, manifest: &Manifest) -> Result<Option<String>, Error> {
    manifest.slice.as_ref().map(|slice| condition(table, slice)).transpose()
}

/// Returns the condition for the rows that existed when the archive was made. Later rows stay for the next archive.
pub fn archived(table: &Partition, manifest: &Manifest) -> Result<Option<String>, Error> {
    let Some(condition) = now(table, manifest)? else { return Ok(None) };
    let Some(snapshot) = &manifest.snapshot else { return Ok(Some(condition)) };
    // Rows store the last 32 bits of a transaction ID. Take the ID with these bits that is nearest to the snapshot; IDs
    // below 3 are not of transactions. If that is wrong (very old rows, subtransactions), the digest of the found rows
    // differs.
    let snapshot = literal(snapshot);
    let next = format!("pg_catalog.pg_snapshot_xmax({snapshot}::pg_catalog.pg_snapshot)::text::pg_catalog.int8");
    let behind = format!("(({next} - r.xmin::text::pg_catalog.int8 + 2147483648) & 4294967295) - 2147483648");
    Ok(Some(format!(
        "{condition} AND (r.xmin::text::pg_catalog.int8 < 3 OR pg_catalog.pg_visible_in_snapshot(\
            GREATEST({next} - ({behind}), 3)::text::pg_catalog.xid8, {snapshot}::pg_catalog.pg_snapshot))"
    )))
}
