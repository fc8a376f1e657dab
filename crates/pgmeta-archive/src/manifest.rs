//! The document that makes data files an archive: written last, it says what they hold and how to prove it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::compression::Compression;
use crate::format::{Field, Format};
use crate::value::Kind;

pub const FORMAT_VERSION: u32 = 1;

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
    pub columns: Vec<Column>,
    /// The SQL that makes the table again, without its parent.
    pub ddl: String,
    pub format: Format,
    pub compression: Compression,
    pub rows: u64,
    /// See [`crate::digest`]: of the records with their newlines.
    pub row_digest: String,
    /// The write-ahead log's position when the rows were read.
    pub lsn: String,
    pub written_at: String,
    pub files: Vec<DataFile>,
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
    #[error("the manifest has format version {0}, newer than {FORMAT_VERSION}, which this version reads")]
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

    /// Returns the columns as files have them.
    pub fn fields(&self) -> Arc<[Field]> {
        self.columns.iter().map(|column| Field::new(&column.name, column.kind, &column.data_type)).collect()
    }

    pub fn to_json(&self) -> Result<String, ManifestError> {
        Ok(serde_json::to_string_pretty(self)?)
    }
}
