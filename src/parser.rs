//! The server's own parser: what the statements of a script are, as records for the rules of migrations. Runs no statement and reads no
//! catalog.

mod alter_table;
mod column;
mod create;
mod node;
mod objects;
mod session;
mod statement;

use std::ffi::CString;

use pgmeta_core::lexer::skip;
use pgmeta_lint::Statement;
use pgrx::pg_sys;

use crate::encoding;
use crate::error::Error;
use crate::interrupt;
use crate::spi::attempt;

/// Parses a script. A syntax error is the server's own error.
pub fn parse(script: &str) -> Result<Vec<Statement>, Error> {
    let bytes: CString = encoding::c_string(script)?;
    // SAFETY: the text ends with a null byte and outlives the call. The server raises a syntax error, and `attempt` catches it.
    let list = attempt(|| Ok(unsafe { pg_sys::raw_parser(bytes.as_ptr(), pg_sys::RawParseMode::RAW_PARSE_DEFAULT) }))?;
    let mut statements = Vec::new();
    // The number of line ends up to a position, which is carried on: a script has many statements.
    let (mut line_ends, mut counted) = (0, 0);
    for (at, node) in node::list(list).enumerate() {
        // SAFETY: the parser returns a list of raw statements.
        let raw = unsafe { &*node.cast::<pg_sys::RawStmt>() };
        let whole = bytes.as_bytes();
        let start = usize::try_from(raw.stmt_location).unwrap_or(0).min(whole.len());
        let length = usize::try_from(raw.stmt_len).unwrap_or(0);
        let end = if length == 0 { whole.len() } else { (start + length).min(whole.len()) };
        interrupt::look();
        let lines = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count();
        line_ends += lines(whole.get(counted..start).unwrap_or_default());
        counted = start;
        let sql = encoding::decode(&whole[start..end])?;
        let (begin, end) = extent(&sql);
        statements.push(Statement {
            number: at + 1,
            line: 1 + line_ends + lines(&sql.as_bytes()[..begin]),
            sql: sql[begin..end].to_owned(),
            actions: statement::actions(raw.stmt)?,
        });
    }
    Ok(statements)
}

/// Returns where a statement begins and ends, without the blanks and comments around it.
fn extent(sql: &str) -> (usize, usize) {
    let (mut begin, mut end, mut at) = (None, 0, 0);
    while at < sql.len() {
        let is_comment = sql[at..].starts_with("--") || sql[at..].starts_with("/*");
        let is_blank = sql.as_bytes()[at].is_ascii_whitespace();
        let next = skip(sql, at);
        let character = || sql[at..].chars().next().map_or(1, char::len_utf8);
        let next = if next == at { at + character() } else { next };
        if !is_blank && !is_comment {
            begin = begin.or(Some(at));
            end = next;
        }
        at = next;
    }
    (begin.unwrap_or(0), end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_around_a_statement_are_not_part_of_it() {
        for (sql, expected) in [
            (" -- a\n/* b */ SELECT 1 -- c\n", "SELECT 1"),
            ("SELECT '--' /* d */", "SELECT '--'"),
            ("SELECT \"é--\"", "SELECT \"é--\""),
            (" -- only", ""),
        ] {
            let (begin, end) = extent(sql);
            assert_eq!(&sql[begin..end], expected);
        }
    }
}
