//! The only quoting code: identifiers, literals, dollar quotes. Knows no object kind.

use std::sync::{Arc, LazyLock};

use rustc_hash::FxHashSet;

use crate::interrupt::check;

/// A name as in the catalog, never quoted. Shared, because keys repeat names.
pub type Name = Arc<str>;

/// Keywords that are not plain names in at least one supported major (`pg_get_keywords()`, catcode other than U).
static KEYWORDS: LazyLock<FxHashSet<&'static str>> =
    LazyLock::new(|| include_str!("ident/keywords.txt").lines().collect());

/// Appends `name`, in double quotes if PostgreSQL needs them.
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

/// Returns the name that a quoted identifier spells.
pub fn unquote(identifier: &str) -> String {
    let inner = identifier.strip_prefix('"').unwrap_or(identifier);
    inner.strip_suffix('"').unwrap_or(inner).replace("\"\"", "\"")
}

/// Returns the name of an identifier as the server prints it; `None` if the text is something else.
pub fn read_ident(text: &str) -> Option<String> {
    let name = unquote(text);
    (ident(&name) == text).then_some(name)
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

/// Returns `text` as a string literal as the server prints it in expressions: a backslash stands for itself.
pub fn printed_literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Returns `text` as a string literal, with `E''` only if it contains a backslash, so that it has the same value under either setting
/// of standard_conforming_strings.
pub fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    if text.contains('\\') {
        out.push('E');
    }
    out.push('\'');
    let mut rest = text;
    while let Some(at) = rest.find(['\'', '\\']) {
        check();
        let (before, special) = (&rest[..=at], &rest[at..=at]);
        out.push_str(before);
        out.push_str(special);
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out.push('\'');
    out
}

/// Returns `body` in dollar quotes with a tag that the body does not contain.
pub fn dollar_quoted(body: &str) -> String {
    let tag = match free_number(body) {
        0 => "$$".to_owned(),
        1 => "$_$".to_owned(),
        n => format!("$_{n}$"),
    };
    let mut out = String::with_capacity(body.len() + 2 * tag.len());
    out += &tag;
    out += body;
    out += &tag;
    out
}

/// Returns the least number whose tag is free: 0 is `$$`, 1 is `$_$`, 2 is `$_2$`, … A tag is free if the body does not contain it
/// without its last `$`, which may be the last character of the body.
fn free_number(body: &str) -> usize {
    if !body.contains("$$") && !body.ends_with('$') {
        return 0;
    }
    // `$_12` excludes `$_`, `$_1` and `$_12`: each `$_` excludes at most one number of each length, and the longest numbers are more
    // than a third of all.
    let mut taken = vec![false; body.matches("$_").count() * 3 + 2];
    for (at, start) in body.match_indices("$_") {
        check();
        taken[1] = true;
        let mut number = 0;
        for digit in body.as_bytes()[at + start.len()..].iter().take_while(|byte| byte.is_ascii_digit()) {
            number = number * 10 + usize::from(digit - b'0');
            // No tag has a number that begins with 0.
            match taken.get_mut(number).filter(|_| number > 0) {
                Some(taken) => *taken = true,
                None => break,
            }
        }
    }
    (1..).find(|&number| taken.get(number) != Some(&true)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_special_identifiers_are_quoted() {
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
    fn literals_are_valid_with_either_string_setting() {
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

    /// As many tags as it takes, tried one after the other.
    #[test]
    fn dollar_quotes_use_the_first_unused_tag() {
        let tried = |body: &str| {
            let tags = ["$$".to_owned(), "$_$".to_owned()].into_iter().chain((2..).map(|n| format!("$_{n}$")));
            let free = |tag: &String| match &**tag {
                "$$" => !body.contains("$$") && !body.ends_with('$'),
                tag => !body.contains(tag.trim_end_matches('$')),
            };
            let tag = tags.into_iter().find(free).unwrap_or_default();
            format!("{tag}{body}{tag}")
        };
        let pieces = ["$", "_", "$_", "$_2", "$_3$", "$_02", "$_12", "$_123456789012345678901234567890", "x", "é", ""];
        for one in pieces {
            for two in pieces {
                for three in pieces {
                    let body = format!("$$ $_1 {one}{two}{three}{two}");
                    for body in [&body[..], &body[2..], &body[3..]] {
                        assert_eq!(dollar_quoted(body), tried(body));
                    }
                }
            }
        }
        let many: String = (2..2_000).map(|n| format!("$_{n}$ ")).collect();
        assert!(dollar_quoted(&format!("$${many}")).starts_with("$_2000$$$$_2$"));
    }
}
