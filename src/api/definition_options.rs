//! The arguments of the functions on definitions: documents and options.

use pgmeta_core::ident::Name;
use pgmeta_definition::Definition;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::api::options;
use crate::error::Error;
use crate::jsonb::Document;
use crate::registry::Statements;

/// The options of `pgmeta_definition_from`.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FromOptions {
    /// The schema of the objects that name none.
    pub schema: Option<String>,
    /// Whether what a definition cannot say is a warning.
    pub warn: bool,
}

impl Default for FromOptions {
    fn default() -> Self {
        Self { schema: None, warn: true }
    }
}

/// The options of `pgmeta_definition_validate`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ValidateOptions {
    /// A dialect that is to take the definition, too.
    dialect: Option<String>,
    /// Several of them.
    dialects: Vec<String>,
    /// Whether and how lint rules judge.
    pub lint: LintChoice,
}

/// Whether lint rules judge, or their options.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "lint requires true, false or a JSON object of options")]
pub enum LintChoice {
    Is(bool),
    With(Map<String, Value>),
}

impl Default for LintChoice {
    fn default() -> Self {
        Self::Is(true)
    }
}

impl LintChoice {
    pub fn is_on(&self) -> bool {
        !matches!(self, Self::Is(false))
    }

    /// Returns the options of the rules.
    pub fn options(&self) -> Option<Value> {
        match self {
            Self::Is(_) => None,
            Self::With(own) => Some(Value::Object(own.clone())),
        }
    }
}

impl ValidateOptions {
    pub fn read(options: Option<Document>) -> Result<Self, Error> {
        options::parse(options, r#"{"dialect": "sqlite"}"#)
    }

    pub fn dialects(&self) -> Vec<&str> {
        self.dialect.iter().chain(&self.dialects).map(String::as_str).collect()
    }
}

/// The options of printing.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct PrintOptions {
    /// The schema of the objects that name none.
    schema: Option<Name>,
}

impl FromOptions {
    pub fn read(options: Option<Document>) -> Result<Self, Error> {
        read(options)
    }
}

/// Reads a definition.
pub fn parse(document: &Document) -> Result<Definition, Error> {
    Ok(Definition::from_value(serde_json::from_str(document.text())?)?)
}

/// Reads a definition that is to be printed, with the schema that the options choose.
pub fn printed(document: &Document, options: Option<Document>) -> Result<Statements, Error> {
    let options: PrintOptions = read(options)?;
    Statements::of(parse(document)?, options.schema)
}

/// Refuses options where there are none.
pub fn no_options(options: Option<Document>) -> Result<(), Error> {
    #[derive(Default, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct None {}
    read(options).map(|None {}| ())
}

fn read<T: Default + DeserializeOwned>(options: Option<Document>) -> Result<T, Error> {
    options::parse(options, r#"{"schema": "app"}"#)
}
