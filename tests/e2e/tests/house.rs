//! The house rules of design.md, section 2: imports between modules, files with `unsafe`, rules for documents and
//! functions. Reads sources; only the last test needs the server.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::{Database, Outcome, repository};

mod api;
mod archive;
mod cycles;

/// The modules of pgmeta-core, and the modules that each may use.
const CORE: &[(&str, &[&str])] = &[
    ("parallel", &[]),
    ("interrupt", &[]),
    ("ident", &["interrupt"]),
    ("fingerprint", &["interrupt"]),
    ("components", &["interrupt"]),
    ("file_name", &["fingerprint"]),
    ("pattern", &[]),
    ("size", &[]),
    ("words", &[]),
    ("lexer", &["interrupt"]),
    ("psql", &["lexer"]),
    ("cells", &["ident"]),
    ("model", &["parallel", "cells", "ident", "interrupt"]),
    ("catalog_rows", &["parallel", "cells", "ident", "interrupt", "lexer", "model"]),
    ("ddl", &["components", "file_name", "fingerprint", "parallel", "ident", "interrupt", "lexer", "model", "pattern"]),
    ("diff", &["ident", "interrupt", "lexer", "model"]),
    (
        "plan",
        &["components", "file_name", "fingerprint", "ident", "interrupt", "lexer", "model", "diff", "ddl", "size"],
    ),
];

/// The modules of the extension, and the modules that each may use.
const EXTENSION: &[(&str, &[&str])] = &[
    ("guc", &[]),
    ("memory", &["guc"]),
    ("encoding", &["memory"]),
    ("error", &["encoding"]),
    ("interrupt", &["memory", "orphan"]),
    ("message", &["encoding"]),
    ("orphan", &[]),
    ("threads", &["interrupt", "memory"]),
    ("backtrace", &[]),
    ("compat", &["error"]),
    ("removed_functions", &["error"]),
    ("server", &["error"]),
    ("deparse", &["encoding", "error"]),
    ("jsonb", &["encoding", "error", "memory"]),
    ("spi", &["encoding", "error", "memory", "compat", "jsonb", "orphan"]),
    ("rights", &["encoding", "error", "guc", "spi"]),
    ("locks", &["error", "rights", "server", "spi"]),
    ("snapshot_store", &["error", "guc", "spi", "jsonb"]),
    ("discovery", &["error"]),
    ("directory", &["error", "interrupt", "server"]),
    (
        "catalog",
        &[
            "encoding",
            "error",
            "interrupt",
            "memory",
            "message",
            "threads",
            "guc",
            "compat",
            "server",
            "spi",
            "deparse",
        ],
    ),
    ("worker", &["encoding", "error", "interrupt", "compat", "guc", "orphan"]),
    ("parser", &["encoding", "error", "interrupt", "spi"]),
    ("scratch", &["encoding", "error", "message", "guc", "compat", "server", "spi", "catalog", "worker"]),
    (
        "archive",
        &[
            "encoding",
            "error",
            "interrupt",
            "message",
            "threads",
            "guc",
            "locks",
            "memory",
            "compat",
            "rights",
            "server",
            "spi",
            "worker",
        ],
    ),
    ("executor", &["archive", "catalog", "compat", "error", "guc", "rights", "spi"]),
    (
        "api",
        &[
            "encoding",
            "error",
            "interrupt",
            "memory",
            "message",
            "threads",
            "guc",
            "compat",
            "rights",
            "server",
            "jsonb",
            "spi",
            "catalog",
            "directory",
            "executor",
            "snapshot_store",
            "parser",
            "scratch",
            "archive",
            "worker",
            "discovery",
        ],
    ),
];

/// The files that may contain `unsafe`.
const UNSAFE: &[&str] = &[
    "src/spi.rs",
    "src/spi/input.rs",
    "src/spi/native.rs",
    "src/spi/procedure.rs",
    "src/spi/write.rs",
    "src/compat.rs",
    "src/deparse.rs",
    "src/jsonb.rs",
    "src/backtrace.rs",
    "src/encoding.rs",
    "src/encoding/",
    "src/guc.rs",
    "src/locks.rs",
    "src/memory.rs",
    "src/memory/",
    "src/message.rs",
    "src/orphan.rs",
    "src/parser.rs",
    "src/parser/",
    "src/rights.rs",
    "src/server.rs",
    "src/threads.rs",
    "src/worker/",
    "src/scratch/",
    "src/archive/",
];

