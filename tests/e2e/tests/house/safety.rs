//! House rules of what could harm a server: `unsafe`, panics, encodings, writes, roles, names that scripts look up.

use std::fs;

use anyhow::ensure;
use pgmeta_e2e::{Outcome, repository};

use super::{code, relative, sources, uses_of};

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
    "src/sqlite.rs",
    "src/threads.rs",
    "src/worker/",
    "src/other_database/",
    "src/scratch/",
    "src/archive/",
];

/// Files that convert bytes of the server without the database's encoding: they are ASCII, or not text.
const LOSSY: &[&str] = &["src/encoding.rs", "src/guc.rs"];

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
        "src/registry/store.rs",
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
        // A definition's objects, for a moment or to stay.
        "src/registry/canonical.rs",
        "src/registry/statements.rs",
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
