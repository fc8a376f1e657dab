//! The options of DDL. Parsed from JSON; an unknown key is an error that lists the known ones.

use serde::Deserialize;

use crate::model::Section;

/// How to print passwords in user mappings and connection strings.
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
    /// For a single object: include the objects that belong to it. By default, the function decides.
    pub dependents: Option<bool>,
    pub owner: bool,
    pub privileges: bool,
    pub comments: bool,
    pub security_labels: bool,
    pub tablespaces: bool,
    pub if_not_exists: bool,
    /// Begin with DROP statements in reverse order.
    pub drop: bool,
    /// Include roles, tablespaces and database settings.
    pub cluster: bool,
    pub secrets: Secrets,
    pub sections: Vec<Section>,
    /// psql patterns, `schema` or `schema.name`, of objects to exclude.
    pub exclude: Vec<String>,
    /// Include pgmeta's own objects.
    #[serde(rename = "self")]
    pub own: bool,
    /// For files: remove the files of objects that the last export included and this one does not.
    pub prune: bool,
    /// End with REFRESH MATERIALIZED VIEW for those that are populated.
    pub refresh: bool,
    /// Report progress with INFO messages.
    pub progress: bool,
    /// Include row estimates and sizes of tables in a snapshot.
    pub sizes: bool,
    /// Include CREATE DATABASE, for the DDL of a single database. Not an option of the caller.
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
    /// Reads the options. Errors are serde's, and list the known keys.
    pub fn from_value(value: serde_json::Value) -> Result<Self, serde_json::Error> {
        serde_json::from_value(value)
    }
}
