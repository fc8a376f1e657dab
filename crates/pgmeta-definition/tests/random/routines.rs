//! Functions and procedures.

use serde_json::{Map, Value, json};

use super::Maker;
use super::names::unused;

/// Types of arguments, which have no modifiers, and their defaults.
const TYPES: &[(&str, &str)] = &[
    ("integer", "42"),
    ("text", "'it''s'::text"),
    ("bigint", "'-7'::integer"),
    ("character varying", "'a'::character varying"),
    ("timestamp with time zone", "now()"),
    ("integer[]", "'{1,2}'::integer[]"),
    ("jsonb", "'{}'::jsonb"),
];

impl Maker<'_> {
    pub fn function(&mut self) -> Map<String, Value> {
        let (schema, name, mut object) = self.named();
        match self.choices.below(6) {
            0 => {
                self.trigger_functions.push((schema, name));
                object.insert("language".to_owned(), json!("plpgsql"));
                object.insert("returns".to_owned(), json!("trigger"));
                object.insert("body".to_owned(), json!("BEGIN RETURN NEW; END"));
                self.maybe(20, &mut object, "security_definer", |_| json!(true));
                self.settings(&mut object);
            }
            1 => {
                object.insert("language".to_owned(), json!("sql"));
                object.insert("kind".to_owned(), json!("procedure"));
                object.insert("body".to_owned(), json!(self.body()));
                self.arguments(&mut object, &["IN", "INOUT"], false);
                self.settings(&mut object);
            }
            2 => {
                object.insert("language".to_owned(), json!("sql"));
                object.insert("returns".to_owned(), json!("integer"));
                object.insert("sql_body".to_owned(), json!("RETURN 1"));
                self.attributes(&mut object);
            }
            3 => {
                object.insert("language".to_owned(), json!("plpgsql"));
                object.insert("kind".to_owned(), json!("window function"));
                object.insert("returns".to_owned(), json!("integer"));
                object.insert("body".to_owned(), json!(self.body()));
            }
            4 => {
                object.insert("language".to_owned(), json!("sql"));
                object.insert("body".to_owned(), json!(self.body()));
                // The arguments say what it returns.
                let modes: &[&str] = if self.choices.chance(50) { &["TABLE"] } else { &["OUT", "INOUT"] };
                self.arguments(&mut object, modes, true);
                if object.get("arguments").is_none() {
                    object.insert("returns".to_owned(), json!("void"));
                }
                self.attributes(&mut object);
            }
            _ => {
                object.insert("language".to_owned(), json!("sql"));
                object.insert("returns".to_owned(), json!(self.choices.pick(TYPES).0));
                object.insert("body".to_owned(), json!(self.body()));
                self.arguments(&mut object, &["IN"], true);
                if self.choices.chance(30) {
                    object.insert("returns_set".to_owned(), json!(true));
                    self.maybe(50, &mut object, "rows", |_| json!(7.0));
                }
                self.attributes(&mut object);
            }
        }
        self.describe(&mut object, &["EXECUTE"]);
        object
    }

    fn body(&mut self) -> String {
        format!("SELECT NULL; -- $_$ {}", self.text().replace('\n', " "))
    }

    fn attributes(&mut self, object: &mut Map<String, Value>) {
        self.maybe(30, object, "volatility", |own| json!(*own.choices.pick(&["IMMUTABLE", "STABLE"])));
        self.maybe(30, object, "parallel", |own| json!(*own.choices.pick(&["SAFE", "RESTRICTED"])));
        self.maybe(20, object, "strict", |_| json!(true));
        self.maybe(20, object, "security_definer", |_| json!(true));
        self.maybe(20, object, "leakproof", |_| json!(true));
        self.maybe(20, object, "cost", |_| json!(0.5));
        self.settings(object);
    }

    fn settings(&mut self, object: &mut Map<String, Value>) {
        self.maybe(20, object, "settings", |_| json!({"search_path": "pg_catalog, pg_temp", "work_mem": "3MB"}));
    }

    fn arguments(&mut self, object: &mut Map<String, Value>, modes: &[&str], has_more: bool) {
        let mode = *self.choices.pick(modes);
        let mut names: Vec<String> = Vec::new();
        let mut all = Vec::new();
        let count = self.choices.below(4);
        for at in 0..count {
            let (of, default) = *self.choices.pick(TYPES);
            let mut one = Map::new();
            one.insert("type".to_owned(), json!(of));
            // Columns of a result need names, and all have other ones.
            if mode == "TABLE" || self.choices.chance(60) {
                let name = unused(&mut self.choices, |name| names.iter().any(|own| own == name));
                names.push(name.clone());
                one.insert("name".to_owned(), json!(name));
            }
            let is_last = at + 1 == count;
            if mode != "IN" {
                one.insert("mode".to_owned(), json!(mode));
            } else if is_last && has_more && self.choices.chance(30) {
                one.insert("type".to_owned(), json!("integer[]"));
                one.insert("mode".to_owned(), json!("VARIADIC"));
            } else if is_last {
                self.maybe(40, &mut one, "default", |_| json!(default));
            }
            all.push(Value::Object(one));
        }
        if !all.is_empty() {
            object.insert("arguments".to_owned(), Value::Array(all));
        }
    }
}
