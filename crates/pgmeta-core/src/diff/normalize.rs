//! The attributes that a comparison uses: without the order of columns, derived attributes, and different prints of the same
//! expression.

use serde_json::{Map, Value};

use crate::interrupt::check;
use crate::lexer::quoted_length;
use crate::model::ObjectRef;
use crate::model::fields::{TextKind, text_kind};

/// The attributes that every object has.
pub const SHARED: &[&str] = &["owner", "comment", "privileges", "security_labels", "depends_on_extensions"];

/// The expiry of a password that never expires. It means the same as no VALID UNTIL, which no statement restores.
pub const NEVER: &str = "infinity";

/// Returns whether two objects with the same key are equal in all compared attributes.
pub fn equal(old: ObjectRef<'_>, new: ObjectRef<'_>) -> bool {
    old.same(new) || comparable(old) == comparable(new)
}

/// Returns the compared attributes of an object.
pub fn comparable(object: ObjectRef<'_>) -> Value {
    let mut value = object.to_value();
    normalize(&mut value);
    value
}

/// Returns the compared attributes of an object, except those that every object has.
pub fn normalized_attributes(object: ObjectRef<'_>) -> Value {
    let mut value = comparable(object);
    if let Value::Object(attributes) = &mut value {
        attributes.retain(|name, _| !SHARED.contains(&name.as_str()));
    }
    value
}

fn normalize(value: &mut Value) {
    check();
    match value {
        Value::Object(attributes) => {
            // Whether a child declares a column that it inherits, or its not-null constraint, and the name of that constraint: no statement
            // changes them back.
            if attributes.get("has_parent") == Some(&Value::Bool(true)) && attributes.contains_key("data_type") {
                attributes.remove("inherited");
                if let Some(not_null) = attributes.get_mut("not_null").and_then(Value::as_object_mut) {
                    not_null.remove("inherited");
                    not_null.remove("name");
                }
            }
            if attributes.get("valid_until").and_then(Value::as_str) == Some(NEVER) {
                attributes.remove("valid_until");
            }
            attributes.retain(|name, value| {
                match text_kind(name) {
                    Some(TextKind::Derived) => return false,
                    Some(TextKind::Expression | TextKind::Sql) => normalize_sql(value),
                    _ => normalize(value),
                }
                true
            });
            if let Some(Value::Array(settings)) = attributes.get_mut("settings") {
                settings.sort_by_key(name_of);
            }
            if attributes.contains_key("columns") && !attributes.contains_key("definition") {
                sort_columns(attributes);
            }
        }
        Value::Array(elements) if elements.iter().any(is_grant) => merge_grants(elements),
        Value::Array(elements) => elements.iter_mut().for_each(normalize),
        _ => {}
    }
}

/// Normalizes an expression, or a list of expressions.
fn normalize_sql(value: &mut Value) {
    match value {
        Value::String(text) => *text = expression(text),
        Value::Array(elements) => elements.iter_mut().for_each(normalize_sql),
        other => normalize(other),
    }
}

/// Returns whether an element belongs to a privilege list, under any attribute name.
fn is_grant(element: &Value) -> bool {
    element.get("grantor").is_some() && element.get("privileges").is_some_and(Value::is_array)
}

/// A table's columns can only be added at the end, so their order is ignored. The columns of constraints and indexes are names, or
/// have none, and keep their order.
fn sort_columns(attributes: &mut Map<String, Value>) {
    let Some(Value::Array(columns)) = attributes.get_mut("columns") else { return };
    if columns.iter().all(|column| column.get("data_type").is_some()) {
        columns.sort_by_key(name_of);
    }
}

fn name_of(element: &Value) -> Option<String> {
    element.get("name").and_then(Value::as_str).map(str::to_owned)
}

