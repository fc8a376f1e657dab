//! The manifest: a JSON document that describes the data files of an archive and how to verify them. It is written last:
//! without it there is no archive.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::composite::Composite;
use crate::compression::Compression;
use crate::format::{Field, Format};
use crate::options::ParquetTypes;
use crate::value::Kind;

/// Version 1: lines of JSON are the output of `row_to_json`. Version 3: the archive may have a slice.
pub const FORMAT_VERSION: u32 = 3;

/// Returns the version of a new manifest. Without a slice it is 2, which older versions of pgmeta can read.
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
    /// The encoding of all text in the files.
    pub encoding: String,
    pub schema: String,
    pub partition: String,
    /// The quoted name of the partitioned table.
    pub parent: Option<String>,
    /// The partition bound as the server prints it.
    pub bound: Option<String>,
    /// The archived rows, if they are not the whole partition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slice: Option<Slice>,
    /// The snapshot in which the rows of a slice were read, from `pg_current_snapshot`. It shows which rows were inserted
    /// later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<String>,
    pub columns: Vec<Column>,
    /// The composite types of columns, and those inside of them. Older manifests do not have them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub composites: Vec<Composite>,
    /// The SQL that creates the table again, without its parent.
    pub ddl: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub properties: Option<Properties>,
    pub format: Format,
    pub compression: Compression,
    /// The types of a Parquet file. Absent in archives of version 0.1, which have native types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parquet_types: Option<ParquetTypes>,
    pub rows: u64,
    /// The digest of the records with their newlines: see [`crate::digest`].
    pub row_digest: String,
    /// The digest of values that are verified by input functions. Absent if no column needs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Values>,
    /// The WAL position at which the rows were read.
    pub lsn: String,
    pub written_at: String,
    pub files: Vec<DataFile>,
}

/// Rows of a DEFAULT partition with keys from the lower value (inclusive) to the upper value (exclusive). Keys are as the
/// server prints them.
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
    /// The form of the column's values in the files.
    pub kind: Kind,
    /// The ID of the column in the Parquet schema. It stays when the column is renamed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field_id: Option<i32>,
}

/// The digest of columns whose stored values may contain OIDs, computed from their text, which contains none.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Values {
    /// The columns whose values are verified by the input or receive functions of their types.
    pub columns: Vec<String>,
    /// See [`crate::digest`]. In the binary format: the digest of whole rows, with these columns as text. Otherwise: the
    /// digest of these columns.
    pub digest: String,
}

/// Properties of the table beside its columns.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Properties {
    /// The table in a snapshot of pgmeta, which has its own format.
    pub snapshot: serde_json::Value,
    /// The attribute numbers of the columns in the parent. They stay when a column is renamed and are never reused.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub numbers: BTreeMap<String, i32>,
    /// The publications that included the table by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub publications: Vec<Publication>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    pub name: String,
    /// Absent: all columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<String>>,
    /// The row filter as SQL.
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

    /// Returns whether a line of JSON has the text of each value, as [`crate::jsonl`] reads it.
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

    /// Returns the columns as fields of the files.
    pub fn fields(&self) -> Arc<[Field]> {
        self.columns.iter().map(|column| Field::new(&column.name, column.kind, &column.data_type)).collect()
    }

    pub fn to_json(&self) -> Result<String, ManifestError> {
        Ok(serde_json::to_string_pretty(self)?)
    }
}
