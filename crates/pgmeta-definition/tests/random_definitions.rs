//! Laws of random definitions: what becomes a model and comes back is the same, nothing is lost, and each key counts.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "random/places.rs"]
mod places;
mod random;

use std::collections::{BTreeMap, BTreeSet};

use pgmeta_core::model::Model;
use pgmeta_definition::{Definition, Level, Target, from_model, to_model, validate};
use places::{Place, places, schema_keys};
use random::{Choices, Server, document, smallest};
use serde_json::{Value, json};

/// The number of choices of the largest documents, and of documents.
const SIZE: usize = 1_500;
const CASES: u64 = 300;

const SERVER: Server = Server {
    version: 180_000,
    roles: &["PUBLIC", "reader", "odd \"Role\""],
    extensions: &["citext", "hstore"],
    is_free: true,
};

fn numbers(seed: u64) -> Vec<u16> {
    // Short lists make small documents, in which one thing is alone.
    Choices::of_seed(seed, 10 + SIZE * (seed as usize % 50) / 50)
}

fn model_of(definition: &Definition) -> Model {
    to_model(definition, &Target { owner: "owner".into(), server_version_num: SERVER.version })
}

fn canonical(document: &Value) -> Result<Definition, String> {
    let definition = Definition::from_value(document.clone()).map_err(|error| error.to_string())?;
    Ok(from_model(&model_of(&definition), definition.schema.as_deref()).0)
}

fn pretty(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap()
}

/// Returns an error with the first lines in which two values differ.
fn same(what: &str, one: &impl serde::Serialize, other: &impl serde::Serialize) -> Result<(), String> {
    let (one, other) = (pretty(one), pretty(other));
    if one == other {
        return Ok(());
    }
    let (one, other): (Vec<&str>, Vec<&str>) = (one.lines().collect(), other.lines().collect());
    let at = one.iter().zip(&other).take_while(|(one, other)| one == other).count();
    let around = |lines: &[&str]| lines[at.saturating_sub(12)..(at + 12).min(lines.len())].join("\n");
    Err(format!("{what} differ in line {at}:\n{}\n=====\n{}", around(&one), around(&other)))
}

fn comes_back(document: &Value) -> Result<(), String> {
    let errors: Vec<String> = validate(document, |_| Vec::new())
        .into_iter()
        .filter(|finding| finding.level == Level::Error)
        .map(|finding| format!("{} {}", finding.path, finding.message))
        .collect();
    if !errors.is_empty() {
        return Err(errors.join("\n"));
    }
    let definition = Definition::from_value(document.clone()).map_err(|error| error.to_string())?;
    let written = serde_json::to_value(&definition).unwrap();
    let read = Definition::from_value(written.clone()).map_err(|error| error.to_string())?;
    same("the document and its JSON", &definition, &read)?;
    let model = model_of(&definition);
    let (canonical, missing) = from_model(&model, definition.schema.as_deref());
    if !missing.is_empty() {
        return Err(missing.iter().map(|own| own.lack()).collect::<Vec<_>>().join("\n"));
    }
    let again = model_of(&canonical);
    same("the model and that of the canonical form", &model, &again)?;
    let value = serde_json::to_value(&canonical).unwrap();
    let read = Definition::from_value(value).map_err(|error| error.to_string())?;
    same("the canonical form and its JSON", &canonical, &read)?;
    same("the canonical form and its own", &canonical, &from_model(&again, canonical.schema.as_deref()).0)
}

#[test]
fn random_definitions_come_back() {
    let test = |numbers: &[u16]| comes_back(&document(numbers, SERVER));
    let failed: Vec<(u64, String)> =
        (0..CASES).filter_map(|seed| test(&numbers(seed)).err().map(|error| (seed, error))).collect();
    let Some((seed, error)) = failed.first().cloned() else { return };
    let seeds: Vec<String> = failed
        .iter()
        .map(|(seed, error)| format!("seed {seed}: {}", error.lines().next().unwrap_or_default()))
        .collect();
    let (numbers, error) = smallest(numbers(seed), error, test);
    panic!("{}\n{error}\n\nthe smallest document:\n{}", seeds.join("\n"), pretty(&document(&numbers, SERVER)));
}

/// A new key of the JSON Schema must be in random definitions, too.
#[test]
fn every_key_is_reached() {
    let schema = Definition::json_schema();
    let mut missing: BTreeSet<String> = schema_keys(&schema).into_iter().collect();
    for seed in 0..CASES {
        for place in places(&schema, &document(&numbers(seed), SERVER)) {
            missing.remove(&place.key);
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// A key is changed so many times.
const CHANGED: usize = 4;

/// Keys that a model does not have: a server keeps none of them.
const KEPT_BY_DOCUMENTS: &[&str] = &["format_version", "name", "description", "labels", "position"];

/// Keys whose value may be what applies without them.
const MAY_SAY_THE_DEFAULT: &[&str] =
    &["ColumnDefinition.nullable", "Definition.schemas", "Reference.columns", "grants"];

/// Each key that a definition has makes a difference: without it, or with another value, the canonical form is another one.
#[test]
fn every_key_counts() {
    let schema = Definition::json_schema();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let (mut silent, mut heard) = (BTreeMap::new(), BTreeSet::new());
    for seed in 0..CASES {
        let document = document(&numbers(seed), SERVER);
        let mut before = None;
        for Place { pointer, key } in places(&schema, &document) {
            let count = counts.entry(key.clone()).or_default();
            if *count == CHANGED {
                continue;
            }
            *count += 1;
            let before = before.get_or_insert_with(|| canonical(&document).unwrap());
            for changed in changed(&document, &pointer) {
                match canonical(&changed) {
                    Ok(after) if *before == after => {
                        let example = || format!("{pointer}: {}", document.pointer(&pointer).unwrap());
                        silent.entry(key.clone()).or_insert_with(example);
                    }
                    _ => {
                        heard.insert(key.clone());
                    }
                }
            }
        }
    }
    let named = |list: &[&str], key: &str| list.iter().any(|own| *own == key || key.ends_with(&format!(".{own}")));
    let is_kept = |key: &str| {
        let (of, name) = key.split_once('.').unwrap();
        KEPT_BY_DOCUMENTS.contains(&name) && (of == "Definition" || matches!(name, "labels" | "position"))
    };
    silent.retain(|key, _| !is_kept(key) && !named(MAY_SAY_THE_DEFAULT, key));
    assert!(silent.is_empty(), "{silent:#?}");
    let never: Vec<String> =
        schema_keys(&schema).into_iter().filter(|key| !heard.contains(key) && !is_kept(key)).collect();
    assert!(never.is_empty(), "{never:#?}");
}

/// Returns the document without what is at a pointer, and with another value there.
fn changed(document: &Value, pointer: &str) -> Vec<Value> {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let mut without = document.clone();
    without.pointer_mut(parent).and_then(Value::as_object_mut).map(|object| object.remove(key));
    let other = match document.pointer(pointer).unwrap() {
        Value::Bool(value) => json!(!value),
        Value::Number(number) if number.is_f64() => json!(number.as_f64().unwrap() + 1.0),
        Value::Number(number) => json!(number.as_i64().unwrap() - 1),
        Value::String(text) => json!(format!("{text}x")),
        Value::Array(list) if !list.is_empty() => json!(list[1..]),
        _ => return vec![without],
    };
    let mut with_other = document.clone();
    *with_other.pointer_mut(pointer).unwrap() = other;
    vec![without, with_other]
}
