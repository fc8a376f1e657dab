//! Configuration settings as `SET` clauses, of functions, roles and databases.

use crate::ident::{ident, literal};
use crate::model::Setting;

/// The settings whose value is a list of names, which the catalog holds quoted (GUC_LIST_QUOTE in the server; an
/// extension cannot have one).
const LISTS: &[&str] = &[
    "local_preload_libraries",
    "search_path",
    "session_preload_libraries",
    "shared_preload_libraries",
    "temp_tablespaces",
    "unix_socket_directories",
];

/// Returns `SET name TO value`.
pub fn set(setting: &Setting) -> String {
    let Setting { name, value } = setting;
    let value = if LISTS.iter().any(|list| list.eq_ignore_ascii_case(name)) {
        let names: Vec<String> = names(value).iter().map(|name| literal(name)).collect();
        // An empty list cannot be said; a list of one empty name does the same.
        if names.is_empty() {
            "''".to_owned()
        } else {
            names.join(", ")
        }
    } else {
        literal(value)
    };
    format!("SET {} TO {value}", ident(name))
}

/// Splits a list of names as the server does, except that it folds no case.
fn names(list: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = list.trim_start();
    while !rest.is_empty() {
        let mut name = String::new();
        if let Some(mut quoted) = rest.strip_prefix('"') {
            while let Some(end) = quoted.find('"') {
                name += &quoted[..end];
                quoted = &quoted[end + 1..];
                match quoted.strip_prefix('"') {
                    Some(more) => {
                        name.push('"');
                        quoted = more;
                    }
                    None => break,
                }
            }
            rest = quoted.trim_start().trim_start_matches(',').trim_start();
        } else {
            let (first, more) = rest.split_once(',').unwrap_or((rest, ""));
            name += first.trim_end();
            rest = more.trim_start();
        }
        names.push(name);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(name: &str, value: &str) -> String {
        set(&Setting {
            name: name.into(),
            value: value.into(),
        })
    }

    #[test]
    fn lists_of_names_are_taken_apart() {
        assert_eq!(
            printed("search_path", r#"pg_catalog, "A b", "x""y", """#),
            r#"SET search_path TO 'pg_catalog', 'A b', 'x"y', ''"#
        );
        assert_eq!(printed("search_path", r#""""#), "SET search_path TO ''");
        assert_eq!(printed("search_path", ""), "SET search_path TO ''");
        assert_eq!(
            printed("search_path", "a,b ,c"),
            "SET search_path TO 'a', 'b', 'c'"
        );
        assert_eq!(
            printed("search_path", r#""a,b""#),
            "SET search_path TO 'a,b'"
        );
    }

    #[test]
    fn other_values_are_literals() {
        assert_eq!(
            printed("DateStyle", "ISO, MDY"),
            "SET \"DateStyle\" TO 'ISO, MDY'"
        );
        assert_eq!(printed("my.var", "it's"), "SET \"my.var\" TO 'it''s'");
    }
}
