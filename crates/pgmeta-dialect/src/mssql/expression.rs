//! The expressions of SQL Server.

use crate::data_type::DataType;
use crate::expression::{Argument, Call, Class, Clock, Syntax};

use super::Mssql;

const BLANKS: &str = "blanks at the end of texts do not count";

impl Syntax for Mssql {
    fn ident(&self, name: &str) -> String {
        format!("[{}]", name.replace(']', "]]"))
    }

    fn text(&self, value: &str) -> String {
        let value = value.replace('\'', "''");
        // A backslash at the end of a line would join it with the next one.
        let joins = value.contains("\\\n") || value.contains("\\\r\n");
        if joins {
            let value = value.replace("\\\r\n", "\\' + NCHAR(13) + NCHAR(10) + N'");
            return format!("(N'{}')", value.replace("\\\n", "\\' + NCHAR(10) + N'"));
        }
        format!("N'{value}'")
    }

    fn bytes(&self, digits: &str) -> String {
        format!("0x{}", digits.to_ascii_uppercase())
    }

    fn boolean(&self, value: bool) -> &'static str {
        if value { "1" } else { "0" }
    }

    fn has_boolean_values(&self) -> bool {
        false
    }

    fn moment(&self, class: Class, value: &str) -> Option<String> {
        Some(match class {
            Class::TimestampTz => format!("'{} +00:00'", value.strip_suffix("+00")?),
            _ => format!("'{value}'"),
        })
    }

    fn concat(&self, parts: &[String]) -> String {
        parts.join(" + ")
    }

    fn like(&self, value: &str, pattern: &str, negated: bool) -> Option<String> {
        let mut like = String::new();
        let mut chars = pattern.chars();
        while let Some(c) = chars.next() {
            match c {
                '[' => like.push_str("[[]"),
                '\\' => match chars.next()? {
                    c @ ('%' | '_' | '[') => like.extend(['[', c, ']']),
                    c => like.push(c),
                },
                c => like.push(c),
            }
        }
        let not = if negated { "NOT " } else { "" };
        Some(format!("{value} {not}LIKE {}", self.text(&like)))
    }

    fn length(&self, value: &str) -> String {
        // LEN does not count blanks at the end.
        format!("(DATALENGTH({value}) / 2)")
    }

    fn is_json(&self, value: &str) -> String {
        // ISJSON takes objects and arrays only.
        format!("ISJSON(CONCAT(N'[', {value}, N']')) = 1")
    }

    fn call(&self, name: &str, arguments: &[Argument]) -> Option<Call> {
        let upper = name.to_uppercase();
        match (name, arguments) {
            ("lower" | "upper", [of]) if of.class.is_text() => Call::same(format!("{upper}({})", of.sql), Class::Text),
            ("btrim" | "ltrim" | "rtrim", [of]) if of.class.is_text() => {
                Call::same(format!("{}({})", upper.replace("BTRIM", "TRIM"), of.sql), Class::Text)
            }
            ("round", [of]) if of.class == Class::Exact && !of.number_as_text => {
                Call::same(format!("ROUND({}, 0)", of.sql), Class::Exact)
            }
            ("length" | "octet_length", [of]) if of.class == Class::Bytes => {
                Call::same(format!("DATALENGTH({})", of.sql), Class::Integer)
            }
            _ => None,
        }
    }

    fn cast(&self, value: &Argument, to: &DataType<'_>) -> Option<String> {
        match (value.class, Class::of(to)) {
            (Class::Integer | Class::Exact, Class::Float) => Some(format!("CAST({} AS FLOAT(53))", value.sql)),
            (Class::Integer, Class::Text) => Some(format!("CAST({} AS NVARCHAR(20))", value.sql)),
            (Class::Boolean, Class::Integer) => Some(format!("CAST({} AS INT)", value.sql)),
            (Class::Timestamp, Class::Date) => Some(format!("CAST({} AS DATE)", value.sql)),
            _ => None,
        }
    }

    fn number_of_text(&self, value: &str) -> String {
        format!("CAST({value} AS FLOAT(53))")
    }

    fn same(&self, left: &str, right: &str) -> String {
        format!("CASE WHEN {left} = {right} OR ({left} IS NULL AND {right} IS NULL) THEN 1 ELSE 0 END = 1")
    }

    fn extract(&self, field: &str, of: &Argument) -> Option<String> {
        let known = matches!(of.class, Class::Date | Class::Timestamp) && matches!(field, "year" | "month" | "day");
        known.then(|| format!("DATEPART({}, {})", field.to_uppercase(), of.sql))
    }

    fn clock(&self, clock: Clock, class: Class) -> Option<(String, Option<&'static str>)> {
        let sql = match (clock, class) {
            (Clock::Now | Clock::NowUtc | Clock::Today, Class::Date) => "CAST(SYSDATETIME() AS DATE)",
            (Clock::Now, Class::Timestamp) => "SYSDATETIME()",
            (Clock::NowUtc, Class::Timestamp) => "SYSUTCDATETIME()",
            (Clock::Now | Clock::NowUtc, Class::TimestampTz) => "SYSDATETIMEOFFSET()",
            (Clock::Today, Class::Timestamp) => "CAST(SYSDATETIME() AS DATE)",
            (Clock::Now | Clock::TimeOfDay, Class::Time) => "CAST(SYSDATETIME() AS TIME(6))",
            _ => return None,
        };
        let is_local = clock != Clock::NowUtc && class != Class::TimestampTz;
        Some((sql.to_owned(), is_local.then_some("the clock is in the time zone of the server")))
    }

    fn uuid(&self, class: Class) -> &'static str {
        if class == Class::Text { "LOWER(CONVERT(NVARCHAR(36), NEWID()))" } else { "NEWID()" }
    }

    fn count(&self) -> &'static str {
        "COUNT_BIG"
    }

    fn sum(&self, of: &Argument) -> String {
        // The sum of integers has their type.
        if of.class == Class::Integer { format!("SUM(CAST({} AS BIGINT))", of.sql) } else { format!("SUM({})", of.sql) }
    }

    fn text_equality(&self) -> Option<&'static str> {
        Some(BLANKS)
    }

    fn next_number(&self, sequence: &str) -> Option<String> {
        Some(format!("NEXT VALUE FOR {sequence}"))
    }
}
