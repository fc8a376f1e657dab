//! The tokens of SQLite's SQL. Comments are none.

use pgmeta_core::interrupt::check;

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'s> {
    pub kind: Kind,
    /// The token as it is written.
    pub text: &'s str,
    /// Where it begins.
    pub start: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A keyword or a bare name.
    Word,
    /// A name in double quotes, which may be meant as a text.
    DoubleQuoted,
    /// A name in brackets or back quotes.
    Bracketed,
    /// A text in single quotes.
    Text,
    /// A literal of bytes.
    Blob,
    Number,
    /// An operator or a mark.
    Symbol,
}

impl Token<'_> {
    /// Returns whether it is a keyword.
    pub fn is(&self, word: &str) -> bool {
        match self.kind {
            Kind::Word => self.text.eq_ignore_ascii_case(word),
            Kind::Symbol => self.text == word,
            Kind::DoubleQuoted | Kind::Bracketed | Kind::Text | Kind::Blob | Kind::Number => false,
        }
    }

    /// Returns the name or text that it stands for.
    pub fn value(&self) -> String {
        let inner = || self.text.get(1..self.text.len().saturating_sub(1)).unwrap_or_default();
        match self.kind {
            Kind::DoubleQuoted => inner().replace("\"\"", "\""),
            Kind::Text => inner().replace("''", "'"),
            Kind::Bracketed if self.text.starts_with('`') => inner().replace("``", "`"),
            Kind::Bracketed => inner().to_owned(),
            Kind::Word | Kind::Blob | Kind::Number | Kind::Symbol => self.text.to_owned(),
        }
    }
}

/// Returns the tokens of a text.
pub fn tokens(sql: &str) -> Vec<Token<'_>> {
    let mut all = Vec::new();
    let mut start = 0;
    while let Some(rest) = sql.get(start..).filter(|rest| !rest.is_empty()) {
        check();
        let (kind, length) = first(rest);
        if let (Some(kind), Some(text)) = (kind, rest.get(..length)) {
            all.push(Token { kind, text, start });
        }
        start += length;
    }
    all
}

/// Returns the kind and length of what a text begins with; no kind: a blank or a comment.
fn first(rest: &str) -> (Option<Kind>, usize) {
    const OPERATORS: [&str; 9] = ["->>", "->", "||", "<<", ">>", "<=", ">=", "<>", "!="];
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$' || !c.is_ascii();
    let until = |mark: &str, skip: usize| {
        rest.get(skip..).and_then(|text| text.find(mark)).map_or(rest.len(), |at| skip + at + mark.len())
    };
    let character = rest.chars().next().unwrap_or_default();
    match character {
        _ if rest.starts_with("--") => (None, until("\n", 2)),
        _ if rest.starts_with("/*") => (None, until("*/", 2)),
        '\'' => (Some(Kind::Text), quoted(rest, '\'')),
        '"' => (Some(Kind::DoubleQuoted), quoted(rest, '"')),
        '`' => (Some(Kind::Bracketed), quoted(rest, '`')),
        '[' => (Some(Kind::Bracketed), until("]", 1)),
        'x' | 'X' if rest.get(1..2) == Some("'") => {
            (Some(Kind::Blob), 1 + quoted(rest.get(1..).unwrap_or_default(), '\''))
        }
        '.' if !rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit()) => (Some(Kind::Symbol), 1),
        '0'..='9' | '.' => (Some(Kind::Number), number(rest)),
        _ if character.is_whitespace() => (None, character.len_utf8()),
        _ if is_word(character) => (Some(Kind::Word), rest.find(|c| !is_word(c)).unwrap_or(rest.len())),
        _ => {
            let operator = OPERATORS.into_iter().chain(["=="]).find(|own| rest.starts_with(own));
            (Some(Kind::Symbol), operator.map_or(character.len_utf8(), str::len))
        }
    }
}

/// Returns the length of a quoted text; the quote inside is doubled.
fn quoted(rest: &str, quote: char) -> usize {
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character == quote && characters.next_if(|(_, next)| *next == quote).is_none() {
            return at + quote.len_utf8();
        }
    }
    rest.len()
}

fn number(rest: &str) -> usize {
    let mut before = ' ';
    for (at, character) in rest.char_indices() {
        let is_sign = matches!(character, '+' | '-') && matches!(before, 'e' | 'E') && !rest.starts_with("0x");
        if !(character.is_ascii_alphanumeric() || character == '.' || character == '_' || is_sign) {
            return at;
        }
        before = character;
    }
    rest.len()
}

/// Returns the tokens inside the parentheses at the start, and those after them.
pub fn group<'t, 's>(all: &'t [Token<'s>]) -> Option<(&'t [Token<'s>], &'t [Token<'s>])> {
    if !all.first()?.is("(") {
        return None;
    }
    let mut depth = 0_usize;
    for (at, token) in all.iter().enumerate() {
        check();
        if token.is("(") {
            depth += 1;
        } else if token.is(")") {
            depth -= 1;
            if depth == 0 {
                return Some((all.get(1..at)?, all.get(at + 1..)?));
            }
        }
    }
    None
}

/// Splits tokens at the commas outside of parentheses.
pub fn items<'t, 's>(all: &'t [Token<'s>]) -> Vec<&'t [Token<'s>]> {
    let mut depth = 0_i32;
    all.split(|token| {
        depth += i32::from(token.is("(")) - i32::from(token.is(")"));
        depth == 0 && token.is(",")
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_texts_and_numbers_are_found() {
        let sql = r#"a"b ""c"[d e]`f``g` 'it''s' X'00ff' 1.5e-3 0x1F .5 t.a -- gone
            /* gone */ || == é"#;
        let values: Vec<String> = tokens(sql).iter().map(Token::value).collect();
        let expected =
            ["a", "b \"c", "d e", "f`g", "it's", "X'00ff'", "1.5e-3", "0x1F", ".5", "t", ".", "a", "||", "==", "é"];
        assert_eq!(values, expected);
        assert!(tokens("'open").len() == 1 && tokens("[open").len() == 1 && tokens("(").len() == 1);
    }
}
