//! The folder of a partition's files, from a template such as `{schema}/{table}/day={YYYY}-{MM}-{DD}`. The result stays
//! below the storage's prefix whatever the names contain.

use std::fmt::Write;

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    #[error("unrecognized placeholder {{{1}}} in path template \"{0}\"")]
    Unknown(String, String),
    #[error("unbalanced brace in path template \"{0}\"")]
    Brace(String),
    #[error("path template \"{0}\" leads out of the storage's URL")]
    Escapes(String),
    #[error("path template \"{0}\" has a date, but the table is not partitioned by time")]
    NoDate(String),
    #[error("path template \"{template}\" has the key \"{key}\", which is a column of the table")]
    Column { template: String, key: String },
}

impl TemplateError {
    pub fn hint(&self) -> String {
        match self {
            TemplateError::Unknown(..) => {
                let known: Vec<String> = PLACEHOLDERS.iter().map(|word| format!("{{{word}}}")).collect();
                format!("Placeholders are {}.", known.join(", "))
            }
            TemplateError::Brace(_) => "A placeholder is a word in braces, such as {table}.".to_owned(),
            TemplateError::Escapes(_) => {
                "It is a relative path: no \"..\", and no slash at either end or beside another.".to_owned()
            }
            TemplateError::NoDate(_) => {
                "Leave {YYYY}, {MM}, {DD} and {HH} out. Integer keys are times with the option epoch.".to_owned()
            }
            TemplateError::Column { key, .. } => format!(
                "DuckDB would show the folder's value in place of the column's, and pyarrow and Spark refuse: choose another key than {key}."
            ),
        }
    }
}

pub const PLACEHOLDERS: &[&str] = &["cluster", "database", "schema", "table", "partition", "YYYY", "MM", "DD", "HH"];

/// The value that readers of Hive's layout read as NULL.
const NO_VALUE: &str = "__HIVE_DEFAULT_PARTITION__";

/// The start of a partition's rows, from its lower bound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Begin {
    /// No partition key is a time.
    #[default]
    Timeless,
    /// The table is partitioned by time, but the partition has no lower bound: MINVALUE or DEFAULT.
    Open,
    At(Date),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Date {
    year: String,
    month: String,
    day: String,
    hour: String,
}

impl Date {
    /// Reads `YYYY-MM-DD HH`.
    pub fn parse(text: &str) -> Option<Self> {
        let (day, hour) = text.split_once(' ')?;
        let mut parts = day.splitn(3, '-').chain([hour]).map(str::to_owned);
        let date = Self { year: parts.next()?, month: parts.next()?, day: parts.next()?, hour: parts.next()? };
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let all = digits(&date.year) && digits(&date.month) && digits(&date.day) && digits(&date.hour);
        all.then_some(date)
    }
}

/// The values for the placeholders of a template.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// The server's system identifier.
    pub cluster: &'a str,
    pub database: &'a str,
    /// The schema of the uppermost partitioned table.
    pub schema: &'a str,
    pub table: &'a str,
    pub partition: &'a str,
    pub begin: &'a Begin,
}

/// Returns the default template, in Hive's layout. Its keys have a prefix because readers make columns of them.
pub fn default_template(begin: &Begin) -> &'static str {
    match begin {
        Begin::Timeless => "pgmeta_schema={schema}/pgmeta_table={table}",
        _ => "pgmeta_schema={schema}/pgmeta_table={table}/pgmeta_date={YYYY}-{MM}-{DD}",
    }
}

/// Checks a template before its values are known.
pub fn check(template: &str) -> Result<(), TemplateError> {
    let names = Names { cluster: "1", database: "d", schema: "s", table: "t", partition: "p", begin: &Begin::Open };
    fill(template, &names).map(drop)
}

/// Replaces the placeholders; returns the folder without a slash at either end.
pub fn fill(template: &str, names: &Names<'_>) -> Result<String, TemplateError> {
    if template.is_empty() {
        return Ok(String::new());
    }
    let parts = template.split('/').map(|part| segment(template, part, names)).collect::<Result<Vec<_>, _>>()?;
    let bad = |part: &String| part.is_empty() || part == "." || part == ".." || part.contains(['\\', '\0']);
    if parts.iter().any(bad) {
        return Err(TemplateError::Escapes(template.to_owned()));
    }
    Ok(parts.join("/"))
}

/// Returns an error if readers would derive a column from the folder that the files contain already.
pub fn refuse_columns<'a>(
    template: &str,
    folder: &str,
    mut columns: impl Iterator<Item = &'a str>,
) -> Result<(), TemplateError> {
    let keys: Vec<String> =
        folder.split('/').filter_map(|part| part.split_once('=')).map(|(key, _)| key.to_lowercase()).collect();
    let taken =
        columns.find(|column| keys.contains(&escaped(column).to_lowercase()) || keys.contains(&column.to_lowercase()));
    match taken {
        Some(column) => Err(TemplateError::Column { template: template.to_owned(), key: column.to_owned() }),
        None => Ok(()),
    }
}

