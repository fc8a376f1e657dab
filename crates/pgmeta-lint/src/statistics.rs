//! What a server knows of a schema beyond its definition: sizes, use, distributions. Plain data, which `src/catalog` reads.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// The facts of a database. What was not read is absent, and so is what the role may not see.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Statistics {
    /// The seconds since the counters of use were reset. Absent: they never were, or it is not known.
    pub seconds_since_reset: Option<f64>,
    /// Whether the server is a standby: queries on other servers are not counted here.
    pub standby: bool,
    /// Whether the database has standbys, whose queries are not counted here.
    pub has_standbys: bool,
    /// The number of tables of whose columns the role may not see statistics.
    pub hidden_tables: i64,
    /// Facts of tables and materialized views, by `schema`, then name.
    pub tables: Option<Named<TableFacts>>,
    /// Facts of indexes, those of constraints included, by schema, then name.
    pub indexes: Option<Named<IndexFacts>>,
    /// Facts of columns, by schema, then table, then column.
    pub columns: Option<Named<BTreeMap<String, ColumnFacts>>>,
    /// The last values of sequences, by schema, then name. Null: it was never used.
    pub sequences: Option<Named<Option<i64>>>,
    /// Facts of databases, by name.
    pub databases: Option<BTreeMap<String, DatabaseFacts>>,
    /// The version that CREATE EXTENSION would install, by name.
    pub extensions: Option<BTreeMap<String, String>>,
    /// The addresses of the objects of a saved snapshot: type and identity.
    pub registered: Option<BTreeSet<String>>,
}

/// By schema and name.
pub type Named<T> = BTreeMap<String, BTreeMap<String, T>>;

/// Facts of a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TableFacts {
    /// The estimated number of rows. Absent: it was never analyzed.
    pub rows: Option<f64>,
    /// The size in bytes, with TOAST and without indexes.
    pub bytes: Option<i64>,
    /// The estimated bytes that a rewrite would free.
    pub bloat_bytes: Option<i64>,
    /// The number of sequential scans.
    pub seq_scans: Option<i64>,
    /// The rows that sequential scans returned.
    pub seq_rows: Option<i64>,
    /// The number of index scans.
    pub index_scans: Option<i64>,
    /// The rows inserted, updated and deleted.
    pub writes: Option<i64>,
    /// The age of `relfrozenxid` in transactions.
    pub age: Option<i64>,
}

/// Facts of an index.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IndexFacts {
    /// The number of scans.
    pub scans: Option<i64>,
    /// The size in bytes.
    pub bytes: Option<i64>,
    /// The estimated bytes that a rebuild would free.
    pub bloat_bytes: Option<i64>,
    /// Whether a session builds it now.
    pub in_progress: bool,
}

/// Facts of a column.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ColumnFacts {
    /// The fraction of nulls.
    pub null_fraction: f64,
    /// The number of distinct values; negative: its fraction of the rows.
    pub distinct: f64,
}

/// Facts of a database.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseFacts {
    /// The age of `datfrozenxid` in transactions.
    pub age: i64,
    /// `autovacuum_freeze_max_age`.
    pub freeze_max_age: i64,
}

/// Returns what is there for a schema and a name.
fn find<'a, T>(named: &'a Option<Named<T>>, schema: &str, name: &str) -> Option<&'a T> {
    named.as_ref()?.get(schema)?.get(name)
}

impl Statistics {
    /// Returns the facts of a table or materialized view.
    pub fn table(&self, schema: &str, name: &str) -> Option<&TableFacts> {
        find(&self.tables, schema, name)
    }

    /// Returns the facts of an index.
    pub fn index(&self, schema: &str, name: &str) -> Option<&IndexFacts> {
        find(&self.indexes, schema, name)
    }

    /// Returns the facts of a column.
    pub fn column(&self, schema: &str, table: &str, column: &str) -> Option<&ColumnFacts> {
        find(&self.columns, schema, table)?.get(column)
    }

    /// Returns the last value of a sequence that was used.
    pub fn last_value(&self, schema: &str, name: &str) -> Option<i64> {
        *find(&self.sequences, schema, name)?
    }
}
