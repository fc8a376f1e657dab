//! The house rules of design.md, section 2. Reads sources; only `functions` needs the server.

mod api;
mod archive;
mod cycles;
mod files;
mod functions;
mod imports;
mod safety;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use pgmeta_e2e::repository;

fn sources(folder: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![repository().join(folder)];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Returns the source without comments and strings.
fn code(path: &Path) -> Result<String> {
    let text = fs::read_to_string(path)?;
    let lines = text.lines().map(|line| line.split_once("//").map_or(line, |(code, _)| code));
    Ok(lines.flat_map(|line| [line, "\n"]).collect())
}

fn relative(path: &Path) -> String {
    path.strip_prefix(repository()).unwrap_or(path).to_string_lossy().into_owned()
}

/// Returns the module of a crate that a file belongs to.
fn module(path: &Path, root: &str) -> String {
    let inner = relative(path);
    let inner = inner.strip_prefix(root).unwrap_or(&inner);
    inner.split('/').next().unwrap_or(inner).trim_end_matches(".rs").to_owned()
}

/// Returns the paths after `crate::`, with groups `{…}` expanded: `crate::{a, b::C}` gives `a` and `b::C`.
fn uses(code: &str) -> BTreeSet<String> {
    uses_of(code, "crate::")
}

fn uses_of(code: &str, root: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices(root) {
        let rest = &code[at + root.len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 1;
            let mut item = String::new();
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                if depth == 0 || (depth == 1 && c == ',') {
                    found.insert(item.trim().to_owned());
                    item.clear();
                    if depth == 0 {
                        break;
                    }
                } else {
                    item.push(c);
                }
            }
        } else {
            found.insert(rest.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':')).collect());
        }
    }
    found
}
