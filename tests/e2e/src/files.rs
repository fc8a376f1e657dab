//! The file tree of an export as a client gets it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};

/// Files by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    pub files: BTreeMap<String, String>,
}

impl Tree {
    /// Prints what `pgmeta_export_files` returns, secrets included.
    pub const QUERY: &str = "SELECT pg_catalog.json_agg(pg_catalog.json_build_array(path, content)) \
        FROM pgmeta_export_files(options => '{\"secrets\": \"include\", \"self\": true}')";

    /// Reads what [`Tree::QUERY`] printed.
    pub fn from_rows(rows: &str) -> Result<Self> {
        let rows: Vec<(String, String)> = serde_json::from_str(rows).context("pgmeta_export_files")?;
        let count = rows.len();
        let files: BTreeMap<_, _> = rows.into_iter().collect();
        anyhow::ensure!(files.len() == count, "pgmeta_export_files returns a path twice");
        Ok(Self { files })
    }

    /// Reads a folder, without files whose name begins with a dot.
    pub fn read(root: &Path) -> Result<Self> {
        let mut tree = Self::default();
        let mut waiting = vec![root.to_owned()];
        while let Some(folder) = waiting.pop() {
            for entry in std::fs::read_dir(&folder)? {
                let path = entry?.path();
                let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
                if path.is_dir() {
                    waiting.push(path);
                } else if !hidden {
                    let relative = path.strip_prefix(root)?.to_string_lossy().into_owned();
                    tree.files.insert(relative, std::fs::read_to_string(&path)?);
                }
            }
        }
        Ok(tree)
    }

    pub fn write(&self, root: &Path) -> Result<()> {
        for (path, content) in &self.files {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().context("no folder")?)?;
            std::fs::write(path, content)?;
        }
        Ok(())
    }

    /// Returns the problems of the paths on any file system.
    pub fn unsafe_paths(&self) -> Vec<String> {
        let mut seen: BTreeMap<String, &String> = BTreeMap::new();
        let mut wrong = Vec::new();
        for path in self.files.keys() {
            if let Some(other) = seen.insert(path.to_lowercase(), path) {
                wrong.push(format!("{path} and {other} are one file where case does not matter"));
            }
            if path.starts_with('/') || path.contains('\\') || path.chars().any(char::is_control) {
                wrong.push(format!("{path:?} is not a plain relative path"));
            }
            for part in path.split('/') {
                if let Some(reason) = unsafe_part(part) {
                    wrong.push(format!("{part:?} in {path:?} {reason}"));
                }
            }
        }
        // A file must not have the path of a folder.
        for path in self.files.keys() {
            for (at, _) in path.match_indices('/') {
                if let Some(file) = seen.get(&path[..at].to_lowercase()) {
                    wrong.push(format!("{file} is a file and a folder of {path}"));
                }
            }
        }
        wrong
    }
}

fn unsafe_part(part: &str) -> Option<&'static str> {
    const DEVICES: &[&str] = &["con", "prn", "aux", "nul", "conin$", "conout$"];
    let stem = part.split('.').next().unwrap_or(part).to_lowercase();
    let device = DEVICES.contains(&stem.as_str())
        || (stem.len() == 4
            && (stem.starts_with("com") || stem.starts_with("lpt"))
            && stem.ends_with(|c: char| c.is_ascii_digit()));
    match part {
        "" | "." | ".." => Some("leads out"),
        _ if device => Some("is a device on Windows"),
        _ if part.ends_with(['.', ' ']) => Some("loses its end on Windows"),
        _ if part.contains(['<', '>', ':', '"', '|', '?', '*']) => Some("has characters that Windows forbids"),
        _ if part.len() > 255 => Some("is longer than a name may be"),
        _ => None,
    }
}
