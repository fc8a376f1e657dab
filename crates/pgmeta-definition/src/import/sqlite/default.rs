//! Defaults of SQLite's columns, as PostgreSQL reads them. SQLite converts a default to the column's affinity; PostgreSQL does not.

use pgmeta_core::ident::literal;

use super::token::{Kind, Token, group};

/// Returns the default of a column of a type; `None`: PostgreSQL has no such value.
pub fn default(all: &[Token<'_>], data_type: &str) -> Option<String> {
    if let Some((inner, [])) = group(all) {
        return default(inner, data_type);
    }
    let base = data_type.split('(').next().unwrap_or_default();
    match all {
        [own] => one(own, base),
        [sign, own] if own.kind == Kind::Number && (sign.is("-") || sign.is("+")) => {
            let number = number(own.text)?;
            (is_number(base) && fits(&number, base)).then(|| if sign.is("-") { format!("-{number}") } else { number })
        }
        _ => None,
    }
}

fn one(own: &Token<'_>, base: &str) -> Option<String> {
    let is_text = matches!(base, "text" | "character varying" | "character");
    match own.kind {
        Kind::Number => {
            let number = number(own.text)?;
            match base {
                "boolean" => match &*number {
                    "0" => Some("false".to_owned()),
                    "1" => Some("true".to_owned()),
                    _ => None,
                },
                _ if is_text => Some(literal(&number)),
                _ => (is_number(base) && fits(&number, base)).then_some(number),
            }
        }
        Kind::Text | Kind::DoubleQuoted => {
            let value = own.value();
            let is_value = match base {
                "date" => value.len() == 10 && is_moment(&value),
                "time without time zone" => value.len() >= 5 && is_moment(&value),
                "timestamp without time zone" => value.len() >= 10 && is_moment(&value),
                "boolean" => matches!(&*value, "true" | "false"),
                "bytea" | "uuid" => false,
                "jsonb" => serde_json::from_str::<serde_json::Value>(&value).is_ok(),
                _ if is_number(base) => return number(&value).filter(|number| fits(number, base)),
                _ => is_text,
            };
            is_value.then(|| literal(&value))
        }
        Kind::Blob => {
            let hex = own.text.get(2..own.text.len().saturating_sub(1))?;
            (base == "bytea").then(|| format!("'\\x{}'::bytea", hex.to_ascii_lowercase()))
        }
        Kind::Word => word(own.text, base, is_text),
        Kind::Bracketed | Kind::Symbol => None,
    }
}

fn word(text: &str, base: &str, is_text: bool) -> Option<String> {
    // SQLite's are those of UTC, in whole seconds.
    const NOW: &str = "date_trunc('second', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')";
    match (&*text.to_ascii_uppercase(), base) {
        ("NULL", _) => Some("NULL".to_owned()),
        (word @ ("TRUE" | "FALSE"), "boolean") => Some(word.to_ascii_lowercase()),
        ("TRUE", _) if is_number(base) => Some("1".to_owned()),
        ("FALSE", _) if is_number(base) => Some("0".to_owned()),
        ("CURRENT_TIMESTAMP", "timestamp without time zone") => Some(NOW.to_owned()),
        ("CURRENT_DATE", "date") => Some(format!("({NOW})::date")),
        ("CURRENT_TIME", "time without time zone") => Some(format!("({NOW})::time")),
        ("CURRENT_TIMESTAMP", _) if is_text => Some(format!("to_char({NOW}, 'YYYY-MM-DD HH24:MI:SS')")),
        ("CURRENT_DATE", _) if is_text => Some(format!("to_char({NOW}, 'YYYY-MM-DD')")),
        ("CURRENT_TIME", _) if is_text => Some(format!("to_char({NOW}, 'HH24:MI:SS')")),
        _ => None,
    }
}

fn is_number(base: &str) -> bool {
    matches!(base, "bigint" | "integer" | "smallint" | "double precision" | "numeric")
}

/// Returns a number as both write it.
fn number(text: &str) -> Option<String> {
    let is_plain = text.bytes().all(|b| b.is_ascii_digit() || b".eE+-".contains(&b));
    (is_plain && text.parse::<f64>().is_ok_and(f64::is_finite)).then(|| text.to_owned())
}

/// Returns whether a type of whole numbers takes a number.
fn fits(number: &str, base: &str) -> bool {
    match base {
        "bigint" => number.parse::<i64>().is_ok(),
        "integer" => number.parse::<i32>().is_ok(),
        "smallint" => number.parse::<i16>().is_ok(),
        _ => true,
    }
}

/// Returns whether a text has the form of a date or time.
fn is_moment(value: &str) -> bool {
    value.starts_with(|c: char| c.is_ascii_digit()) && value.chars().all(|c| c.is_ascii_digit() || "-: T.".contains(c))
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;

    #[test]
    fn defaults_become_values_of_the_type() {
        let read = |sql: &str, data_type: &str| default(&tokens(sql), data_type);
        assert_eq!(read("-1.5", "numeric(5,2)").as_deref(), Some("-1.5"));
        assert_eq!(read("('it''s')", "text").as_deref(), Some("'it''s'"));
        assert_eq!(read("\"quoted\"", "character varying(9)").as_deref(), Some("'quoted'"));
        assert_eq!(read("0", "boolean").as_deref(), Some("false"));
        assert_eq!(read("5", "text").as_deref(), Some("'5'"));
        assert_eq!(read("'7'", "bigint").as_deref(), Some("7"));
        assert_eq!(read("X'00FF'", "bytea").as_deref(), Some("'\\x00ff'::bytea"));
        for (refused, data_type) in [
            ("2", "boolean"),
            ("1.5", "bigint"),
            ("'x'", "bigint"),
            ("random()", "bigint"),
            ("'now'", "timestamp without time zone"),
        ] {
            assert_eq!(read(refused, data_type), None, "{refused}");
        }
    }
}
