//! Lists every message, detail, hint and reason of the Rust sources in one file, tests/expected/messages.txt, so that a
//! reviewer can compare all of them with PostgreSQL's error message style guide. `PGMETA_ACCEPT=1` writes it. Reads
//! sources; needs no server.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use pgmeta_e2e::{Outcome, repository};

const GOLDEN: &str = "tests/expected/messages.txt";

/// A string literal is a message if it contains one of these words: SQL has its keywords in upper case.
const ENGLISH: &[&str] = &[
    "a", "an", "and", "are", "be", "been", "but", "by", "can", "cannot", "could", "did", "do", "does", "for", "from",
    "has", "have", "if", "in", "is", "it", "its", "may", "must", "no", "not", "of", "only", "or", "than", "that",
    "the", "then", "they", "this", "to", "was", "were", "what", "which", "will", "with", "without",
];

/// Statements are not messages, even if they contain such words as names.
const STATEMENTS: &[&str] = &["SELECT ", "WITH ", "INSERT ", "UPDATE ", "DELETE ", "COPY ", "DO ", "SET "];

#[test]
fn messages_are_as_reviewed() -> Outcome {
    let mut found = String::from("# Written by the test messages::messages_are_as_reviewed with PGMETA_ACCEPT=1.\n");
    let mut files = Vec::new();
    for folder in ["src", "crates/pgmeta-core/src", "crates/pgmeta-archive/src"] {
        files.extend(sources(repository().join(folder))?);
    }
    files.sort();
    let mut count = 0;
    for path in files {
        let messages = messages(&fs::read_to_string(&path)?);
        if !messages.is_empty() {
            let name = path.strip_prefix(repository()).unwrap_or(&path).display().to_string();
            write!(found, "\n{name}\n")?;
            for message in &messages {
                writeln!(found, "  {message}")?;
            }
            count += messages.len();
        }
    }
    ensure!(count > 400, "only {count} messages were seen");
    let golden = repository().join(GOLDEN);
    if std::env::var_os("PGMETA_ACCEPT").is_some() {
        fs::write(&golden, found)?;
        return Ok(());
    }
    let reviewed = fs::read_to_string(&golden).with_context(|| GOLDEN.to_owned())?;
    pgmeta_e2e::same_text("the messages, compared with those that were reviewed", &reviewed, &found)?;
    Ok(())
}

fn sources(folder: PathBuf) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(sources(path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !is_of_tests(&path) {
            found.push(path);
        }
    }
    Ok(found)
}

/// Returns whether a module is compiled for tests only, and has a separate file.
fn is_of_tests(path: &Path) -> bool {
    ["tests.rs", "hostile.rs"].iter().any(|name| path.ends_with(name))
}

/// Returns the messages of a source, except for its tests.
fn messages(source: &str) -> BTreeSet<String> {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    literals(source).into_iter().filter(|(before, text)| is_message(before, text)).map(|(_, text)| text).collect()
}

fn is_message(before: &str, text: &str) -> bool {
    let before = before.trim_end();
    if ["#[error(", "hint:", "detail:", "message:"].iter().any(|start| before.ends_with(start)) {
        return !text.is_empty();
    }
    if STATEMENTS.iter().any(|start| text.trim_start().starts_with(start)) {
        return false;
    }
    // An attribute of an item, or the name of a type.
    if before.ends_with("reason =")
        || before.ends_with("expect(")
        || text.ends_with(" time zone")
        || text.contains("::")
    {
        return false;
    }
    let prose: String = text.split('{').map(|part| part.split_once('}').map_or(part, |(_, after)| after)).collect();
    let words: Vec<&str> = prose.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '\'').collect();
    let is_lower = |word: &&&str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase() || c == '\'');
    text.contains(' ') && words.iter().filter(is_lower).count() > 1 && words.iter().any(|word| ENGLISH.contains(word))
}

/// Returns the string literals of a source, each with the code before it on its line. Literals in comments are skipped.
fn literals(source: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = source;
    let mut before = String::new();
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("//") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if let Some((text, after)) = raw_literal(rest).or_else(|| literal(rest)) {
            found.push((before.clone(), text));
            before.push_str("\"\"");
            rest = after;
        } else if rest.starts_with("'\"'") || rest.starts_with("'\\\"'") {
            rest = rest.split_once("\"'").map_or("", |(_, after)| after);
        } else {
            before.push(c);
            // An argument may be on a separate line, after `hint:` or `#[error(`.
            if matches!(c, ';' | '{' | '}') {
                before.clear();
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    found
}

fn literal(rest: &str) -> Option<(String, &str)> {
    let inner = rest.strip_prefix('"')?;
    let mut text = String::new();
    let mut chars = inner.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((text, &inner[at + 1..])),
            '\\' => match chars.next()?.1 {
                // The literal continues with the first word of the next line.
                '\n' => {
                    let rest = chars.as_str().trim_start();
                    chars = inner.char_indices();
                    let from = inner.len() - rest.len();
                    while chars.clone().next().is_some_and(|(at, _)| at < from) {
                        chars.next();
                    }
                }
                'n' => text.push_str("\\n"),
                escaped => text.push(escaped),
            },
            c => text.push(c),
        }
    }
    None
}

fn raw_literal(rest: &str) -> Option<(String, &str)> {
    let hashes = rest.strip_prefix('r')?.find('"')?;
    let marks = &rest[1..=hashes];
    if marks.chars().any(|c| c != '#') {
        return None;
    }
    let inner = &rest[hashes + 2..];
    let end = inner.find(&format!("\"{marks}"))?;
    Some((inner[..end].replace('\n', "\\n"), &inner[end + 1 + marks.len()..]))
}
