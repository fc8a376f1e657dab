//! Conditions that the server prints, as far as rules read them: which columns they name, and of which they demand a value.

use std::collections::BTreeSet;

use pgmeta_core::ident::{read_ident, unquote};
use pgmeta_core::lexer::{Kind, pieces};

/// Returns the columns of which a condition says that they are not null, and nothing else; `None` where it says something else.
/// The server prints one as `(a IS NOT NULL)`, several as `((a IS NOT NULL) AND (b IS NOT NULL))`.
pub(crate) fn not_null_columns(condition: &str) -> Option<Vec<String>> {
    let inner = unwrapped(condition)?;
    let parts = split(inner, " AND ");
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

/// Returns the columns of which a condition demands a value, however AND, OR and NOT join it.
pub(crate) fn demanded_columns(condition: &str) -> BTreeSet<String> {
    demanded(condition, false)
}

/// Returns the columns that have a value where a condition is true, or, if it is negated, where it is false.
fn demanded(condition: &str, negated: bool) -> BTreeSet<String> {
    let Some(inner) = unwrapped(condition) else { return BTreeSet::new() };
    if let Some(denied) = inner.strip_prefix("NOT ") {
        return demanded(denied, !negated);
    }
    for (word, needs_all) in [(" AND ", !negated), (" OR ", negated)] {
        let parts = split(inner, word);
        if parts.len() > 1 {
            let parts = parts.into_iter().map(|part| demanded(part, negated));
            return parts
                .reduce(|one, other| if needs_all { &one | &other } else { &one & &other })
                .unwrap_or_default();
        }
    }
    let name = inner.strip_suffix(if negated { " IS NULL" } else { " IS NOT NULL" });
    name.and_then(read_ident).into_iter().collect()
}

/// Returns the names in a text that may be columns: not those of functions and types.
pub(crate) fn column_names(text: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    let (mut names, mut is_type) = (BTreeSet::new(), false);
    let pieces = pieces(text);
    for (at, piece) in pieces.iter().enumerate() {
        match piece.kind {
            Kind::Name if !std::mem::take(&mut is_type) => names.extend([unquote(piece.text)]),
            Kind::Code => {
                let mut rest = piece.text;
                while let Some(start) = rest.find(is_part) {
                    let is_cast = rest[..start].ends_with("::");
                    let end = rest[start..].find(|c| !is_part(c)).map_or(rest.len(), |length| start + length);
                    let is_call = rest[end..].starts_with('(');
                    if !is_cast && !is_call {
                        names.insert(rest[start..end].to_owned());
                    }
                    rest = &rest[end..];
                }
                let next_is_name = pieces.get(at + 1).is_some_and(|next| next.kind == Kind::Name);
                is_type = next_is_name && piece.text.ends_with("::");
            }
            _ => {}
        }
    }
    names
}

/// Returns the constants in a text: texts without their quotes, and numbers.
pub(crate) fn constants(text: &str) -> Vec<String> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
    let mut found = Vec::new();
    for piece in pieces(text) {
        match piece.kind {
            Kind::Literal => found.push(piece.text.trim_matches('\'').replace("''", "'")),
            Kind::Code => {
                let words = piece.text.split(|c: char| !is_part(c));
                found.extend(words.filter(|word| word.starts_with(|c: char| c.is_ascii_digit())).map(str::to_owned));
            }
            _ => {}
        }
    }
    found
}

/// Returns what is in the parentheses around a text.
fn unwrapped(text: &str) -> Option<&str> {
    text.strip_prefix('(')?.strip_suffix(')')
}

/// Divides a text at a word with blanks around it, outside of parentheses and quotes.
fn split<'t>(text: &'t str, word: &str) -> Vec<&'t str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_i32);
    for (at, byte) in pgmeta_core::lexer::code(text) {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            b' ' if depth == 0 && text[at..].starts_with(word) => {
                parts.push(&text[start..at]);
                start = at + word.len();
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
            ("(NOT (a IS NULL))", true),
            ("(NOT ((b > 0) OR (a IS NULL)))", true),
            ("(NOT ((b > 0) AND (a IS NULL)))", false),
            ("(((b > 0) AND (a IS NOT NULL)) OR ((c > 0) AND (a IS NOT NULL)))", true),
            ("(a IS NULL)", false),
        ] {
            assert_eq!(demanded_columns(condition).contains("a"), expected, "{condition}");
        }
        let names = column_names("((length(\"A b\") > 0) AND (note <> 'other'::text) AND (x = 'a'::app.\"T\"))");
        assert!(["A b", "note", "x"].iter().all(|name| names.contains(*name)), "{names:?}");
        assert!(["length", "other", "text"].iter().all(|name| !names.contains(*name)), "{names:?}");
        assert_eq!(constants("((at >= '2025-01-01'::date) AND (n1 < 12.5))"), ["2025-01-01", "12.5"]);
        assert!(is_not_null_of("(a IS NOT NULL)", &["a", "b"]) && !is_not_null_of("(a IS NOT NULL)", &["b"]));
    }
}
