//! Regular expressions of PostgreSQL that mean the same to ICU (MySQL) and PCRE (MariaDB), as a condition: whether they
//! match. Refuses classes that depend on the locale, and all that looks around or back.

/// The blanks that `\s` matches.
const BLANKS: &str = r" \t\n\r\f\x0b";

/// Returns the pattern for the others; `None` if it may mean something else to them.
pub(super) fn portable(pattern: &str) -> Option<String> {
    // `.` matches a line end too.
    let mut out = "(?s)".to_owned();
    let mut chars = pattern.chars().peekable();
    let mut may_repeat = false;
    while let Some(c) = chars.next() {
        let is_atom = match c {
            '^' | '|' => {
                out.push(c);
                false
            }
            // Theirs also matches before a line end at the end.
            '$' => {
                out.push_str("\\z");
                false
            }
            '.' | ')' => {
                out.push(c);
                true
            }
            '(' => {
                out.push(c);
                if chars.next_if_eq(&'?').is_some() {
                    chars.next_if_eq(&':')?;
                    out.push_str("?:");
                }
                false
            }
            '*' | '+' | '?' if may_repeat => {
                out.push(c);
                if chars.next_if_eq(&'?').is_some() {
                    out.push('?');
                }
                false
            }
            '{' if may_repeat => {
                out.push(c);
                loop {
                    let c = chars.next()?;
                    out.push(c);
                    match c {
                        '}' => break,
                        c if c.is_ascii_digit() || c == ',' => {}
                        _ => return None,
                    }
                }
                false
            }
            '[' => {
                class(&mut chars, &mut out)?;
                true
            }
            '\\' => {
                match chars.next()? {
                    'd' => out.push_str("[0-9]"),
                    's' => out.push_str(&format!("[{BLANKS}]")),
                    c if c.is_ascii_punctuation() => out.extend(['\\', c]),
                    _ => return None,
                }
                true
            }
            '*' | '+' | '?' | '{' | '}' | ']' => return None,
            c if c.is_ascii_punctuation() && c != '_' => {
                out.extend(['\\', c]);
                true
            }
            c => {
                out.push(c);
                true
            }
        };
        may_repeat = is_atom;
    }
    Some(out)
}

/// Reads a class of characters after its bracket.
fn class(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut String) -> Option<()> {
    out.push('[');
    if chars.next_if_eq(&'^').is_some() {
        out.push('^');
    }
    let mut is_first = true;
    loop {
        let c = chars.next()?;
        match c {
            ']' if !is_first => break,
            '[' if matches!(chars.peek(), Some(':' | '.' | '=')) => return None,
            '\\' => match chars.next()? {
                'd' => out.push_str("0-9"),
                's' => out.push_str(BLANKS),
                c if c.is_ascii_punctuation() => out.extend(['\\', c]),
                _ => return None,
            },
            // A range, unless it is the first or the last character.
            '-' if !is_first && chars.peek().is_some_and(|next| *next != ']') => out.push('-'),
            c if c.is_ascii_punctuation() && c != '_' => out.extend(['\\', c]),
            c => out.push(c),
        }
        is_first = false;
    }
    out.push(']');
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_patterns_are_portable() {
        for (pattern, other) in [
            ("^[A-Z]{2,3}$", Some(r"(?s)^[A-Z]{2,3}\z")),
            (r"^[^@\s]+@[^@\s]+\.[a-z]+$", Some(r"(?s)^[^\@ \t\n\r\f\x0b]+\@[^\@ \t\n\r\f\x0b]+\.[a-z]+\z")),
            ("^(a|b)*?.-[-x_&&-]$", Some(r"(?s)^(a|b)*?.\-[\-x_\&\&\-]\z")),
            (r"^\d{4}-(?:x)", Some(r"(?s)^[0-9]{4}\-(?:x)")),
            ("ü[ä-ö]", Some("(?s)ü[ä-ö]")),
            ("[]a]", Some(r"(?s)[\]a]")),
            (r"\w+", None),
            (r"\mword", None),
            ("(?=a)", None),
            ("(?i)a", None),
            ("***=a", None),
            ("[[:alpha:]]", None),
            (r"(a)\1", None),
            ("a**", None),
            ("[a", None),
            ("a{x}", None),
        ] {
            assert_eq!(portable(pattern).as_deref(), other, "{pattern}");
        }
    }
}
