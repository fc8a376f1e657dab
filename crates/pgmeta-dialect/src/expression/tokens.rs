//! The tokens of an expression. Strings, quoted names and comments are told apart by pgmeta-core's lexer.

use pgmeta_core::ident::unquote;
use pgmeta_core::interrupt::check;
use pgmeta_core::lexer::{Kind, pieces};

use super::Refusal;

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// A keyword or plain name.
    Word(String),
    /// A quoted name.
    Name(String),
    /// The value of a string.
    Text(String),
    Number(String),
    Operator(String),
    /// `(`, `)`, `[`, `]`, `,`, `.` or `:`; `::` is two.
    Mark(char),
}

const OPERATOR: &str = "+-*/<>=~!@#%^&|`?";

/// Returns the tokens of a text.
pub(crate) fn tokens(sql: &str) -> Result<Vec<Token>, Refusal> {
    let mut found = Vec::new();
    for piece in pieces(sql) {
        match piece.kind {
            Kind::Code => code(piece.text, &mut found)?,
            Kind::Literal => found.push(Token::Text(inside(piece.text, 1).replace("''", "'"))),
            Kind::Escaped => found.push(Token::Text(unescaped(inside(piece.text, 2))?)),
            Kind::Name => found.push(Token::Name(unquote(piece.text))),
            Kind::Comment => {}
            Kind::Other if is_bits(piece.text) => found.push(Token::Text(inside(piece.text, 2).to_owned())),
            Kind::Body | Kind::Other => return Err(Refusal::of(format!("the literal {}", piece.text))),
        }
    }
    Ok(found)
}

/// `B'101'`
fn is_bits(text: &str) -> bool {
    let inner = text.strip_prefix(['B', 'b']).and_then(|text| text.strip_prefix('\'')?.strip_suffix('\''));
    inner.is_some_and(|inner| inner.bytes().all(|byte| matches!(byte, b'0' | b'1')))
}

fn inside(text: &str, start: usize) -> &str {
    text.get(start..text.len() - 1).unwrap_or_default()
}

/// Only the escapes that the server prints.
fn unescaped(text: &str) -> Result<String, Refusal> {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\' || c == '\'') {
            (_, false) => out.push(c),
            (_, true) => match chars.next() {
                Some(next @ ('\\' | '\'')) => out.push(next),
                _ => return Err(Refusal::of("a string with escapes")),
            },
        }
    }
    Ok(out)
}

fn code(text: &str, found: &mut Vec<Token>) -> Result<(), Refusal> {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        check();
        let length = |is: fn(char) -> bool| rest.find(|c| !is(c)).unwrap_or(rest.len());
        let length = match c {
            c if c.is_whitespace() => c.len_utf8(),
            c if c.is_ascii_digit() => {
                let length = number(rest);
                found.push(Token::Number(rest[..length].to_owned()));
                length
            }
            c if c == '_' || c.is_alphabetic() || !c.is_ascii() => {
                let length = length(|c| c == '_' || c == '$' || c.is_ascii_alphanumeric() || !c.is_ascii());
                found.push(Token::Word(rest[..length].to_owned()));
                length
            }
            c if OPERATOR.contains(c) => {
                let length = length(|c| OPERATOR.contains(c));
                found.push(Token::Operator(rest[..length].to_owned()));
                length
            }
            '(' | ')' | '[' | ']' | ',' | '.' | ':' => {
                found.push(Token::Mark(c));
                1
            }
            _ => return Err(Refusal::of(format!("the character {c}"))),
        };
        rest = &rest[length..];
    }
    Ok(())
}

/// Returns the length of the number that the text begins with.
fn number(text: &str) -> usize {
    let digits = |from: usize| {
        let rest = &text.as_bytes()[from..];
        from + rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    let byte = |at: usize| text.as_bytes().get(at).copied();
    let mut end = digits(0);
    if byte(end) == Some(b'.') {
        end = digits(end + 1);
    }
    if matches!(byte(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(byte(end + 1), Some(b'+' | b'-')));
        if byte(end + 1 + sign).is_some_and(|byte| byte.is_ascii_digit()) {
            end = digits(end + 1 + sign);
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_split() {
        let found = tokens("(a.\"B c\" <> 'it''s'::text) OR x >= 1.5e-3 AND y = E'\\\\n'");
        let expected = vec![
            Token::Mark('('),
            Token::Word("a".into()),
            Token::Mark('.'),
            Token::Name("B c".into()),
            Token::Operator("<>".into()),
            Token::Text("it's".into()),
            Token::Mark(':'),
            Token::Mark(':'),
            Token::Word("text".into()),
            Token::Mark(')'),
            Token::Word("OR".into()),
            Token::Word("x".into()),
            Token::Operator(">=".into()),
            Token::Number("1.5e-3".into()),
            Token::Word("AND".into()),
            Token::Word("y".into()),
            Token::Operator("=".into()),
            Token::Text("\\n".into()),
        ];
        assert_eq!(found, Ok(expected));
        assert!(tokens("a = X'101'").is_err() && tokens("a = {").is_err() && tokens("E'\\n'").is_err());
    }
}
