//! What a server counts about tables and indexes. `src/catalog` fills it in; of a snapshot there are none.

use schemars::JsonSchema;
use serde::Serialize;

use pgmeta_core::ident::Name;

/// What a server has counted about tables and indexes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Statistics {
    /// Since when the counters count, as a timestamp. Null: they never were reset.
    pub since: Option<String>,
    /// The tables and materialized views, by schema and name.
    pub tables: Vec<TableStatistics>,
    /// The indexes, by schema and name.
    pub indexes: Vec<IndexStatistics>,
}

/// What is known of a table's size and use.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct TableStatistics {
    /// The schema of the table.
    pub schema: Name,
    /// The name of the table.
    pub name: Name,
    /// The estimated number of rows. Null: the server has no estimate.
    pub rows_estimate: Option<i64>,
    /// The size on disk in bytes, with TOAST and without indexes. Partitioned tables have 0.
    pub bytes: i64,
    /// The size of all its indexes in bytes.
    pub index_bytes: i64,
    /// The number of rows that are not deleted, as the server estimates it.
    pub live_rows: i64,
    /// The number of deleted rows that VACUUM has not removed, as the server estimates it.
    pub dead_rows: i64,
    /// How often it was scanned as a whole.
    pub sequential_scans: i64,
    /// The number of rows that these scans read.
    pub sequential_rows_read: i64,
    /// How often one of its indexes was scanned.
    pub index_scans: i64,
    /// The number of rows that were inserted.
    pub rows_inserted: i64,
    /// The number of rows that were updated.
    pub rows_updated: i64,
    /// The number of rows that were deleted.
    pub rows_deleted: i64,
    /// When VACUUM or autovacuum last ended, as a timestamp. Null: not since the counters began.
    pub last_vacuum: Option<String>,
    /// When ANALYZE or autovacuum's analyze last ended, as a timestamp. Null: not since the counters began.
    pub last_analyze: Option<String>,
}

/// What is known of an index's size and use.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct IndexStatistics {
    /// The schema of the index.
    pub schema: Name,
    /// The name of the index.
    pub name: Name,
    /// The name of the table.
    pub table: Name,
    /// The size on disk in bytes.
    pub bytes: i64,
    /// How often it was scanned.
    pub scans: i64,
    /// The number of entries that scans returned.
    pub tuples_read: i64,
    /// The number of rows of the table that simple index scans fetched.
    pub tuples_fetched: i64,
    /// When it was last scanned, as a timestamp. Null: not since the counters began, or the server is older than 16.
    pub last_scan: Option<String>,
}
