//! The folder that a partition's files go to, from a template such as `{schema}/{table}/year={YYYY}`. Whatever names are
//! put in, the result stays below its prefix.

use std::fmt::Write;

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    #[error("path template \"{0}\" has an unknown placeholder {{{1}}}")]
    Unknown(String, String),
    #[error("path template \"{0}\" has a brace without its counterpart")]
    Brace(String),
    #[error("path template \"{0}\" does not stay below the storage's URL")]
    Escapes(String),
    #[error("path template \"{0}\" has a date, but the partition's lower bound is none")]
    NoDate(String),
}

pub const PLACEHOLDERS: &[&str] = &["schema", "table", "partition", "YYYY", "MM", "DD", "HH"];

/// What a partition is called, and where it begins.
#[derive(Clone, Copy, Debug, Default)]
pub struct Names<'a> {
    pub schema: &'a str,
    pub table: &'a str,
    pub partition: &'a str,
    /// The lower bound as `YYYY-MM-DD HH…`, where it is a time.
    pub lower: Option<&'a str>,
}

/// The default, in the manner of Hive.
pub fn default_template(names: &Names<'_>) -> &'static str {
    match names.lower.map(date) {
        Some(Some(_)) => "schema={schema}/table={table}/year={YYYY}/month={MM}/day={DD}",
        _ => "schema={schema}/table={table}",
    }
}

/// Checks a template without names for it.
pub fn check(template: &str) -> Result<(), TemplateError> {
    let names = Names { schema: "s", table: "t", partition: "p", lower: Some("2000-01-01 00") };
    fill(template, &names).map(drop)
}

/// Returns the folder, without a slash at either end.
pub fn fill(template: &str, names: &Names<'_>) -> Result<String, TemplateError> {
    let mut out = String::new();
    let mut rest = template;
    let brace = || TemplateError::Brace(template.to_owned());
    while let Some(at) = rest.find(['{', '}']) {
        out += &rest[..at];
        let end = rest[at..].find('}').filter(|&end| end > 0).ok_or_else(brace)?;
        let word = &rest[at + 1..at + end];
        let date = || names.lower.and_then(date).ok_or_else(|| TemplateError::NoDate(template.to_owned()));
        match word {
            "schema" => out += &escaped(names.schema),
            "table" => out += &escaped(names.table),
            "partition" => out += &escaped(names.partition),
            "YYYY" => out += date()?.0,
            "MM" => out += date()?.1,
            "DD" => out += date()?.2,
            "HH" => out += date()?.3,
            other => return Err(TemplateError::Unknown(template.to_owned(), other.to_owned())),
        }
        rest = &rest[at + end + 1..];
    }
    out += rest;
    let bad = |part: &str| part.is_empty() || part == "." || part == ".." || part.contains(['\\', '\0']);
    if !out.is_empty() && out.split('/').any(bad) {
        return Err(TemplateError::Escapes(template.to_owned()));
    }
    Ok(out)
}

/// Returns whether a text is what the keys of one attempt begin with, and of no other: it ends with the attempt's own
/// `-xxxxxxxx-xxxx`. Whatever removes all keys of a stem is to ask this before.
pub fn is_stem(text: &str) -> bool {
    let hex = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mut parts = text.rsplitn(3, '-');
    parts.next().is_some_and(|part| hex(part, 4))
        && parts.next().is_some_and(|part| hex(part, 8))
        && parts.next().is_some_and(|name| !name.is_empty() && !name.ends_with('/'))
}

/// Returns a name as part of a path, different for different names: what is not plain becomes `%XX`, UTF-8 byte by byte.
pub fn escaped(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for (at, byte) in name.bytes().enumerate() {
        let plain = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || (byte == b'.' && at > 0);
        if plain {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Takes year, month, day and hour out of a time that PostgreSQL has printed in ISO style.
fn date(text: &str) -> Option<(&str, &str, &str, &str)> {
    let (day, time) = text.split_once([' ', 'T']).unwrap_or((text, "00"));
    let mut parts = day.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let hour = time.get(..2)?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    ([year, month, day, hour].into_iter().all(digits)).then_some((year, month, day, hour))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: Names<'static> =
        Names { schema: "public", table: "../x", partition: "Ä.p", lower: Some("2024-03-01 07:00:00+00") };

    #[test]
    fn templates_are_filled() {
        assert_eq!(
            fill(default_template(&NAMES), &NAMES).as_deref(),
            Ok("schema=public/table=%2E.%2Fx/year=2024/month=03/day=01")
        );
        assert_eq!(fill("{partition}/{HH}", &NAMES).as_deref(), Ok("%C3%84.p/07"));
        assert_eq!(fill("", &NAMES).as_deref(), Ok(""));
        let number = Names { lower: Some("100"), ..NAMES };
        assert_eq!(default_template(&number), "schema={schema}/table={table}");
        assert_eq!(fill("{YYYY}", &number), Err(TemplateError::NoDate("{YYYY}".into())));
    }

    #[test]
    fn stems_are_of_one_attempt() {
        assert!(is_stem("schema=s/table=a.b/a.b-1a2b3c4d-5e6f"));
        for text in [
            "",
            "schema=s/table=a",
            "a-1a2b3c4d",
            "-1a2b3c4d-5e6f",
            "x/-1a2b3c4d-5e6f",
            "a-1a2b3c4d-5e6",
            "a-1a2b3c4d-5e6f.csv",
        ] {
            assert!(!is_stem(text), "{text}");
        }
    }

    #[test]
    fn templates_stay_below() {
        for template in ["../x", "/x", "a//b", "a/./b", "x/", "a\\b"] {
            assert_eq!(check(template), Err(TemplateError::Escapes(template.into())));
        }
        assert_eq!(check("{nothing}"), Err(TemplateError::Unknown("{nothing}".into(), "nothing".into())));
        for template in ["{table", "table}", "a}{b}"] {
            assert_eq!(check(template), Err(TemplateError::Brace(template.into())));
        }
    }
}
