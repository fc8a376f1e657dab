//! Directives in comments: `@pgmeta({"ignore": ["no_primary_key"]})` on an object silences rules there.

use serde_json::{Deserializer, Value};

use crate::registry::{RULES, named};
use crate::rule::Rule;
use crate::settings::texts;

/// How a directive begins.
const START: &str = "@pgmeta(";

/// The directives of a comment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Directive {
    /// The rules that it silences.
    pub ignored: Vec<&'static Rule>,
    /// What is wrong with it.
    pub faults: Vec<String>,
}

impl Directive {
    /// Reads all directives of a comment.
    pub fn of(comment: &str) -> Self {
        let mut directive = Self::default();
        let mut rest = comment;
        while let Some(at) = rest.find(START) {
            rest = &rest[at + START.len()..];
            let mut values = Deserializer::from_str(rest).into_iter::<Value>();
            match values.next() {
                Some(Ok(value)) if rest[values.byte_offset()..].trim_start().starts_with(')') => directive.read(&value),
                _ => directive.faults.push("it is not a JSON object in parentheses".to_owned()),
            }
        }
        directive
    }

    fn read(&mut self, value: &Value) {
        let Some(object) = value.as_object() else {
            self.faults.push("it is not a JSON object".to_owned());
            return;
        };
        for (key, value) in object {
            if key != "ignore" {
                self.faults.push(format!("unrecognized key \"{key}\""));
                continue;
            }
            let Some(names) = texts(value) else {
                self.faults.push("the value of \"ignore\" is not an array of rules".to_owned());
                continue;
            };
            for name in names {
                let found = if name.eq_ignore_ascii_case("all") { RULES.to_vec() } else { named(&name) };
                if found.is_empty() {
                    self.faults.push(format!("rule \"{name}\" does not exist"));
                }
                self.ignored.extend(found);
            }
        }
    }

    /// Returns whether it silences a rule.
    pub fn ignores(&self, rule: &str) -> bool {
        self.ignored.iter().any(|ignored| ignored.name == rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(comment: &str) -> Vec<&'static str> {
        Directive::of(comment).ignored.iter().map(|rule| rule.name).collect()
    }

    #[test]
    fn directives_are_found_in_prose() {
        assert!(names("Orders of a shop").is_empty());
        assert_eq!(names("Log @pgmeta({\"ignore\": [\"no_primary_key\"]}), kept a month"), ["no_primary_key"]);
        assert_eq!(names("@pgmeta({\"ignore\": \"no_primary_key\"} )"), ["no_primary_key"]);
        assert_eq!(names("@pgmeta({\"ignore\": [\"all\"]})").len(), RULES.len());
    }

    #[test]
    fn faults_are_distinguished() {
        for (comment, fault) in [
            ("@pgmeta(ignore)", "it is not a JSON object in parentheses"),
            ("@pgmeta({\"ignore\": []}", "it is not a JSON object in parentheses"),
            ("@pgmeta([])", "it is not a JSON object"),
            ("@pgmeta({\"rules\": []})", "unrecognized key \"rules\""),
            ("@pgmeta({\"ignore\": 1})", "the value of \"ignore\" is not an array of rules"),
            ("@pgmeta({\"ignore\": [\"none\"]})", "rule \"none\" does not exist"),
        ] {
            assert_eq!(Directive::of(comment).faults, [fault], "{comment}");
        }
    }
}
