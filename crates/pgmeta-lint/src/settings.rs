//! The options of single rules: their defaults, and the values that the caller chose. Knows no rule.

use serde_json::Value as Json;

/// The value of a rule's option.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A whole number, not negative.
    Number(i64),
    /// A number from 0 to 1.
    Fraction(f64),
    /// True or false.
    Flag(bool),
    /// A text.
    Text(String),
    /// A list of texts.
    List(Vec<String>),
}

/// The default of a rule's option.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Initial {
    /// A whole number.
    Number(i64),
    /// A number from 0 to 1.
    Fraction(f64),
    /// True or false.
    Flag(bool),
    /// A text.
    Text(&'static str),
    /// A list of texts.
    List(&'static [&'static str]),
}

/// An option of a rule.
#[derive(Clone, Copy, Debug)]
pub struct RuleOption {
    /// The name of the option.
    pub name: &'static str,
    /// The value that counts unless another one is chosen.
    pub initial: Initial,
    /// What it does: a sentence.
    pub description: &'static str,
}

impl RuleOption {
    /// Declares a whole number.
    pub(crate) const fn number(name: &'static str, initial: i64, description: &'static str) -> Self {
        Self { name, initial: Initial::Number(initial), description }
    }

    /// Declares a number from 0 to 1.
    pub(crate) const fn fraction(name: &'static str, initial: f64, description: &'static str) -> Self {
        Self { name, initial: Initial::Fraction(initial), description }
    }

    /// Declares a choice of true and false.
    pub(crate) const fn flag(name: &'static str, initial: bool, description: &'static str) -> Self {
        Self { name, initial: Initial::Flag(initial), description }
    }

    /// Declares a text.
    pub(crate) const fn text(name: &'static str, initial: &'static str, description: &'static str) -> Self {
        Self { name, initial: Initial::Text(initial), description }
    }

    /// Declares a list of texts.
    pub(crate) const fn list(name: &'static str, initial: &'static [&'static str], description: &'static str) -> Self {
        Self { name, initial: Initial::List(initial), description }
    }

    /// Returns the default.
    pub fn default_value(&self) -> Value {
        match self.initial {
            Initial::Number(number) => Value::Number(number),
            Initial::Fraction(number) => Value::Fraction(number),
            Initial::Flag(flag) => Value::Flag(flag),
            Initial::Text(text) => Value::Text(text.to_owned()),
            Initial::List(list) => Value::List(list.iter().map(|&text| text.to_owned()).collect()),
        }
    }

    /// Reads a value of the option; the error is what it has to be.
    pub fn read(&self, json: &Json) -> Result<Value, &'static str> {
        match self.initial {
            Initial::Number(_) => {
                json.as_i64().filter(|&number| number >= 0).map(Value::Number).ok_or("a whole number")
            }
            Initial::Fraction(_) => {
                let fraction = json.as_f64().filter(|number| (0.0..=1.0).contains(number));
                fraction.map(Value::Fraction).ok_or("a number from 0 to 1")
            }
            Initial::Flag(_) => json.as_bool().map(Value::Flag).ok_or("true or false"),
            Initial::Text(_) => json.as_str().map(|text| Value::Text(text.to_owned())).ok_or("a string"),
            Initial::List(_) => texts(json).map(Value::List).ok_or("an array of strings"),
        }
    }
}

impl Value {
    /// Returns the value as JSON.
    pub fn to_json(&self) -> Json {
        match self {
            Value::Number(number) => (*number).into(),
            Value::Fraction(number) => (*number).into(),
            Value::Flag(flag) => (*flag).into(),
            Value::Text(text) => text.clone().into(),
            Value::List(list) => list.clone().into(),
        }
    }
}

/// Reads one text or an array of texts.
pub(crate) fn texts(json: &Json) -> Option<Vec<String>> {
    match json {
        Json::String(text) => Some(vec![text.clone()]),
        Json::Array(list) => list.iter().map(|text| text.as_str().map(str::to_owned)).collect(),
        _ => None,
    }
}

/// The values of a rule's options that the caller chose.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings(Vec<(&'static str, Value)>);

impl Settings {
    /// Sets a value.
    pub(crate) fn set(&mut self, option: &RuleOption, value: Value) {
        self.0.retain(|(name, _)| *name != option.name);
        self.0.push((option.name, value));
    }

    fn get(&self, option: &RuleOption) -> Option<&Value> {
        self.0.iter().find(|(name, _)| *name == option.name).map(|(_, value)| value)
    }

    /// Returns a whole number.
    pub fn number(&self, option: &RuleOption) -> i64 {
        match (self.get(option), option.initial) {
            (Some(&Value::Number(number)), _) | (_, Initial::Number(number)) => number,
            _ => 0,
        }
    }

    /// Returns a number from 0 to 1.
    pub fn fraction(&self, option: &RuleOption) -> f64 {
        match (self.get(option), option.initial) {
            (Some(&Value::Fraction(number)), _) | (_, Initial::Fraction(number)) => number,
            _ => 0.0,
        }
    }

    /// Returns true or false.
    pub fn flag(&self, option: &RuleOption) -> bool {
        match (self.get(option), option.initial) {
            (Some(&Value::Flag(flag)), _) | (_, Initial::Flag(flag)) => flag,
            _ => false,
        }
    }

    /// Returns a text.
    pub fn text(&self, option: &RuleOption) -> String {
        match self.get(option).cloned().unwrap_or_else(|| option.default_value()) {
            Value::Text(text) => text,
            _ => String::new(),
        }
    }

    /// Returns a list of texts.
    pub fn list(&self, option: &RuleOption) -> Vec<String> {
        match self.get(option).cloned().unwrap_or_else(|| option.default_value()) {
            Value::List(list) => list,
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_parsed_by_the_type_of_the_default() {
        let number = RuleOption::number("n", 5, "");
        let list = RuleOption::list("l", &["a"], "");
        assert_eq!(number.read(&json!(7)), Ok(Value::Number(7)));
        assert_eq!(number.read(&json!("7")), Err("a whole number"));
        assert_eq!(number.read(&json!(-1)), Err("a whole number"));
        assert_eq!(list.read(&json!("x")), Ok(Value::List(vec!["x".into()])));
        assert_eq!(list.read(&json!([1])), Err("an array of strings"));
        let mut settings = Settings::default();
        assert_eq!((settings.number(&number), settings.list(&list)), (5, vec!["a".to_owned()]));
        settings.set(&number, Value::Number(7));
        assert_eq!(settings.number(&number), 7);
    }
}
