//! The house rules of the SQL functions: they are thin, and rows that a query does not return are errors.

use std::fs;

use anyhow::ensure;
use pgmeta_e2e::Outcome;

use super::{code, relative, sources};

/// How many lines a file of SQL functions has at most.
const LINES: usize = 200;

/// What the files of SQL functions leave to others: files, queries of the catalog, threads of their own.
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

/// What runs a query.
const QUERIES: &[&str] = &["connection.", "Connection::open()", "queries::"];

/// Returns the expression that a text ends with, as far back as calls and fields go.
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

/// A row that is missing is an error, not a row of zeros: `one` and `optional` tell which queries may have none.
#[test]
fn missing_rows_are_no_defaults() -> Outcome {
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