fn segment(template: &str, part: &str, names: &Names<'_>) -> Result<String, TemplateError> {
    let mut out = String::new();
    let (mut rest, mut open) = (part, false);
    let brace = || TemplateError::Brace(template.to_owned());
    while let Some(at) = rest.find(['{', '}']) {
        out += &rest[..at];
        let end = rest[at..].find('}').filter(|&end| end > 0).ok_or_else(brace)?;
        let word = &rest[at + 1..at + end];
        match word {
            "cluster" => out += &escaped(names.cluster),
            "database" => out += &escaped(names.database),
            "schema" => out += &escaped(names.schema),
            "table" => out += &escaped(names.table),
            "partition" => out += &escaped(names.partition),
            "YYYY" | "MM" | "DD" | "HH" => match names.begin {
                Begin::Timeless => return Err(TemplateError::NoDate(template.to_owned())),
                Begin::Open => open = true,
                Begin::At(date) => {
                    out += match word {
                        "YYYY" => &date.year,
                        "MM" => &date.month,
                        "DD" => &date.day,
                        _ => &date.hour,
                    };
                }
            },
            other => return Err(TemplateError::Unknown(template.to_owned(), other.to_owned())),
        }
        rest = &rest[at + end + 1..];
    }
    out += rest;
    // Readers require all folders to have the same depth.
    Ok(match out.split_once('=') {
        Some((key, _)) if open => format!("{key}={NO_VALUE}"),
        None if open => "undated".to_owned(),
        _ => out,
    })
}

/// Escapes a name for a path, so that different names stay different: each byte of other than plain characters becomes
/// `%XX`, and so does a leading character that hides files.
pub fn escaped(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for (at, byte) in name.bytes().enumerate() {
        let plain = byte.is_ascii_alphanumeric() || byte == b'-' || (matches!(byte, b'_' | b'.') && at > 0);
        if plain {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn filled(template: &str, begin: &Begin) -> Result<String, TemplateError> {
        let names =
            Names { cluster: "74", database: "my db", schema: "public", table: "../x", partition: "Ä.p", begin };
        fill(template, &names)
    }

    fn march() -> Begin {
        Begin::At(Date::parse("2024-03-01 07").unwrap())
    }

    #[test]
    fn templates_are_expanded() {
        let default = |begin: &Begin| filled(default_template(begin), begin).unwrap();
        let table = "pgmeta_schema=public/pgmeta_table=%2E.%2Fx";
        assert_eq!(default(&march()), format!("{table}/pgmeta_date=2024-03-01"));
        assert_eq!(default(&Begin::Open), format!("{table}/pgmeta_date=__HIVE_DEFAULT_PARTITION__"));
        assert_eq!(default(&Begin::Timeless), table);
        for (template, expected) in [
            ("{partition}/{HH}", "%C3%84.p/07"),
            ("", ""),
            ("c={cluster}/d={database}", "c=74/d=my%20db"),
            ("y={YYYY}/m={MM}{DD}", "y=2024/m=0301"),
        ] {
            assert_eq!(filled(template, &march()).as_deref(), Ok(expected));
        }
        assert_eq!(filled("{YYYY}/m={MM}-{DD}/x", &Begin::Open).unwrap(), "undated/m=__HIVE_DEFAULT_PARTITION__/x");
        assert_eq!(filled("{YYYY}", &Begin::Timeless), Err(TemplateError::NoDate("{YYYY}".into())));
    }

    #[test]
    fn escaped_names_are_not_hidden() {
        assert_eq!(escaped("_a_b"), "%5Fa_b");
        assert_eq!(escaped(".a.b"), "%2Ea.b");
    }

    #[test]
    fn invalid_dates_are_rejected() {
        for text in ["", "2024-03-01", "2024-03 07", "x-03-01 07", "2024-03-01 07 BC", "100"] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn templates_cannot_leave_the_prefix() {
        for template in ["../x", "/x", "a//b", "a/./b", "x/", "a\\b"] {
            assert_eq!(check(template), Err(TemplateError::Escapes(template.into())));
        }
        assert_eq!(check("{nothing}"), Err(TemplateError::Unknown("{nothing}".into(), "nothing".into())));
        for template in ["{table", "table}", "a}{b}"] {
            assert_eq!(check(template), Err(TemplateError::Brace(template.into())));
        }
    }

    #[test]
    fn folder_keys_with_column_names_are_errors() {
        let refused = |folder: &str, column: &str| refuse_columns("x", folder, [column].into_iter()).is_err();
        for (folder, column) in [("a/Day=1/b", "day"), ("day=1", "DAY"), ("m%20y=1", "m y")] {
            assert!(refused(folder, column), "{folder} {column}");
        }
        for (folder, column) in [("day/x=1", "day"), ("x=day", "day"), ("", "day"), ("days=1", "day")] {
            assert!(!refused(folder, column), "{folder} {column}");
        }
    }
}
