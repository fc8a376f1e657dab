//! Keys, checks, exclusions, foreign keys and indexes.

use pgmeta_core::ident::ident;
use serde_json::{Map, Value, json};

use super::Maker;
use super::tables::{MadeTable, reference};
use super::types::ColumnType;

impl Maker<'_> {
    /// Adds the keys of several columns.
    pub fn add_keys(&mut self, table: &mut MadeTable, object: &mut Map<String, Value>) {
        if !table.has_primary_key && self.choices.chance(30) {
            table.has_primary_key = true;
            let key = self.key(table, true);
            object.insert("primary_key".to_owned(), key);
            // What the key says, its columns need not say.
            let columns = table.targets.last().map(|(columns, _)| columns.clone()).unwrap_or_default();
            let own = object.get_mut("columns").and_then(Value::as_array_mut);
            for column in own.into_iter().flatten().filter_map(Value::as_object_mut) {
                if columns.iter().any(|name| column["name"] == json!(name)) {
                    column.remove("nullable");
                }
            }
            table.targets.retain(|(columns, _)| !columns.is_empty());
        }
        let mut keys = Vec::new();
        for _ in 0..self.choices.below(3) {
            keys.push(self.key(table, false));
        }
        if !keys.is_empty() {
            object.insert("unique".to_owned(), Value::Array(keys));
        }
    }

    fn key(&mut self, table: &mut MadeTable, is_primary: bool) -> Value {
        let mut columns = vec![table.number.clone()];
        for (name, _) in &table.key_columns {
            if !columns.contains(name) && self.choices.chance(40) {
                columns.push(name.clone());
            }
        }
        let mut object = Map::new();
        object.insert("columns".to_owned(), json!(columns));
        self.maybe(30, &mut object, "name", |own| json!(own.names.unique(&mut own.choices)));
        if table.partitioned.is_none() {
            let others = table.columns.iter().filter(|(name, of)| !columns.contains(name) && of.sql == "text");
            let others: Vec<&String> = others.map(|(name, _)| name).collect();
            if !others.is_empty() {
                self.maybe(20, &mut object, "include", |_| json!([others[0]]));
            }
            self.maybe(20, &mut object, "options", |_| json!({"fillfactor": "50"}));
        }
        if !is_primary && self.is_from(15) {
            self.maybe(20, &mut object, "nulls_not_distinct", |_| json!(true));
        }
        let is_deferrable = self.choices.chance(15);
        if is_deferrable {
            object.insert("deferrable".to_owned(), json!(true));
            self.maybe(40, &mut object, "initially_deferred", |_| json!(true));
        }
        if self.server.is_free && self.choices.chance(10) {
            object.insert("without_overlaps".to_owned(), json!(true));
        }
        self.maybe(20, &mut object, "comment", |own| json!(own.text()));
        if is_deferrable {
            table.targets.push((Vec::new(), is_primary));
        } else {
            table.targets.push((columns.clone(), is_primary));
        }
        if object.len() == 1 { json!(columns) } else { Value::Object(object) }
    }

    pub fn check(&mut self, table: &MadeTable) -> Map<String, Value> {
        let (name, _) = self.choices.pick(&table.columns).clone();
        let condition = match self.choices.below(2) {
            0 => format!("({} > {})", ident(&table.number), self.choices.below(90)),
            _ => format!("({} IS NOT NULL)", ident(&name)),
        };
        let mut object = Map::new();
        object.insert("expression".to_owned(), json!(condition));
        self.maybe(40, &mut object, "name", |own| json!(own.names.unique(&mut own.choices)));
        if table.partitioned.is_none() {
            self.maybe(20, &mut object, "no_inherit", |_| json!(true));
            if self.server.is_free {
                self.maybe(10, &mut object, "not_enforced", |_| json!(true));
            }
            self.maybe(20, &mut object, "not_valid", |_| json!(true));
        }
        self.maybe(20, &mut object, "comment", |own| json!(own.text()));
        object
    }

    pub fn add_exclusion(&mut self, table: &MadeTable, object: &mut Map<String, Value>) {
        let range = table.columns.iter().find(|(_, of)| of.sql == "int4range").map(|(name, _)| name.clone());
        if table.partitioned.is_some() || !self.choices.chance(30) {
            return;
        }
        let mut text = match range {
            Some(name) => format!("EXCLUDE USING gist ({} WITH &&)", ident(&name)),
            None => format!("EXCLUDE USING btree ({} WITH =)", ident(&table.number)),
        };
        if self.choices.chance(40) {
            text += &format!(" WHERE (({} > 3))", ident(&table.number));
        }
        let mut own = Map::new();
        own.insert("definition".to_owned(), json!(text));
        self.maybe(40, &mut own, "name", |own| json!(own.names.unique(&mut own.choices)));
        if self.choices.chance(40) {
            own.insert("deferrable".to_owned(), json!(true));
            self.maybe(40, &mut own, "initially_deferred", |_| json!(true));
        }
        self.maybe(20, &mut own, "comment", |own| json!(own.text()));
        object.insert("exclusions".to_owned(), json!([own]));
    }

    /// Returns a foreign key; an empty object if there is no table that it can refer to.
    pub fn foreign_key(&mut self, table: &MadeTable) -> Map<String, Value> {
        // The server compares values of other types in ways that depend on more than the type.
        const COMPARED: &[&str] =
            &["integer", "bigint", "smallint", "text", "date", "uuid", "boolean", "inet", "numeric"];
        let column_of = |sql: &str| {
            let mut same = table.key_columns.iter().filter(|(_, of)| of.sql == sql && COMPARED.contains(&sql));
            same.next().map(|(name, _)| name.clone())
        };
        let mut found = Vec::new();
        for target in self.tables.iter().filter(|own| table.is_unlogged == own.is_unlogged && !own.is_partition) {
            for (columns, is_primary) in target.targets.iter().filter(|(columns, _)| !columns.is_empty()) {
                let of =
                    |name: &String| target.columns.iter().find(|(own, _)| own == name).map(|(_, of)| of.sql.clone());
                let own: Option<Vec<String>> = columns.iter().map(|name| column_of(&of(name)?)).collect();
                let is_once =
                    |own: &Vec<String>| own.iter().all(|name| own.iter().filter(|it| *it == name).count() == 1);
                found.extend(own.filter(is_once).map(|own| (own, target.clone(), columns.clone(), *is_primary)));
            }
        }
        if found.is_empty() {
            return Map::new();
        }
        let (own, target, columns, is_primary) = self.choices.pick(&found).clone();
        let mut references = reference(&target, &table.schema);
        if !is_primary || self.choices.chance(20) {
            references.insert("columns".to_owned(), json!(columns));
        }
        let mut object = Map::new();
        object.insert("columns".to_owned(), json!(own));
        object.insert("references".to_owned(), Value::Object(references));
        self.maybe(30, &mut object, "name", |own| json!(own.names.unique(&mut own.choices)));
        let actions = ["NO ACTION", "CASCADE", "RESTRICT", "SET NULL", "SET DEFAULT"];
        let mut action = |maker: &mut Self, key: &str| {
            let action = *maker.choices.pick(&actions);
            if action != "NO ACTION" {
                object.insert(key.to_owned(), json!(action));
            }
            action
        };
        action(self, "on_update");
        let on_delete = action(self, "on_delete");
        if on_delete.starts_with("SET") && self.is_from(15) {
            self.maybe(30, &mut object, "on_delete_columns", |_| json!([own[0]]));
        }
        self.maybe(20, &mut object, "match", |_| json!("FULL"));
        if self.choices.chance(30) {
            object.insert("deferrable".to_owned(), json!(true));
            self.maybe(40, &mut object, "initially_deferred", |_| json!(true));
        }
        if self.server.is_free {
            self.maybe(10, &mut object, "not_enforced", |_| json!(true));
            self.maybe(10, &mut object, "period", |_| json!(true));
        }
        // A partitioned table takes none before 18.
        if table.partitioned.is_none() && target.partitioned.is_none() {
            self.maybe(20, &mut object, "not_valid", |_| json!(true));
        }
        self.maybe(20, &mut object, "comment", |own| json!(own.text()));
        object
    }

    pub fn index(&mut self, table: &MadeTable) -> Map<String, Value> {
        // A virtual column is in no index.
        let columns: Vec<(String, ColumnType)> = table.key_columns.clone();
        let text = columns.iter().find(|(_, of)| of.sql == "text").map(|(name, _)| name.clone());
        let special = columns.iter().find(|(_, of)| matches!(&*of.sql, "jsonb" | "tsvector" | "int4range"));
        match special {
            Some((name, of)) if self.choices.chance(50) => self.special_index(name, &of.sql),
            _ => self.index_of(&table.number, text.as_deref(), table.partitioned.is_some()),
        }
    }

    fn special_index(&mut self, name: &str, of: &str) -> Map<String, Value> {
        let (method, column) = match of {
            "jsonb" => ("gin", json!({"column": name, "operator_class": "jsonb_path_ops"})),
            "tsvector" => (
                "gist",
                json!({"column": name, "operator_class": "tsvector_ops", "operator_class_options": {"siglen": "100"}}),
            ),
            _ => ("gist", json!(name)),
        };
        let mut object = Map::new();
        object.insert("columns".to_owned(), json!([column]));
        object.insert("method".to_owned(), json!(method));
        self.describe_index(&mut object);
        object
    }

    /// Returns an index of a number, and of a text if there is one.
    pub fn index_of(&mut self, number: &str, text: Option<&str>, is_partitioned: bool) -> Map<String, Value> {
        let mut object = Map::new();
        let method = *self.choices.pick(&["btree", "btree", "btree", "hash", "brin"]);
        if method != "btree" {
            object.insert("columns".to_owned(), json!([number]));
            object.insert("method".to_owned(), json!(method));
            if method == "brin" && !is_partitioned {
                self.maybe(30, &mut object, "options", |_| json!({"pages_per_range": "32"}));
            }
            self.describe_index(&mut object);
            return object;
        }
        let mut columns = vec![self.index_column(json!({"column": number}))];
        if let Some(text) = text.filter(|_| self.choices.chance(60)) {
            let column = match self.choices.below(4) {
                0 => json!({"column": text}),
                1 => json!({"expression": format!("lower({})", ident(text))}),
                2 => json!({"expression": format!("(({} || 'x'::text))", ident(text))}),
                _ => {
                    let mut column = json!({"column": text, "operator_class": "text_pattern_ops"});
                    if self.choices.chance(50) {
                        column["collation"] = json!("POSIX");
                    }
                    column
                }
            };
            columns.push(self.index_column(column));
        }
        object.insert("columns".to_owned(), Value::Array(columns));
        if self.choices.chance(30) {
            object.insert("unique".to_owned(), json!(true));
            if self.is_from(15) {
                self.maybe(30, &mut object, "nulls_not_distinct", |_| json!(true));
            }
        }
        if let Some(text) = text {
            self.maybe(20, &mut object, "include", |_| json!([text]));
        }
        self.maybe(20, &mut object, "where", |_| json!(format!("({} > 3)", ident(number))));
        if !is_partitioned {
            self.maybe(20, &mut object, "options", |_| json!({"fillfactor": "60"}));
        }
        self.describe_index(&mut object);
        object
    }

    fn index_column(&mut self, column: Value) -> Value {
        let Value::Object(mut column) = column else { return column };
        if self.choices.chance(30) {
            column.insert("descending".to_owned(), json!(true));
            self.maybe(50, &mut column, "nulls", |_| json!("NULLS LAST"));
        } else {
            self.maybe(20, &mut column, "nulls", |_| json!("NULLS FIRST"));
        }
        match column.get("column") {
            Some(name) if column.len() == 1 => name.clone(),
            _ => Value::Object(column),
        }
    }

    fn describe_index(&mut self, object: &mut Map<String, Value>) {
        self.maybe(40, object, "name", |own| json!(own.names.unique(&mut own.choices)));
        self.maybe(20, object, "comment", |own| json!(own.text()));
    }
}
