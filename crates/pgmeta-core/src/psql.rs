//! Scripts for psql, as far as a server can run them: finds psql's commands in them. Parses no SQL; `lexer` distinguishes a backslash
//! in a string from one that starts a command.

use std::borrow::Cow;

use crate::lexer::skip;

/// Why a server cannot run a script, with the line, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("psql command \\{command} is not supported")]
    Command { line: usize, command: String },
    #[error("COPY ... FROM stdin is not supported")]
    CopyData { line: usize },
}

impl Refusal {
    pub fn line(&self) -> usize {
        match self {
            Refusal::Command { line, .. } | Refusal::CopyData { line } => *line,
        }
    }
}

/// Returns the script without the lines `\restrict` and `\unrestrict`, which pg_dump adds for psql's safety. Blanks replace them, so
/// that positions stay valid.
pub fn without_commands(script: &str) -> Result<Cow<'_, str>, Refusal> {
    let bytes = script.as_bytes();
    let mut dropped = Vec::new();
    let mut statement = None;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let next = skip(script, at);
        if next > at {
            // Comments belong to no statement.
            if !matches!(byte, b'-' | b'/') {
                statement.get_or_insert(at);
            }
            at = next;
            continue;
        }
        match byte {
            b'\\' => {
                let start = script[..at].rfind('\n').map_or(0, |newline| newline + 1);
                let end = script[at..].find('\n').map_or(script.len(), |length| at + length);
                let command: String = script[at + 1..end].chars().take_while(|c| !c.is_whitespace()).collect();
                if !script[start..at].trim().is_empty() || !matches!(&*command, "restrict" | "unrestrict") {
                    return Err(Refusal::Command { line: line_of(script, at), command });
                }
                dropped.push(at..end);
                at = end;
                continue;
            }
            b';' => {
                if let Some(start) = statement.take()
                    && takes_data(&script[start..at])
                {
                    return Err(Refusal::CopyData { line: line_of(script, start) });
                }
            }
            _ if !byte.is_ascii_whitespace() => {
                statement.get_or_insert(at);
            }
            _ => {}
        }
        at += 1;
    }
    if dropped.is_empty() {
        return Ok(Cow::Borrowed(script));
    }
    let mut text = String::with_capacity(script.len());
    let mut done = 0;
    for range in dropped {
        text.push_str(&script[done..range.start]);
        text.extend(script[range.clone()].chars().map(|_| ' '));
        done = range.end;
    }
    text.push_str(&script[done..]);
    Ok(Cow::Owned(text))
}

/// Returns the line of a byte, counted from 1.
pub fn line_of(script: &str, at: usize) -> usize {
    1 + script.as_bytes().iter().take(at).filter(|&&byte| byte == b'\n').count()
}

/// Returns the position of the next statement, after blanks and comments.
pub fn statement_start(script: &str, at: usize) -> usize {
    let bytes = script.as_bytes();
    let mut at = at;
    loop {
        at += bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        match &bytes[at..] {
            [b'-', b'-', ..] | [b'/', b'*', ..] => at = skip(script, at),
            _ => return at,
        }
    }
}

fn takes_data(statement: &str) -> bool {
    let words: Vec<String> = statement.split_whitespace().map(str::to_lowercase).collect();
    words.first().is_some_and(|word| word == "copy")
        && words.windows(2).any(|pair| matches!(pair, [from, stdin] if from == "from" && stdin == "stdin"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(script: &str) -> Option<(usize, String)> {
        without_commands(script).err().map(|refusal| (refusal.line(), refusal.to_string()))
    }

    #[test]
    fn plain_sql_is_unchanged() {
        let scripts = [
            "",
            "SELECT 1",
            "SELECT '\\connect';\nSELECT E'it\\'s \\\\', 'plain\\';",
            "SELECT $$\n\\x\n$$, $a$ $$ \\ $a$, \"back\\slash\";",
            "-- \\connect\n/* \\a /* nested */ \\b */ SELECT 1;",
            "SELECT a$b$c FROM t$",
            "COPY t TO stdout;\nSELECT 'COPY t FROM stdin;';",
            "SELECT 'never ends \\",
            "SELECT U&'\\0041', nameE'x' FROM t;",
            "SELECT $1, 'é' || $é$ \\ $é$",
        ];
        for script in scripts {
            assert_eq!(without_commands(script), Ok(Cow::Borrowed(script)), "{script}");
        }
    }

    #[test]
    fn commands_of_pg_dump_become_blanks() {
        let script = "--\n\\restrict aé\nSELECT 1;\n  \\unrestrict a";
        let text = without_commands(script).map(Cow::into_owned);
        let expected = format!("--\n{}\nSELECT 1;\n  {}", " ".repeat(12), " ".repeat(13));
        assert_eq!(text, Ok(expected));
    }

    #[test]
    fn other_psql_commands_are_errors() {
        let is_no_sql = |command: &str| format!("psql command \\{command} is not supported");
        assert_eq!(refused("SELECT 1;\n\\connect other"), Some((2, is_no_sql("connect"))));
        assert_eq!(refused("SELECT 1 \\g"), Some((1, is_no_sql("g"))));
        assert_eq!(refused("SELECT 1; \\restrict x"), Some((1, is_no_sql("restrict"))));
        assert_eq!(refused("SELECT E'\\'';\n\n\\."), Some((3, is_no_sql("."))));
        assert_eq!(refused("SELECT 'a\\'; \\d'"), Some((1, is_no_sql("d'"))));
    }

    #[test]
    fn copy_data_is_an_error() {
        let script = "-- Data\n\nCOPY public.t (id, \"from\") FROM stdin;\n1\t'\n\\.\n";
        assert_eq!(without_commands(script), Err(Refusal::CopyData { line: 3 }));
        assert_eq!(without_commands("copy t\nfrom STDIN WITH (FORMAT csv);"), Err(Refusal::CopyData { line: 1 }));
        assert!(without_commands("COPY t FROM '/tmp/stdin';").is_ok());
    }

    #[test]
    fn statements_begin_after_comments() {
        let script = "SELECT 1;\n-- that\n /* and\n this */ SELECT 2; -- end";
        let at = statement_start(script, 9);
        assert_eq!(&script[at..at + 8], "SELECT 2");
        assert_eq!(line_of(script, at), 4);
        assert_eq!(statement_start(script, at + 9), script.len());
    }
}
