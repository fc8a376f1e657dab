//! JSON Schema documents of records: a table for each object. A keyword that becomes no part of a table is reported.

mod limits;
mod property;
mod value;

use pgmeta_core::interrupt::check;
use rustc_hash::FxHashSet;
use serde_json::Value;

use super::keys::Keys;
use crate::definition::Definition;
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
            } else {
                root(document, &mut imported);
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
        let table = table(Keys::of(own, path), name, &mut imported);
        imported.definition.tables.push(table);
    }
    Ok(imported)
}

/// Reads a document that has nothing but definitions.
fn root(document: &Value, imported: &mut Imported) {
    let mut keys = Keys::of(document, String::new());
    identify(&mut keys);
    definitions(&mut keys);
    imported.definition.name = keys.text("title").map(str::to_owned);
    imported.definition.description = keys.text("description").map(str::to_owned);
    keys.report(imported);
}

/// Which draft it is, and its address, say nothing of rows.
fn identify(keys: &mut Keys<'_>) {
    for key in ["$schema", "$id"] {
        keys.text(key);
    }
}

fn definitions(keys: &mut Keys<'_>) {
    for key in ["$defs", "definitions"] {
        keys.find(key, Value::as_object);
    }
}

fn table(mut keys: Keys<'_>, name: Option<&str>, imported: &mut Imported) -> TableDefinition {
    identify(&mut keys);
    if keys.path.is_empty() {
        definitions(&mut keys);
    }
    // What names the table is not said twice.
    keys.find("title", |own| own.as_str().filter(|own| Some(*own) == name));
    let mut table = TableDefinition {
        name: snake_case(name.unwrap_or("record")).into(),
        comment: keys.text("description").map(str::to_owned),
        ..TableDefinition::default()
    };
    keys.find("type", |own| (own == "object").then_some(()));
    // A table has no other columns.
    keys.find("additionalProperties", |own| (*own == Value::Bool(false)).then_some(()));
    let properties = keys.find("properties", Value::as_object);
    let required: FxHashSet<&str> =
        keys.find("required", Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    keys.report(imported);
    for (at, own) in keys.peek("required").and_then(Value::as_array).into_iter().flatten().enumerate() {
        check();
        let is_known = own.as_str().is_some_and(|name| properties.is_some_and(|own| own.contains_key(name)));
        if !is_known {
            let message = format!("{own} is required, and no property; it is not taken.");
            imported.remark(&format!("{}/required/{at}", keys.path), "NOT_TAKEN", Level::Warning, message);
        }
    }
    for (key, own) in properties.into_iter().flatten() {
        check();
        let path = format!("{}/properties/{}", keys.path, escaped(key));
        property::add(key, Keys::of(own, path), required.contains(key.as_str()), &mut table, imported);
    }
    let message = format!("Table {} has no primary key; none is made.", table.name);
    imported.remark(&keys.path, "MISSING_PRIMARY_KEY", Level::Warning, message);
    table
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
