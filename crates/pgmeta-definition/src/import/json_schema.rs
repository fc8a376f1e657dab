//! JSON Schema documents of records: a table for each object.

use pgmeta_core::ident::{Name, ident, literal};
use pgmeta_core::interrupt::check;
use serde_json::Value;

use crate::column::ColumnDefinition;
use crate::constraint::{CheckDefinition, FullCheck};
use crate::definition::Definition;
use crate::expression::Expression;
use crate::import::{ImportError, Imported, escaped, text};
use crate::table::TableDefinition;
use crate::validate::Level;

/// Reads a schema, a list of schemas, or the definitions of one.
pub fn from_json_schema(document: &Value) -> Result<Imported, ImportError> {
    let mut imported = Imported { definition: Definition::default(), report: Vec::new() };
    let mut schemas: Vec<(String, Option<&str>, &Value)> = Vec::new();
    match document {
        Value::Array(list) => {
            schemas.extend(list.iter().enumerate().map(|(at, own)| (format!("/{at}"), text(own, "title"), own)));
        }
        Value::Object(_) => {
            if document.get("properties").is_some() {
                schemas.push((String::new(), text(document, "title"), document));
            }
            for key in ["$defs", "definitions"] {
                let all = document.get(key).and_then(Value::as_object).into_iter().flatten();
                schemas.extend(all.map(|(name, own)| (format!("/{key}/{}", escaped(name)), Some(name.as_str()), own)));
            }
        }
        _ => return Err(ImportError { format: "json_schema", message: "expected an object or an array".to_owned() }),
    }
    for (path, name, own) in schemas {
        check();
        if own.get("properties").is_none() {
            let message = "It has no properties, and becomes no table.".to_owned();
            imported.remark(&path, "NOT_TAKEN", Level::Warning, message);
            continue;
        }
        let table = table(own, &path, name, &mut imported);
        imported.definition.tables.push(table);
    }
    Ok(imported)
}

fn table(own: &Value, path: &str, name: Option<&str>, imported: &mut Imported) -> TableDefinition {
    const KNOWN: [&str; 9] =
        ["$schema", "$id", "title", "type", "description", "properties", "required", "additionalProperties", "$defs"];
    imported.report_other_keys(own, path, &KNOWN);
    let name = name.unwrap_or("record");
    let mut table = TableDefinition {
        name: snake_case(name).into(),
        comment: text(own, "description").map(str::to_owned),
        ..TableDefinition::default()
    };
    let required: Vec<&str> =
        own.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    for (key, property) in own.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let path = format!("{path}/properties/{}", escaped(key));
        let (data_type, is_nullable) = data_type(property, &path, imported);
        let column = ColumnDefinition {
            name: key.as_str().into(),
            r#type: data_type.into(),
            nullable: is_nullable || !required.contains(&key.as_str()),
            default: property.get("default").map(value),
            comment: text(property, "description").map(str::to_owned),
            ..ColumnDefinition::default()
        };
        table.checks.extend(checks(property, &column.name));
        table.columns.push(column);
    }
    let message = format!("Table {} has no primary key; none is made.", table.name);
    imported.remark(path, "MISSING_PRIMARY_KEY", Level::Warning, message);
    table
}

/// Returns the type of a property, and whether it may be null.
fn data_type(own: &Value, path: &str, imported: &mut Imported) -> (String, bool) {
    let (words, is_nullable) = match own.get("type") {
        Some(Value::String(word)) => (vec![word.as_str()], false),
        Some(Value::Array(words)) => {
            let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
            let is_nullable = words.contains(&"null");
            (words.into_iter().filter(|word| *word != "null").collect(), is_nullable)
        }
        _ => (Vec::new(), false),
    };
    let length = own.get("maxLength").and_then(Value::as_u64).filter(|length| *length > 0);
    let data_type = match (&*words, text(own, "format")) {
        (["string"], Some("uuid")) => "uuid".to_owned(),
        (["string"], Some("date")) => "date".to_owned(),
        (["string"], Some("date-time")) => "timestamp with time zone".to_owned(),
        (["string"], Some("time")) => "time with time zone".to_owned(),
        (["string"], Some("duration")) => "interval".to_owned(),
        (["string"], _) => length.map_or_else(|| "text".to_owned(), |length| format!("character varying({length})")),
        (["integer"], Some("int32")) => "integer".to_owned(),
        (["integer"], _) => "bigint".to_owned(),
        (["number"], _) => "double precision".to_owned(),
        (["boolean"], _) => "boolean".to_owned(),
        (["array"], _) => match own.get("items").map(|items| data_type(items, &format!("{path}/items"), imported)) {
            Some((element, _)) if !element.ends_with("[]") && element != "jsonb" => format!("{element}[]"),
            _ => "jsonb".to_owned(),
        },
        (["object"], _) => "jsonb".to_owned(),
        _ => {
            let message = "Its type is none, several, or of another schema; the column is jsonb.".to_owned();
            imported.remark(path, "UNSUPPORTED_DATA_TYPE", Level::Warning, message);
            "jsonb".to_owned()
        }
    };
    (data_type, is_nullable)
}

/// Returns the checks that the limits of a property come to.
fn checks(own: &Value, column: &Name) -> Vec<CheckDefinition> {
    let name = ident(column);
    let mut all = Vec::new();
    let mut add = |expression: String| all.push(CheckDefinition(FullCheck { expression, ..FullCheck::default() }));
    if let Some(values) = own.get("enum").and_then(Value::as_array) {
        let values: Vec<String> = values.iter().filter(|value| !value.is_null()).map(|own| value(own).0).collect();
        if !values.is_empty() {
            add(format!("{name} IN ({})", values.join(", ")));
        }
    }
    for (key, operator) in [("minimum", ">="), ("maximum", "<="), ("exclusiveMinimum", ">"), ("exclusiveMaximum", "<")]
    {
        if let Some(Value::Number(limit)) = own.get(key) {
            add(format!("{name} {operator} {limit}"));
        }
    }
    if let Some(length) = own.get("minLength").and_then(Value::as_u64).filter(|length| *length > 0) {
        add(format!("length({name}) >= {length}"));
    }
    if let Some(pattern) = text(own, "pattern") {
        add(format!("{name} ~ {}", literal(pattern)));
    }
    all
}

/// Returns a JSON value as SQL.
fn value(own: &Value) -> Expression {
    Expression(match own {
        Value::Null => "NULL".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => literal(text),
        Value::Array(_) | Value::Object(_) => format!("{}::jsonb", literal(&own.to_string())),
    })
}

/// Returns a name with underscores in place of capitals and blanks.
fn snake_case(name: &str) -> String {
    let mut out = String::new();
    let mut was_lower = false;
    for character in name.chars() {
        if character.is_uppercase() {
            if was_lower {
                out.push('_');
            }
            out.extend(character.to_lowercase());
        } else if matches!(character, ' ' | '-' | '.') {
            out.push('_');
        } else {
            out.push(character);
        }
        was_lower = character.is_lowercase() || character.is_ascii_digit();
    }
    out
}
