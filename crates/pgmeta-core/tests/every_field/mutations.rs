//! The changes that one object of a snapshot can have: each key, leaf and list element in turn. Knows no kind of object.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

/// One change of an object.
pub struct Mutation {
    /// Where: the list of the document and the keys below it, `tables[].columns[].name`.
    pub place: String,
    /// What: `removed`, `other`, `added`, `twice` or `swapped`.
    pub change: &'static str,
    pub object: Value,
}

/// What stands in a place of other objects.
#[derive(Default)]
pub struct Donors {
    values: BTreeMap<String, BTreeSet<String>>,
    keys: BTreeMap<String, BTreeMap<String, Value>>,
}

impl Donors {
    pub fn learn(&mut self, place: &str, value: &Value) {
        self.walk(&format!("{place}[]"), value);
    }

    fn walk(&mut self, place: &str, value: &Value) {
        match value {
            Value::Object(keys) => {
                for (key, value) in keys {
                    let known = self.keys.entry(place.to_owned()).or_default();
                    known.entry(key.clone()).or_insert_with(|| value.clone());
                    self.walk(&format!("{place}.{key}"), value);
                }
            }
            Value::Array(elements) => elements.iter().for_each(|element| self.walk(&format!("{place}[]"), element)),
            Value::String(text) => {
                self.values.entry(place.to_owned()).or_default().insert(text.clone());
            }
            _ => {}
        }
    }
}

/// Returns every change of an object.
pub fn mutations(list: &str, object: &Value, donors: &Donors) -> Vec<Mutation> {
    let mut found = Vec::new();
    walk(&format!("{list}[]"), object, donors, &mut |place, change, value| {
        found.push(Mutation { place, change, object: value });
    });
    found
}

type Visit<'v> = &'v mut dyn FnMut(String, &'static str, Value);

/// Visits each change of a value as the whole value with that change.
fn walk(place: &str, value: &Value, donors: &Donors, visit: Visit<'_>) {
    match value {
        Value::Object(keys) => {
            for (key, inner) in keys {
                let below = format!("{place}.{key}");
                let with = |inner: Option<Value>| {
                    let mut whole = keys.clone();
                    match inner {
                        Some(inner) => whole.insert(key.clone(), inner),
                        None => whole.remove(key),
                    };
                    Value::Object(whole)
                };
                visit(below.clone(), "removed", with(None));
                walk(&below, inner, donors, &mut |place, change, inner| visit(place, change, with(Some(inner))));
            }
            for (key, donated) in donors.keys.get(place).into_iter().flatten() {
                if !keys.contains_key(key) {
                    let mut whole = keys.clone();
                    whole.insert(key.clone(), donated.clone());
                    visit(format!("{place}.{key}"), "added", Value::Object(whole));
                }
            }
        }
        Value::Array(elements) => {
            let below = format!("{place}[]");
            for (at, element) in elements.iter().enumerate() {
                let with = |change: &dyn Fn(&mut Vec<Value>)| {
                    let mut whole = elements.clone();
                    change(&mut whole);
                    Value::Array(whole)
                };
                visit(below.clone(), "removed", with(&|whole| drop(whole.remove(at))));
                visit(below.clone(), "twice", with(&|whole| whole.insert(at, element.clone())));
                if at > 0 && elements[at - 1] != *element {
                    visit(below.clone(), "swapped", with(&|whole| whole.swap(at - 1, at)));
                }
                walk(&below, element, donors, &mut |place, change, inner| {
                    visit(place, change, with(&|whole| whole[at] = inner.clone()));
                });
            }
        }
        Value::String(text) => {
            visit(place.to_owned(), "other", json!(format!("{text}_x")));
            // Words of a fixed set have none but the others.
            let known = donors.values.get(place).into_iter().flatten().filter(|known| *known != text);
            known.take(2).for_each(|known| visit(place.to_owned(), "other", json!(known)));
        }
        Value::Bool(flag) => visit(place.to_owned(), "other", json!(!flag)),
        Value::Number(number) => {
            visit(place.to_owned(), "other", json!(number.as_i64().map_or(1, |own| own.checked_add(1).unwrap_or(1))))
        }
        Value::Null => {}
    }
}
