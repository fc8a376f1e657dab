//! Settings in the form of SET (roles, databases, functions), and storage parameters in the form of WITH. Knows no object kind.

use crate::ident::{ident, literal};
use crate::model::Setting;

/// Settings whose value is a list of names, which the catalog stores with quotes around each name (GUC_LIST_QUOTE). SET would read
/// the whole value as one name, so the list must be split.
const NAME_LISTS: &[&str] = &[
    "local_preload_libraries",
    "search_path",
    "session_preload_libraries",
    "shared_preload_libraries",
    "temp_tablespaces",
    "unix_socket_directories",
];

/// Returns `name TO value`.
pub fn assignment(Setting { name, value }: &Setting) -> String {
    let elements = match NAME_LISTS.contains(&&*name.to_ascii_lowercase()) {
        true => split(value),
        false => None,
    };
    let value = match elements {
        Some(elements) => elements.iter().map(|element| literal(element)).collect::<Vec<_>>().join(", "),
        None => literal(value),
    };
    format!("{} TO {value}", ident(name))
}

/// Splits a list at its commas, as the server's SplitGUCList does. Returns `None` if the text is not such a list, or empty.
fn split(list: &str) -> Option<Vec<String>> {
    let mut elements = Vec::new();
    let mut rest = list.trim_start();
    loop {
        let mut element = String::new();
        if let Some(quoted) = rest.strip_prefix('"') {
            rest = quoted;
            loop {
                let (part, after) = rest.split_once('"')?;
                element.push_str(part);
                rest = after;
                let Some(doubled) = rest.strip_prefix('"') else {
                    break;
                };
                element.push('"');
                rest = doubled;
            }
        } else {
            let end = rest.find(|c: char| c == ',' || c.is_ascii_whitespace()).unwrap_or(rest.len());
            element.push_str(&rest[..end]);
            rest = &rest[end..];
            if element.is_empty() {
                return None;
            }
        }
        elements.push(element);
        rest = rest.trim_start();
        if rest.is_empty() {
            return Some(elements);
        }
        rest = rest.strip_prefix(',')?.trim_start();
    }
}

/// Returns ` WITH (…)` for storage parameters, with a prefix for those of the TOAST table.
pub fn storage_parameters(options: &[Setting], toast: &[Setting]) -> String {
    if options.is_empty() && toast.is_empty() {
        return String::new();
    }
    let print =
        |prefix: &str, option: &Setting| format!("{prefix}{}={}", ident(&option.name), parameter_value(&option.value));
    let own = options.iter().map(|option| print("", option));
    let all = own.chain(toast.iter().map(|option| print("toast.", option)));
    format!(" WITH ({})", all.collect::<Vec<_>>().join(", "))
}

/// Returns the value of a storage parameter: a word as it is, anything else as a literal, so that no value can end the clause.
pub fn parameter_value(value: &str) -> String {
    let word = !value.is_empty() && ident(value) == value;
    let number = value.parse::<f64>().is_ok() && value.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    if word || number { value.to_owned() } else { literal(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_with_name_lists_are_quoted_by_element() {
        let cases = [
            ("search_path", r#""a b", c, "D""d", pg_temp"#, r#"search_path TO 'a b', 'c', 'D"d', 'pg_temp'"#),
            ("search_path", r#""""#, "search_path TO ''"),
            ("search_path", "", "search_path TO ''"),
            ("Temp_Tablespaces", r#""a,b""#, r#""Temp_Tablespaces" TO 'a,b'"#),
            ("DateStyle", "SQL, DMY", r#""DateStyle" TO 'SQL, DMY'"#),
            ("pgmeta_fx.Custom", r"it's \", r#""pgmeta_fx.Custom" TO E'it''s \\'"#),
        ];
        for (name, value, expected) in cases {
            assert_eq!(assignment(&Setting { name: name.into(), value: value.into() }), expected);
        }
    }
}
