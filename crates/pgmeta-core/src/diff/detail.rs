//! Differences between the attributes of two objects: the old and the new value of each, and only the differing elements of lists
//! whose elements have names. Knows no kind of object.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::interrupt::check;

/// Returns the attributes that differ, each as `{"old": …, "new": …}`, with null on the side that lacks it. A list of named elements
/// is `{"name": …}` instead: `{"old": …}` for a removed element, `{"new": …}` for an added one, and the differences of others. If
/// elements of both sides have other positions, `LIST_order` contains the names in their old and new order.
pub fn differing(old: &Map<String, Value>, new: &Map<String, Value>) -> Map<String, Value> {
    let mut out = Map::new();
    for name in old.keys().chain(new.keys().filter(|name| !old.contains_key(*name))) {
        check();
        let (was, is) = (old.get(name), new.get(name));
        if was == is {
            continue;
        }
        match (named(was), named(is)) {
            // An empty list and a missing one may differ.
            (Some(was), Some(is)) if !was.is_empty() || !is.is_empty() => {
                let elements = differing_elements(&was, &is);
                if !elements.is_empty() {
                    out.insert(name.clone(), Value::Object(elements));
                }
                if let Some(order) = differing_order(&was, &is) {
                    out.insert(format!("{name}_order"), order);
                }
            }
            _ => {
                let value = |side: Option<&Value>| side.cloned().unwrap_or(Value::Null);
                out.insert(name.clone(), json!({"old": value(was), "new": value(is)}));
            }
        }
    }
    out
}

/// An element by its name.
type Named<'a> = Vec<(&'a str, &'a Map<String, Value>)>;

/// Returns the elements of a list if all have distinct names. A missing list is empty.
fn named(list: Option<&Value>) -> Option<Named<'_>> {
    let Some(list) = list else { return Some(Vec::new()) };
    let elements: Named<'_> = list.as_array()?.iter().map(element).collect::<Option<_>>()?;
    let names: BTreeSet<&str> = elements.iter().map(|(name, _)| *name).collect();
    (names.len() == elements.len()).then_some(elements)
}

fn element(value: &Value) -> Option<(&str, &Map<String, Value>)> {
    let attributes = value.as_object()?;
    Some((attributes.get("name")?.as_str()?, attributes))
}

fn differing_elements(old: &Named<'_>, new: &Named<'_>) -> Map<String, Value> {
    let news: std::collections::BTreeMap<_, _> = new.iter().copied().collect();
    let olds: BTreeSet<&str> = old.iter().map(|(name, _)| *name).collect();
    let mut out = Map::new();
    for (name, was) in old {
        match news.get(name) {
            None => {
                out.insert((*name).to_owned(), json!({"old": was}));
            }
            Some(is) if is != was => {
                out.insert((*name).to_owned(), Value::Object(differing(was, is)));
            }
            Some(_) => {}
        }
    }
    for (name, is) in new.iter().filter(|(name, _)| !olds.contains(name)) {
        out.insert((*name).to_owned(), json!({"new": is}));
    }
    out
}

fn differing_order(old: &Named<'_>, new: &Named<'_>) -> Option<Value> {
    let names = |side: &Named<'_>| side.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>();
    let (old, new) = (names(old), names(new));
    let common = |side: &[String], other: &[String]| {
        let other: BTreeSet<&String> = other.iter().collect();
        side.iter().filter(|name| other.contains(name)).cloned().collect::<Vec<_>>()
    };
    (common(&old, &new) != common(&new, &old)).then(|| json!({"old": old, "new": new}))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detail(old: &Value, new: &Value) -> Value {
        let empty = Map::new();
        let side = |value| Value::as_object(value).unwrap_or(&empty).clone();
        Value::Object(differing(&side(old), &side(new)))
    }

    #[test]
    fn detail_names_the_differing_elements_of_a_list() {
        let old = json!({"owner": "a", "columns": [
            {"name": "id", "type": "int"}, {"name": "sku", "type": "text"}, {"name": "old", "type": "text"}]});
        let new = json!({"owner": "a", "columns": [
            {"name": "id", "type": "int"}, {"name": "sku", "type": "text", "comment": "c"}, {"name": "new", "type": "int"}]});
        assert_eq!(
            detail(&old, &new),
            json!({"columns": {
                "sku": {"comment": {"old": null, "new": "c"}},
                "old": {"old": {"name": "old", "type": "text"}},
                "new": {"new": {"name": "new", "type": "int"}}}})
        );
    }

    #[test]
    fn a_new_list_has_new_elements() {
        let check = json!({"name": "positive", "expression": "a > 0"});
        let with = json!({"checks": [check]});
        assert_eq!(detail(&json!({}), &with), json!({"checks": {"positive": {"new": check}}}));
        assert_eq!(detail(&with, &json!({})), json!({"checks": {"positive": {"old": check}}}));
    }

    #[test]
    fn changed_positions_are_shown() {
        let (a, b, c) = (json!({"name": "a"}), json!({"name": "b"}), json!({"name": "c"}));
        let old = json!({"attributes": [a, b]});
        assert_eq!(
            detail(&old, &json!({"attributes": [b, a]})),
            json!({"attributes_order": {"old": ["a", "b"], "new": ["b", "a"]}})
        );
        assert_eq!(detail(&old, &json!({"attributes": [c, a, b]})), json!({"attributes": {"c": {"new": c}}}));
    }

    #[test]
    fn other_values_are_shown_completely() {
        for (old, new) in [
            (json!(["a"]), json!(["b"])),
            (json!([{"name": "a"}, {"name": "a"}]), json!([{"name": "a"}])),
            (json!([{"type": "int"}]), json!([{"name": "a", "type": "int"}])),
            (json!({"name": "a"}), json!({"name": "b"})),
            (json!(1), json!(null)),
        ] {
            assert_eq!(detail(&json!({"x": old}), &json!({"x": new})), json!({"x": {"old": old, "new": new}}));
        }
        assert_eq!(detail(&json!({}), &json!({"x": []})), json!({"x": {"old": null, "new": []}}));
        // A list that the other side lacks.
        assert_eq!(detail(&json!({}), &json!({"x": "a"})), json!({"x": {"old": null, "new": "a"}}));
    }
}
