//! The document that makes data files an archive: written last, it says what they hold and how to prove it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::composite::Composite;
use crate::compression::Compression;
use crate::format::{Field, Format};
use crate::options::ParquetTypes;
use crate::value::Kind;

/// Version 1 had what `row_to_json` returns as lines of JSON; version 3 has a slice.
pub const FORMAT_VERSION: u32 = 3;

/// Returns the version of a manifest: what has no slice is read by pgmeta of before there were any.
pub fn version_of(slice: Option<&Slice>) -> u32 {
    if slice.is_some() { FORMAT_VERSION } else { 2 }
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub format_version: u32,
    pub pgmeta_version: String,
    pub server_version_num: u32,
    pub database: String,
    /// Of all text in the files.
    pub encoding: String,
    pub schema: String,
    pub partition: String,
    /// The partitioned table, by its quoted name.
    pub parent: Option<String>,
    /// What the partition takes, as the server prints it.
    pub bound: Option<String>,
    /// The rows of the partition that the archive has, where it has not all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slice: Option<Slice>,
    /// The snapshot that rows of a slice were read in, as `pg_current_snapshot` returns it: which rows came later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<String>,
    pub columns: Vec<Column>,
    /// The composite types of columns, and those within them; manifests of before do not have them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub composites: Vec<Composite>,
    /// The SQL that makes the table again, without its parent.
    pub ddl: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub properties: Option<Properties>,
    pub format: Format,
    pub compression: Compression,
    /// Of Parquet; archives of version 0.1 do not say it, and have native ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parquet_types: Option<ParquetTypes>,
    pub rows: u64,
    /// See [`crate::digest`]: of the records with their newlines.
    pub row_digest: String,
    /// Of values that are proved by their input functions; nothing where no column needs that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Values>,
    /// The write-ahead log's position when the rows were read.
    pub lsn: String,
    pub written_at: String,
    pub files: Vec<DataFile>,
}

/// Rows of a DEFAULT partition, by their keys: from the lower one on, up to the upper one without it. Keys as the server prints them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Slice {
    pub column: String,
    pub lower: String,
    pub upper: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    pub name: String,
    pub data_type: String,
    #[serde(default)]
    pub generated: bool,
    /// What its values are in the files.
    pub kind: Kind,
    /// What the column is known by in Parquet's schema, whatever its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field_id: Option<i32>,
}

/// What the values of some columns are known by as text, which holds no OIDs.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Values {
    /// The columns whose values are read by their types' input functions, or receive functions.
    pub columns: Vec<String>,
    /// See [`crate::digest`]. In the binary format it is of whole rows, with these columns as text; otherwise of these columns.
    pub digest: String,
}

/// What the table had of its own, beside its columns.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Properties {
    /// The table in a snapshot of pgmeta's, which has a format of its own.
    pub snapshot: serde_json::Value,
    /// The numbers that the columns have in the parent, which stay when a column is renamed, and are never given again.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub numbers: BTreeMap<String, i32>,
    /// The publications that named it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub publications: Vec<Publication>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    pub name: String,
    /// Absent: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<String>>,
    /// As SQL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row_filter: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DataFile {
    pub key: String,
    pub bytes: u64,
    pub sha256: String,
    pub rows: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    #[error("invalid manifest: {0}")]
    Json(#[from] serde_json::Error),
    #[error("manifest format version {0} is not supported")]
    TooNew(u32),
}

impl Manifest {
    pub fn from_json(text: &str) -> Result<Self, ManifestError> {
        #[derive(Deserialize)]
        struct Version {
            format_version: u32,
        }
        let Version { format_version } = serde_json::from_str(text)?;
        if format_version > FORMAT_VERSION {
            return Err(ManifestError::TooNew(format_version));
        }
        Ok(serde_json::from_str(text)?)
    }

    /// Returns whether a line of JSON has the text of each value, as [`crate::jsonl`] writes it.
    pub fn has_typed_lines(&self) -> bool {
        self.format_version > 1
    }

    /// Returns the digest that a table with the same rows has.
    pub fn table_digest(&self) -> &str {
        match &self.values {
            Some(values) if self.format == Format::Binary => &values.digest,
            _ => &self.row_digest,
        }
    }

    /// Returns the columns as files have them.
    pub fn fields(&self) -> Arc<[Field]> {
        self.columns.iter().map(|column| Field::new(&column.name, column.kind, &column.data_type)).collect()
    }

    pub fn to_json(&self) -> Result<String, ManifestError> {
        Ok(serde_json::to_string_pretty(self)?)
    }
}
