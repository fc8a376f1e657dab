//! The server's own parser: what the statements of a script are, as records for the rules of migrations. Runs no statement and reads no
//! catalog.

mod node;
mod statement;

use std::ffi::CString;

use pgmeta_core::lexer::skip;
use pgmeta_lint::Statement;
use pgrx::pg_sys;

use crate::encoding;
use crate::error::Error;
use crate::spi::attempt;

/// Parses a script. A syntax error is the server's own error.
pub fn parse(script: &str) -> Result<Vec<Statement>, Error> {
    let bytes: CString = encoding::c_string(script)?;
    // SAFETY: the text ends with a null byte and outlives the call. The server raises a syntax error, and `attempt` catches it.
    let list = attempt(|| Ok(unsafe { pg_sys::raw_parser(bytes.as_ptr(), pg_sys::RawParseMode::RAW_PARSE_DEFAULT) }))?;
    let mut statements = Vec::new();
    for (at, node) in node::list(list).enumerate() {
        // SAFETY: the parser returns a list of raw statements.
        let raw = unsafe { &*node.cast::<pg_sys::RawStmt>() };
        let whole = bytes.as_bytes();
        let start = usize::try_from(raw.stmt_location).unwrap_or(0).min(whole.len());
        let length = usize::try_from(raw.stmt_len).unwrap_or(0);
        let end = if length == 0 { whole.len() } else { (start + length).min(whole.len()) };
        let (before, sql) = (encoding::decode(&whole[..start])?, encoding::decode(&whole[start..end])?);
        let begin = first_word(&sql);
        let lines = |text: &str| text.bytes().filter(|byte| *byte == b'\n').count();
        statements.push(Statement {
            number: at + 1,
            line: 1 + lines(&before) + lines(&sql[..begin]),
            sql: sql[begin..].trim_end().to_owned(),
            actions: statement::actions(raw.stmt)?,
        });
    }
    Ok(statements)
}

/// Returns where a statement begins, after blanks and comments.
fn first_word(sql: &str) -> usize {
    let mut at = 0;
    while at < sql.len() {
        let is_comment = sql[at..].starts_with("--") || sql[at..].starts_with("/*");
        let is_blank = sql.as_bytes()[at].is_ascii_whitespace();
        match (is_blank, is_comment) {
            (true, _) => at += 1,
            (_, true) => at = skip(sql, at),
            _ => break,
        }
    }
    at
}
