//! House rules of the SQL functions: they are thin, and missing rows of a query are errors.

use std::fs;

use anyhow::ensure;
use pgmeta_e2e::Outcome;

use super::{code, relative, sources};

/// Maximum number of lines of a file with SQL functions.
const LINES: usize = 200;

/// Names that files with SQL functions must not use: files, queries of the catalog, threads.
const ELSEWHERE: &[&str] = &["std::fs", "std::io", "std::thread", "FROM pg_catalog.pg_"];

#[test]
fn sql_functions_are_thin() -> Outcome {
    let mut wrong = Vec::new();
    let mut count = 0;
    for path in sources("src/api")? {
        count += 1;
        let lines = fs::read_to_string(&path)?.lines().count();
        if lines > LINES {
            wrong.push(format!("{}: {lines} lines", relative(&path)));
        }
        let code = code(&path)?;
        let words = ELSEWHERE.iter().filter(|word| code.contains(**word));
        wrong.extend(words.map(|word| format!("{}: {word}", relative(&path))));
    }
    ensure!(count > 30, "only {count} files");
    ensure!(wrong.is_empty(), "SQL functions that do more than call others:\n{}", wrong.join("\n"));
    Ok(())
}

/// Calls that run a query.
const QUERIES: &[&str] = &["connection.", "Connection::open()", "queries::"];

/// Returns the expression at the end of a text, including calls and fields.
fn receiver(text: &str) -> &str {
    let mut depth = 0;
    let start = text.char_indices().rev().find(|(_, c)| {
        match c {
            ')' => depth += 1,
            '(' => depth -= 1,
            _ => {}
        }
        depth < 0 || depth == 0 && !(c.is_alphanumeric() || c.is_whitespace() || "_.?:&()".contains(*c))
    });
    start.map_or(text, |(at, c)| &text[at + c.len_utf8()..])
}

/// A missing row is an error and not a row of zeros: `one` and `optional` distinguish queries that may return no row.
#[test]
fn missing_rows_do_not_become_defaults() -> Outcome {
    let mut wrong = Vec::new();
    let mut count = 0;
    for path in sources("src")? {
        for statement in code(&path)?.split(';') {
            count += usize::from(QUERIES.iter().any(|query| statement.contains(query)));
            for default in [".unwrap_or_default()", ".unwrap_or(0)"] {
                let receivers = statement.match_indices(default).map(|(at, _)| receiver(&statement[..at]));
                let results = receivers
                    .filter(|receiver| receiver.contains('?') && QUERIES.iter().any(|query| receiver.contains(query)));
                wrong.extend(results.map(|result| format!("{}: {}{default}", relative(&path), result.trim())));
            }
        }
    }
    ensure!(count > 200, "only {count} queries");
    ensure!(wrong.is_empty(), "defaults in place of rows:\n{}", wrong.join("\n"));
    Ok(())
}
