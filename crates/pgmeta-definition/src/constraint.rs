//! Constraints of a definition's tables: keys, foreign keys, checks, exclusions. Each has a short form.

use std::borrow::Cow;

use pgmeta_core::ident::Name;
use pgmeta_core::model::{ForeignKeyAction, ForeignKeyMatch};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::settings::Settings;

definition! {
    /// A primary key or a unique constraint.
    pub struct FullKey {
        /// The columns, in the order of the key.
        columns: Vec<Name>;
        /// The name of the constraint. Absent: the name that PostgreSQL chooses.
        name: Option<Name>,
        /// The columns that the index stores besides the key.
        include: Vec<Name>,
        /// Whether nulls are equal to each other (NULLS NOT DISTINCT).
        nulls_not_distinct: bool,
        /// Whether it can be deferred to the end of the transaction.
        deferrable: bool,
        /// Whether it is deferred by default (INITIALLY DEFERRED).
        initially_deferred: bool,
        /// Whether the last column is WITHOUT OVERLAPS (PostgreSQL 18).
        without_overlaps: bool,
        /// The storage parameters of the index.
        options: Settings,
        /// The comment on the constraint.
        comment: Option<String>,
    }
}

/// A primary key or a unique constraint: a list of columns, or an object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeyDefinition(pub FullKey);

definition! {
    /// A check with a name or more.
    pub struct FullCheck {
        /// The condition.
        expression: String;
        /// The name of the constraint. Absent: the name that PostgreSQL chooses.
        name: Option<Name>,
        /// Whether children do not inherit it (NO INHERIT).
        no_inherit: bool,
        /// Whether rows that exist already are not checked (NOT VALID).
        not_valid: bool,
        /// Whether it is not enforced (PostgreSQL 18).
        not_enforced: bool,
        /// The comment on the constraint.
        comment: Option<String>,
    }
}

/// A check constraint: a condition, or an object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CheckDefinition(pub FullCheck);

definition! {
    /// The target of a foreign key.
    pub struct Reference {
        /// The referenced table.
        table: Name;
        /// The schema of the table. Absent: that of the referencing table.
        schema: Option<Name>,
        /// The referenced columns. Absent: those of the table's primary key.
        columns: Vec<Name>,
    }
}

definition! {
    /// A foreign key.
    pub struct ForeignKeyDefinition {
        /// The columns of this table.
        columns: Vec<Name>,
        /// The table and columns that they refer to.
        references: Reference;
        /// The name of the constraint. Absent: the name that PostgreSQL chooses.
        name: Option<Name>,
        /// The action when the referenced row is updated. Absent: NO ACTION.
        on_update: Word<ForeignKeyAction>,
        /// The action when the referenced row is deleted. Absent: NO ACTION.
        on_delete: Word<ForeignKeyAction>,
        /// The columns that ON DELETE SET NULL or SET DEFAULT sets. Absent: all of the key.
        on_delete_columns: Vec<Name>,
        /// How nulls in some columns are treated. Absent: SIMPLE.
        r#match: Word<ForeignKeyMatch>,
        /// Whether it can be deferred to the end of the transaction.
        deferrable: bool,
        /// Whether it is deferred by default (INITIALLY DEFERRED).
        initially_deferred: bool,
        /// Whether rows that exist already are not checked (NOT VALID).
        not_valid: bool,
        /// Whether it is not enforced (PostgreSQL 18).
        not_enforced: bool,
        /// Whether the last column is a PERIOD (PostgreSQL 18).
        period: bool,
        /// The comment on the constraint.
        comment: Option<String>,
    }
}

definition! {
    /// An exclusion constraint.
    pub struct ExclusionDefinition {
        /// What it is, as SQL: `EXCLUDE USING gist (room WITH =, during WITH &&)`.
        definition: String;
        /// The name of the constraint. Absent: the name that PostgreSQL chooses.
        name: Option<Name>,
        /// Whether it can be deferred to the end of the transaction.
        deferrable: bool,
        /// Whether it is deferred by default (INITIALLY DEFERRED).
        initially_deferred: bool,
        /// The comment on the constraint.
        comment: Option<String>,
    }
}

/// A word of the model. In a definition it may be written in lower case, and with underscores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Word<T>(pub T);

impl<T: Serialize> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        let spelled = word.to_ascii_uppercase().replace('_', " ");
        serde_json::from_value(Value::String(spelled)).map(Self).map_err(D::Error::custom)
    }
}

impl<T: JsonSchema> JsonSchema for Word<T> {
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        // The words in any case, and with underscores: reading checks them.
        json_schema!({ "description": "A word of SQL.", "type": "string" })
    }
}

/// Declares a value that is an object, or only its most important key.
macro_rules! short_form {
    ($name:ident, $full:ident, $key:ident: $type:ty, $schema_name:literal) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let alone = $full { $key: self.0.$key.clone(), ..$full::default() };
                if self.0 == alone { self.0.$key.serialize(serializer) } else { self.0.serialize(serializer) }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = Value::deserialize(deserializer)?;
                let full = match value.is_object() {
                    true => serde_json::from_value(value),
                    false => serde_json::from_value::<$type>(value).map(|$key| $full { $key, ..$full::default() }),
                };
                full.map(Self).map_err(D::Error::custom)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                $schema_name.into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                let (short, full) = (generator.subschema_for::<$type>(), generator.subschema_for::<$full>());
                json_schema!({
                    "description": concat!("The ", stringify!($key), " alone, or an object."),
                    "anyOf": [short, full],
                })
            }
        }
    };
}

short_form!(KeyDefinition, FullKey, columns: Vec<Name>, "Key");
short_form!(CheckDefinition, FullCheck, expression: String, "Check");
