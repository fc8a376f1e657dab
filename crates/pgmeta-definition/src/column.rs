//! Columns of a definition's tables.

use pgmeta_core::ident::Name;
use pgmeta_core::model::{Compression, Storage};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::expression::Expression;
use crate::grant::GrantDefinition;
use crate::sequence::SequenceOptions;
use crate::settings::Settings;

/// Whether an identity column takes values that a statement gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IdentityWord {
    /// Only with OVERRIDING SYSTEM VALUE.
    Always,
    /// A given value replaces the generated one.
    ByDefault,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnDefinition {
    /// The name of the column.
    pub name: Name,
    /// The type, as SQL: `text`, `numeric(10,2)`, `integer[]`; also `serial` and its like.
    pub r#type: Name,
    /// Whether the column may be null. The default is true; a column of the primary key and an identity column may not.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub nullable: bool,
    /// The default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Expression>,
    /// Whether the column is the primary key. A key of several columns is the table's `primary_key`.
    #[serde(default, skip_serializing_if = "crate::macros::is_default")]
    pub primary_key: bool,
    /// Whether its values are unique.
    #[serde(default, skip_serializing_if = "crate::macros::is_default")]
    pub unique: bool,
    /// The kind of identity column. Absent: it is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<IdentityWord>,
    /// The options of the sequence of an identity or serial column.
    #[serde(default, skip_serializing_if = "crate::macros::is_default")]
    pub sequence: SequenceOptions,
    /// The expression of a generated column. Absent: it is not generated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generated: Option<Expression>,
    /// Whether a generated column is computed when it is read (PostgreSQL 18).
    #[serde(default, skip_serializing_if = "crate::macros::is_default")]
    pub r#virtual: bool,
    /// The collation: a name of the server's, or SQL. Absent: that of the type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    /// How large values are stored. Absent: the default of the type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<Storage>,
    /// How large values are compressed. Absent: the server's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compression: Option<Compression>,
    /// The statistics target. Absent: the server's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statistics_target: Option<i32>,
    /// The attribute options, such as `n_distinct`.
    #[serde(default, skip_serializing_if = "crate::macros::is_default")]
    pub options: Settings,
    /// The comment on the column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The privileges on the column.
    #[serde(default, skip_serializing_if = "crate::macros::is_default")]
    pub grants: Vec<GrantDefinition>,
    /// What tools keep for themselves.
    #[serde(default, skip_serializing_if = "crate::macros::is_default")]
    pub labels: Map<String, Value>,
}

impl Default for ColumnDefinition {
    fn default() -> Self {
        Self {
            name: Name::default(),
            r#type: Name::default(),
            nullable: true,
            default: None,
            primary_key: false,
            unique: false,
            identity: None,
            sequence: SequenceOptions::default(),
            generated: None,
            r#virtual: false,
            collation: None,
            storage: None,
            compression: None,
            statistics_target: None,
            options: Settings::default(),
            comment: None,
            grants: Vec::new(),
            labels: Map::new(),
        }
    }
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_yes(value: &bool) -> bool {
    *value
}

/// Returns the type of a serial type's values.
pub(crate) fn serial_base(data_type: &str) -> Option<&'static str> {
    match data_type {
        "smallserial" | "serial2" => Some("smallint"),
        "serial" | "serial4" => Some("integer"),
        "bigserial" | "serial8" => Some("bigint"),
        _ => None,
    }
}

/// Returns the serial type whose values have a type.
pub(crate) fn serial_of(base: &str) -> Option<&'static str> {
    match base {
        "smallint" => Some("smallserial"),
        "integer" => Some("serial"),
        "bigint" => Some("bigserial"),
        _ => None,
    }
}
