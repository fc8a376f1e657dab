//! House rules of files: they say what they hold, and documents name what exists.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, ensure};
use pgmeta_e2e::{Outcome, repository};

use super::{relative, sources};

/// All files contain the same version.
#[test]
fn all_files_have_the_same_version() -> Outcome {
    let cargo = fs::read_to_string(repository().join("Cargo.toml"))?;
    let version =
        cargo.lines().find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"')).context("version")?;
    let meta: serde_json::Value = serde_json::from_str(&fs::read_to_string(repository().join("META.json"))?)?;
    ensure!(meta["version"] == version && meta["provides"]["pgmeta"]["version"] == version, "META.json: {meta}");
    for key in ["name", "abstract", "maintainer", "license", "provides", "meta-spec"] {
        ensure!(meta.get(key).is_some(), "META.json has no {key}");
    }
    ensure!(repository().join(format!("sql/pgmeta--{version}.sql")).exists(), "no SQL of {version}");
    Ok(())
}

#[test]
fn every_file_begins_with_its_description() -> Outcome {
    let mut wrong = Vec::new();
    for folder in ["src", "crates", "tests/e2e", "fuzz"] {
        if !repository().join(folder).is_dir() {
            continue;
        }
        for path in sources(folder)? {
            if !relative(&path).contains("/target/") && !fs::read_to_string(&path)?.starts_with("//!") {
                wrong.push(relative(&path));
            }
        }
    }
    ensure!(wrong.is_empty(), "these files do not begin with //!: {wrong:?}");
    Ok(())
}

/// Files and folders that ARCHITECTURE.md names exist: every word in code font that looks like a path in the repository.
#[test]
fn the_architecture_names_existing_paths() -> Outcome {
    let path = repository().join("ARCHITECTURE.md");
    ensure!(path.exists(), "there is no ARCHITECTURE.md");
    let text = fs::read_to_string(path)?;
    let roots = ["src/", "crates/", "sql/", "tests/", "benches/", "docs/", "scripts/", "fuzz/", ".ci/"];
    let spans = text.split('`').skip(1).step_by(2);
    let paths: BTreeSet<&str> = spans
        .flat_map(str::split_whitespace)
        .filter(|word| roots.iter().any(|root| word.starts_with(root)) && !word.contains(['*', '<', '{']))
        .collect();
    let gone: Vec<&&str> =
        paths.iter().filter(|path| !repository().join(path.split("::").next().unwrap_or(path)).exists()).collect();
    ensure!(gone.is_empty(), "ARCHITECTURE.md names what is gone: {gone:?}");
    ensure!(paths.len() >= 10, "ARCHITECTURE.md names only {} files and folders: {paths:?}", paths.len());
    // Module names: `model`, `catalog_rows`, `ddl::order` …
    for module in ["ident", "model", "catalog_rows", "ddl", "catalog", "api"] {
        ensure!(text.contains(module), "ARCHITECTURE.md does not speak of module {module}");
    }
    Ok(())
}

/// Every catalog query is in a separate file, and every file is a query that is used.
#[test]
fn every_catalog_query_is_used() -> Outcome {
    let folder = repository().join("src/catalog/queries");
    let mut sources_text = String::new();
    for path in sources("src")?.into_iter().chain(sources("crates/pgmeta-core/src/catalog_rows")?) {
        sources_text += &fs::read_to_string(path)?;
    }
    let mut unused = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let stem = name.trim_end_matches(".sql");
        let macro_name = sources_text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == stem);
        if !macro_name {
            unused.push(name);
        }
    }
    ensure!(unused.is_empty(), "queries that nobody runs: {unused:?}");
    Ok(())
}
