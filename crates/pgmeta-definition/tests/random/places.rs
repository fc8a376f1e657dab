//! The keys of a document, each as the JSON Schema knows it: `TableDefinition.unlogged`.

use serde_json::{Map, Value};

/// A key of an object of a document.
pub struct Place {
    /// Where it is.
    pub pointer: String,
    /// The definition of the schema that has it, and its name.
    pub key: String,
}

/// Returns all keys that the schema has.
pub fn schema_keys(schema: &Value) -> Vec<String> {
    let own = keys_of("Definition", schema);
    let defs = schema["$defs"].as_object().into_iter().flatten();
    own.into_iter().chain(defs.flat_map(|(name, schema)| keys_of(name, schema))).collect()
}

fn keys_of(name: &str, schema: &Value) -> Vec<String> {
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties.map(|(key, _)| format!("{name}.{key}")).collect()
}

/// Returns the keys of a document.
pub fn places(schema: &Value, document: &Value) -> Vec<Place> {
    let mut walk = Walk { schema, found: Vec::new() };
    walk.visit("Definition", schema, document, "");
    walk.found
}

struct Walk<'s> {
    schema: &'s Value,
    found: Vec<Place>,
}

impl<'s> Walk<'s> {
    fn visit(&mut self, name: &str, schema: &'s Value, value: &Value, pointer: &str) {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.rsplit('/').next().unwrap_or_default();
            return self.visit(name, &self.schema["$defs"][name], value, pointer);
        }
        for choice in ["anyOf", "oneOf"].iter().filter_map(|key| schema[*key].as_array()).flatten() {
            self.visit(name, choice, value, pointer);
        }
        match value {
            Value::Object(object) => self.visit_object(name, schema, object, pointer),
            Value::Array(list) => {
                list.iter().enumerate().for_each(|(at, item)| {
                    self.visit(name, &schema["items"], item, &format!("{pointer}/{at}"));
                });
            }
            _ => {}
        }
    }

    fn visit_object(&mut self, name: &str, schema: &'s Value, object: &Map<String, Value>, pointer: &str) {
        let Some(properties) = schema["properties"].as_object() else { return };
        for (key, value) in object {
            let Some(of) = properties.get(key) else { continue };
            let pointer = format!("{pointer}/{key}");
            self.visit(key, of, value, &pointer);
            self.found.push(Place { pointer, key: format!("{name}.{key}") });
        }
    }
}
