//! The lexical rules of SQL, as far as they separate literals, quoted names, bodies and comments from code; and the same statement on
//! one line. Parses nothing; expects `standard_conforming_strings`.

/// The kind of a piece of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Keywords, plain names, operators, numbers, blanks.
    Code,
    /// `'…'`
    Literal,
    /// `E'…'`
    Escaped,
    /// `"…"`
    Name,
    /// `$tag$…$tag$`
    Body,
    Comment,
    /// Forms that the server never prints: `U&'…'`, `U&"…"`, `B'…'`, `X'…'`, `N'…'`.
    Other,
}

/// A piece of a statement. The pieces in order are the whole statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    pub kind: Kind,
    pub text: &'a str,
}

/// Splits a text into its pieces.
pub fn pieces(sql: &str) -> Vec<Piece<'_>> {
    let bytes = sql.as_bytes();
    let mut found = Vec::new();
    let (mut code, mut at) = (0, 0);
    while at < bytes.len() {
        let end = skip(sql, at);
        if end == at {
            at += 1;
            continue;
        }
        let (kind, prefix) = kind_of(bytes, at);
        let start = at - prefix;
        if code < start {
            found.push(Piece { kind: Kind::Code, text: &sql[code..start] });
        }
        found.push(Piece { kind, text: &sql[start..end] });
        (code, at) = (end, end);
    }
    if code < bytes.len() {
        found.push(Piece { kind: Kind::Code, text: &sql[code..] });
    }
    found
}

/// Returns the kind of the piece that begins here, and the number of bytes before that belong to it.
fn kind_of(bytes: &[u8], at: usize) -> (Kind, usize) {
    let before = |distance: usize| at.checked_sub(distance).map(|at| bytes[at].to_ascii_lowercase());
    let starts = |distance: usize| !at.checked_sub(distance + 1).is_some_and(|at| is_name(bytes[at]));
    let unicode = before(1) == Some(b'&') && before(2) == Some(b'u') && starts(2);
    match bytes[at] {
        b'\'' | b'"' if unicode => (Kind::Other, 2),
        b'\'' if before(1) == Some(b'e') && starts(1) => (Kind::Escaped, 1),
        b'\'' if matches!(before(1), Some(b'b' | b'x' | b'n')) && starts(1) => (Kind::Other, 1),
        b'\'' => (Kind::Literal, 0),
        b'"' => (Kind::Name, 0),
        b'$' => (Kind::Body, 0),
        _ => (Kind::Comment, 0),
    }
}

/// Returns the end of the string, quoted name or comment that begins here, or the position itself if none does.
pub fn skip(script: &str, at: usize) -> usize {
    let rest = &script.as_bytes()[at..];
    let length = match rest {
        [b'\'', ..] if is_escape_string(script.as_bytes(), at) => escape_string(rest),
        [quote @ (b'\'' | b'"'), ..] => quoted(rest, *quote),
        [b'-', b'-', ..] => rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len()),
        [b'/', b'*', ..] => comment(rest),
        [b'$', ..] => dollar_quoted(script.as_bytes(), at),
        _ => 0,
    };
    at + length
}

/// Returns the bytes outside of strings, quoted names, bodies and comments, with their positions.
pub fn code(sql: &str) -> impl Iterator<Item = (usize, u8)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < sql.len() {
            let end = skip(sql, at);
            if end == at {
                at += 1;
                return Some((at - 1, sql.as_bytes()[at - 1]));
            }
            at = end;
        }
        None
    })
}

/// Why a text cannot be a part of a statement without changing where that ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartFault {
    /// It ends the statement.
    Semicolon,
    /// It closes a parenthesis that the statement has opened.
    Closes,
    /// It leaves a parenthesis open.
    Unclosed,
    /// It ends inside a quote or a comment, which takes more of the statement in.
    Unfinished,
}

/// Returns why a text cannot be a part of a statement.
pub fn part_fault(text: &str) -> Option<PartFault> {
    let closed = format!("{text};");
    let (mut depth, mut end) = (0_i64, 0);
    for (at, byte) in code(&closed) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b';' if at < text.len() => return Some(PartFault::Semicolon),
            _ => {}
        }
        if depth < 0 {
            return Some(PartFault::Closes);
        }
        end = at;
    }
    if end < text.len() { Some(PartFault::Unfinished) } else { (depth > 0).then_some(PartFault::Unclosed) }
}

