//! Storage parameters and settings of a definition: an object of texts, numbers and booleans.

use std::borrow::Cow;

use pgmeta_core::model::Setting;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

/// Settings by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings(pub Vec<Setting>);

impl Serialize for Settings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for setting in &self.0 {
            map.serialize_entry(&setting.name, &setting.value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Settings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let setting = |(name, value): (String, Value)| {
            let value = match value {
                Value::String(text) => text,
                Value::Number(number) => number.to_string(),
                Value::Bool(value) => value.to_string(),
                _ => return Err(D::Error::custom(format!("expected a text, number or boolean for {name}"))),
            };
            Ok(Setting { name: name.into(), value })
        };
        Map::<String, Value>::deserialize(deserializer)?.into_iter().map(setting).collect::<Result<_, _>>().map(Self)
    }
}

impl JsonSchema for Settings {
    fn schema_name() -> Cow<'static, str> {
        "Settings".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Settings by name.",
            "type": "object",
            "additionalProperties": { "type": ["string", "number", "boolean"] },
        })
    }
}
