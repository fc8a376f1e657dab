//! Columns of tables.

use pgmeta_core::ident::ident;
use serde_json::{Map, Value, json};

use super::Maker;
use super::names::unused;
use super::tables::MadeTable;
use super::types::ColumnType;

/// The integer types, with their serial types and largest values.
const INTEGERS: [(&str, &str, i64); 3] = [
    ("integer", "serial", i32::MAX as i64),
    ("bigint", "bigserial", i64::MAX),
    ("smallint", "smallserial", i16::MAX as i64),
];

impl Maker<'_> {
    /// Returns a column. The first of a table is an integer.
    pub fn column(&mut self, table: &mut MadeTable, is_first: bool) -> Map<String, Value> {
        let name = unused(&mut self.choices, |name| table.columns.iter().any(|(own, _)| own == name));
        let mut own = if is_first { self.types[0].clone() } else { self.any_type() };
        let mut object = Map::new();
        object.insert("name".to_owned(), json!(name));
        object.insert("type".to_owned(), json!(own.sql));
        let integer = INTEGERS.iter().find(|(base, ..)| *base == own.sql);
        // Partitions have no identity before 17.
        let is_numbered = integer.is_some() && (table.partitioned.is_none() || self.is_from(17));
        let mut is_virtual = false;
        let mut is_generated = false;
        match self.choices.below(8) {
            1 | 2 if own.default.is_some() => {
                object.insert("default".to_owned(), json!(own.default));
            }
            3 if is_numbered => {
                self.number(&mut object, integer.map_or(0, |(.., largest)| *largest), |maker, object| {
                    let word = *maker.choices.pick(&["always", "by_default"]);
                    object.insert("identity".to_owned(), json!(word));
                });
            }
            4 if is_numbered => {
                let serial = integer.map_or("", |(_, serial, _)| *serial);
                self.number(&mut object, integer.map_or(0, |(.., largest)| *largest), |_, object| {
                    object.insert("type".to_owned(), json!(serial));
                });
            }
            5 if !is_first => {
                own = self.types[0].clone();
                object.insert("type".to_owned(), json!(own.sql));
                object.insert("generated".to_owned(), json!(format!("({} + 1)", ident(&table.number))));
                is_generated = true;
                is_virtual = self.is_from(18) && self.choices.chance(50);
                if is_virtual {
                    object.insert("virtual".to_owned(), json!(true));
                }
            }
            _ => {}
        }
        let numbered =
            object.contains_key("identity") || object["type"].as_str().is_some_and(|own| own.ends_with("serial"));
        if !numbered && !is_virtual {
            self.maybe(30, &mut object, "nullable", |_| json!(false));
        }
        if own.sql == "text" && !is_generated {
            self.maybe(20, &mut object, "collation", |own| own.collation());
            self.maybe(20, &mut object, "storage", |own| json!(*own.choices.pick(&["EXTERNAL", "MAIN", "PLAIN"])));
            self.maybe(20, &mut object, "compression", |_| json!("pglz"));
        }
        if !is_virtual {
            self.maybe(15, &mut object, "statistics_target", |_| json!(77));
            self.maybe(15, &mut object, "options", |_| json!({"n_distinct": "-0.5"}));
        }
        self.maybe(20, &mut object, "comment", |own| json!(own.text()));
        self.maybe(15, &mut object, "grants", |own| own.grants(&["SELECT", "INSERT", "UPDATE", "REFERENCES"]));
        if object.get("grants").is_some_and(|grants| *grants == json!([])) {
            object.remove("grants");
        }
        self.maybe(10, &mut object, "labels", |own| own.labels());
        self.note(table, name, own, is_generated, &mut object);
        object
    }

    /// Adds what makes a column an identity or serial one, and the options of its sequence.
    fn number(
        &mut self,
        object: &mut Map<String, Value>,
        largest: i64,
        kind: impl FnOnce(&mut Self, &mut Map<String, Value>),
    ) {
        kind(self, object);
        let options = self.sequence_options(largest);
        if !options.is_empty() {
            object.insert("sequence".to_owned(), Value::Object(options));
        }
    }

    /// Notes a column, and makes it a key in some of all cases.
    fn note(
        &mut self,
        table: &mut MadeTable,
        name: String,
        own: ColumnType,
        is_generated: bool,
        object: &mut Map<String, Value>,
    ) {
        if table.columns.is_empty() || table.number.is_empty() {
            table.number.clone_from(&name);
        }
        table.columns.push((name.clone(), own.clone()));
        if is_generated || !own.is_sorted {
            return;
        }
        let is_allowed = table.partitioned.is_none() || table.number == name;
        if is_allowed && !table.has_primary_key && self.choices.chance(25) {
            object.insert("primary_key".to_owned(), json!(true));
            object.remove("nullable");
            table.has_primary_key = true;
            table.targets.push((vec![name.clone()], true));
        } else if is_allowed && self.choices.chance(15) {
            object.insert("unique".to_owned(), json!(true));
            table.targets.push((vec![name.clone()], false));
        }
        table.key_columns.push((name, own));
    }
}
