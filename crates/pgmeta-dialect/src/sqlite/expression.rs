//! The expressions of SQLite. Functions that are not deterministic stand in defaults only.

use crate::data_type::DataType;
use crate::expression::{Argument, Call, Class, Clock, Syntax};

use super::Sqlite;

const ASCII: &str = "only ASCII letters change between upper and lower case";

impl Syntax for Sqlite {
    fn ident(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    fn text(&self, value: &str) -> String {
        format!("'{}'", value.replace('\'', "''"))
    }

    fn bytes(&self, digits: &str) -> String {
        format!("X'{}'", digits.to_ascii_uppercase())
    }

    fn boolean(&self, value: bool) -> &'static str {
        if value { "1" } else { "0" }
    }

    fn moment(&self, class: Class, text: &str) -> Option<String> {
        let in_utc = class != Class::TimestampTz || text.ends_with("+00");
        in_utc.then(|| self.text(text))
    }

    fn concat(&self, parts: &[String]) -> String {
        parts.join(" || ")
    }

    fn like(&self, value: &str, pattern: &str, negated: bool) -> Option<String> {
        // LIKE ignores the case of letters, GLOB does not.
        let mut glob = String::new();
        let mut chars = pattern.chars();
        while let Some(c) = chars.next() {
            match c {
                '%' => glob.push('*'),
                '_' => glob.push('?'),
                '\\' => push_glob(&mut glob, chars.next()?),
                c => push_glob(&mut glob, c),
            }
        }
        let not = if negated { "NOT " } else { "" };
        Some(format!("{value} {not}GLOB {}", self.text(&glob)))
    }

    fn length(&self, value: &str) -> String {
        format!("length({value})")
    }

    fn is_json(&self, value: &str) -> String {
        // SQLite 3.40 answers 0 for NULL.
        format!("{value} IS NULL OR json_valid({value})")
    }

    fn call(&self, name: &str, arguments: &[Argument]) -> Option<Call> {
        match (name, arguments) {
            ("lower" | "upper", [of]) if of.class.is_text() => {
                Some(Call { sql: format!("{name}({})", of.sql), class: Class::Text, note: Some(ASCII) })
            }
            ("btrim" | "ltrim" | "rtrim", [of]) if of.class.is_text() => {
                Call::same(format!("{}({})", name.replace("btrim", "trim"), of.sql), Class::Text)
            }
            ("length" | "octet_length", [of]) if of.class == Class::Bytes => {
                Call::same(format!("length({})", of.sql), Class::Integer)
            }
            ("cardinality", [of]) if of.class == Class::Array => {
                Call::same(format!("json_array_length({})", of.sql), Class::Integer)
            }
            ("array_length", [of, dimension]) if of.class == Class::Array && dimension.sql == "1" => {
                Call::same(format!("nullif(json_array_length({}), 0)", of.sql), Class::Integer)
            }
            _ => None,
        }
    }

    fn cast(&self, value: &Argument, to: &DataType<'_>) -> Option<String> {
        match (value.class, Class::of(to)) {
            (Class::Integer, Class::Float) => Some(format!("CAST({} AS REAL)", value.sql)),
            (Class::Exact, Class::Float) => Some(format!("CAST({} AS REAL)", value.sql)),
            (Class::Integer, Class::Text) => Some(format!("CAST({} AS TEXT)", value.sql)),
            (Class::Boolean, Class::Integer) | (Class::Uuid, Class::Text) => Some(value.sql.clone()),
            (Class::Timestamp, Class::Date) => Some(format!("substr({}, 1, 10)", value.sql)),
            _ => None,
        }
    }

    fn number_of_text(&self, value: &str) -> String {
        format!("CAST({value} AS NUMERIC)")
    }

    fn same(&self, left: &str, right: &str) -> String {
        format!("{left} IS {right}")
    }

    fn extract(&self, field: &str, of: &Argument) -> Option<String> {
        let format = match field {
            "year" => "%Y",
            "month" => "%m",
            "day" => "%d",
            _ => return None,
        };
        let known = matches!(of.class, Class::Date | Class::Timestamp);
        known.then(|| format!("CAST(strftime('{format}', {}) AS INTEGER)", of.sql))
    }

    fn json_text(&self, of: &str, key: &str) -> Option<String> {
        // A key that begins with $ would be a path, one in brackets a position.
        let plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let plain = plain && !key.starts_with(|c: char| c.is_ascii_digit());
        plain.then(|| format!("{of} ->> {}", self.text(key)))
    }

    fn clock(&self, clock: Clock, class: Class) -> Option<(String, Option<&'static str>)> {
        let now = |format: &str| format!("strftime('{format}', 'now')");
        let sql = match (clock, class) {
            (Clock::Now | Clock::NowUtc | Clock::Today, Class::Date) => "CURRENT_DATE".to_owned(),
            (Clock::Now | Clock::NowUtc, Class::Timestamp) => now("%Y-%m-%d %H:%M:%f"),
            (Clock::Now | Clock::NowUtc, Class::TimestampTz) => format!("{} || '+00'", now("%Y-%m-%d %H:%M:%f")),
            (Clock::Today, Class::Timestamp) => now("%Y-%m-%d 00:00:00"),
            (Clock::Now | Clock::NowUtc | Clock::TimeOfDay, Class::Time) => now("%H:%M:%f"),
            _ => return None,
        };
        Some((sql, Some("the clock is in UTC, with milliseconds")))
    }

    fn has_infinity(&self) -> bool {
        // The words come before and after all digits.
        true
    }

    fn uuid(&self, _class: Class) -> &'static str {
        "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) \
                      || '-' || substr('89AB', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' \
                      || hex(randomblob(6)))"
    }
}

fn push_glob(glob: &mut String, c: char) {
    if matches!(c, '*' | '?' | '[') {
        glob.extend(['[', c, ']']);
    } else {
        glob.push(c);
    }
}
