//! Which columns of a table an expression names, as the server prints it. Reads words; parses nothing.

use std::collections::BTreeSet;

use pgmeta_core::ident::unquote;
use pgmeta_core::lexer::{Kind, pieces};
use pgmeta_core::model::{ModelIndex, Table};

/// A word of an expression, or a sign between words.
#[derive(Debug, PartialEq)]
enum Token<'t> {
    Word(&'t str),
    Sign(char),
}

/// What the names of types of several words continue with.
const TYPE_WORDS: [&str; 6] = ["precision", "varying", "with", "without", "time", "zone"];

/// Returns the positions of the columns that an expression names. Names of functions, fields and types do not count.
pub fn columns_in(index: &ModelIndex<'_>, table: &Table, expression: &str) -> BTreeSet<usize> {
    let tokens = tokens(expression);
    let mut found = BTreeSet::new();
    let sign = |at: Option<usize>, sign: char| at.and_then(|at| tokens.get(at)) == Some(&Token::Sign(sign));
    let mut in_type = false;
    for (at, token) in tokens.iter().enumerate() {
        let Token::Word(word) = token else {
            in_type = false;
            continue;
        };
        let before = at.checked_sub(1);
        if sign(before, ':') {
            in_type = true;
            continue;
        }
        if in_type && TYPE_WORDS.contains(word) {
            continue;
        }
        in_type = false;
        if sign(before, '.') || sign(Some(at + 1), '.') || sign(Some(at + 1), '(') {
            continue;
        }
        found.extend(index.position(table, &unquote(word)));
    }
    found
}

fn tokens(expression: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    for piece in pieces(expression) {
        match piece.kind {
            Kind::Name => found.push(Token::Word(piece.text)),
            Kind::Code => code_tokens(piece.text, &mut found),
            Kind::Literal | Kind::Escaped | Kind::Body | Kind::Comment | Kind::Other => {}
        }
    }
    found
}

fn code_tokens<'t>(code: &'t str, found: &mut Vec<Token<'t>>) {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        if is_part(first) {
            let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            found.push(Token::Word(&rest[..end]));
            rest = &rest[end..];
        } else {
            if !first.is_whitespace() {
                found.push(Token::Sign(first));
            }
            rest = &rest[first.len_utf8()..];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Sample;

    #[test]
    fn columns_are_distinguished_from_other_names() {
        let model = Sample::new().table("t", &["price", "length", "Odd.Name", "time", "city"]).model();
        let index = ModelIndex::of(&model);
        let Some(table) = index.table("s", "t") else { unreachable!() };
        let names = |expression: &str| -> Vec<&str> {
            columns_in(&index, table, expression).into_iter().map(|at| &*table.columns[at].name).collect()
        };
        assert_eq!(names("(price > (0)::numeric)"), ["price"]);
        assert_eq!(names("(length(price) > 0)"), ["price"]);
        assert_eq!(names("(\"Odd.Name\" <> 'time'::text)"), ["Odd.Name"]);
        assert_eq!(names("((price)::timestamp without time zone > 'x')"), ["price"]);
        assert_eq!(names("((\"time\" > price) AND (length IS NULL))"), ["price", "length", "time"]);
        assert_eq!(names("((price).city = 'x'::s.city)"), ["price"]);
        assert!(names("true").is_empty());
    }
}
