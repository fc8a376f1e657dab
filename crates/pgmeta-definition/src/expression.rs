//! SQL expressions in a definition. A number or a boolean of JSON is one, too.

use std::borrow::Cow;

use pgmeta_core::ident::unquote;
use pgmeta_core::lexer::{Kind, pieces};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// An SQL expression.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Expression(pub String);

impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self(text)),
            Value::Number(number) => Ok(Self(number.to_string())),
            Value::Bool(value) => Ok(Self(value.to_string())),
            _ => Err(serde::de::Error::custom("expected an SQL expression, a number or a boolean")),
        }
    }
}

impl JsonSchema for Expression {
    fn schema_name() -> Cow<'static, str> {
        "Expression".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "An SQL expression. A text value is in single quotes: \"'new'\".",
            "type": ["string", "number", "boolean"],
        })
    }
}

impl From<&str> for Expression {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// Returns the names in a text of SQL, without those in literals and comments: keywords too.
pub(crate) fn identifiers(sql: &str) -> Vec<String> {
    let mut names = Vec::new();
    for piece in pieces(sql) {
        match piece.kind {
            Kind::Name => names.push(unquote(piece.text)),
            Kind::Code => {
                let words = piece.text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$')));
                let is_name = |word: &&str| word.starts_with(|c: char| c.is_alphabetic() || c == '_');
                names.extend(words.filter(is_name).map(str::to_lowercase));
            }
            _ => {}
        }
    }
    names
}
