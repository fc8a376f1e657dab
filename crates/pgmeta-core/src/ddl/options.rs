//! What the caller may choose about the DDL. Parsed from JSON; an unknown key is an error that lists the known ones.

use serde::Deserialize;

use crate::model::Section;

/// What to do with passwords in user mappings and connection strings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Secrets {
    #[default]
    Mask,
    Include,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Of one object: also what belongs to it. Absent: the function's own default.
    pub dependents: Option<bool>,
    pub owner: bool,
    pub privileges: bool,
    pub comments: bool,
    pub security_labels: bool,
    pub tablespaces: bool,
    pub if_not_exists: bool,
    /// DROP statements in reverse order first.
    pub drop: bool,
    /// Roles, tablespaces, database settings too.
    pub cluster: bool,
    pub secrets: Secrets,
    pub sections: Vec<Section>,
    /// psql patterns, `schema` or `schema.name`, of what to leave out.
    pub exclude: Vec<String>,
    /// Also what is pgmeta's own.
    #[serde(rename = "self")]
    pub own: bool,
    /// Of files: remove those of objects that the last export was asked for and this one is not.
    pub prune: bool,
    /// REFRESH MATERIALIZED VIEW at the end for those that held rows.
    pub refresh: bool,
    /// INFO messages on long work.
    pub progress: bool,
    /// Row estimates and bytes of tables in a snapshot.
    pub sizes: bool,
    /// Not the caller's to choose: CREATE DATABASE too, for the DDL of a single database.
    #[serde(skip)]
    pub create_database: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            dependents: None,
            owner: true,
            privileges: true,
            comments: true,
            security_labels: true,
            tablespaces: true,
            if_not_exists: false,
            drop: false,
            cluster: false,
            secrets: Secrets::Mask,
            sections: vec![Section::PreData, Section::PostData],
            exclude: Vec::new(),
            own: false,
            prune: false,
            refresh: false,
            progress: false,
            sizes: false,
            create_database: false,
        }
    }
}

impl Options {
    /// Reads the options; the error is serde's own, which lists the known keys.
    pub fn from_value(value: serde_json::Value) -> Result<Self, serde_json::Error> {
        serde_json::from_value(value)
    }
}
