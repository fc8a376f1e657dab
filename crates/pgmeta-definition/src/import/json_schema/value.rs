//! Values of JSON as SQL of a type.

use pgmeta_core::ident::literal;
use pgmeta_core::interrupt::check;
use serde_json::Value;

use super::property::DataType;
use crate::import::moment::{is_date, is_duration, is_time, is_timestamp, is_uuid};

/// What the values of a column are.
pub enum Class {
    Text,
    Uuid,
    Date,
    Timestamp,
    Time,
    Duration,
    Integer,
    Number,
    Boolean,
    /// An array of elements of a type.
    Array(Box<DataType>),
    Json,
}

/// Returns a value as SQL of a type; none if the type has no such value.
pub fn literal_of(value: &Value, data_type: &DataType) -> Option<String> {
    check();
    let text = |is: fn(&str) -> bool| value.as_str().filter(|own| is(own)).map(literal);
    match &data_type.class {
        // JSON's null is a value of jsonb, and no default of a column.
        _ if value.is_null() => Some("NULL".to_owned()),
        Class::Text => text(|own| !own.contains('\0')),
        Class::Uuid => text(is_uuid),
        Class::Date => text(is_date),
        Class::Timestamp => text(is_timestamp),
        Class::Time => text(is_time),
        Class::Duration => text(is_duration),
        Class::Integer => integer(value)
            .filter(|own| data_type.sql != "integer" || i32::try_from(*own).is_ok())
            .map(|own| own.to_string()),
        Class::Number => value.as_number().map(ToString::to_string),
        Class::Boolean => value.as_bool().map(|own| own.to_string()),
        Class::Array(element) => {
            let all: Option<Vec<String>> = value.as_array()?.iter().map(|own| literal_of(own, element)).collect();
            Some(format!("ARRAY[{}]::{}", all?.join(", "), data_type.sql))
        }
        Class::Json => {
            let text = value.to_string();
            // The server has no such character.
            (!text.contains("\\u0000")).then(|| format!("{}::jsonb", literal(&text)))
        }
    }
}

/// Returns a whole number; 1.0 is one.
fn integer(value: &Value) -> Option<i64> {
    let whole = |own: &f64| own.fract() == 0.0 && own.abs() < 9e15;
    value.as_i64().or_else(|| value.as_f64().filter(whole).map(|own| own as i64))
}
