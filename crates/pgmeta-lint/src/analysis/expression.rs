//! Conditions that the server prints, as far as rules read them: `column IS NOT NULL`, alone or several with AND.

use pgmeta_core::ident::read_ident;

/// Returns the columns of which a condition says that they are not null, and nothing else; `None` where it says something else.
/// The server prints one as `(a IS NOT NULL)`, several as `((a IS NOT NULL) AND (b IS NOT NULL))`.
pub(crate) fn not_null_columns(condition: &str) -> Option<Vec<String>> {
    let inner = unwrapped(condition)?;
    let parts = split_and(inner);
    if parts.len() > 1 {
        let columns: Option<Vec<Vec<String>>> = parts.into_iter().map(not_null_columns).collect();
        return Some(columns?.into_iter().flatten().collect());
    }
    let name = inner.strip_suffix(" IS NOT NULL")?;
    Some(vec![read_ident(name)?])
}

/// Returns whether a condition says that columns are not null, and all of them are among the given ones.
pub(crate) fn is_not_null_of(condition: &str, columns: &[&str]) -> bool {
    not_null_columns(condition).is_some_and(|found| found.iter().all(|column| columns.contains(&&**column)))
}

/// Returns whether a condition demands a value of a column, alone or with others joined by AND.
pub(crate) fn implies_not_null(condition: &str, column: &str) -> bool {
    let parts = unwrapped(condition).map(split_and).unwrap_or_default();
    match parts.len() {
        0 | 1 => not_null_columns(condition).is_some_and(|columns| columns.iter().any(|own| own == column)),
        _ => parts.into_iter().any(|part| implies_not_null(part, column)),
    }
}

/// Returns what is in the parentheses around a text.
fn unwrapped(text: &str) -> Option<&str> {
    text.strip_prefix('(')?.strip_suffix(')')
}

/// Divides a text at ` AND ` outside of parentheses and quotes.
fn split_and(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_i32);
    for (at, byte) in pgmeta_core::lexer::code(text) {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            b' ' if depth == 0 && text[at..].starts_with(" AND ") => {
                parts.push(&text[start..at]);
                start = at + " AND ".len();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_null_conditions_are_parsed() {
        let found = |text: &str| not_null_columns(text);
        let names = |names: &[&str]| Some(names.iter().map(|&name| name.to_owned()).collect());
        assert_eq!(found("(a IS NOT NULL)"), names(&["a"]));
        assert_eq!(found("(\"A b\" IS NOT NULL)"), names(&["A b"]));
        assert_eq!(found("((a IS NOT NULL) AND (\"x) AND (\" IS NOT NULL))"), names(&["a", "x) AND ("]));
        for other in ["(a IS NULL)", "(lower(a) IS NOT NULL)", "((a IS NOT NULL) AND (b > 1))", "(a > 0)", "a"] {
            assert_eq!(found(other), None, "{other}");
        }
        for (condition, expected) in [
            ("(a IS NOT NULL)", true),
            ("((b > 0) AND (a IS NOT NULL))", true),
            ("((b > 0) AND ((c > 0) AND (a IS NOT NULL)))", true),
            ("((b > 0) OR (a IS NOT NULL))", false),
            ("(((b > 0) AND (a IS NOT NULL)) OR (c > 0))", false),
            ("(NOT ((b > 0) AND (a IS NOT NULL)))", false),
            ("(b IS NOT NULL)", false),
        ] {
            assert_eq!(implies_not_null(condition, "a"), expected, "{condition}");
        }
        assert!(is_not_null_of("(a IS NOT NULL)", &["a", "b"]) && !is_not_null_of("(a IS NOT NULL)", &["b"]));
    }
}
