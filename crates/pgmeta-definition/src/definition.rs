//! The definition as a whole: its keys, reading and writing.

use pgmeta_core::ident::Name;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::function::FunctionDefinition;
use crate::object::{ExtensionDefinition, SchemaDefinition};
use crate::sequence::SequenceDefinition;
use crate::table::TableDefinition;
use crate::types::{CompositeDefinition, DomainDefinition, EnumDefinition};
use crate::view::{MaterializedViewDefinition, ViewDefinition};

/// The format that this code writes, and the latest that it reads.
pub const FORMAT_VERSION: u32 = 1;

/// The schema of objects that name none, where the definition says nothing.
const PUBLIC: &str = "public";

/// A schema as people write it. What it leaves out has PostgreSQL's default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "pgmeta definition")]
pub struct Definition {
    /// The version of this format. Absent: 1.
    #[serde(default = "version")]
    pub format_version: u32,
    /// The name of the definition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What the definition is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The schema of the objects that name none, and of the names in their texts that have none. Absent: public. A deployment may
    /// choose another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<Name>,
    /// Other schemas, and privileges and comments of schemas.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schemas: Vec<SchemaDefinition>,
    /// The extensions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<ExtensionDefinition>,
    /// The enum types.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enums: Vec<EnumDefinition>,
    /// The composite types.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub composites: Vec<CompositeDefinition>,
    /// The domains.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<DomainDefinition>,
    /// The sequences that belong to no serial or identity column.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sequences: Vec<SequenceDefinition>,
    /// The tables.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<TableDefinition>,
    /// The views.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub views: Vec<ViewDefinition>,
    /// The materialized views.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materialized_views: Vec<MaterializedViewDefinition>,
    /// The functions and procedures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub functions: Vec<FunctionDefinition>,
    /// What tools keep for themselves.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub labels: Map<String, Value>,
}

/// Why a document is not a definition.
#[derive(Debug, thiserror::Error)]
pub enum DefinitionError {
    /// It is not JSON of the right shape.
    #[error("invalid definition: {0}")]
    Invalid(#[from] serde_json::Error),
    /// A later version of the format.
    #[error("definition has format version {0}, but this version of pgmeta supports only {FORMAT_VERSION} and older")]
    TooNew(u32),
}

fn version() -> u32 {
    FORMAT_VERSION
}

impl Default for Definition {
    fn default() -> Self {
        Self {
            format_version: FORMAT_VERSION,
            name: None,
            description: None,
            schema: None,
            schemas: Vec::new(),
            extensions: Vec::new(),
            enums: Vec::new(),
            composites: Vec::new(),
            domains: Vec::new(),
            sequences: Vec::new(),
            tables: Vec::new(),
            views: Vec::new(),
            materialized_views: Vec::new(),
            functions: Vec::new(),
            labels: Map::new(),
        }
    }
}

impl Definition {
    /// Reads a definition. An unknown key is an error.
    pub fn from_value(value: Value) -> Result<Self, DefinitionError> {
        // serde would read an array as an object by position.
        if !value.is_object() {
            return Err(DefinitionError::Invalid(serde::de::Error::custom("expected a JSON object")));
        }
        let own: Self = serde_json::from_value(value)?;
        if own.format_version > FORMAT_VERSION { Err(DefinitionError::TooNew(own.format_version)) } else { Ok(own) }
    }

    /// Returns the schema of the objects that name none.
    pub fn own_schema(&self) -> Name {
        self.schema.clone().unwrap_or_else(|| PUBLIC.into())
    }

    /// Returns the JSON Schema (draft 2020-12) of definitions.
    pub fn json_schema() -> Value {
        schemars::schema_for!(Definition).into()
    }
}
