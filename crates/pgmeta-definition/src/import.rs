//! Definitions that other tools write: read, with a report of what the source does not say or a definition does not take. Makes no
//! silent defaults, and prints nothing.

mod builder;
mod dbml;
mod json_schema;
mod keys;
mod moment;
mod sqlite;

use serde::Serialize;
use serde_json::Value;

use crate::definition::Definition;
use crate::validate::Level;

pub use builder::from_builder;
pub use dbml::from_dbml;
pub use json_schema::from_json_schema;
pub use sqlite::{
    SqliteColumn, SqliteForeignKey, SqliteGenerated, SqliteIndex, SqliteIndexColumn, SqliteOptions, SqliteOrigin,
    SqliteSchema, SqliteTable, SqliteTrigger, SqliteView, from_sqlite,
};

/// What the source did not say, or what was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// Where in the source, as a JSON pointer.
    pub path: String,
    /// What kind of remark.
    pub code: &'static str,
    /// How bad it is: `error`, `warning` or `info`.
    pub level: &'static str,
    /// What was done.
    pub message: String,
}

/// A definition that was read, and the remarks on it.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// The definition.
    pub definition: Definition,
    /// The remarks, in the order of the source.
    pub report: Vec<Remark>,
}

/// Why a source is not read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid {format} document: {message}")]
pub struct ImportError {
    /// The format.
    pub format: &'static str,
    /// What is wrong.
    pub message: String,
}

impl Imported {
    fn remark(&mut self, path: &str, code: &'static str, level: Level, message: String) {
        self.report.push(Remark { path: path.to_owned(), code, level: level.word(), message });
    }
}

/// Returns a key as a part of a JSON pointer.
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn text<'v>(own: &'v Value, key: &str) -> Option<&'v str> {
    own.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
}
