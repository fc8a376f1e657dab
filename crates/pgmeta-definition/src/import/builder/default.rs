//! Defaults of columns, as SQL of their types.

use pgmeta_core::ident::literal;
use serde_json::Value;

use crate::import::moment::{is_date, is_time, is_timestamp, is_uuid};

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Integer,
    Bigint,
    Decimal,
    Float,
    Text,
    Boolean,
    Timestamp,
    Date,
    Time,
    Json,
    Uuid,
    Other,
}

/// The functions that builders offer.
const MOMENT: [&str; 2] = ["CURRENT_TIMESTAMP", "NOW()"];
const DATE: &str = "CURRENT_DATE";
const TIME: &str = "CURRENT_TIME";
const UUID: &str = "GEN_RANDOM_UUID()";

/// Returns a default as an expression; none if the type has no such value.
pub fn default(own: &Value, class: Class) -> Option<String> {
    match own {
        Value::Null => None,
        Value::Array(_) | Value::Object(_) if class != Class::Json => None,
        Value::String(text) => of_text(text, class),
        other => of_text(&other.to_string(), class),
    }
}

fn of_text(text: &str, class: Class) -> Option<String> {
    if text.contains('\0') {
        return None;
    }
    let upper = text.trim().to_ascii_uppercase();
    if upper == "NULL" || is_function(&upper, class) {
        return Some(text.to_owned());
    }
    let inner = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    // A text with single quotes inside is not a literal of SQL.
    let inner = inner.filter(|inner| !inner.replace("''", "").contains('\'')).map(|inner| inner.replace("''", "'"));
    let value = inner.as_deref().unwrap_or(text);
    let plain = value.trim();
    match class {
        Class::Text => Some(literal(value)),
        Class::Integer => plain.parse::<i32>().ok().map(|own| own.to_string()),
        Class::Bigint => plain.parse::<i64>().ok().map(|own| own.to_string()),
        Class::Decimal | Class::Float => number(plain),
        Class::Boolean => match &*plain.to_ascii_lowercase() {
            "true" | "t" | "yes" | "y" | "on" | "1" => Some("true".to_owned()),
            "false" | "f" | "no" | "n" | "off" | "0" => Some("false".to_owned()),
            _ => None,
        },
        Class::Timestamp => is_timestamp(plain).then(|| literal(plain)),
        Class::Date => is_date(plain).then(|| literal(plain)),
        Class::Time => is_time(plain).then(|| literal(plain)),
        Class::Uuid => is_uuid(plain).then(|| literal(plain)),
        Class::Json => {
            serde_json::from_str::<Value>(value).ok().filter(|_| !value.contains("\\u0000")).map(|_| literal(value))
        }
        // The type is as it is written, and so are its numbers.
        Class::Other => Some(number(plain).unwrap_or_else(|| literal(value))),
    }
}

/// Returns whether a function may stand for a value of a type.
fn is_function(upper: &str, class: Class) -> bool {
    let is_moment = MOMENT.contains(&upper);
    match class {
        Class::Timestamp | Class::Date => is_moment || upper == DATE,
        Class::Time => is_moment || upper == TIME,
        Class::Uuid => upper == UUID,
        Class::Text | Class::Other => is_moment || [DATE, TIME, UUID].contains(&upper),
        Class::Integer | Class::Bigint | Class::Decimal | Class::Float | Class::Boolean | Class::Json => false,
    }
}

/// Returns a number; what is none, or infinite, is a text that the types of numbers take.
fn number(text: &str) -> Option<String> {
    let number: f64 = text.parse().ok()?;
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    match () {
        () if is_plain && number.is_finite() => Some(text.to_owned()),
        () if is_plain => None,
        () if number.is_nan() => Some("'NaN'".to_owned()),
        () if number > 0.0 => Some("'Infinity'".to_owned()),
        () => Some("'-Infinity'".to_owned()),
    }
}
