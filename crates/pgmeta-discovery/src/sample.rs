//! Models for tests, written in few words. A column is `name type`, with `!` behind it where it is NOT NULL.

use pgmeta_core::model::{Model, ModelIndex};
use serde_json::{Value, json};

use crate::relationships::{Relationship, Strategies, relationships};

/// Splits `schema.name`; without a schema it is `s`.
fn split(name: &str) -> (&str, &str) {
    name.split_once('.').unwrap_or(("s", name))
}

/// A model under construction, as its JSON document.
pub struct Sample(Value);

impl Sample {
    pub fn new() -> Self {
        Self(json!({"format_version": 1, "server_version_num": 150_020}))
    }

    /// Adds an object, as it is in the document.
    pub fn object(mut self, list: &str, object: Value) -> Self {
        match self.0[list].as_array_mut() {
            Some(objects) => objects.push(object),
            None => self.0[list] = json!([object]),
        }
        self
    }

    pub fn table(self, name: &str, columns: &[&str]) -> Self {
        self.table_with(name, columns, json!({}))
    }

    pub fn table_with(self, name: &str, columns: &[&str], attributes: Value) -> Self {
        let (schema, name) = split(name);
        let columns: Vec<Value> = columns.iter().map(|text| column(text)).collect();
        self.object("tables", with(json!({"schema": schema, "name": name, "columns": columns}), attributes))
    }

    pub fn partition(self, name: &str, parent: &str, columns: &[&str]) -> Self {
        let (schema, parent) = split(parent);
        let of = json!({"parent": {"schema": schema, "name": parent}, "bound": "DEFAULT"});
        self.table_with(name, columns, json!({"partition_of": of}))
    }

    pub fn constraint(self, table: &str, name: &str, attributes: Value) -> Self {
        let (schema, table) = split(table);
        self.object("constraints", with(json!({"schema": schema, "table": table, "name": name}), attributes))
    }

    pub fn primary_key(self, table: &str, columns: &[&str]) -> Self {
        let name = format!("{}_pkey", split(table).1);
        self.constraint(table, &name, json!({"kind": "primary key", "columns": columns, "index": {}}))
    }

    pub fn unique(self, table: &str, columns: &[&str]) -> Self {
        let name = format!("{}_{}_key", split(table).1, columns.join("_"));
        self.constraint(table, &name, json!({"kind": "unique", "columns": columns, "index": {}}))
    }

    pub fn foreign_key(self, table: &str, columns: &[&str], parent: &str, parent_columns: &[&str]) -> Self {
        self.foreign_key_with(table, columns, parent, parent_columns, json!({}))
    }

    pub fn foreign_key_with(
        self,
        table: &str,
        columns: &[&str],
        parent: &str,
        parent_columns: &[&str],
        attributes: Value,
    ) -> Self {
        let name = format!("{}_{}_fkey", split(table).1, columns.join("_"));
        let (schema, parent) = split(parent);
        let key = json!({"table": {"schema": schema, "name": parent}, "columns": parent_columns});
        let mut own = json!({"kind": "foreign key", "columns": columns, "foreign_key": key});
        // What is about the reference is written in its part.
        for (word, value) in attributes.as_object().into_iter().flatten() {
            let of_reference = ["matching", "on_update", "on_delete"].contains(&word.as_str());
            let place = if of_reference { &mut own["foreign_key"] } else { &mut own };
            place[word] = value.clone();
        }
        self.constraint(table, &name, own)
    }

    /// Adds a unique index.
    pub fn unique_index(self, table: &str, columns: &[&str], attributes: Value) -> Self {
        let (schema, table) = split(table);
        let name = format!("{table}_{}_idx", columns.join("_"));
        let columns: Vec<Value> = columns.iter().map(|column| json!({"column": column})).collect();
        let own = json!({"schema": schema, "name": name, "table": table, "method": "btree", "columns": columns, "unique": true});
        self.object("indexes", with(own, attributes))
    }

    pub fn model(self) -> Model {
        match Model::from_value(self.0) {
            Ok(model) => model,
            Err(error) => unreachable!("{error}"),
        }
    }

    /// Returns the relationships that are declared.
    pub fn relationships(self) -> Vec<Relationship> {
        relationships(&ModelIndex::of(&self.model()), &Strategies::NONE)
    }
}

fn with(mut object: Value, attributes: Value) -> Value {
    for (word, value) in attributes.as_object().into_iter().flatten() {
        object[word] = value.clone();
    }
    object
}

fn column(text: &str) -> Value {
    let (name, data_type) = text.split_once(' ').unwrap_or((text, "integer"));
    match data_type.strip_suffix('!') {
        Some(data_type) => json!({"name": name, "data_type": data_type, "not_null": {}}),
        None => json!({"name": name, "data_type": data_type}),
    }
}
