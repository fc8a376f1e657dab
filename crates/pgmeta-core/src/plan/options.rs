//! The options of diffs and plans. Parsed from JSON; an unknown key is an error that lists the known ones.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diff::Renames;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// The schemas to compare. By default, all schemas of both sides.
    pub schemas: Option<Vec<String>>,
    /// The object types to compare, as in `pg_identify_object`.
    pub types: Option<Vec<String>>,
    /// psql patterns, `schema` or `schema.name`, of the objects to ignore on both sides.
    pub exclude: Vec<String>,
    /// Compare pgmeta's own objects, too.
    #[serde(rename = "self")]
    pub own: bool,
    /// Drop the objects that the target does not have.
    pub drops: bool,
    /// Build and drop indexes of tables in use without blocking writes.
    pub concurrently: bool,
    pub owner: bool,
    pub privileges: bool,
    pub comments: bool,
    pub security_labels: bool,
    pub tablespaces: bool,
    /// Time limit for the wait for a lock, in milliseconds.
    pub lock_timeout: i32,
    /// Time limit of a statement, in milliseconds.
    pub statement_timeout: i32,
    /// Time limit of a statement that reads or writes whole tables, in milliseconds.
    pub slow_statement_timeout: i32,
    /// Maximum number of rows of a small table: its changes use simple statements, which block.
    pub small_table_rows: i64,
    /// The hazards that pgmeta_apply accepts.
    pub allow_hazards: Vec<String>,
    /// The fingerprint that the live side must have.
    pub expected_fingerprint: Option<String>,
    /// Objects with other names in the target, from old identity to new name.
    pub renames: Renames,
    /// Expressions that convert columns which change their type, from `schema.table.column` to the expression.
    pub using: BTreeMap<String, String>,
    /// Copy the rows of tables that no ALTER TABLE can change. If false, a plan refuses such a change.
    pub copy_tables: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            schemas: None,
            types: None,
            exclude: Vec::new(),
            own: false,
            drops: true,
            concurrently: true,
            owner: true,
            privileges: true,
            comments: true,
            security_labels: true,
            tablespaces: true,
            lock_timeout: 3_000,
            statement_timeout: 15_000,
            slow_statement_timeout: 1_200_000,
            small_table_rows: 1_000,
            allow_hazards: Vec::new(),
            expected_fingerprint: None,
            renames: Renames::default(),
            using: BTreeMap::new(),
            copy_tables: true,
        }
    }
}

impl Options {
    /// Reads the options; the error is serde's own, which lists the known keys.
    pub fn from_value(value: serde_json::Value) -> Result<Self, serde_json::Error> {
        serde_json::from_value(value)
    }

    /// Returns these options for the DDL in a plan.
    pub fn ddl(&self) -> crate::ddl::Options {
        crate::ddl::Options {
            owner: self.owner,
            privileges: self.privileges,
            comments: self.comments,
            security_labels: self.security_labels,
            tablespaces: self.tablespaces,
            // A masked snapshot contains no secrets.
            secrets: crate::ddl::Secrets::Include,
            ..crate::ddl::Options::default()
        }
    }
}
