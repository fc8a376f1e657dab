//! Templates: definitions with parameters. A text `{{name}}` stands for a parameter, anywhere in a text of the document. Knows no
//! objects: what comes out is checked like any other document.

use std::collections::BTreeMap;

use pgmeta_core::interrupt::{check, check_now};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The key of a template with its parameters; all other keys are the definition's.
const PARAMETERS: &str = "parameters";

/// How many bytes the values may come to, in all places where they stand.
const MOST_BYTES: usize = 16 << 20;

/// A parameter.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its value, if none is given. Without one, it must be given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
}

/// A template.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// The parameters by name.
    pub parameters: BTreeMap<String, Parameter>,
    definition: Map<String, Value>,
}

/// Why a template cannot be read or filled in.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// It is not an object, or its parameters are not.
    #[error("invalid template: {0}")]
    Invalid(#[from] serde_json::Error),
    /// A parameter that nobody gave.
    #[error("parameter \"{0}\" of the template has no value")]
    Missing(String),
    /// A parameter that the template does not have.
    #[error("the template has no parameter \"{0}\"")]
    Unknown(String),
    /// A value that is not a text, number or boolean.
    #[error("parameter \"{0}\" of the template must be a text, a number or a boolean")]
    NotScalar(String),
    /// The values, as often as they stand in the template, are too long.
    #[error("the values of the template's parameters come to more than {} MB", MOST_BYTES >> 20)]
    TooLong,
}

/// The templates that come with pgmeta, by name.
pub const TEMPLATES: [(&str, &str); 6] = [
    ("accounts", include_str!("../templates/accounts.json")),
    ("audit_log", include_str!("../templates/audit_log.json")),
    ("blog", include_str!("../templates/blog.json")),
    ("queue", include_str!("../templates/queue.json")),
    ("shop", include_str!("../templates/shop.json")),
    ("tenancy", include_str!("../templates/tenancy.json")),
];

impl Template {
    /// Reads a template. Parameters in its texts that it does not declare have no default.
    pub fn from_value(value: Value) -> Result<Self, TemplateError> {
        let mut definition: Map<String, Value> = serde_json::from_value(value)?;
        let declared = definition.remove(PARAMETERS).map(serde_json::from_value).transpose()?;
        let mut parameters: BTreeMap<String, Parameter> = declared.unwrap_or_default();
        let mut add = |name: &str| {
            parameters.entry(name.to_owned()).or_default();
            None
        };
        for value in definition.values_mut() {
            fill(value, &mut add);
        }
        Ok(Self { parameters, definition })
    }

    /// Returns what the template is for.
    pub fn description(&self) -> Option<&str> {
        self.definition.get("description").and_then(Value::as_str)
    }

    /// Returns the definition with values in place of the parameters.
    pub fn apply(mut self, given: &Map<String, Value>) -> Result<Value, TemplateError> {
        if let Some(name) = given.keys().find(|name| !self.parameters.contains_key(*name)) {
            return Err(TemplateError::Unknown(name.clone()));
        }
        let mut texts = BTreeMap::new();
        for (name, parameter) in &self.parameters {
            let value = given.get(name).or(parameter.default.as_ref());
            let text = match value.ok_or_else(|| TemplateError::Missing(name.clone()))? {
                Value::String(text) => text.clone(),
                scalar @ (Value::Number(_) | Value::Bool(_)) => scalar.to_string(),
                Value::Null | Value::Array(_) | Value::Object(_) => {
                    return Err(TemplateError::NotScalar(name.clone()));
                }
            };
            texts.insert(name.as_str(), text);
        }
        let mut left = Some(MOST_BYTES);
        let mut value = |name: &str| {
            let text = texts.get(name)?;
            left = left.and_then(|left| left.checked_sub(text.len()));
            left.and(Some(text.as_str()))
        };
        for own in self.definition.values_mut() {
            fill(own, &mut value);
        }
        if left.is_none() {
            return Err(TemplateError::TooLong);
        }
        Ok(Value::Object(self.definition))
    }
}

