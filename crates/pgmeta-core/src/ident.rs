//! The only quoting code: identifiers, literals, dollar quotes. Knows no object kind.

use std::fmt::Write;
use std::sync::{Arc, LazyLock};

use rustc_hash::FxHashSet;

/// A name as the catalog holds it: raw, never quoted. Shared because keys repeat it everywhere.
pub type Name = Arc<str>;

/// Keywords that are not plain names in at least one supported major (`pg_get_keywords()`, catcode other than U).
static KEYWORDS: LazyLock<FxHashSet<&'static str>> =
    LazyLock::new(|| include_str!("ident/keywords.txt").lines().collect());

/// Appends `name`, in double quotes where PostgreSQL needs them.
pub fn push_ident(out: &mut String, name: &str) {
    let plain = name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'))
        && name.as_bytes().first().is_some_and(|b| !b.is_ascii_digit())
        && !KEYWORDS.contains(name);
    if plain {
        out.push_str(name);
        return;
    }
    out.push('"');
    for c in name.chars() {
        if c == '"' {
            out.push('"');
        }
        out.push(c);
    }
    out.push('"');
}

/// Returns `name` as an SQL identifier.
pub fn ident(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 2);
    push_ident(&mut out, name);
    out
}

/// Returns `schema.name` as SQL.
pub fn qualified(schema: &str, name: &str) -> String {
    let mut out = String::with_capacity(schema.len() + name.len() + 5);
    push_ident(&mut out, schema);
    out.push('.');
    push_ident(&mut out, name);
    out
}

/// Returns the names as a comma-separated list of identifiers.
pub fn ident_list<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    let mut out = String::new();
    for name in names {
        if !out.is_empty() {
            out.push_str(", ");
        }
        push_ident(&mut out, name.as_ref());
    }
    out
}

/// Returns `text` as a string literal, `E''` only where a backslash asks for it, so that it reads the same
/// under either setting of standard_conforming_strings.
pub fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    if text.contains('\\') {
        out.push('E');
    }
    out.push('\'');
    for c in text.chars() {
        if c == '\'' || c == '\\' {
            out.push(c);
        }
        out.push(c);
    }
    out.push('\'');
    out
}

/// Returns `body` in dollar quotes whose tag does not occur in it.
pub fn dollar_quoted(body: &str) -> String {
    let mut tag = String::from("$$");
    let mut n = 0;
    // A body that ends in `$` would close the quote early, hence the look at its end.
    while body.contains(tag.trim_end_matches('$')) && (n > 0 || body.contains("$$") || body.ends_with('$')) {
        n += 1;
        tag.clear();
        let _ = if n == 1 { write!(tag, "$_$") } else { write!(tag, "$_{n}$") };
    }
    format!("{tag}{body}{tag}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_only_what_needs_it() {
        let cases = [
            ("orders", "orders"),
            ("Orders", "\"Orders\""),
            ("select", "\"select\""),
            ("a\"b", "\"a\"\"b\""),
            ("1st", "\"1st\""),
            ("", "\"\""),
            ("naïve", "\"naïve\""),
            ("a$b", "\"a$b\""),
            ("line\nbreak", "\"line\nbreak\""),
        ];
        for (name, quoted) in cases {
            assert_eq!(ident(name), quoted);
        }
    }

    #[test]
    fn literals_survive_either_string_setting() {
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal("a\\b'c"), "E'a\\\\b''c'");
    }

    #[test]
    fn dollar_quotes_avoid_the_body() {
        assert_eq!(dollar_quoted("SELECT 1"), "$$SELECT 1$$");
        assert_eq!(dollar_quoted("SELECT $$x$$"), "$_$SELECT $$x$$$_$");
        assert_eq!(dollar_quoted("cost $"), "$_$cost $$_$");
        assert_eq!(dollar_quoted("$$ $_$"), "$_2$$$ $_$$_2$");
    }
}
