//! The expressions of MySQL and MariaDB.

use crate::data_type::DataType;
use crate::expression::{Argument, Call, Class, Clock, Syntax};

use super::Mysql;

/// Returns a string. The backslash escapes.
pub(super) fn text(value: &str) -> String {
    format!("'{}'", value.replace('\\', "\\\\").replace('\'', "''"))
}

impl Syntax for Mysql {
    fn ident(&self, name: &str) -> String {
        format!("`{}`", name.replace('`', "``"))
    }

    fn text(&self, value: &str) -> String {
        text(value)
    }

    fn bytes(&self, digits: &str) -> String {
        format!("X'{}'", digits.to_ascii_uppercase())
    }

    fn boolean(&self, value: bool) -> &'static str {
        if value { "TRUE" } else { "FALSE" }
    }

    fn moment(&self, class: Class, value: &str) -> Option<String> {
        let value = match class {
            Class::TimestampTz => value.strip_suffix("+00")?,
            _ => value,
        };
        Some(text(value))
    }

    fn concat(&self, parts: &[String]) -> String {
        format!("CONCAT({})", parts.join(", "))
    }

    fn like(&self, value: &str, pattern: &str, negated: bool) -> Option<String> {
        let not = if negated { "NOT " } else { "" };
        Some(format!("{value} {not}LIKE {}", text(pattern)))
    }

    fn regex(&self, value: &str, pattern: &str, negated: bool) -> Option<String> {
        let not = if negated { "NOT " } else { "" };
        // The collation of the column makes both sensitive to case.
        Some(match self.differences.has_regexp_like {
            true => format!("{not}REGEXP_LIKE({value}, {}, 'c')", text(pattern)),
            false => format!("{value} {not}REGEXP {}", text(pattern)),
        })
    }

    fn length(&self, value: &str) -> String {
        format!("CHAR_LENGTH({value})")
    }

    fn is_json(&self, value: &str) -> String {
        format!("JSON_VALID({value})")
    }

    fn call(&self, name: &str, arguments: &[Argument]) -> Option<Call> {
        let upper = name.to_uppercase();
        match (name, arguments) {
            ("lower" | "upper" | "md5", [of]) if of.class.is_text() => {
                Call::same(format!("{upper}({})", of.sql), Class::Text)
            }
            ("btrim" | "ltrim" | "rtrim", [of]) if of.class.is_text() => {
                Call::same(format!("{}({})", upper.replace("BTRIM", "TRIM"), of.sql), Class::Text)
            }
            ("left" | "right", [of, count]) if of.class.is_text() && is_count(count) => {
                Call::same(format!("{upper}({}, {})", of.sql, count.sql), Class::Text)
            }
            ("round", [of]) if of.class == Class::Exact && !of.number_as_text => {
                Call::same(format!("ROUND({})", of.sql), Class::Exact)
            }
            ("length" | "octet_length", [of]) if of.class == Class::Bytes => {
                Call::same(format!("LENGTH({})", of.sql), Class::Integer)
            }
            ("cardinality", [of]) if of.class == Class::Array => {
                Call::same(format!("JSON_LENGTH({})", of.sql), Class::Integer)
            }
            ("array_length", [of, dimension]) if of.class == Class::Array && dimension.sql == "1" => {
                Call::same(format!("NULLIF(JSON_LENGTH({}), 0)", of.sql), Class::Integer)
            }
            _ => None,
        }
    }

    fn cast(&self, value: &Argument, to: &DataType<'_>) -> Option<String> {
        match (value.class, Class::of(to)) {
            (Class::Integer | Class::Exact, Class::Float) => Some(format!("CAST({} AS DOUBLE)", value.sql)),
            (Class::Integer, Class::Text) => Some(format!("CAST({} AS CHAR)", value.sql)),
            (Class::Boolean, Class::Integer) | (Class::Uuid, Class::Text) => Some(value.sql.clone()),
            (Class::Timestamp, Class::Date) => Some(format!("DATE({})", value.sql)),
            _ => None,
        }
    }

    fn number_of_text(&self, value: &str) -> String {
        format!("CAST({value} AS DOUBLE)")
    }

    fn divide(&self, left: &str, right: &str) -> String {
        format!("{left} DIV {right}")
    }

    fn same(&self, left: &str, right: &str) -> String {
        format!("{left} <=> {right}")
    }

    fn extract(&self, field: &str, of: &Argument) -> Option<String> {
        let known = matches!(of.class, Class::Date | Class::Timestamp) && matches!(field, "year" | "month" | "day");
        known.then(|| format!("EXTRACT({} FROM {})", field.to_uppercase(), of.sql))
    }

    fn clock(&self, clock: Clock, class: Class) -> Option<(String, Option<&'static str>)> {
        let sql = match (clock, class) {
            (Clock::Now | Clock::NowUtc | Clock::Today, Class::Date) => "CURRENT_DATE",
            (Clock::Now, Class::Timestamp) => "CURRENT_TIMESTAMP(6)",
            (Clock::NowUtc, Class::Timestamp) | (Clock::Now | Clock::NowUtc, Class::TimestampTz) => "UTC_TIMESTAMP(6)",
            (Clock::Today, Class::Timestamp) => "CURRENT_DATE",
            (Clock::Now | Clock::TimeOfDay, Class::Time) => "CURRENT_TIME(6)",
            _ => return None,
        };
        Some((sql.to_owned(), None))
    }

    fn uuid(&self, _class: Class) -> &'static str {
        // UUID() is of version 1: the next value can be guessed.
        "LOWER(CONCAT(HEX(RANDOM_BYTES(4)), '-', HEX(RANDOM_BYTES(2)), '-4', SUBSTR(HEX(RANDOM_BYTES(2)), 2), '-', \
         SUBSTR('89AB', 1 + FLOOR(RAND() * 4), 1), SUBSTR(HEX(RANDOM_BYTES(2)), 2), '-', HEX(RANDOM_BYTES(6))))"
    }

    fn next_number(&self, sequence: &str) -> Option<String> {
        self.differences.facts.sequences.then(|| format!("NEXT VALUE FOR {sequence}"))
    }
}

fn is_count(count: &Argument) -> bool {
    count.class == Class::Integer && count.sql.bytes().all(|byte| byte.is_ascii_digit())
}
