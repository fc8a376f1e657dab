//! The JSON document: reading with the path of what is wrong, and the published JSON Schema.

use crate::model::{FORMAT_VERSION, Model};

/// Why a document is not a model.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    #[error("invalid snapshot at {path}: {message}")]
    Invalid { path: String, message: String },
    #[error("snapshot has format version {0}, newer than {FORMAT_VERSION}, which this version reads")]
    TooNew(u64),
}

impl Model {
    /// Reads a document; unknown keys are errors.
    pub fn from_json(text: &str) -> Result<Self, JsonError> {
        // Keeping track of the path to what is wrong costs time that only a wrong document is worth.
        if is_object(text)
            && let Ok(model) = serde_json::from_str(text)
        {
            return Self::checked(model);
        }
        let value = serde_json::from_str(text)
            .map_err(|error| JsonError::Invalid { path: "$".into(), message: error.to_string() })?;
        Self::from_value(value)
    }

    /// Reads a document that is parsed already.
    pub fn from_value(value: serde_json::Value) -> Result<Self, JsonError> {
        // Taken apart by position, an array could be read as an object too.
        if !value.is_object() {
            return Err(JsonError::Invalid { path: "$".into(), message: "expected a JSON object".into() });
        }
        let model = serde_path_to_error::deserialize(value).map_err(|error| JsonError::Invalid {
            path: error.path().to_string(),
            message: error.inner().to_string(),
        })?;
        Self::checked(model)
    }

    fn checked(mut model: Self) -> Result<Self, JsonError> {
        if model.format_version > FORMAT_VERSION {
            return Err(JsonError::TooNew(model.format_version.into()));
        }
        model.sort();
        Ok(model)
    }

    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Returns the JSON Schema (draft 2020-12) of the document.
    pub fn json_schema() -> serde_json::Value {
        schemars::schema_for!(Model).into()
    }
}

fn is_object(text: &str) -> bool {
    text.trim_start().starts_with('{')
}
