//! Reads options: a JSON object of limited size. Each group of functions defines its own options; the spellings of words
//! and lists are the same for all.

use pgmeta_core::plan::{self, Hazard};
use pgmeta_core::{ddl, words};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::api::schemas::read_schemas;
use crate::error::Error;
use crate::jsonb::Document;

/// Maximum length of options as text, in bytes.
const LONGEST: usize = 1 << 20;

/// Options whose values are words of pgmeta in lower case.
const WORDS: &[&str] = &[
    "secrets",
    "sections",
    "format",
    "compression",
    "retire",
    "epoch",
    "parquet_types",
    "show",
    "partitions",
    "on_error",
    "virtual",
];

/// Options whose values are words in upper case.
const CAPITALS: &[&str] = &["allow_hazards", "direction"];

/// Options that are arrays, but may be written as one text.
const LISTS: &[&str] = &["schemas", "types", "sections", "allow_hazards"];

/// Options that are arrays of patterns, but may be written as one pattern, in which commas and quotes mean something.
const PATTERNS: &[&str] = &["exclude", "tables"];

/// Reads options of a type; NULL means none. `example` is shown if they are not a JSON object.
pub fn parse<T: DeserializeOwned + Default>(options: Option<Document>, example: &str) -> Result<T, Error> {
    match options {
        None => Ok(T::default()),
        Some(_) => serde_json::from_value(read(options, example)?).map_err(Error::Options),
    }
}

/// Reads the options of exports.
pub fn of_export(options: Option<Document>) -> Result<ddl::Options, Error> {
    parse(options, r#"{"comments": false}"#)
}

/// Reads the options of diffs and plans.
pub fn of_plan(options: Option<Document>) -> Result<plan::Options, Error> {
    let mut options: plan::Options = parse(options, r#"{"drops": false}"#)?;
    options.schemas = read_schemas(options.schemas.map(Into::into))?;
    match options.allow_hazards.iter().find(|word| Hazard::from_word(word).is_none()) {
        Some(word) => Err(Error::UnknownHazard(word.clone())),
        None => Ok(options),
    }
}

/// Reads the options of archives and their policies.
pub fn of_archive<T: DeserializeOwned + Default>(options: Option<Document>) -> Result<T, Error> {
    parse(options, ARCHIVE)
}

/// Returns the options of archives as text, to be stored.
pub fn archive_text(options: Option<Document>) -> Result<String, Error> {
    Ok(read(options, ARCHIVE)?.to_string())
}

/// An example of archive options for hints.
const ARCHIVE: &str = r#"{"format": "csv"}"#;

/// Reads options as JSON; NULL means none. The parser limits the nesting, and numbers to those of type double.
pub fn read(options: Option<Document>, example: &str) -> Result<Value, Error> {
    let Some(options) = options else { return Ok(Value::Object(Map::new())) };
    let text = options.text();
    let refused = |hint: String| Err(Error::BadArgument { name: "options", value: text.to_owned(), hint });
    if text.len() > LONGEST {
        return refused(format!("Options can have at most {LONGEST} bytes."));
    }
    match serde_json::from_str(text).map_err(Error::Options)? {
        Value::Object(mut options) => {
            options.iter_mut().for_each(|(name, value)| spell(name, value));
            Ok(Value::Object(options))
        }
        _ => refused(format!("Pass a JSON object, such as '{example}'.")),
    }
}

/// Normalizes the spelling of an option's value.
fn spell(name: &str, value: &mut Value) {
    if let Value::String(text) = value
        && LISTS.contains(&name)
    {
        *value = words::list(text).into();
    }
    if value.is_string() && PATTERNS.contains(&name) {
        *value = Value::Array(vec![value.take()]);
    }
    if WORDS.contains(&name) {
        each_text(value, &str::to_ascii_lowercase);
    }
    if CAPITALS.contains(&name) {
        each_text(value, &str::to_ascii_uppercase);
    }
    let all = |list: &Vec<Value>| matches!(list.as_slice(), [Value::String(word)] if word.eq_ignore_ascii_case("all"));
    if name == "schemas" && value.as_array().is_some_and(all) {
        *value = Value::Null;
    }
}

fn each_text(value: &mut Value, change: &dyn Fn(&str) -> String) {
    match value {
        Value::String(text) => *text = change(text),
        Value::Array(list) => list.iter_mut().for_each(|item| each_text(item, change)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_and_lists_accept_several_spellings() {
        for (name, given, meant) in [
            ("schemas", json!("app"), json!(["app"])),
            ("schemas", json!("app, \"A b\""), json!(["app", "A b"])),
            ("schemas", json!(["App"]), json!(["App"])),
            ("schemas", json!("all"), json!(null)),
            ("types", json!("table, view"), json!(["table", "view"])),
            ("secrets", json!("INCLUDE"), json!("include")),
            ("sections", json!("Pre-Data"), json!(["pre-data"])),
            ("allow_hazards", json!(["deletes_data"]), json!(["DELETES_DATA"])),
            ("format", json!("Parquet"), json!("parquet")),
            ("exclude", json!("App.*"), json!(["App.*"])),
            ("tables", json!("\"A,b\".*"), json!(["\"A,b\".*"])),
            ("direction", json!("lr"), json!("LR")),
            ("partitions", json!("Show"), json!("show")),
            ("virtual", json!(["Name"]), json!(["name"])),
            ("virtual", json!(true), json!(true)),
            ("owner", json!("YES"), json!("YES")),
            ("secrets", json!(1), json!(1)),
        ] {
            let mut value = given.clone();
            spell(name, &mut value);
            assert_eq!(value, meant, "{name}: {given}");
        }
    }
}
