//! Properties: a column for each, with the checks that its keywords come to.

use pgmeta_core::interrupt::check;
use serde_json::Value;

use super::limits::checks;
use super::value::{Class, literal_of};
use crate::column::ColumnDefinition;
use crate::expression::Expression;
use crate::import::Imported;
use crate::import::keys::Keys;
use crate::table::TableDefinition;
use crate::validate::Level;

/// The greatest length of PostgreSQL's character types.
const LONGEST: u64 = 10_485_760;

/// A type of PostgreSQL, and what its values are.
pub struct DataType {
    pub sql: String,
    pub class: Class,
}

impl DataType {
    fn of(sql: &str, class: Class) -> Self {
        Self { sql: sql.to_owned(), class }
    }

    fn json() -> Self {
        Self::of("jsonb", Class::Json)
    }
}

/// Adds a property.
pub fn add(name: &str, mut keys: Keys<'_>, required: bool, table: &mut TableDefinition, imported: &mut Imported) {
    let (data_type, is_nullable) = data_type(&mut keys, imported);
    let default = keys.find("default", |own| literal_of(own, &data_type));
    let column = ColumnDefinition {
        name: name.into(),
        r#type: data_type.sql.as_str().into(),
        nullable: is_nullable || !required,
        default: default.map(Expression),
        comment: keys.text("description").or_else(|| keys.text("title")).map(str::to_owned),
        ..ColumnDefinition::default()
    };
    table.checks.extend(checks(&mut keys, &column.name, &data_type));
    table.columns.push(column);
    keys.report(imported);
}

/// Returns the type of a property, and whether it may be null.
fn data_type(keys: &mut Keys<'_>, imported: &mut Imported) -> (DataType, bool) {
    check();
    let (words, is_nullable) = words(keys);
    if let [word] = &*words
        && let Some(data_type) = by_word(word, keys, imported)
    {
        return (data_type, is_nullable);
    }
    let message = "Its type is none, several, or of another schema; the column is jsonb.".to_owned();
    imported.remark(&keys.path, "UNSUPPORTED_DATA_TYPE", Level::Warning, message);
    (DataType::json(), is_nullable)
}

/// Returns the words for the type, as the schema has them or as its values show, and whether null is one.
fn words<'v>(keys: &mut Keys<'v>) -> (Vec<&'v str>, bool) {
    let all: Option<Vec<&str>> = keys.find("type", |own| match own {
        Value::String(word) => Some(vec![word.as_str()]),
        Value::Array(words) => words.iter().map(Value::as_str).collect(),
        _ => None,
    });
    let mut all = all.unwrap_or_else(|| match keys.peek("enum").and_then(Value::as_array) {
        Some(values) => values.iter().map(word_of).collect(),
        None => keys.peek("const").map(word_of).into_iter().collect(),
    });
    let is_nullable = all.contains(&"null");
    all.retain(|word| *word != "null");
    all.sort_unstable();
    all.dedup();
    // A whole number is a number.
    if all == ["integer", "number"] {
        all.remove(0);
    }
    (all, is_nullable)
}

fn word_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) | Value::Object(_) => "object",
    }
}

fn by_word(word: &str, keys: &mut Keys<'_>, imported: &mut Imported) -> Option<DataType> {
    let format = keys.peek("format").and_then(Value::as_str).unwrap_or_default();
    let by_format = match (word, format) {
        ("string", "uuid") => DataType::of("uuid", Class::Uuid),
        ("string", "date") => DataType::of("date", Class::Date),
        ("string", "date-time") => DataType::of("timestamp with time zone", Class::Timestamp),
        ("string", "time") => DataType::of("time with time zone", Class::Time),
        ("string", "duration") => DataType::of("interval", Class::Duration),
        ("integer", "int32") => DataType::of("integer", Class::Integer),
        ("integer", "int64") => DataType::of("bigint", Class::Integer),
        ("number", "double") => DataType::of("double precision", Class::Number),
        _ => return by_word_only(word, keys, imported),
    };
    keys.mark("format");
    Some(by_format)
}

fn by_word_only(word: &str, keys: &mut Keys<'_>, imported: &mut Imported) -> Option<DataType> {
    Some(match word {
        "string" => match keys.number("maxLength", 1, LONGEST) {
            Some(length) => DataType::of(&format!("character varying({length})"), Class::Text),
            None => DataType::of("text", Class::Text),
        },
        "integer" => DataType::of("bigint", Class::Integer),
        "number" => DataType::of("double precision", Class::Number),
        "boolean" => DataType::of("boolean", Class::Boolean),
        "object" => DataType::json(),
        "array" => match keys.peek("items").filter(|own| own.is_object()) {
            Some(items) => {
                let mut items = Keys::of(items, format!("{}/items", keys.path));
                let (element, _) = data_type(&mut items, imported);
                if matches!(element.class, Class::Array(_) | Class::Json) {
                    return Some(DataType::json());
                }
                items.report(imported);
                keys.mark("items");
                DataType { sql: format!("{}[]", element.sql), class: Class::Array(Box::new(element)) }
            }
            None => DataType::json(),
        },
        _ => return None,
    })
}
