//! Types of columns, with what can be done with them; enums, composite types and domains.

use pgmeta_core::ident::{ident, qualified};
use serde_json::{Map, Value, json};

use super::Maker;
use super::names::unused;

/// A type that a column can have.
#[derive(Clone)]
pub struct ColumnType {
    /// As the document has it.
    pub sql: String,
    /// A default as the server prints it.
    pub default: Option<String>,
    /// Whether a btree index takes it.
    pub is_sorted: bool,
}

fn plain_type(sql: &str, default: &str) -> ColumnType {
    ColumnType { sql: sql.to_owned(), default: Some(default.to_owned()), is_sorted: true }
}

/// Returns types of every server. The first is a number.
pub fn plain() -> Vec<ColumnType> {
    let mut all = vec![
        plain_type("integer", "42"),
        plain_type("text", "'it''s \\ \"x\"'::text"),
        plain_type("bigint", "'-7'::integer"),
        plain_type("smallint", "3"),
        plain_type("numeric(10,2)", "0.5"),
        plain_type("numeric", "1.50"),
        plain_type("double precision", "0.25"),
        plain_type("character varying(60)", "'ü'::character varying"),
        plain_type("character(3)", "'abc'::bpchar"),
        plain_type("boolean", "true"),
        plain_type("timestamp with time zone", "now()"),
        plain_type("timestamp(3) without time zone", "'2026-01-01 00:00:00'::timestamp without time zone"),
        plain_type("date", "CURRENT_DATE"),
        plain_type("time(3) without time zone", "'10:00:00'::time without time zone"),
        plain_type("interval", "'01:00:00'::interval"),
        plain_type("jsonb", "'{}'::jsonb"),
        plain_type("uuid", "gen_random_uuid()"),
        plain_type("bytea", "'\\x00'::bytea"),
        plain_type("integer[]", "'{1,2}'::integer[]"),
        plain_type("character varying(9)[]", "'{}'::character varying[]"),
        plain_type("int4range", "'[1,2)'::int4range"),
        plain_type("inet", "'10.0.0.1'::inet"),
        plain_type("bit varying(8)", "'101'::\"bit\""),
    ];
    all.push(ColumnType { sql: "tsvector".into(), default: None, is_sorted: true });
    all.push(ColumnType { sql: "json".into(), default: Some("'[]'::json".into()), is_sorted: false });
    all.push(ColumnType { sql: "point".into(), default: None, is_sorted: false });
    all
}

impl Maker<'_> {
    /// Returns a type as the document may have it: the definition's own ones with a schema, and without where that is not needed.
    pub fn any_type(&mut self) -> ColumnType {
        // Types of the definition are as frequent as all others.
        let others = plain().len();
        let from = if self.choices.chance(40) && self.types.len() > others { others } else { 0 };
        // Only texts have collations and ways of storage.
        let end = if self.choices.chance(25) { 2 } else { self.types.len() };
        self.choices.pick(&self.types[from.min(end - 1)..end]).clone()
    }

    /// Notes a type of the definition for the columns of tables.
    fn add_type(&mut self, schema: &str, name: &str, default: Option<&str>, is_sorted: bool) {
        let full = qualified(schema, name);
        let default = default.map(|value| format!("'{}'::{full}", value.replace('\'', "''")));
        // A name of the server's own types always means these.
        let is_servers = ["date", "text", "name", "point"].contains(&name);
        let is_short = schema == self.own && !is_servers && self.choices.chance(50);
        let sql = if is_short { ident(name) } else { full };
        self.types.push(ColumnType { sql, default, is_sorted });
    }

    pub fn enumeration(&mut self) -> Map<String, Value> {
        let (schema, name, mut object) = self.named();
        let mut values: Vec<String> = Vec::new();
        for _ in 0..1 + self.choices.below(3) {
            values.push(unused(&mut self.choices, |value| values.iter().any(|own| own == value)));
        }
        self.add_type(&schema, &name, values.first().map(String::as_str), true);
        object.insert("values".to_owned(), json!(values));
        self.describe(&mut object, &["USAGE"]);
        object
    }

    pub fn composite(&mut self) -> Map<String, Value> {
        let (schema, name, mut object) = self.named();
        let mut names: Vec<String> = Vec::new();
        let mut attributes = Vec::new();
        for _ in 0..self.choices.below(4) {
            let attribute = unused(&mut self.choices, |name| names.iter().any(|own| own == name));
            names.push(attribute.clone());
            let mut one = Map::new();
            let of = self.any_type().sql;
            one.insert("name".to_owned(), json!(attribute));
            one.insert("type".to_owned(), json!(of));
            if of == "text" {
                self.maybe(50, &mut one, "collation", |own| own.collation());
            }
            self.maybe(20, &mut one, "comment", |own| json!(own.text()));
            attributes.push(Value::Object(one));
        }
        self.add_type(&schema, &name, None, false);
        object.insert("attributes".to_owned(), Value::Array(attributes));
        self.describe(&mut object, &["USAGE"]);
        object
    }

    pub fn domain(&mut self) -> Map<String, Value> {
        let (schema, name, mut object) = self.named();
        let base = self.any_type();
        object.insert("type".to_owned(), json!(base.sql));
        self.maybe(30, &mut object, "not_null", |_| json!(true));
        if let Some(default) = &base.default {
            self.maybe(40, &mut object, "default", |_| json!(default));
        }
        if base.sql == "text" {
            self.maybe(50, &mut object, "collation", |own| own.collation());
        }
        let mut names: Vec<String> = Vec::new();
        let mut checks = Vec::new();
        for _ in 0..self.choices.below(3) {
            let mut check = Map::new();
            check.insert("expression".to_owned(), json!("(VALUE IS NOT NULL)"));
            if self.choices.chance(50) {
                let name = unused(&mut self.choices, |name| names.iter().any(|own| own == name));
                names.push(name.clone());
                check.insert("name".to_owned(), json!(name));
            }
            self.maybe(20, &mut check, "not_valid", |_| json!(true));
            self.maybe(20, &mut check, "comment", |own| json!(own.text()));
            let short = check.len() == 1;
            checks.push(if short { json!("(VALUE IS NOT NULL)") } else { Value::Object(check) });
        }
        if !checks.is_empty() {
            object.insert("checks".to_owned(), Value::Array(checks));
        }
        self.add_type(&schema, &name, None, base.is_sorted);
        self.describe(&mut object, &["USAGE"]);
        object
    }

    /// Returns a collation of every server.
    pub fn collation(&mut self) -> Value {
        json!(self.choices.pick(&["C", "pg_catalog.\"POSIX\""]))
    }
}