/// Returns the length of the string or quoted name that the text begins with; an unterminated one extends to the end.
pub fn quoted_length(text: &str, is_escape_string: bool) -> usize {
    match text.as_bytes() {
        rest @ [b'\'', ..] if is_escape_string => escape_string(rest),
        rest @ [quote @ (b'\'' | b'"'), ..] => quoted(rest, *quote),
        _ => 0,
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

/// Returns whether the quote is that of `E'…'`.
fn is_escape_string(bytes: &[u8], at: usize) -> bool {
    let before = |distance: usize| at.checked_sub(distance).map(|at| bytes[at]);
    matches!(before(1), Some(b'e' | b'E')) && !before(2).is_some_and(is_name)
}

/// A doubled quote does not end it.
fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() {
        if rest[at] != quote {
            at += 1;
        } else if rest.get(at + 1) == Some(&quote) {
            at += 2;
        } else {
            return at + 1;
        }
    }
    rest.len()
}

fn escape_string(rest: &[u8]) -> usize {
    let mut at = 1;
    while let Some(byte) = rest.get(at) {
        match byte {
            b'\\' => at += 2,
            b'\'' if rest.get(at + 1) == Some(&b'\'') => at += 2,
            b'\'' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// Comments nest.
fn comment(rest: &[u8]) -> usize {
    let (mut at, mut depth) = (0, 0);
    while at < rest.len() {
        match &rest[at..] {
            [b'/', b'*', ..] => (at, depth) = (at + 2, depth + 1),
            [b'*', b'/', ..] if depth == 1 => return at + 2,
            [b'*', b'/', ..] => (at, depth) = (at + 2, depth - 1),
            _ => at += 1,
        }
    }
    rest.len()
}

fn dollar_quoted(bytes: &[u8], at: usize) -> usize {
    if at.checked_sub(1).is_some_and(|before| is_name(bytes[before])) {
        return 0;
    }
    let rest = &bytes[at..];
    let tag = rest[1..].iter().take_while(|&&byte| is_name(byte) && byte != b'$').count();
    if rest.get(1).is_some_and(u8::is_ascii_digit) || rest.get(1 + tag) != Some(&b'$') {
        return 0;
    }
    let tag = &rest[..tag + 2];
    tag.len() + after(&rest[tag.len()..], tag)
}

/// Returns the position after the first occurrence, or the length.
fn after(bytes: &[u8], end: &[u8]) -> usize {
    bytes.windows(end.len()).position(|window| window == end).map_or(bytes.len(), |start| start + end.len())
}

/// Returns the statement on one line, without comments, with these words spelled in escapes. Returns `None` if a piece has no other
/// spelling. The server reads the same tokens.
pub fn one_line(sql: &str, words: &[&str]) -> Option<String> {
    let mut out = String::with_capacity(sql.len() + sql.len() / 8);
    let mut after_literal = false;
    let pieces = pieces(sql);
    for (at, piece) in pieces.iter().enumerate() {
        let text = piece.text;
        match piece.kind {
            Kind::Code => {
                let next = pieces.get(at + 1).and_then(|piece| piece.text.chars().next());
                push_code(&mut out, text, next, words)?;
                after_literal &= text.contains('\n') && text.chars().all(char::is_whitespace);
                continue;
            }
            // A literal on the next line continues the first one, by the first one's rules.
            Kind::Literal if after_literal => return None,
            Kind::Literal => push_escaped(&mut out, &inside(text, 1)?.replace("''", "'"), words),
            Kind::Escaped => push_reescaped(&mut out, inside(&text[1..], 1)?, words),
            Kind::Name => push_name(&mut out, &inside(text, 1)?.replace("\"\"", "\""), words),
            Kind::Body => push_escaped(&mut out, inside(text, text[1..].find('$')? + 2)?, words),
            Kind::Comment => out.push(' '),
            Kind::Other if text.chars().any(is_special) || has_word(text, words) => return None,
            Kind::Other => out.push_str(text),
        }
        after_literal = matches!(piece.kind, Kind::Literal | Kind::Escaped | Kind::Other);
    }
    Some(out)
}

/// Returns whether the text contains one of the words, in any case.
pub fn has_word(text: &str, words: &[&str]) -> bool {
    !words.is_empty() && (0..text.len()).any(|at| word_at(text, at, words))
}

/// Returns a literal on one line, with escapes in place of these words.
pub fn escaped(text: &str, words: &[&str]) -> String {
    let mut out = String::with_capacity(text.len() + 3);
    push_escaped(&mut out, text, words);
    out
}

fn word_at(text: &str, at: usize, words: &[&str]) -> bool {
    let is = |word: &&str| {
        text.as_bytes().get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    };
    words.iter().any(is)
}

/// Returns the text between quotes of some length, or `None` if the end is missing.
fn inside(text: &str, quote: usize) -> Option<&str> {
    let end = text.len().checked_sub(quote)?;
    (text.get(end..) == text.get(..quote)).then(|| text.get(quote..end)).flatten()
}

/// A character that some tool reads as the end of a line, or removes.
fn is_special(c: char) -> bool {
    c.is_control() || (c.is_whitespace() && c != ' ') || c == '\u{feff}'
}

fn push_escaped(out: &mut String, text: &str, words: &[&str]) {
    out.push_str("E'");
    for (at, c) in text.char_indices() {
        match c {
            '\'' | '\\' => out.extend([c, c]),
            c if is_special(c) || word_at(text, at, words) => push_escape(out, c),
            c => out.push(c),
        }
    }
    out.push('\'');
}

/// Like `push_escaped`, for a text with escapes.
fn push_reescaped(out: &mut String, text: &str, words: &[&str]) {
    out.push_str("E'");
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        if is_special(c) || word_at(text, at, words) {
            push_escape(out, c);
        } else if c == '\\' {
            match chars.next() {
                Some((_, next)) if is_special(next) => push_escape(out, next),
                Some((_, next)) => out.extend([c, next]),
                None => out.push(c),
            }
        } else {
            out.push(c);
        }
    }
    out.push('\'');
}

fn push_escape(out: &mut String, c: char) {
    let code = u32::from(c);
    out.push_str(&match c {
        '\n' => "\\n".into(),
        '\r' => "\\r".into(),
        '\t' => "\\t".into(),
        c if c.is_ascii() => format!("\\x{code:02x}"),
        _ if code <= 0xffff => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    });
}

fn push_name(out: &mut String, text: &str, words: &[&str]) {
    let plain = !text.chars().any(is_special) && !has_word(text, words);
    out.push_str(if plain { "\"" } else { "U&\"" });
    for (at, c) in text.char_indices() {
        let code = u32::from(c);
        match c {
            '"' => out.push_str("\"\""),
            '\\' if !plain => out.push_str("\\\\"),
            c if plain || !(is_special(c) || word_at(text, at, words)) => out.push(c),
            _ if code <= 0xffff => out.push_str(&format!("\\{code:04x}")),
            _ => out.push_str(&format!("\\+{code:06x}")),
        }
    }
    out.push('"');
}

/// Code gets blanks for line ends, and a blank after each colon that psql would read as that of a variable.
fn push_code(out: &mut String, text: &str, next: Option<char>, words: &[&str]) -> Option<()> {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let plain = rest.find(|c: char| !is_plain(c)).unwrap_or(rest.len());
        if plain > 0 {
            let (name, after) = rest.split_at(plain);
            if has_word(name, words) {
                push_name(out, &name.to_ascii_lowercase(), words)
            } else {
                out.push_str(name)
            }
            rest = after;
            continue;
        }
        if word_at(rest, 0, words) {
            return None;
        }
        let after = &rest[c.len_utf8()..];
        match (c, after.chars().next().or(next)) {
            (':', Some(twice @ (':' | '='))) if !after.is_empty() => {
                out.extend([':', twice]);
                rest = &after[1..];
                continue;
            }
            (':', Some(next)) if is_variable(next) => out.push_str(": "),
            (c, _) if is_special(c) => out.push(' '),
            (c, _) => out.push(c),
        }
        rest = after;
    }
    Some(())
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || (!c.is_ascii() && !is_special(c))
}

fn is_variable(c: char) -> bool {
    is_plain(c) || matches!(c, '\'' | '"' | '{')
}

/// Returns whether psql would look for a variable: after a colon that is not a part of another operator.
pub fn has_variable(sql: &str) -> bool {
    if !sql.contains(':') {
        return false;
    }
    let pieces = pieces(sql);
    let mut code = pieces.iter().enumerate().filter(|(_, piece)| piece.kind == Kind::Code);
    code.any(|(at, piece)| {
        let mut chars = piece.text.chars().peekable();
        while let Some(c) = chars.next() {
            if c != ':' || chars.next_if(|c| matches!(c, ':' | '=')).is_some() {
                continue;
            }
            let next = chars.peek().copied().or_else(|| pieces.get(at + 1)?.text.chars().next());
            if next.is_some_and(is_variable) {
                return true;
            }
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_concatenate_to_the_text() {
        let sql = "SELECT E'a\\'b' , 'it''s',\"a\"\"b\" -- c\n, $x$ $$ $x$, U&\"a\", nameE'x', $1, a$b$c /* /* */ */";
        let all = pieces(sql);
        assert_eq!(all.iter().map(|piece| piece.text).collect::<String>(), sql);
        let of = |kind| all.iter().filter(|piece| piece.kind == kind).map(|piece| piece.text).collect::<Vec<_>>();
        assert_eq!(of(Kind::Escaped), ["E'a\\'b'"]);
        assert_eq!(of(Kind::Literal), ["'it''s'", "'x'"]);
        assert_eq!(of(Kind::Name), ["\"a\"\"b\""]);
        assert_eq!(of(Kind::Body), ["$x$ $$ $x$"]);
        assert_eq!(of(Kind::Comment), ["-- c", "/* /* */ */"]);
        assert_eq!(of(Kind::Other), ["U&\"a\""]);
    }

    #[test]
    fn one_line_has_the_same_tokens() {
        let cases = [
            ("SELECT 'a\n--b''c'", "SELECT E'a\\n--b''c'"),
            ("SELECT 'a\\b\u{2028}'", "SELECT E'a\\\\b\\u2028'"),
            ("SELECT E'a\\\nb\\n\n\\'c'", "SELECT E'a\\nb\\n\\n\\'c'"),
            ("SELECT \"a\n\\\"\"b\", \"plain\\\"", "SELECT U&\"a\\000a\\\\\"\"b\", \"plain\\\""),
            ("AS $f$\nit's \\1\n$f$", "AS E'\\nit''s \\\\1\\n'"),
            ("SELECT 1 -- x\n/* y */ + 2", "SELECT 1     + 2"),
            (
                "SELECT a[1:b], a[:\"b\"], a::int, f(a:=1), a[1::int:2]",
                "SELECT a[1: b], a[: \"b\"], a::int, f(a:=1), a[1::int: 2]",
            ),
            (
                "SELECT '${x}', \"${x}\", changesetid, 'ChangeSetId'",
                "SELECT E'\\x24{x}', U&\"\\0024{x}\", U&\"\\0063hangesetid\", E'\\x43hangeSetId'",
            ),
        ];
        for (sql, line) in cases {
            assert_eq!(one_line(sql, &["${", "changesetid"]).as_deref(), Some(line), "{sql}");
        }
        assert_eq!(one_line("SELECT 'a'\n'b'", &[]), None);
        assert_eq!(one_line("SELECT U&'a\n'", &[]), None);
        assert_eq!(one_line("SELECT 'open", &[]), None);
    }

    #[test]
    fn psql_variables_are_found() {
        for (sql, has) in [
            ("SELECT a[1:b]", true),
            ("SELECT a[1:\"B\"]", true),
            ("SELECT a[1: b], a::text, a[1:-1], ':x', f(a := 1)", false),
            ("SELECT a[b::int:c]", true),
            ("SELECT a[1:$1]", false),
        ] {
            assert_eq!(has_variable(sql), has, "{sql}");
            assert!(!has_variable(&one_line(sql, &[]).unwrap_or_default()), "{sql}");
        }
    }
}