/// Files that convert bytes of the server without the database's encoding: they are ASCII, or not text.
const LOSSY: &[&str] = &["src/encoding.rs", "src/guc.rs"];

/// The crates of families over the model, and the modules of pgmeta-core that each may use.
const FAMILIES: &[(&str, &[&str])] = &[
    ("pgmeta-discovery", &["components", "ident", "interrupt", "lexer", "model"]),
    // Its pages have SQL.
    ("pgmeta-docs", &["ddl", "file_name", "ident", "interrupt", "model", "pattern", "size"]),
    // Its fixes are plans.
    ("pgmeta-lint", &["components", "fingerprint", "ident", "interrupt", "lexer", "model", "pattern", "plan"]),
];

/// Names that pgmeta-core and the families must not use: PostgreSQL, I/O, clocks.
const FORBIDDEN_IN_CORE: &[&str] =
    &["pgrx", "std::fs", "std::net", "std::process", "std::time", "std::env", "std::io::stdin"];

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

fn forbidden_edges(root: &str, modules: &[(&str, &[&str])]) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for path in sources(root)? {
        let own = module(&path, root);
        if own == "lib" {
            continue;
        }
        let Some((_, allowed)) = modules.iter().find(|(name, _)| *name == own) else {
            wrong.push(format!("{}: no rule says what module {own} may use", relative(&path)));
            continue;
        };
        for used in uses(&code(&path)?) {
            let first = used.split("::").next().unwrap_or_default();
            let known = modules.iter().any(|(name, _)| *name == first);
            let fine = first == own
                || allowed.iter().any(|prefix| used == *prefix || used.starts_with(&format!("{prefix}::")));
            if known && !fine {
                wrong.push(format!("{} uses crate::{used}", relative(&path)));
            }
        }
    }
    Ok(wrong)
}

