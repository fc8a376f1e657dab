//! Schemas, extensions, sequences, views and materialized views.

use pgmeta_core::ident::ident;
use serde_json::{Map, Value, json};

use super::Maker;

impl Maker<'_> {
    pub fn schema(&mut self) -> Map<String, Value> {
        // Privileges and comments of the definition's own schema are in this list, too.
        let has_own = self.schemas.len() == 1 && self.choices.chance(30);
        let name = if has_own { self.own.clone() } else { self.names.unique(&mut self.choices) };
        self.schemas.push(name.clone());
        let mut object = Map::new();
        object.insert("name".to_owned(), json!(name));
        self.describe(&mut object, &["USAGE", "CREATE"]);
        object
    }

    pub fn extension(&mut self, known: &[&str]) -> Value {
        let name = *self.choices.pick(known);
        let mut object = Map::new();
        object.insert("name".to_owned(), json!(name));
        let other = self.choices.pick(&self.schemas).clone();
        if other != self.own {
            object.insert("schema".to_owned(), json!(other));
        }
        self.maybe(50, &mut object, "comment", |own| json!(own.text()));
        if object.len() == 1 { json!(name) } else { Value::Object(object) }
    }

    /// Returns the options of a sequence whose values have a type.
    pub fn sequence_options(&mut self, largest: i64) -> Map<String, Value> {
        let mut options = Map::new();
        let is_down = self.choices.chance(20);
        let sign = if is_down { -1 } else { 1 };
        if is_down {
            options.insert("increment".to_owned(), json!(-2));
        } else {
            self.maybe(20, &mut options, "increment", |_| json!(10));
        }
        self.maybe(20, &mut options, "start", |own| json!(sign * (6 + own.choices.below(90) as i64)));
        if is_down {
            self.maybe(20, &mut options, "min", |_| json!(-largest));
            self.maybe(20, &mut options, "max", |_| json!(-5));
        } else {
            self.maybe(20, &mut options, "min", |_| json!(5));
            self.maybe(20, &mut options, "max", |_| json!(largest - 1));
        }
        self.maybe(20, &mut options, "cache", |_| json!(7));
        self.maybe(20, &mut options, "cycle", |_| json!(true));
        options
    }

    pub fn sequence(&mut self) -> Map<String, Value> {
        let (mut schema, _, mut object) = self.named();
        let (name, largest) =
            *self.choices.pick(&[("bigint", i64::MAX), ("integer", i32::MAX.into()), ("smallint", 32767)]);
        if name != "bigint" {
            object.insert("type".to_owned(), json!(name));
        }
        let options = self.sequence_options(largest);
        if !options.is_empty() {
            object.insert("options".to_owned(), Value::Object(options));
        }
        let owners: Vec<_> = self.tables.iter().filter(|own| !own.is_partition && !own.is_unlogged).cloned().collect();
        if !owners.is_empty() && self.choices.chance(30) {
            // The server wants both in one schema.
            let owner = self.choices.pick(&owners).clone();
            schema.clone_from(&owner.schema);
            match schema == self.own {
                true => object.remove("schema"),
                false => object.insert("schema".to_owned(), json!(schema)),
            };
            object.insert("owned_by".to_owned(), json!(format!("{}.{}", ident(&owner.name), ident(&owner.number))));
        }
        self.describe(&mut object, &["SELECT", "USAGE", "UPDATE"]);
        object
    }

    pub fn view(&mut self) -> Map<String, Value> {
        let (_, _, mut object) = self.named();
        object.insert("query".to_owned(), json!(QUERY));
        self.maybe(40, &mut object, "columns", |own| own.view_columns(true));
        self.maybe(30, &mut object, "options", |_| json!({"security_barrier": "true"}));
        if let Some(function) = self.trigger_function() {
            self.maybe(30, &mut object, "triggers", |own| json!([own.instead_of(&function)]));
        }
        self.describe(&mut object, &["SELECT", "INSERT", "UPDATE"]);
        self.maybe(10, &mut object, "labels", |own| own.labels());
        object
    }

    pub fn materialized_view(&mut self) -> Map<String, Value> {
        let (_, _, mut object) = self.named();
        object.insert("query".to_owned(), json!(QUERY));
        self.maybe(40, &mut object, "columns", |own| own.view_columns(false));
        self.maybe(30, &mut object, "options", |_| json!({"fillfactor": "70"}));
        self.maybe(50, &mut object, "indexes", |own| json!([own.index_of("number", Some("text"), false)]));
        self.describe(&mut object, &["SELECT"]);
        self.maybe(10, &mut object, "labels", |own| own.labels());
        object
    }

    fn view_columns(&mut self, has_defaults: bool) -> Value {
        let mut columns = Vec::new();
        for (name, default) in [("number", "7"), ("text", "'x'::text")] {
            let mut column = Map::new();
            column.insert("name".to_owned(), json!(name));
            if has_defaults {
                self.maybe(40, &mut column, "default", |_| json!(default));
            }
            self.maybe(40, &mut column, "comment", |own| json!(own.text()));
            let privileges: &[&str] = if has_defaults { &["SELECT", "UPDATE"] } else { &["SELECT"] };
            let grants = self.grants(privileges);
            if grants.as_array().is_some_and(|list| !list.is_empty()) {
                column.insert("grants".to_owned(), grants);
            }
            // A column of which there is nothing to say is not in the list.
            if column.len() > 1 {
                columns.push(Value::Object(column));
            }
        }
        Value::Array(columns)
    }
}

/// A query as every server prints it.
const QUERY: &str = "SELECT 1 AS number,\n    'x'::text AS text";
