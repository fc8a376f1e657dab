//! The names that pgmeta's SQL could contain: every word and every sequence of operator characters in its sources and in
//! the statements that have run. Names that no catalog contains do no harm.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Result, ensure};
use pgmeta_e2e::repository;

use super::stage::Stage;

/// Operators that the grammar resolves implicitly: LIKE, IN, BETWEEN, NULLIF, IS DISTINCT FROM, CASE.
const UNWRITTEN: &[&str] = &["~~", "!~~", "~~*", "!~~*", "~", "!~", "=", "<>", "<", ">", "<=", ">="];

const OPERATOR: &str = "+-*/<>=~!@#%^&|`?";

/// Returns the names, one per line.
pub fn names(stage: &Stage) -> Result<String> {
    let statements = stage.statements()?;
    // One word each of the views, the functions, a worker, a script of the extension, and psql's scripts.
    for part in ["pg_stat_get_progress_info", "pgmeta.archive_records", "partdefid", "datcollate", "pg_extension"] {
        ensure!(statements.contains(part), "no statement with {part} was seen");
    }
    let mut found: BTreeSet<String> = UNWRITTEN.iter().map(|&name| name.to_owned()).collect();
    add(&mut found, &statements);
    let mut waiting = vec![repository().join("src"), repository().join("sql")];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                add(&mut found, &fs::read_to_string(&path)?);
            }
        }
    }
    Ok(found.into_iter().collect::<Vec<_>>().join("\n"))
}

fn add(found: &mut BTreeSet<String>, text: &str) {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    found.extend(text.split(|c: char| !is_word(c)).filter(|word| !word.is_empty()).map(str::to_owned));
    for run in text.split(|c: char| !OPERATOR.contains(c)).filter(|run| !run.is_empty()).collect::<BTreeSet<_>>() {
        // `=-1` is two names; lines of dashes are none.
        for start in 0..run.len() {
            found.extend((start + 1..=run.len().min(start + 4)).map(|end| run[start..end].to_owned()));
        }
    }
}
