//! What a caller wants of SQLite's schema.

use serde::Deserialize;

/// The options of an import.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SqliteOptions {
    /// The name of a column for the number of rows, in tables without a primary key. Absent: none is made.
    pub rowid: Option<String>,
    /// Whether foreign keys are taken: SQLite enforces them only in sessions that ask for it.
    pub foreign_keys: bool,
    /// Whether rows are searched that break foreign keys.
    pub check_rows: bool,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self { rowid: None, foreign_keys: true, check_rows: false }
    }
}
