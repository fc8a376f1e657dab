//! House rules of archives: states are an enum, queries are files. The last test needs the server.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, ensure};
use pgmeta_archive::error_class::ErrorClass;
use pgmeta_archive::state::State;
use pgmeta_e2e::{Database, Outcome, repository};

use super::{code, relative, sources};

const QUERIES: &str = "src/archive/queries";

/// Names of sets that `src/archive/queries/mod.rs` replaces.
const SETS: &[&str] = &[
    "states.running",
    "states.writing",
    "states.unproved",
    "states.proved",
    "states.unsuccessful",
    "states.settled",
    "classes.interruption",
    "is_ours",
    "partition_here",
    "type_parts",
];

/// Not a state: the result of a scheduled start, in the log.
const OTHER_WORDS: &[(&str, &str)] = &[("src/archive/policy/schedule.rs", "\"failed\"")];

/// Returns the Rust files of archives with their code.
fn archive_code() -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for path in sources("src/archive")?.into_iter().chain(sources("src/api/archive")?) {
        found.push((relative(&path), code(&path)?));
    }
    let api = repository().join("src/api/archive.rs");
    found.push((relative(&api), code(&api)?));
    Ok(found)
}

/// Returns the queries by name.
fn queries() -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(repository().join(QUERIES))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "sql") {
            let name = path.file_stem().context("file")?.to_string_lossy().into_owned();
            found.push((name, fs::read_to_string(&path)?));
        }
    }
    found.sort();
    Ok(found)
}

/// Only `State::as_str` contains the words of states.
#[test]
fn states_are_not_string_literals() -> Outcome {
    let mut wrong = Vec::new();
    let queries = queries()?.into_iter().map(|(name, text)| (format!("{QUERIES}/{name}.sql"), text));
    for (name, text) in archive_code()?.into_iter().chain(queries) {
        for state in State::ALL {
            for literal in [format!("\"{state}\""), format!("'{state}'")] {
                if text.contains(&literal) && !OTHER_WORDS.contains(&(&name, &literal)) {
                    wrong.push(format!("{name}: {literal}"));
                }
            }
        }
    }
    ensure!(wrong.is_empty(), "states that are no State: {wrong:?}");
    Ok(())
}

/// Statements of archives are in files, and none is built from text in the code, except statements of names only, such as
/// ALTER TABLE.
#[test]
fn archive_queries_are_in_files() -> Outcome {
    const BEGINNINGS: &[&str] = &["SELECT ", "WITH ", "INSERT INTO ", "UPDATE ", "DELETE FROM "];
    let mut wrong = Vec::new();
    for (name, text) in archive_code()? {
        // A literal begins after an even number of quotes; a line of code has few.
        for line in text.lines() {
            for literal in line.split('"').skip(1).step_by(2) {
                let literal = literal.trim_start_matches(['{', '(', ' ']);
                // A hint may begin with the name of the privilege.
                let is_hint = literal.starts_with("SELECT privilege ");
                if !is_hint && BEGINNINGS.iter().any(|beginning| literal.starts_with(beginning)) {
                    wrong.push(format!("{name}: {line}"));
                }
            }
        }
        for positional in ["found = Some((take", "&[Arg::Int(id)], &[\""] {
            if text.contains(positional) {
                wrong.push(format!("{name}: {positional}"));
            }
        }
    }
    ensure!(wrong.is_empty(), "queries in code:\n{}", wrong.join("\n"));
    Ok(())
}

/// Every query of archives is used, and all of its placeholders are replaced.
#[test]
fn archive_queries_are_used_and_have_known_placeholders() -> Outcome {
    let code: String = archive_code()?.into_iter().map(|(_, text)| text).collect();
    let queries = queries()?;
    ensure!(queries.len() > 100, "only {} queries", queries.len());
    let mut wrong = Vec::new();
    for (name, text) in queries {
        if !code.contains(&format!("sql!(\"{name}\")")) && !code.contains(&format!(" = \"{name}\" {{")) {
            wrong.push(format!("{name} is not used"));
        }
        for placeholder in text.split("{{").skip(1).filter_map(|rest| Some(rest.split_once("}}")?.0)) {
            let is_known = match placeholder.split_once('.') {
                Some(("state", word)) => word.parse::<State>().is_ok(),
                Some(("class", word)) => ErrorClass::ALL.iter().any(|class| class.as_str() == word),
                _ => SETS.contains(&placeholder) || code.contains(&format!("(\"{placeholder}\", ")),
            };
            if !is_known {
                wrong.push(format!("{name}: {placeholder}"));
            }
        }
    }
    ensure!(wrong.is_empty(), "{wrong:?}");
    Ok(())
}

/// The lists of states in `sql/archive.sql` equal the enum.
#[test]
fn the_tables_list_the_states_of_the_code() -> Outcome {
    let database = Database::with_pgmeta("states")?;
    let words = |states: &[State]| states.iter().map(|state| state.as_str().to_owned()).collect::<Vec<_>>();
    let literals = |text: &str| -> Vec<String> { text.split('\'').skip(1).step_by(2).map(str::to_owned).collect() };
    let set = |words: &[String]| words.iter().cloned().collect::<BTreeSet<_>>();

    let check = database.psql(
        "SELECT pg_get_constraintdef(c.oid) FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) \
        WHERE c.contype = 'c' AND c.conrelid = 'pgmeta.archive_records'::regclass AND a.attname = 'state'",
    )?;
    ensure!(set(&literals(&check)) == set(&words(&State::ALL)), "CHECK: {check}");

    // The numbers of phases are positions in this list.
    let progress = database.psql("SELECT prosrc FROM pg_proc WHERE proname = '_pgmeta_archive_progress'")?;
    let list =
        progress.split_once("(ARRAY[").and_then(|(_, rest)| rest.split_once("])[p.param11]")).context("ARRAY")?.0;
    ensure!(literals(list) == words(&State::RUNNING), "phases: {list}");

    // For these states the view shows the remaining rows.
    let view = database.psql("SELECT pg_get_viewdef('pgmeta.archive_progress'::regclass)")?;
    let states: Vec<String> = literals(&view).into_iter().filter(|word| word.parse::<State>().is_ok()).collect();
    ensure!(set(&states) == set(&words(&State::WRITING)), "view: {view}");
    let others = State::ALL.iter().filter(|state| view.contains(&format!("'{state}'"))).count();
    ensure!(others == State::WRITING.len(), "view: {view}");
    Ok(())
}
