//! The JSON document: reading with the path of an error, and the published JSON Schema.

use crate::model::writing::Written;
use crate::model::{FORMAT_VERSION, Model, reading};

/// Why a document is not a model.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    #[error("invalid snapshot at {path}: {message}")]
    /// The document is not valid JSON, or not a model.
    Invalid {
        /// The path of the error.
        path: String,
        /// The error.
        message: String,
    },
    #[error("snapshot has format version {0}, but this version of pgmeta supports only {FORMAT_VERSION} and older")]
    /// A later version of the format.
    TooNew(u64),
}

/// The path of the document itself.
const ROOT: &str = "$";

impl Model {
    /// Reads a document; unknown keys are errors.
    pub fn from_json(text: &str) -> Result<Self, JsonError> {
        // Tracking the path takes time, so only an invalid document is read with it.
        if is_object(text)
            && let Ok(model) = reading::sharing(|| serde_json::from_str(text))
        {
            return Self::checked(model);
        }
        Self::with_path(text)
    }

    /// Reads the document again to find the path of the error.
    fn with_path(text: &str) -> Result<Self, JsonError> {
        let at_top = |error: serde_json::Error| JsonError::Invalid { path: ROOT.into(), message: error.to_string() };
        let mut reader = serde_json::Deserializer::from_str(text);
        let mut read = || reading::sharing(|| serde_path_to_error::deserialize::<_, Self>(&mut reader));
        match is_object(text).then(&mut read) {
            Some(Err(error)) if error.inner().is_data() && !is_duplicate(error.inner()) => {
                let (path, error) = (text_of(error.path()), error.into_inner());
                let place = format!(" at line {} column {}", error.line(), error.column());
                let message = error.to_string();
                Err(JsonError::Invalid { path, message: message.strip_suffix(&place).unwrap_or(&message).to_owned() })
            }
            // Not JSON, or accepted by other readers: of two values with the same key the last one counts.
            _ => Self::from_value(serde_json::from_str(text).map_err(at_top)?),
        }
    }

    /// Reads a document that is parsed already.
    pub fn from_value(value: serde_json::Value) -> Result<Self, JsonError> {
        // serde would read an array as an object by position.
        if !value.is_object() {
            return Err(JsonError::Invalid { path: ROOT.into(), message: "expected a JSON object".into() });
        }
        let model = reading::sharing(|| serde_path_to_error::deserialize(value))
            .map_err(|error| JsonError::Invalid { path: text_of(error.path()), message: error.inner().to_string() })?;
        Self::checked(model)
    }

    fn checked(mut model: Self) -> Result<Self, JsonError> {
        if model.format_version > FORMAT_VERSION {
            return Err(JsonError::TooNew(model.format_version.into()));
        }
        match model.sort_and_find_duplicate() {
            // Two states of one object are ambiguous.
            Some((list, key)) => {
                Err(JsonError::Invalid { path: list.into(), message: format!("duplicate object {key}") })
            }
            None => Ok(model),
        }
    }

    /// Returns the JSON document.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let mut text = Written::default();
        serde_json::to_writer(&mut text, self)?;
        String::from_utf8(text.0).map_err(serde::ser::Error::custom)
    }

    /// Returns the JSON Schema (draft 2020-12) of the document.
    pub fn json_schema() -> serde_json::Value {
        schemars::schema_for!(Model).into()
    }
}

fn is_duplicate(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("duplicate field")
}

fn text_of(path: &serde_path_to_error::Path) -> String {
    if path.iter().len() == 0 { ROOT.to_owned() } else { path.to_string() }
}

fn is_object(text: &str) -> bool {
    text.trim_start().starts_with('{')
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// Calls `each` with each schema of a property and its path.
    fn each_property(schema: &Value, path: &str, each: &mut dyn FnMut(&str, &Value)) {
        if let Some(properties) = schema["properties"].as_object() {
            for (name, property) in properties {
                let path = format!("{path}.{name}");
                each(&path, property);
                each_property(property, &path, each);
            }
        }
        for word in ["anyOf", "oneOf", "allOf"] {
            for one in schema[word].as_array().into_iter().flatten() {
                each_property(one, path, each);
            }
        }
        each_property_of_items(schema, path, each);
    }

    fn each_property_of_items(schema: &Value, path: &str, each: &mut dyn FnMut(&str, &Value)) {
        if let Some(items) = schema.get("items") {
            each_property(items, path, each);
        }
    }

    #[test]
    fn every_property_of_the_schema_has_a_description() {
        let schema = Model::json_schema();
        let (mut seen, mut wrong) = (0, Vec::new());
        let mut look = |path: &str, property: &Value| {
            seen += 1;
            let description = property["description"].as_str().unwrap_or_default();
            if description.len() < 8 || description.starts_with("The same") {
                wrong.push(path.to_owned());
            }
        };
        each_property(&schema, "", &mut look);
        for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
            look(name, definition);
            each_property(definition, name, &mut look);
        }
        assert!(seen > 600, "only {seen} properties");
        assert!(wrong.is_empty(), "no description: {wrong:#?}");
    }
}
