//! House rules of imports: which module uses which, in the core, in the families and in the extension.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Result, ensure};
use pgmeta_e2e::{Outcome, repository};

use super::{code, module, relative, sources, uses, uses_of};

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
    ("sqlite", &["error", "interrupt", "server"]),
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
    ("other_database", &["compat", "error", "guc", "message", "server", "spi", "worker"]),
    ("scratch", &["error", "message", "guc", "compat", "server", "catalog", "worker", "other_database"]),
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
        "registry",
        &[
            "catalog",
            "encoding",
            "error",
            "executor",
            "guc",
            "interrupt",
            "jsonb",
            "message",
            "other_database",
            "rights",
            "server",
            "spi",
            "worker",
        ],
    ),
    (
        "api",
        &[
            "registry",
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
            "sqlite",
            "archive",
            "worker",
            "discovery",
        ],
    ),
];

/// The crates of families over the model, and the modules of pgmeta-core that each may use.
const FAMILIES: &[(&str, &[&str])] = &[
    ("pgmeta-dialect", &["ident", "interrupt", "lexer", "model"]),
    ("pgmeta-discovery", &["components", "ident", "interrupt", "lexer", "model"]),
    ("pgmeta-definition", &["components", "ident", "interrupt", "lexer", "model"]),
    // Its pages have SQL.
    ("pgmeta-docs", &["ddl", "file_name", "ident", "interrupt", "model", "pattern", "size"]),
    // Its fixes are plans.
    ("pgmeta-lint", &["components", "fingerprint", "ident", "interrupt", "lexer", "model", "pattern", "plan"]),
];

/// Names that pgmeta-core and the families must not use: PostgreSQL, I/O, clocks.
const FORBIDDEN_IN_CORE: &[&str] =
    &["pgrx", "std::fs", "std::net", "std::process", "std::time", "std::env", "std::io::stdin"];

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
