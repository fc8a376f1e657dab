//! What SQLite itself says of a database, as rows, and which of its tables belong to a module.

use pgmeta_core::interrupt::check;
use rustc_hash::FxHashSet;
use serde::Deserialize;

/// The schema of a database.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct SqliteSchema {
    /// The tables, without SQLite's own.
    pub tables: Vec<SqliteTable>,
    /// The views.
    pub views: Vec<SqliteView>,
    /// The triggers.
    pub triggers: Vec<SqliteTrigger>,
    /// Whether the last changes may be in a write-ahead log, which is a file of its own.
    pub has_log: bool,
}

/// What the names of tables end in that serve a virtual table: FTS3 to FTS5, R*Tree and Geopoly.
const SHADOWS: [&str; 11] =
    ["config", "content", "data", "docsize", "idx", "node", "parent", "rowid", "segdir", "segments", "stat"];

impl SqliteSchema {
    /// Marks the tables that serve a virtual one, as that is.
    pub fn mark_shadows(&mut self) {
        let names = self.tables.iter().filter(|own| own.is_virtual).map(|own| own.name.to_ascii_lowercase());
        let names: FxHashSet<String> = names.collect();
        for own in &mut self.tables {
            check();
            let lower = own.name.to_ascii_lowercase();
            let parts = lower.rsplit_once('_');
            own.is_virtual |= parts.is_some_and(|(of, end)| SHADOWS.contains(&end) && names.contains(of));
        }
    }
}

impl SqliteTable {
    /// Returns whether its statement is CREATE TABLE.
    pub fn is_ordinary(&self) -> bool {
        let is = |at: usize, word: &str| {
            let rest = self.sql.split_ascii_whitespace().nth(at);
            rest.is_some_and(|own| own.eq_ignore_ascii_case(word))
        };
        is(0, "CREATE") && is(1, "TABLE")
    }
}

/// A table.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct SqliteTable {
    /// The name.
    pub name: String,
    /// Its CREATE TABLE.
    pub sql: String,
    /// Whether a module of SQLite has its rows, or it serves one.
    pub is_virtual: bool,
    /// The columns, in order.
    pub columns: Vec<SqliteColumn>,
    /// The indexes, those of constraints too, in the order of their creation.
    pub indexes: Vec<SqliteIndex>,
    /// The foreign keys, in the order of the statement.
    pub foreign_keys: Vec<SqliteForeignKey>,
    /// Whether the caller wanted the rows to be checked, and they were not.
    pub rows_not_checked: bool,
}

/// A column of a table.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct SqliteColumn {
    /// The name.
    pub name: String,
    /// The type as it is written, or nothing.
    pub data_type: String,
    /// Whether it has NOT NULL.
    pub not_null: bool,
    /// The default, as SQL.
    pub default: Option<String>,
    /// Its place in the primary key, from 1; 0: it does not belong to it.
    pub key_position: u32,
    /// Whether it is generated and not stored, or stored.
    pub generated: Option<SqliteGenerated>,
    /// The collation.
    pub collation: String,
    /// Whether it has AUTOINCREMENT.
    pub autoincrement: bool,
}

/// How a generated column is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum SqliteGenerated {
    /// It is computed when it is read.
    Virtual,
    /// It is computed when a row is written.
    Stored,
}

/// What an index belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum SqliteOrigin {
    /// A CREATE INDEX.
    #[default]
    Statement,
    /// A unique constraint.
    Unique,
    /// The primary key.
    PrimaryKey,
}

/// An index.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct SqliteIndex {
    /// The name.
    pub name: String,
    /// Whether it is unique.
    pub is_unique: bool,
    /// What it belongs to.
    pub origin: SqliteOrigin,
    /// Its CREATE INDEX.
    pub sql: Option<String>,
    /// The columns of the key.
    pub columns: Vec<SqliteIndexColumn>,
}

/// A column of an index.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct SqliteIndexColumn {
    /// The name of the column; none for an expression.
    pub name: Option<String>,
    /// Whether it is sorted in descending order.
    pub descending: bool,
    /// The collation.
    pub collation: String,
}

/// A foreign key.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct SqliteForeignKey {
    /// The table that it refers to.
    pub table: String,
    /// The columns of this table.
    pub columns: Vec<String>,
    /// The columns of the other; none: its primary key.
    pub references: Vec<String>,
    /// The action when the other row is updated.
    pub on_update: String,
    /// The action when the other row is deleted.
    pub on_delete: String,
    /// How many rows refer to nothing; 0 if none were searched.
    pub violations: u64,
}

/// A view.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct SqliteView {
    /// The name.
    pub name: String,
    /// Its CREATE VIEW.
    pub sql: String,
}

/// A trigger.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct SqliteTrigger {
    /// The name.
    pub name: String,
    /// The table or view that it watches.
    pub table: String,
    /// Its CREATE TRIGGER.
    pub sql: String,
}
