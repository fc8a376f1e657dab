//! What is wrong or doubtful in a definition: all of it at once, each with a JSON pointer and a code. Stores nothing, asks no server.

mod circles;
mod comparable;
mod keys;
mod names;
mod parents;
mod places;
mod shape;
mod texts;
mod types;
mod width;

use std::fmt;

use pgmeta_core::ident::Name;
use serde_json::Value;

use crate::definition::Definition;
use crate::validate::places::Places;

/// The most findings that are returned.
pub const MOST: usize = 100;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The definition cannot be deployed.
    Error,
    /// It can, but it should not.
    Warning,
    /// Worth knowing.
    Info,
}

impl Level {
    /// Returns the word of the level.
    pub fn word(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Info => "info",
        }
    }
}

/// Something that is wrong or doubtful.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where, as a JSON pointer into the document.
    pub path: String,
    /// What kind of fault: `MISSING_PRIMARY_KEY`.
    pub code: &'static str,
    /// How bad it is.
    pub level: Level,
    /// What is wrong.
    pub message: String,
    /// What can be done.
    pub hint: String,
}

/// Collects findings.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, path: impl fmt::Display, code: &'static str, level: Level, message: String, hint: &str) {
        self.0.push(Finding { path: path.to_string(), code, level, message, hint: hint.to_owned() });
    }

    fn error(&mut self, path: impl fmt::Display, code: &'static str, message: String, hint: &str) {
        self.add(path, code, Level::Error, message, hint);
    }

    fn warn(&mut self, path: impl fmt::Display, code: &'static str, message: String, hint: &str) {
        self.add(path, code, Level::Warning, message, hint);
    }
}

/// Returns the findings about a document, errors first, at most 100. `is_unknown` says of types, as they are written, which the
/// server does not have.
pub fn validate(document: &Value, is_unknown: impl FnOnce(&[String]) -> Vec<String>) -> Vec<Finding> {
    let mut findings = Findings::default();
    shape::check(document, &mut findings);
    if findings.0.is_empty() {
        match Definition::from_value(document.clone()) {
            Ok(definition) => {
                texts::check(document, &mut findings);
                names::check(&definition, &mut findings);
                types::check(&definition, is_unknown, &mut findings);
                let places = Places::of(&definition);
                keys::check(&definition, &places, &mut findings);
                parents::check(&definition, &places, &mut findings);
                circles::check(&definition, &mut findings);
                width::check(&definition, &mut findings);
            }
            Err(error) => {
                let hint = "pgmeta_definition_schema() describes definitions.";
                findings.error("", "INVALID_DEFINITION", error.to_string(), hint);
            }
        }
    }
    let mut all = findings.0;
    all.sort_by_key(|finding| finding.level);
    all.truncate(MOST);
    all
}

/// Returns the schema of an object.
fn schema_of(given: Option<&Name>, definition: &Definition) -> Name {
    given.cloned().unwrap_or_else(|| definition.own_schema())
}
