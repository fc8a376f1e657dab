//! The options of a policy, as JSON. Unknown keys are errors.

use serde::{Deserialize, Serialize};

use crate::compression::Compression;
use crate::format::Format;
use crate::template::{self, TemplateError};

/// What to do with a partition whose archive is verified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Retire {
    #[default]
    Keep,
    Detach,
    Drop,
    Move,
}

impl Retire {
    pub fn word(self) -> &'static str {
        match self {
            Retire::Keep => "keep",
            Retire::Detach => "detach",
            Retire::Drop => "drop",
            Retire::Move => "move",
        }
    }
}

/// What to do with old rows in a table's DEFAULT partition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DefaultRows {
    #[default]
    Keep,
    /// Archives them like partitions, then deletes them as `retire` says.
    Archive,
}

/// The unit of a key column that contains times but has no date or time type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Epoch {
    S,
    Ms,
    Us,
    /// The milliseconds at the start of a UUID of version 7.
    Uuid7,
}

impl Epoch {
    pub fn per_second(self) -> i64 {
        match self {
            Epoch::S => 1,
            Epoch::Ms | Epoch::Uuid7 => 1_000,
            Epoch::Us => 1_000_000,
        }
    }
}

/// The Parquet types of values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ParquetTypes {
    /// Types that DuckDB, pyarrow and Spark can read. A value that one of them rejects is stored as text.
    #[default]
    Portable,
    /// The Parquet types that are nearest to PostgreSQL's.
    Native,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    pub format: Format,
    pub compression: Compression,
    pub compression_level: Option<i32>,
    pub retire: Retire,
    /// The schema to which `retire: move` moves partitions.
    pub move_to: Option<String>,
    pub path_template: Option<String>,
    /// Approximate size of a file in bytes, after which the next one begins.
    pub file_size: u64,
    /// Number of rows in a Parquet row group.
    pub row_group_size: u32,
    pub parquet_types: ParquetTypes,
    /// The columns to archive; absent: all.
    pub columns: Option<Vec<String>>,
    /// The search_path, after pg_catalog, of functions that the columns' types call during verification.
    pub search_path: Option<String>,
    pub default_rows: DefaultRows,
    /// Number of the newest partitions to keep, however old they are.
    pub keep_newest: u32,
    /// Milliseconds to wait for the locks of retiring.
    pub lock_timeout: Option<u32>,
    /// Milliseconds that an object store may take to answer a request.
    pub upload_timeout: Option<u32>,
    pub time_zone: String,
    pub epoch: Option<Epoch>,
    pub max_attempts: u32,
    /// Wait after the first failure, as an interval of PostgreSQL. It doubles with each further failure.
    pub backoff: String,
    /// Number of workers of the policy.
    pub workers: Option<u32>,
    /// When workers start: a cron expression or an interval.
    pub schedule: Option<String>,
    /// Whether workers detach partitions without blocking readers, if the server can.
    pub detach_concurrently: bool,
    /// Age at which archives are deleted, as an interval of PostgreSQL.
    pub expire: Option<String>,
    /// A channel that is notified of every change of state.
    pub notify: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            format: Format::default(),
            compression: Compression::default(),
            compression_level: None,
            retire: Retire::default(),
            move_to: None,
            path_template: None,
            file_size: 4 << 30,
            row_group_size: 122_880,
            parquet_types: ParquetTypes::default(),
            columns: None,
            search_path: None,
            default_rows: DefaultRows::default(),
            keep_newest: 0,
            lock_timeout: None,
            upload_timeout: None,
            time_zone: "UTC".to_owned(),
            epoch: None,
            max_attempts: 5,
            backoff: "1 minute".to_owned(),
            workers: None,
            schedule: None,
            detach_concurrently: true,
            expire: None,
            notify: None,
        }
    }
}

/// Minimum size of a file in bytes: headers and names would fill a smaller one.
const MIN_FILE: u64 = 64 * 1024;
const MAX_FILE: u64 = 5 << 40;