/// Replaces `{{name}}` in all texts by what a function returns for the name; `None` leaves it.
fn fill<'t>(value: &mut Value, of: &mut dyn FnMut(&str) -> Option<&'t str>) {
    check();
    match value {
        Value::String(text) => *text = filled(text, of),
        Value::Array(list) => list.iter_mut().for_each(|item| fill(item, of)),
        Value::Object(map) => map.values_mut().for_each(|item| fill(item, of)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn filled<'t>(text: &str, of: &mut dyn FnMut(&str) -> Option<&'t str>) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("{{") {
        check_now();
        let Some((name, tail)) = named(after) else {
            out.push_str(before);
            out.push_str("{{");
            rest = after;
            continue;
        };
        out.push_str(before);
        match of(name) {
            Some(value) => out.push_str(value),
            None => out.push_str(&format!("{{{{{name}}}}}")),
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// Returns the name that a text begins with, up to its braces, and what follows them.
fn named(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'))?;
    let (name, rest) = text.split_at_checked(end)?;
    Some((name, rest.strip_prefix("}}")?)).filter(|(name, _)| !name.is_empty())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::validate::{Level, validate};

    #[test]
    fn own_templates_are_valid_definitions_with_descriptions() {
        for (name, text) in TEMPLATES {
            let template = Template::from_value(serde_json::from_str(text).unwrap()).unwrap();
            assert!(template.description().is_some(), "{name}");
            assert!(
                template.parameters.values().all(|own| own.description.is_some() && own.default.is_some()),
                "{name}"
            );
            let document = template.apply(&Map::new()).unwrap();
            let errors: Vec<_> = validate(&document, |_| Vec::new())
                .into_iter()
                .filter(|finding| finding.level != Level::Info)
                .map(|finding| format!("{} {}", finding.path, finding.message))
                .collect();
            assert!(errors.is_empty(), "{name}: {errors:#?}");
        }
    }

    #[test]
    fn values_replace_parameters_in_all_texts() {
        let template = Template::from_value(json!({
            "parameters": {"a": {"default": 1}},
            "schema": "{{s}}", "tables": [{"name": "x{{a}}_{{s}}", "comment": "{{ not one }} {{"}]
        }))
        .unwrap();
        assert_eq!(template.parameters.keys().collect::<Vec<_>>(), ["a", "s"]);
        let given = json!({"s": "A b"});
        let filled = template.clone().apply(given.as_object().unwrap()).unwrap();
        assert_eq!(filled, json!({"schema": "A b", "tables": [{"name": "x1_A b", "comment": "{{ not one }} {{"}]}));
        assert!(matches!(template.clone().apply(&Map::new()), Err(TemplateError::Missing(name)) if name == "s"));
        let unknown = json!({"s": "x", "t": 1});
        assert!(matches!(template.clone().apply(unknown.as_object().unwrap()), Err(TemplateError::Unknown(_))));
        let list = json!({"s": []});
        assert!(matches!(template.apply(list.as_object().unwrap()), Err(TemplateError::NotScalar(_))));
    }

    /// A short template and a short value can come to much, in one text or in many.
    #[test]
    fn long_values_are_refused() {
        let value = "y".repeat(100_000);
        let given = json!({"a": value, "b": ""});
        for document in [
            json!({"name": "{{a}}".repeat(100_000)}),
            json!({"tables": (0..100_000).map(|_| "{{a}}").collect::<Vec<_>>()}),
            json!({"tables": (0..400).map(|_| json!({"x": "{{b}}{{a}}"})).collect::<Vec<_>>()}),
        ] {
            let template = Template::from_value(document).unwrap();
            let mut given = given.as_object().unwrap().clone();
            given.retain(|name, _| template.parameters.contains_key(name));
            assert!(matches!(template.apply(&given), Err(TemplateError::TooLong)));
        }
        let template = Template::from_value(json!({"name": "{{a}}".repeat(100)})).unwrap();
        let given = json!({"a": value});
        assert!(template.apply(given.as_object().unwrap()).is_ok());
        let open = Template::from_value(json!({"name": "{{".repeat(1_000_000)})).unwrap();
        assert!(open.parameters.is_empty());
    }

    #[test]
    fn a_value_is_not_filled_in_again() {
        let template = Template::from_value(json!({"schema": "{{s}}", "name": "{{t}}"})).unwrap();
        let given = json!({"s": "{{t}}", "t": "x"});
        assert_eq!(template.apply(given.as_object().unwrap()).unwrap(), json!({"schema": "{{t}}", "name": "x"}));
    }
}
