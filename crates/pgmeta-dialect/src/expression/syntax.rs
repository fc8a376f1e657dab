//! What the translation of expressions asks of a dialect.

use crate::data_type::DataType;

use super::Class;

/// A translated operand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Argument {
    /// Its text, in parentheses if it is compound.
    pub sql: String,
    /// What it is.
    pub class: Class,
    /// Whether it is a number that the dialect keeps as text.
    pub number_as_text: bool,
}

/// What a default reads from the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clock {
    /// The present moment, in the session's time zone where the value has none.
    Now,
    /// The present moment in UTC, without a time zone.
    NowUtc,
    /// The present day.
    Today,
    /// The time of day.
    TimeOfDay,
}

/// A translated call, and how it differs from PostgreSQL's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    pub sql: String,
    pub class: Class,
    pub note: Option<&'static str>,
}

impl Call {
    /// Returns a call that does the same.
    pub fn same(sql: String, class: Class) -> Option<Self> {
        Some(Self { sql, class, note: None })
    }
}

/// The syntax of a dialect. `None` is a refusal: there is no certain translation.
pub(crate) trait Syntax {
    /// Returns a name in the dialect's quotes.
    fn ident(&self, name: &str) -> String;
    /// Returns a string.
    fn text(&self, value: &str) -> String;
    /// Returns bytes, given in hexadecimal digits.
    fn bytes(&self, digits: &str) -> String;
    /// Returns a boolean value.
    fn boolean(&self, value: bool) -> &'static str;
    /// Returns whether conditions are values, and the other way round.
    fn has_boolean_values(&self) -> bool {
        true
    }
    /// Returns a date, time or timestamp. The text has the form that PostgreSQL prints, and is not infinite.
    fn moment(&self, class: Class, text: &str) -> Option<String>;
    /// Returns texts one after the other.
    fn concat(&self, parts: &[String]) -> String;
    /// Returns a comparison with a pattern of LIKE, whose escape character is the backslash.
    fn like(&self, value: &str, pattern: &str, negated: bool) -> Option<String>;
    /// Returns a comparison with a regular expression, in a form that ICU and PCRE read alike.
    fn regex(&self, _value: &str, _pattern: &str, _negated: bool) -> Option<String> {
        None
    }
    /// Returns the number of characters of a text.
    fn length(&self, value: &str) -> String;
    /// Returns the condition that a text is JSON.
    fn is_json(&self, value: &str) -> String;
    /// Returns the call of a function that the translation does not know for all dialects.
    fn call(&self, name: &str, arguments: &[Argument]) -> Option<Call>;
    /// Returns a value in another class.
    fn cast(&self, value: &Argument, to: &DataType<'_>) -> Option<String>;
    /// Returns the number that a text is.
    fn number_of_text(&self, value: &str) -> String;
    /// Returns the division of integers, without a remainder.
    fn divide(&self, left: &str, right: &str) -> String {
        format!("{left} / {right}")
    }
    /// Returns the condition that both values are the same, or both null.
    fn same(&self, left: &str, right: &str) -> String;
    /// Returns a part of a date or timestamp.
    fn extract(&self, field: &str, of: &Argument) -> Option<String>;
    /// Returns the function that counts rows.
    fn count(&self) -> &'static str {
        "COUNT"
    }
    /// Returns the sum of numbers.
    fn sum(&self, of: &Argument) -> String {
        format!("SUM({})", of.sql)
    }
    /// Returns the value at a key of a JSON object, as text.
    fn json_text(&self, _of: &str, _key: &str) -> Option<String> {
        None
    }
    /// Returns what a default of a column of some class reads from the clock, and how it differs.
    fn clock(&self, clock: Clock, class: Class) -> Option<(String, Option<&'static str>)>;
    /// Returns the default that makes a random UUID in a column of some class.
    fn uuid(&self, class: Class) -> &'static str;
    /// Returns how the equality of texts differs.
    fn text_equality(&self) -> Option<&'static str> {
        None
    }
    /// Returns whether a date or timestamp can be infinite.
    fn has_infinity(&self) -> bool {
        false
    }
    /// Returns the next number of a sequence.
    fn next_number(&self, _sequence: &str) -> Option<String> {
        None
    }
}
