//! Triggers of tables and views.

use pgmeta_core::ident::ident;
use serde_json::{Map, Value, json};

use super::Maker;
use super::tables::MadeTable;

impl Maker<'_> {
    /// Returns a function that triggers can call, as SQL.
    pub fn trigger_function(&mut self) -> Option<String> {
        let known = self.trigger_functions.clone();
        (!known.is_empty()).then(|| {
            let (schema, name) = self.choices.pick(&known);
            self.sql_name(schema, name)
        })
    }

    /// Returns a trigger of a table; an empty object if there is no function for it.
    pub fn trigger(&mut self, table: &MadeTable) -> Map<String, Value> {
        let Some(function) = self.trigger_function() else { return Map::new() };
        let mut object = self.named_trigger(&function);
        let number = ident(&table.number);
        let (timing, events) = match self.choices.below(4) {
            0 => {
                object.insert("level".to_owned(), json!("ROW"));
                self.maybe(40, &mut object, "when", |_| json!(format!("(new.{number} > 3)")));
                ("BEFORE", json!(["INSERT", "UPDATE"]))
            }
            1 => {
                self.maybe(60, &mut object, "old_table", |own| json!(own.names.unique(&mut own.choices)));
                self.maybe(60, &mut object, "new_table", |own| json!(own.names.unique(&mut own.choices)));
                ("AFTER", json!(["UPDATE"]))
            }
            2 => {
                object.insert("level".to_owned(), json!("ROW"));
                object.insert("constraint".to_owned(), json!(true));
                if self.choices.chance(50) {
                    object.insert("deferrable".to_owned(), json!(true));
                    self.maybe(50, &mut object, "initially_deferred", |_| json!(true));
                }
                ("AFTER", json!(["INSERT", "DELETE"]))
            }
            _ => {
                self.maybe(50, &mut object, "columns", |_| json!([table.number]));
                let has_columns = object.contains_key("columns");
                ("BEFORE", if has_columns { json!(["UPDATE"]) } else { json!(["TRUNCATE"]) })
            }
        };
        object.insert("timing".to_owned(), json!(timing));
        object.insert("events".to_owned(), events);
        self.maybe(20, &mut object, "enabled", |own| json!(*own.choices.pick(&["replica", "always", "disabled"])));
        object
    }

    /// Returns a trigger of a view.
    pub fn instead_of(&mut self, function: &str) -> Value {
        let mut object = self.named_trigger(function);
        object.insert("timing".to_owned(), json!("INSTEAD OF"));
        object.insert("events".to_owned(), json!(["INSERT", "UPDATE"]));
        object.insert("level".to_owned(), json!("ROW"));
        Value::Object(object)
    }

    fn named_trigger(&mut self, function: &str) -> Map<String, Value> {
        let mut object = Map::new();
        object.insert("name".to_owned(), json!(self.names.unique(&mut self.choices)));
        object.insert("function".to_owned(), json!(function));
        self.maybe(30, &mut object, "arguments", |own| json!(["a", own.text()]));
        self.maybe(20, &mut object, "comment", |own| json!(own.text()));
        object
    }
}