/// Makes a privilege list independent of its order: merges the grants with the same grantee and grantor.
fn merge_grants(grants: &mut Vec<Value>) {
    let mut merged: std::collections::BTreeMap<(String, String), (Vec<String>, Vec<String>)> = Default::default();
    for grant in grants.iter() {
        check();
        let text = |name: &str| grant.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let words = |name: &str| -> Vec<String> {
            let list = grant.get(name).and_then(Value::as_array);
            list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let entry = merged.entry((text("grantee"), text("grantor"))).or_default();
        entry.0.extend(words("privileges"));
        entry.1.extend(words("grantable"));
    }
    *grants = merged
        .into_iter()
        .map(|((grantee, grantor), (mut privileges, mut grantable))| {
            for list in [&mut privileges, &mut grantable] {
                list.sort();
                list.dedup();
            }
            serde_json::json!({
                "grantee": grantee, "grantor": grantor, "privileges": privileges, "grantable": grantable
            })
        })
        .collect();
}

/// Returns one of the equivalent forms of an expression: the server prints `varchar_column IN ('a', 'b')` differently after it parsed
/// its own output.
pub fn expression(text: &str) -> String {
    let text = unwrap_casts(text);
    unwrap_arrays(&text)
}

/// `('a'::character varying)::text` is `'a'::character varying` in an array of text.
fn unwrap_casts(text: &str) -> String {
    const CAST: &str = "'::character varying)::text";
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find("('") {
        check();
        let literal = &rest[open + 1..];
        let length = quoted_length(literal, false);
        if literal[length - 1..].starts_with(CAST) {
            out.push_str(&rest[..open]);
            out.push_str(&literal[..length + CAST.len() - "')::text".len()]);
            rest = &literal[length - 1 + CAST.len()..];
        } else {
            out.push_str(&rest[..open + 1 + length]);
            rest = &literal[length..];
        }
    }
    out.push_str(rest);
    out
}

/// `(ARRAY[…])::text[]` is `ARRAY[…]` if its elements are not arrays.
fn unwrap_arrays(text: &str) -> String {
    const OPEN: &str = "(ARRAY[";
    const CLOSE: &str = "])::text[]";
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find(OPEN) {
        check();
        let inner = &rest[open + OPEN.len()..];
        let end = inner.find(['[', ']']);
        match end {
            Some(end) if inner[end..].starts_with(CLOSE) => {
                out.push_str(&rest[..open]);
                out.push_str("ARRAY[");
                out.push_str(&inner[..end]);
                out.push(']');
                rest = &inner[end + CLOSE.len()..];
            }
            _ => {
                out.push_str(&rest[..open + OPEN.len()]);
                rest = inner;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn privilege_lists_are_normalized_under_every_name() {
        let grant = |privileges: &[&str]| serde_json::json!({"grantee": "r", "grantor": "o", "privileges": privileges});
        let normal = |list: &[Value], name: &str| {
            let mut value = serde_json::json!({"privilege_change": {name: list}, name: list});
            normalize(&mut value);
            value
        };
        for name in ["privileges", "grants", "initial", "current"] {
            let narrow = normal(&[grant(&["SELECT"])], name);
            assert_ne!(narrow, normal(&[grant(&["INSERT", "SELECT", "UPDATE"])], name), "{name}");
            assert_ne!(narrow, normal(&[], name), "{name}");
            let wide = normal(&[grant(&["INSERT", "SELECT"])], name);
            assert_eq!(wide, normal(&[grant(&["SELECT"]), grant(&["INSERT"])], name), "{name}");
            assert_ne!(wide, narrow, "{name}");
        }
    }

    #[test]
    fn expressions_are_normalized_in_every_attribute() {
        let first = "((s)::text = ANY ((ARRAY['a'::character varying])::text[]))";
        let again = "((s)::text = ANY (ARRAY[('a'::character varying)::text]))";
        let normal = |text: &str| {
            let mut value = serde_json::json!({"tables": [{"row_filter": text}], "expressions": [text, "b"]});
            normalize(&mut value);
            value
        };
        assert_eq!(normal(first), normal(again));
        assert_ne!(normal(first), normal("(s = 'a'::text)"));
    }

    #[test]
    fn both_forms_of_an_in_list_are_equal() {
        let first = "((s)::text = ANY ((ARRAY['a'::character varying, 'it''s'::character varying])::text[]))";
        let again = "((s)::text = ANY (ARRAY[('a'::character varying)::text, ('it''s'::character varying)::text]))";
        assert_eq!(expression(first), expression(again));
        assert_eq!(expression("(a = 'x('::text)"), "(a = 'x('::text)");
    }
}
