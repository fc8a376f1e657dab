//! Indexes of a definition's tables and materialized views.

use std::borrow::Cow;

use pgmeta_core::ident::Name;
use pgmeta_core::model::NullsOrder;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::settings::Settings;

definition! {
    /// An index without a constraint.
    pub struct IndexDefinition {
        /// The key columns, in order.
        columns: Vec<IndexColumnDefinition>;
        /// The name of the index. Absent: the name that PostgreSQL chooses.
        name: Option<Name>,
        /// Whether it is a unique index.
        unique: bool,
        /// The access method. Absent: btree.
        method: Option<Name>,
        /// The columns that the index stores besides the key.
        include: Vec<Name>,
        /// The condition of a partial index. Absent: all rows are indexed.
        r#where: Option<String>,
        /// Whether nulls are equal to each other (NULLS NOT DISTINCT).
        nulls_not_distinct: bool,
        /// The storage parameters.
        options: Settings,
        /// The comment on the index.
        comment: Option<String>,
    }
}

definition! {
    /// A key column with more than its name.
    pub struct FullIndexColumn {
        ;
        /// The column of the table. Absent: it is an expression.
        column: Option<Name>,
        /// The expression, in parentheses where CREATE INDEX requires them. Absent: it is a column.
        expression: Option<String>,
        /// The collation: a name of the server's, or SQL. Absent: that of the column.
        collation: Option<String>,
        /// The operator class, as SQL. Absent: the default one of the type.
        operator_class: Option<Name>,
        /// The parameters of the operator class.
        operator_class_options: Settings,
        /// Whether it is sorted in descending order (DESC).
        descending: bool,
        /// Where nulls are sorted. Absent: last, or first in descending order.
        nulls: NullsOrder,
    }
}

/// A key column of an index: its name, or an object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IndexColumnDefinition(pub FullIndexColumn);

impl Serialize for IndexColumnDefinition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let alone = FullIndexColumn { column: self.0.column.clone(), ..FullIndexColumn::default() };
        match &self.0.column {
            Some(column) if self.0 == alone => column.serialize(serializer),
            _ => self.0.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for IndexColumnDefinition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let full = match Value::deserialize(deserializer)? {
            Value::String(column) => {
                return Ok(Self(FullIndexColumn { column: Some(column.into()), ..FullIndexColumn::default() }));
            }
            other => serde_json::from_value(other),
        };
        full.map(Self).map_err(D::Error::custom)
    }
}

impl JsonSchema for IndexColumnDefinition {
    fn schema_name() -> Cow<'static, str> {
        "IndexColumn".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (short, full) = (generator.subschema_for::<Name>(), generator.subschema_for::<FullIndexColumn>());
        json_schema!({ "description": "The name of a column, or an object.", "anyOf": [short, full] })
    }
}
