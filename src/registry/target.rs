//! Where a definition is deployed.

use std::fmt;

use pgmeta_core::ident::Name;
use serde_json::{Value, json};

/// A schema of this database, or another database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Schema(Name),
    Database(Name),
}

impl Target {
    pub fn schema(&self) -> Option<&str> {
        match self {
            Self::Schema(name) => Some(name),
            Self::Database(_) => None,
        }
    }

    pub fn database(&self) -> Option<&str> {
        match self {
            Self::Schema(_) => None,
            Self::Database(name) => Some(name),
        }
    }
}

/// As in options, states and events.
impl From<&Target> for Value {
    fn from(target: &Target) -> Self {
        match target {
            Target::Schema(name) => json!({"schema": name}),
            Target::Database(name) => json!({"database": name}),
        }
    }
}

/// In words for messages.
impl fmt::Display for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Schema(name) => write!(out, "schema \"{name}\""),
            Self::Database(name) => write!(out, "database \"{name}\""),
        }
    }
}
