//! What the caller may choose about diffs and plans. Parsed from JSON; an unknown key is an error that lists the known ones.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::diff::Renames;

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// The schemas to compare; absent: all of both sides.
    pub schemas: Option<Vec<String>>,
    /// The types to compare, in the words of `pg_identify_object`.
    pub types: Option<Vec<String>>,
    /// psql patterns, `schema` or `schema.name`, of what to leave out on both sides.
    pub exclude: Vec<String>,
    /// Compare what is pgmeta's own too.
    #[serde(rename = "self")]
    pub own: bool,
    /// Drop what the target has not.
    pub drops: bool,
    /// Build and drop indexes of tables that are in use without blocking writes.
    pub concurrently: bool,
    pub owner: bool,
    pub privileges: bool,
    pub comments: bool,
    pub security_labels: bool,
    pub tablespaces: bool,
    /// How long a statement may wait for a lock, in milliseconds.
    pub lock_timeout: i32,
    /// How long a statement may run, in milliseconds.
    pub statement_timeout: i32,
    /// The same for statements that read or write whole tables.
    pub slow_statement_timeout: i32,
    /// Up to how many rows a table counts as small, so that the simple form of a change will do.
    pub small_table_rows: i64,
    /// The hazards that pgmeta_apply accepts.
    pub allow_hazards: Vec<String>,
    /// The fingerprint that the live side must have.
    pub expected_fingerprint: Option<String>,
    /// What is called otherwise on the target's side, from old identity to new name.
    pub renames: Renames,
    /// The caller's own conversions of columns that get another type, from `schema.table.column` to an expression.
    pub using: BTreeMap<String, String>,
    /// Copy the rows of tables that no ALTER makes what they are to be; otherwise a plan refuses to change them.
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

    /// Returns the same choices for the DDL that a plan is made of.
    pub fn ddl(&self) -> crate::ddl::Options {
        crate::ddl::Options {
            owner: self.owner,
            privileges: self.privileges,
            comments: self.comments,
            security_labels: self.security_labels,
            tablespaces: self.tablespaces,
            // What a snapshot has masked, it does not have.
            secrets: crate::ddl::Secrets::Include,
            ..crate::ddl::Options::default()
        }
    }
}
