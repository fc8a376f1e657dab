//! The tokens of DBML, each with its line: lines end columns and entries.

use pgmeta_core::interrupt::check;

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: Kind,
    /// What it says, without quotes.
    pub text: String,
    /// The line on which it begins, from 1.
    pub line: usize,
    /// The line on which it ends.
    pub end: usize,
    /// Whether nothing is between it and the token before.
    pub is_joined: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A bare word or a number.
    Word,
    /// A name in double quotes.
    Name,
    /// A text in single quotes, one or three.
    Text,
    /// An expression in back quotes.
    Expression,
    Symbol,
}

impl Token {
    /// Returns whether it is a word of the language.
    pub fn is(&self, word: &str) -> bool {
        match self.kind {
            Kind::Word => self.text.eq_ignore_ascii_case(word),
            Kind::Symbol => self.text == word,
            Kind::Name | Kind::Text | Kind::Expression => false,
        }
    }

    /// Returns whether it can name something.
    pub fn is_name(&self) -> bool {
        matches!(self.kind, Kind::Word | Kind::Name)
    }
}

/// Returns the tokens of a text; an open quote ends with the text.
pub fn tokens(content: &str) -> Vec<Token> {
    let mut all: Vec<Token> = Vec::new();
    let (mut rest, mut line, mut is_joined) = (content, 1, false);
    while let Some(character) = rest.chars().next() {
        check();
        let (kind, skip, inner, length) = first(rest, character);
        let (taken, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let end = line + taken.matches('\n').count();
        if let Some(kind) = kind {
            let inner = taken.get(skip..skip + inner).unwrap_or_default();
            let text = if kind == Kind::Text {
                text(inner, skip == 3)
            } else {
                inner.replace("\\\"", "\"").replace("\\\\", "\\")
            };
            all.push(Token { kind, text, line, end, is_joined });
        }
        is_joined = kind.is_some();
        (rest, line) = (after, end);
    }
    all
}

/// Returns the kind of what a text begins with, how many bytes of it are a quote, the length inside and the whole length.
fn first(rest: &str, character: char) -> (Option<Kind>, usize, usize, usize) {
    let until = |mark: &str| rest.find(mark).map_or(rest.len(), |at| at + mark.len());
    let quoted = |kind: Kind, mark: &str| {
        let skip = mark.len();
        let inner = closing(rest.get(skip..).unwrap_or_default(), mark);
        (Some(kind), skip, inner, (skip + inner + skip).min(rest.len()))
    };
    match character {
        _ if rest.starts_with("//") => (None, 0, 0, rest.find('\n').unwrap_or(rest.len())),
        _ if rest.starts_with("/*") => (None, 0, 0, until("*/")),
        _ if rest.starts_with("'''") => quoted(Kind::Text, "'''"),
        '\'' => quoted(Kind::Text, "'"),
        '"' => quoted(Kind::Name, "\""),
        '`' => quoted(Kind::Expression, "`"),
        _ if character.is_whitespace() => (None, 0, 0, character.len_utf8()),
        _ if is_word(character) => {
            let is_number = character.is_ascii_digit();
            let end = rest.find(|c: char| !(is_word(c) || (is_number && c == '.'))).unwrap_or(rest.len());
            (Some(Kind::Word), 0, end, end)
        }
        _ if rest.starts_with("<>") => (Some(Kind::Symbol), 0, 2, 2),
        _ => (Some(Kind::Symbol), 0, character.len_utf8(), character.len_utf8()),
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Returns where a quote ends; a back slash protects the next character.
fn closing(inner: &str, mark: &str) -> usize {
    let mut is_protected = false;
    for (at, character) in inner.char_indices() {
        if is_protected {
            is_protected = false;
        } else if character == '\\' && mark != "`" {
            is_protected = true;
        } else if inner.get(at..).is_some_and(|rest| rest.starts_with(mark)) {
            return at;
        }
    }
    inner.len()
}

/// Returns the text of a quote. One of several lines loses the indentation that all its lines have.
fn text(inner: &str, is_long: bool) -> String {
    let mut out = String::new();
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                // The next line belongs to this one.
                Some('\n') => {}
                Some(next) => out.push(next),
                None => out.push('\\'),
            },
            _ => out.push(character),
        }
    }
    if !is_long || !out.contains('\n') {
        return out;
    }
    let lines: Vec<&str> = out.lines().collect();
    let depth = |line: &&str| line.len() - line.trim_start().len();
    let (head, tail) = lines.split_first().unwrap_or((&"", &[]));
    let least = tail.iter().filter(|line| !line.trim().is_empty()).map(depth).min().unwrap_or(0);
    let tail = tail.iter().map(|line| line.get(least..).unwrap_or_default());
    let all: Vec<&str> = std::iter::once(*head).chain(tail).collect();
    all.join("\n").trim_matches('\n').trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_comments_and_lines_are_found() {
        let source =
            "a \"b \\\" c\" 'it\\'s' // gone\n`x > '1'` /* gone\n */ 10.5 '''\n    one\n      two\n  ''' <> é[]";
        let all = tokens(source);
        let found: Vec<(&str, usize)> = all.iter().map(|own| (own.text.as_str(), own.line)).collect();
        let expected = [
            ("a", 1),
            ("b \" c", 1),
            ("it's", 1),
            ("x > '1'", 2),
            ("10.5", 3),
            ("one\n  two", 3),
            ("<>", 6),
            ("é", 6),
            ("[", 6),
            ("]", 6),
        ];
        assert_eq!(found, expected);
        assert_eq!(tokens("'open").len(), 1);
    }
}