#[derive(Debug, thiserror::Error)]
pub enum OptionsError {
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error("option \"compression_level\" is not supported for compression \"{0}\"")]
    NoLevels(&'static str),
    #[error("option \"compression_level\" must be between {least} and {greatest} for compression \"{compression}\"")]
    Level { compression: &'static str, least: i32, greatest: i32 },
    #[error("option \"move_to\" is required when \"retire\" is \"move\"")]
    MoveNowhere,
    #[error("option \"move_to\" is not supported unless \"retire\" is \"move\"")]
    MoveUnused,
    #[error("cannot drop a partition of which only some columns are archived")]
    DropSome,
    #[error("cannot delete rows of which only some columns are archived from a DEFAULT partition")]
    DeleteSome,
    #[error("option \"columns\" must not be empty")]
    NoColumns,
    #[error("option \"columns\" names \"{0}\" more than once")]
    Twice(String),
    #[error("option \"{0}\" must be greater than zero")]
    Zero(&'static str),
    #[error("option \"file_size\" must be at least {MIN_FILE} bytes")]
    SmallFile,
    #[error("option \"file_size\" must be at most {MAX_FILE} bytes, the limit of object stores")]
    LargeFile,
    #[error(transparent)]
    Template(#[from] TemplateError),
}

impl Options {
    /// Reads options and checks those that depend on each other.
    pub fn from_json(text: &str) -> Result<Self, OptionsError> {
        let options: Self = serde_json::from_str(text)?;
        options.check()?;
        Ok(options)
    }

    fn check(&self) -> Result<(), OptionsError> {
        if let Some(level) = self.compression_level {
            let compression = self.compression.word();
            let (levels, _) = self.compression.levels().ok_or(OptionsError::NoLevels(compression))?;
            if !levels.contains(&level) {
                let (least, greatest) = (*levels.start(), *levels.end());
                return Err(OptionsError::Level { compression, least, greatest });
            }
        }
        match (self.retire, &self.move_to) {
            (Retire::Move, None) => return Err(OptionsError::MoveNowhere),
            (Retire::Move, Some(_)) | (_, None) => {}
            (_, Some(_)) => return Err(OptionsError::MoveUnused),
        }
        match &self.columns {
            Some(columns) if columns.is_empty() => return Err(OptionsError::NoColumns),
            Some(_) if self.retire == Retire::Drop => return Err(OptionsError::DropSome),
            Some(_) if self.retire != Retire::Keep && self.default_rows == DefaultRows::Archive => {
                return Err(OptionsError::DeleteSome);
            }
            _ => {}
        }
        if let Some(name) = self.columns.as_deref().and_then(twice) {
            return Err(OptionsError::Twice(name.clone()));
        }
        for (name, value) in [
            ("max_attempts", self.max_attempts),
            ("row_group_size", self.row_group_size),
            ("upload_timeout", self.upload_timeout.unwrap_or(1)),
            ("workers", self.workers.unwrap_or(1)),
        ] {
            if value == 0 {
                return Err(OptionsError::Zero(name));
            }
        }
        if self.file_size < MIN_FILE {
            return Err(OptionsError::SmallFile);
        }
        if self.file_size > MAX_FILE {
            return Err(OptionsError::LargeFile);
        }
        self.path_template.as_deref().map_or(Ok(()), template::check)?;
        Ok(())
    }
}

/// Returns a name that occurs more than once in a list.
fn twice(names: &[String]) -> Option<&String> {
    names.iter().enumerate().find(|(at, name)| names[..*at].contains(name)).map(|(_, name)| name)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn invalid_options_are_errors() {
        assert_eq!(Options::from_json("{}").unwrap(), Options::default());
        let error = |text: &str| Options::from_json(text).unwrap_err().to_string();
        assert!(error(r#"{"formats": "csv"}"#).contains("unknown field `formats`, expected one of `format`"));
        let wrong = [
            (
                r#"{"compression": "gzip", "compression_level": 12}"#,
                "option \"compression_level\" must be between 1 and 9 for compression \"gzip\"",
            ),
            (
                r#"{"compression": "none", "compression_level": 1}"#,
                "option \"compression_level\" is not supported for compression \"none\"",
            ),
            (r#"{"retire": "move"}"#, "option \"move_to\" is required when \"retire\" is \"move\""),
            (r#"{"move_to": "x"}"#, "option \"move_to\" is not supported unless \"retire\" is \"move\""),
            (
                r#"{"columns": ["a"], "retire": "drop"}"#,
                "cannot drop a partition of which only some columns are archived",
            ),
            (
                r#"{"columns": ["a"], "retire": "detach", "default_rows": "archive"}"#,
                "cannot delete rows of which only some columns are archived from a DEFAULT partition",
            ),
            (
                r#"{"file_size": 5497558138881}"#,
                "option \"file_size\" must be at most 5497558138880 bytes, the limit of object stores",
            ),
            (r#"{"columns": ["a", "b", "a"]}"#, "option \"columns\" names \"a\" more than once"),
            (r#"{"path_template": "../x"}"#, "path template \"../x\" leads out of the storage's URL"),
        ];
        for (text, message) in wrong {
            assert_eq!(error(text), message);
        }
    }
}