#[test]
fn core_modules_import_as_designed() -> Outcome {
    let wrong = forbidden_edges("crates/pgmeta-core/src/", CORE)?;
    ensure!(wrong.is_empty(), "forbidden imports:\n{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn extension_modules_import_as_designed() -> Outcome {
    let wrong = forbidden_edges("src/", EXTENSION)?;
    ensure!(wrong.is_empty(), "forbidden imports:\n{}", wrong.join("\n"));
    Ok(())
}

/// Methods of model types are in the model. Other modules have functions and traits, which must be imported, so that the
/// checks of imports see them.
#[test]
fn model_types_have_methods_in_the_model_only() -> Outcome {
    let mut types = BTreeSet::from(["Model".to_owned(), "ObjectRef".to_owned(), "ObjectKind".to_owned()]);
    for path in sources("crates/pgmeta-core/src/model")? {
        let text = code(&path)?;
        let names = text.lines().filter_map(|line| {
            let line = line.trim_start();
            line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "))
        });
        types.extend(names.map(|name| name.chars().take_while(|c| c.is_alphanumeric()).collect::<String>()));
    }
    ensure!(types.len() > 80, "only {} types", types.len());
    let mut wrong = Vec::new();
    for path in sources("crates/pgmeta-core/src")? {
        let name = relative(&path);
        if name.contains("/src/model/") {
            continue;
        }
        let text = code(&path)?;
        for line in text.lines().filter(|line| line.starts_with("impl") && !line.contains(" for ")) {
            // `impl<'m> Graph<'m> {`: the type is the first word after the parameters.
            let rest = line.trim_start_matches("impl");
            let rest = if rest.starts_with('<') { rest.split_once("> ").map_or("", |(_, rest)| rest) } else { rest };
            let own: String = rest.trim_start().chars().take_while(|c| c.is_alphanumeric()).collect();
            let declares = [format!("struct {own}"), format!("enum {own}")].iter().any(|words| {
                text.match_indices(words.as_str())
                    .any(|(at, _)| !text[at + words.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_'))
            });
            if types.contains(&own) && !declares {
                wrong.push(format!("{name}: {line}"));
            }
        }
    }
    ensure!(wrong.is_empty(), "methods of model types outside of the model:\n{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn the_core_and_the_families_use_no_postgres_and_no_io() -> Outcome {
    let mut wrong = Vec::new();
    for name in FAMILIES.iter().map(|(name, _)| *name).chain(["pgmeta-core"]) {
        for path in sources(&format!("crates/{name}/src"))? {
            let code = code(&path)?;
            let forbidden = FORBIDDEN_IN_CORE.iter().chain(&["unsafe "]).filter(|word| code.contains(**word));
            wrong.extend(forbidden.map(|word| format!("{}: {word}", relative(&path))));
        }
        let manifest = fs::read_to_string(repository().join(format!("crates/{name}/Cargo.toml")))?;
        ensure!(!manifest.contains("pgrx"), "{name} depends on pgrx");
    }
    let archive = repository().join("crates/pgmeta-archive/Cargo.toml");
    if archive.exists() {
        ensure!(!fs::read_to_string(archive)?.contains("pgmeta-core"), "pgmeta-archive depends on pgmeta-core");
    }
    ensure!(wrong.is_empty(), "in pgmeta-core and the families:\n{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn families_use_only_allowed_modules_of_the_core() -> Outcome {
    let mut wrong = Vec::new();
    for (name, allowed) in FAMILIES {
        for path in sources(&format!("crates/{name}/src"))? {
            for used in uses_of(&code(&path)?, "pgmeta_core::") {
                if !used.split("::").next().is_some_and(|module| allowed.contains(&module)) {
                    wrong.push(format!("{} uses pgmeta_core::{used}", relative(&path)));
                }
            }
        }
    }
    ensure!(wrong.is_empty(), "families that use more than the model:\n{}", wrong.join("\n"));
    Ok(())
}

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

/// Code that reads the catalog uses the model for relations between objects, not the printer.
#[test]
fn the_catalog_does_not_use_the_printer() -> Outcome {
    let mut wrong = Vec::new();
    for path in sources("src/catalog")? {
        let text = fs::read_to_string(&path)?;
        if text.contains("pgmeta_core::ddl") || text.contains(".render()") {
            wrong.push(relative(&path));
        }
    }
    ensure!(wrong.is_empty(), "{wrong:?}");
    Ok(())
}

#[test]
fn unsafe_is_only_in_listed_files() -> Outcome {
    let mut wrong = Vec::new();
    for path in sources("src")? {
        let name = relative(&path);
        let allowed = UNSAFE.iter().any(|place| name.starts_with(place));
        // Attributes such as #[unsafe(no_mangle)] belong to pgrx.
        let own = code(&path)?
            .lines()
            .filter(|line| line.contains("unsafe {") || line.contains("unsafe fn") || line.contains("unsafe impl"))
            .count();
        if own > 0 && !allowed {
            wrong.push(format!("{name}: {own}"));
        }
    }
    ensure!(wrong.is_empty(), "unsafe outside of {UNSAFE:?}:\n{}", wrong.join("\n"));
    Ok(())
}

/// Text in the signatures of SQL functions must be converted between encodings. pgrx does not convert Rust strings and its
/// own JSON type.
#[test]
fn sql_signatures_have_no_rust_strings() -> Outcome {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for path in sources("src")? {
        let code = code(&path)?;
        for (at, _) in code.match_indices("#[pg_extern") {
            let signature = code[at..].split_once("fn ").map_or("", |(_, rest)| rest);
            let signature = signature.split_once(" {\n").map_or(signature, |(signature, _)| signature);
            seen += 1;
            for word in ["str", "String", "CStr", "char"] {
                if signature.split(|c: char| !c.is_alphanumeric() && c != '_').any(|own| own == word) {
                    wrong.push(format!(
                        "{}: {word} in {}",
                        relative(&path),
                        signature.lines().next().unwrap_or_default()
                    ));
                }
            }
        }
        let pgrx_json = uses_of(&code, "pgrx::").iter().any(|used| used.starts_with("Json"));
        if pgrx_json || code.contains("to_string_lossy()") && !LOSSY.contains(&relative(&path).as_str()) {
            wrong.push(format!("{}: pgrx's JSON, or text taken for UTF-8", relative(&path)));
        }
    }
    ensure!(seen > 40, "only {seen} functions were seen");
    ensure!(wrong.is_empty(), "text that is not converted: {wrong:#?}");
    Ok(())
}

/// Only code that runs plans, and retires and restores partitions, may call functions that write. Only the queries of
/// archives and the store of snapshots write to pgmeta's own tables.
#[test]
fn readers_cannot_write() -> Outcome {
    let own_tables = [
        "src/spi.rs",
        "src/snapshot_store.rs",
        "src/archive/queries/mod.rs",
        // NOTIFY.
        "src/archive/records/mod.rs",
        // Rows of users' tables.
        "src/archive/restore/rows_back.rs",
        "src/archive/retire/mod.rs",
        "src/archive/transfer/version_1.rs",
    ];
    let allowed = [
        "src/spi.rs",
        "src/spi/write.rs",
        "src/executor.rs",
        "src/archive/restore/mod.rs",
        "src/archive/restore/changed_types.rs",
        "src/archive/restore/properties.rs",
        "src/archive/restore/table.rs",
        "src/archive/restore/table_owner.rs",
        "src/archive/retire/mod.rs",
        // LOCK TABLE, and locks that are released early.
        "src/archive/retire/table_locks.rs",
        "src/archive/jobs/archive_one.rs",
        "src/archive/retire/settle.rs",
    ];
    let mut wrong = Vec::new();
    for path in sources("src")? {
        let writes = ["execute_within", "execute_one_within", "SPI_execute(", "run_and_roll_back("]
            .iter()
            .any(|word| code(&path).is_ok_and(|code| code.contains(word)));
        if writes && !allowed.contains(&relative(&path).as_str()) {
            wrong.push(relative(&path));
        }
        let writes = ["connection.write(", "connection.changed(", ".change_as("]
            .iter()
            .any(|word| code(&path).is_ok_and(|code| code.contains(word)));
        if writes && !own_tables.contains(&relative(&path).as_str()) {
            wrong.push(relative(&path));
        }
    }
    ensure!(wrong.is_empty(), "these files write: {wrong:?}");
    Ok(())
}

/// Only one file switches roles. It pins the search_path.
#[test]
fn only_one_file_switches_roles() -> Outcome {
    const DOOR: &str = "src/rights.rs";
    let words =
        ["SetUserIdAndSecContext", "SECURITY_RESTRICTED_OPERATION", "SetSessionAuthorization", "SetCurrentRoleId"];
    // A function that logs a worker in must also pin its search_path.
    let logins = ["BackgroundWorkerInitializeConnection"];
    let mut wrong = Vec::new();
    for path in sources("src")? {
        let (name, code) = (relative(&path), code(&path)?);
        wrong.extend(
            words.iter().filter(|word| name != DOOR && code.contains(**word)).map(|word| format!("{name}: {word}")),
        );
        for statement in ["SET ROLE", "SET SESSION AUTHORIZATION", "SECURITY DEFINER"] {
            // Statements of plans name the grantors of privileges; this file recognizes them.
            if code.contains(statement) && name != "src/executor.rs" {
                wrong.push(format!("{name}: {statement}"));
            }
        }
        for (at, _) in logins.iter().flat_map(|login| code.match_indices(login)) {
            let rest = &code[at..];
            let function = rest.find("\n}").map_or(rest, |end| &rest[..end]);
            if name != "src/worker/process.rs" || !function.contains("pin_worker") {
                wrong.push(format!("{name}: a worker that logs in with a search_path of others"));
            }
        }
    }
    ensure!(wrong.is_empty(), "rights other than the caller's: {wrong:?}");
    Ok(())
}

/// Scripts that superusers run must set the search_path first.
#[test]
fn sql_scripts_set_the_search_path_first() -> Outcome {
    let mut wrong = Vec::new();
    for (folder, first) in [
        ("sql", "SET LOCAL search_path = pg_catalog, pg_temp;"),
        (
            "sql/psql",
            "SELECT pg_catalog.current_setting('search_path') AS pgmeta_path, \
             pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', false) AS pgmeta_pin \\gset",
        ),
    ] {
        for entry in fs::read_dir(repository().join(folder))? {
            let path = entry?.path();
            // Scripts of released versions never change; this one is not installed.
            let is_released = path.ends_with("pgmeta--0.1.0.sql");
            if is_released || path.extension().is_none_or(|extension| extension != "sql") {
                continue;
            }
            let text = fs::read_to_string(&path)?;
            let begins = text
                .lines()
                .find(|line| !line.starts_with("--") && !line.starts_with("\\echo ") && !line.trim().is_empty());
            if begins != Some(first) {
                wrong.push(format!("{} does not begin with {first}", relative(&path)));
            }
            // A SECURITY DEFINER function sets its own search_path.
            for (at, _) in text.match_indices("SECURITY DEFINER") {
                if !text[at..].starts_with("SECURITY DEFINER SET search_path = pg_catalog, pg_temp") {
                    wrong.push(format!("{}: SECURITY DEFINER without a search_path", relative(&path)));
                }
            }
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// A query is converted to the database's encoding with its comments, and few encodings have more than ASCII in common.
#[test]
fn queries_are_ascii() -> Outcome {
    let mut wrong = Vec::new();
    let mut count = 0;
    for folder in ["src/catalog/queries", "src/archive/queries", "sql", "sql/psql"] {
        for entry in fs::read_dir(repository().join(folder))? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "sql") {
                count += 1;
                wrong.extend((!fs::read(&path)?.is_ascii()).then(|| relative(&path)));
            }
        }
    }
    ensure!(count > 50, "only {count} files");
    ensure!(wrong.is_empty(), "not ASCII: {wrong:?}");
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

/// Users must not see panics: the pure crates and the extension deny these lints.
#[test]
fn panics_are_denied() -> Outcome {
    let workspace = fs::read_to_string(repository().join("Cargo.toml"))?;
    for lint in ["unwrap_used = \"deny\"", "expect_used = \"deny\"", "panic = \"deny\""] {
        ensure!(workspace.contains(lint), "the workspace does not say {lint}");
    }
    for manifest in
        ["Cargo.toml", "crates/pgmeta-core/Cargo.toml", "crates/pgmeta-discovery/Cargo.toml", "tests/e2e/Cargo.toml"]
    {
        let text = fs::read_to_string(repository().join(manifest))?;
        ensure!(text.contains("[lints]\nworkspace = true"), "{manifest} does not take the workspace's lints");
    }
    let allowed: Vec<String> = sources("src")?
        .into_iter()
        .chain(sources("crates")?)
        // Tests of a crate.
        .filter(|path| !relative(path).contains("/tests/"))
        .filter(|path| {
            fs::read_to_string(path).is_ok_and(|text| {
                let own = text.split("#[cfg(test)]").next().unwrap_or_default();
                ["clippy::unwrap_used", "clippy::expect_used", "clippy::panic"].iter().any(|lint| own.contains(lint))
            })
        })
        .map(|path| relative(&path))
        .collect();
    ensure!(allowed.is_empty(), "these files allow what the workspace denies: {allowed:?}");
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

/// The rules of design.md, section 4, for every SQL function.
#[test]
fn sql_functions_follow_the_conventions() -> Outcome {
    let database = Database::with_pgmeta("conventions")?;
    let members = "FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e' \
        JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'pgmeta'";
    let without_comment = database.psql(&format!(
        "SELECT p.oid::regprocedure {members} WHERE proname NOT LIKE E'\\\\_%' AND obj_description(p.oid, 'pg_proc') IS NULL"
    ))?;
    ensure!(without_comment.is_empty(), "public functions without a comment:\n{without_comment}");
    let names = database.psql(&format!("SELECT p.oid::regprocedure {members} WHERE proname !~ '^_?pgmeta_'"))?;
    ensure!(names.is_empty(), "names that are not pgmeta's:\n{names}");
    let open = database.psql(&format!(
        "SELECT p.oid::regprocedure {members} WHERE proname LIKE E'\\\\_%' AND has_function_privilege('public', p.oid, 'EXECUTE')"
    ))?;
    ensure!(open.is_empty(), "private functions that everybody may call:\n{open}");
    let definer = database.psql(&format!("SELECT p.oid::regprocedure {members} WHERE prosecdef"))?;
    // It shows the activity of all sessions, which the server shows to pg_read_all_stats only.
    ensure!(definer == "_pgmeta_archive_progress()", "functions with their owner's rights:\n{definer}");

    // The script states volatility and parallel safety instead of using the defaults.
    let volatile = database.psql(&format!("SELECT proname {members} WHERE provolatile = 'v' GROUP BY 1 ORDER BY 1"))?;
    let writers = [
        "_pgmeta_guard",
        "pgmeta_apply",
        "pgmeta_archive",
        "pgmeta_archive_adopt",
        "pgmeta_archive_cancel",
        // Files may change between two calls.
        "pgmeta_archive_compare",
        "pgmeta_archive_delete",
        "pgmeta_archive_health",
        "pgmeta_archive_policy_alter",
        "pgmeta_archive_policy_create",
        "pgmeta_archive_policy_drop",
        "pgmeta_archive_policy_pause",
        "pgmeta_archive_policy_resume",
        "pgmeta_archive_restore",
        "pgmeta_archive_retry",
        "pgmeta_archive_retry_all",
        "pgmeta_archive_run",
        "pgmeta_archive_start",
        // Writes to a storage for a moment.
        "pgmeta_archive_validate",
        "pgmeta_archive_verify",
        // The counters of a session change with each call.
        "pgmeta_discovery_stats",
        "pgmeta_document_to_directory",
        "pgmeta_export_to_directory",
        // Runs statements if it is asked to.
        "pgmeta_lint_sql",
        "pgmeta_rehearse",
        "pgmeta_snapshot_delete",
        "pgmeta_snapshot_from_sql",
        "pgmeta_snapshot_save",
    ];
    ensure!(volatile == writers.join("\n"), "volatile functions: {volatile}");
    let mut unstated = Vec::new();
    for path in sources("src/api")? {
        let text = fs::read_to_string(&path)?;
        for (at, _) in text.match_indices("#[pg_extern") {
            let attribute: String = text[at..].split(")]").next().unwrap_or_default().to_lowercase();
            // A procedure has neither.
            if attribute.contains("create procedure") {
                continue;
            }
            let states = |words: &[&str]| words.iter().any(|word| attribute.contains(word));
            // A macro's argument is replaced by the value at each use.
            let volatility = states(&["stable", "immutable", "volatile", "$volatility", "$sql"]);
            let parallel = states(&[
                "parallel_safe",
                "parallel_unsafe",
                "parallel_restricted",
                "parallel unsafe",
                "parallel safe",
                "$sql",
            ]);
            if !volatility || !parallel {
                unstated.push(format!("{}: {attribute}", relative(&path)));
            }
        }
    }
    ensure!(unstated.is_empty(), "volatility or parallel safety is not stated:\n{}", unstated.join("\n"));
    Ok(())
}

/// Arguments with the same meaning have the same name in all functions.
#[test]
fn arguments_have_the_same_names() -> Outcome {
    let database = Database::with_pgmeta("arguments")?;
    let known = [
        "schemas",
        "types",
        "name_pattern",
        "on_error",
        "options",
        "format",
        "directory",
        "name",
        "object",
        "type",
        "names",
        "args",
        "snapshot",
        "version",
        "comment",
        "ddl",
        "source",
        "target",
        "partition",
        "parent",
        "storage",
        "policy",
        "workers",
        "retention",
        "at",
        "id",
        "pattern",
        "max_chars",
        "dialect",
        "sql",
    ];
    let used = database.psql(
        "SELECT DISTINCT name FROM pg_proc p, unnest(p.proargnames, COALESCE(p.proargmodes, array_fill('i'::\"char\", ARRAY[COALESCE(cardinality(p.proargnames), 0)]))) AS a (name, mode) \
         WHERE p.proname LIKE 'pgmeta\\_%' AND p.proargnames IS NOT NULL AND a.mode = 'i'",
    )?;
    let strange: Vec<&str> = used.lines().filter(|name| !known.contains(name)).collect();
    ensure!(strange.is_empty(), "arguments with other names: {strange:?}");
    let options = database.psql(
        "SELECT p.oid::regprocedure FROM pg_proc p WHERE p.proname LIKE 'pgmeta\\_%' AND 'options' = ANY (p.proargnames[:p.pronargs]) \
         AND pg_get_function_arguments(p.oid) NOT LIKE '%options jsonb DEFAULT ''{}''::jsonb%'",
    )?;
    ensure!(options.is_empty(), "options without the default '{{}}':\n{options}");
    Ok(())
}
