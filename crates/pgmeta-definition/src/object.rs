//! Schemas and extensions of a definition.

use pgmeta_core::ident::Name;
use serde::{Deserialize, Serialize};

use crate::grant::GrantDefinition;

definition! {
    /// A schema besides that of the definition.
    pub struct SchemaDefinition {
        /// The name of the schema.
        name: Name;
        /// The comment on the schema.
        comment: Option<String>,
        /// The privileges of others than the owner. Absent: PostgreSQL's default.
        grants: Option<Vec<GrantDefinition>>,
    }
}

/// An extension: its name, or an object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum ExtensionDefinition {
    /// Its name.
    Name(Name),
    /// Its name with more.
    Full(FullExtension),
}

definition! {
    /// An extension with its schema or comment.
    pub struct FullExtension {
        /// The name of the extension.
        name: Name;
        /// The schema of its objects. Absent: what the extension or the search path chooses.
        schema: Option<Name>,
        /// The comment on the extension.
        comment: Option<String>,
    }
}

impl ExtensionDefinition {
    /// Returns the extension with all keys.
    pub fn full(&self) -> FullExtension {
        match self {
            ExtensionDefinition::Name(name) => FullExtension { name: name.clone(), ..FullExtension::default() },
            ExtensionDefinition::Full(full) => full.clone(),
        }
    }

    /// Returns an extension in its shortest form.
    pub fn short(full: FullExtension) -> Self {
        let alone = FullExtension { name: full.name.clone(), ..FullExtension::default() };
        if full == alone { ExtensionDefinition::Name(full.name) } else { ExtensionDefinition::Full(full) }
    }
}
