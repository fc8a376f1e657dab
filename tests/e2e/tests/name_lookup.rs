//! Law 10: a user gains no rights by shadowing names. Objects of a user without rights, in any schema where a name without
//! a schema could be resolved, do not run with another role's rights, and change no result.
//!
//! The names are not listed here: they are all names in pgmeta's sources and in the statements of these runs (`text.rs`).
//! Each gets a twin (`shadows.sql`, `routines.sql`) that writes to the server's log when it runs as a role other than its
//! creator (`log.rs`). Then everything is called again (`calls.sql`, which must call every function and view) and must
//! print the same as without twins.

mod calls;
mod extension;
mod log;
mod schedule;
mod stage;
mod text;

use std::sync::Mutex;

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::{Outcome, server};

use calls::{Call, calls};
use stage::{CALM, Stage};

/// The callers: a superuser, each of pgmeta's roles, and a role without any of them.
const CALLERS: &[&str] = &["postgres", "twin_admin", "twin_operator", "twin_environment", "twin_plain"];

/// The position of schema public, with the twins, in the path: of the database, as its owner can set it, and of the
/// session.
const PATHS: &[(&str, Option<&str>, Option<&str>)] = &[
    ("usual", None, None),
    ("empty", None, Some("''")),
    // If pg_catalog is named, it is searched at its position.
    ("last", Some("public, pg_catalog"), None),
];

#[test]
fn a_user_gains_no_rights_by_shadowing_names() -> Outcome {
    let statements = "SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_stat_statements'";
    if server()?.psql("postgres", statements)? == "0" {
        println!("skipped: this installation has no contrib, and so nothing that tells which statements pgmeta runs");
        return Ok(());
    }
    let stage = Stage::start()?;
    stage.prepare()?;
    let expected = at_once(CALLERS, |role| {
        let database = format!("calm_{role}");
        stage.copy(&database, CALM, None)?;
        calls(&stage, &Call { database: &database, role, path: None, twins: None })
    })?;
    let uncalled = stage.uncalled(CALLERS)?;
    ensure!(uncalled.is_empty(), "no statement of calls.sql gets through to these:\n{}", uncalled.join("\n"));
    let plain = extension::installed(&stage)?;

    let names = text::names(&stage)?;
    stage.put_twins(&names)?;
    log::control(&stage)?;
    let told = stage.server.log()?.len();
    let mut changed = Vec::new();
    let each = CALLERS.iter().zip(&expected).flat_map(|(role, text)| PATHS.iter().map(move |path| (path, *role, text)));
    // An empty path of the database matters only to roles with something to lose.
    let runs: Vec<_> = each.filter(|((name, ..), role, _)| *name != "empty" || *role == "postgres").collect();
    changed.extend(
        at_once(&runs, |((name, of_database, of_session), role, expected)| {
            let database = format!("{name}_{role}");
            stage.copy(&database, stage::HOSTILE, *of_database)?;
            let found = calls(&stage, &Call { database: &database, role, path: *of_session, twins: Some(&names) })?;
            Ok(calls::difference(&format!("{role}, path {name}"), expected, &found))
        })?
        .into_iter()
        .flatten(),
    );
    changed.extend(extension::install_among_twins(&stage, &plain)?);
    changed.extend(schedule::run(&stage)?);

    let risen = log::risen(&stage.server.log()?[told..]);
    ensure!(
        risen.is_empty() && changed.is_empty(),
        "{} twins ran with another's rights:\n{}\n\n{} results are not what they are without twins:\n{}",
        risen.len(),
        risen.join("\n"),
        changed.len(),
        changed.join("\n")
    );
    Ok(())
}

/// Calls `one` for each item, two at a time; returns the results in order.
fn at_once<T: Sync, R: Send>(all: &[T], one: impl Fn(&T) -> Result<R> + Sync) -> Result<Vec<R>> {
    let next = Mutex::new(0..all.len());
    let found = Mutex::new(Vec::new());
    let work = || -> Result<()> {
        while let Some(at) = next.lock().ok().and_then(|mut next| next.next()) {
            let result = one(&all[at])?;
            found.lock().ok().context("a run has panicked")?.push((at, result));
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(work);
        let own = work();
        other.join().ok().context("a run has panicked")?.and(own)
    })?;
    let mut found = found.into_inner().ok().context("a run has panicked")?;
    found.sort_by_key(|(at, _)| *at);
    Ok(found.into_iter().map(|(_, result)| result).collect())
}
