//! Compares the claims of plans with the server: locks, rewrites, scans, index builds, failures on rows. No claim is wrong
//! in either direction, and every statement that a plan can contain is measured.
//!
//! A case is a file in `claims/`: the parts `-- old` and `-- new` are two states of a schema, the old one with rows. Each
//! line `-- fails: SQL` changes the rows so that some step fails; `-- options: JSON` is for the planner.

mod measure;
mod texts;

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, ensure};
use measure::{Before, Seen, step};
use pgmeta_core::diff::rename;
use pgmeta_core::model::Model;
use pgmeta_core::plan::{Hazard, LockLevel, Options, Run, Step, plan};
use pgmeta_e2e::{Database, Outcome, repository, server};
use serde_json::{Value, json};

struct Case {
    name: String,
    old: String,
    new: String,
    fails: Vec<String>,
    options: Value,
}

fn cases() -> Result<Vec<Case>> {
    let folder = repository().join("tests/e2e/tests/claims");
    let mut cases = Vec::new();
    let only = std::env::var("PGMETA_CLAIMS").ok();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().context("name")?.to_string_lossy().into_owned();
        if path.extension().is_some_and(|extension| extension == "sql")
            && only.as_ref().is_none_or(|only| *only == name)
        {
            cases.push(case(name, &fs::read_to_string(path)?)?);
        }
    }
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(cases)
}

fn case(name: String, text: &str) -> Result<Case> {
    let mut case = Case { name, old: String::new(), new: String::new(), fails: Vec::new(), options: json!({}) };
    let mut new = false;
    for line in text.lines() {
        if let Some(sql) = line.strip_prefix("-- fails: ") {
            case.fails.push(sql.to_owned());
        } else if let Some(options) = line.strip_prefix("-- options: ") {
            case.options = serde_json::from_str(options)?;
        } else if line == "-- old" || line == "-- new" {
            new = line == "-- new";
        } else {
            let side = if new { &mut case.new } else { &mut case.old };
            *side += &format!("{line}\n");
        }
    }
    Ok(case)
}

/// The two forms of a plan: online, and in transactions, as for small tables.
const FORMS: [&str; 2] = [r#"{"small_table_rows": -1}"#, r#"{"small_table_rows": 1000000, "concurrently": false}"#];

fn options(case: &Case, form: &str, back: bool) -> Result<Options> {
    let mut options: Value = serde_json::from_str(form)?;
    let own = options.as_object_mut().context("options")?;
    own.extend(case.options.as_object().cloned().unwrap_or_default());
    if back {
        own.remove("renames");
    }
    Ok(Options::from_value(options)?)
}

fn planned(old: &Model, new: &Model, options: &Options) -> Result<Vec<Step>> {
    let mut old = old.clone();
    let renames = rename(&mut old, new, &options.renames)?;
    Ok(plan(&old, new, &renames, options)?)
}

/// Reads a side of a case, with tables that the planner considers large.
fn model(sql: &str) -> Result<Model> {
    let database = Database::with_pgmeta("side")?;
    database.psql(&format!("\\o /dev/null\n{sql}"))?;
    let json = database.psql("SELECT pgmeta_live('{\"format_version\": 1, \"server_version_num\": 150000, \"schemas\": [{\"name\": \"public\"}]}')")?;
    let mut model = Model::from_json(&json)?;
    for table in &mut model.tables {
        table.rows_estimate = Some(2_000);
    }
    Ok(model)
}

fn filled(case: &Case) -> Result<Database<'static>> {
    let database = Database::create("case")?;
    database.psql(&format!("\\o /dev/null\n{}", case.old))?;
    Ok(database)
}

/// Runs a plan step by step; returns its wrong claims.
fn judged(database: &Database<'_>, steps: &[Step], what: &str) -> Result<Vec<String>> {
    let before = Before::of(database)?;
    let mut wrong = Vec::new();
    for own in steps.iter().filter(|step| !step.statement.is_note()) {
        let seen = step(database, &before, own).with_context(|| what.to_owned())?;
        for fault in faults(own, &seen) {
            wrong.push(format!("{what}: {fault}: {}\n    {seen:?}", own.statement.sql));
        }
    }
    Ok(wrong)
}

/// Compares the claims of a step with its effects.
fn faults(step: &Step, seen: &Seen) -> Vec<String> {
    let own = &step.statement;
    let word = |lock: Option<LockLevel>| lock.map_or("no lock", LockLevel::word);
    let has = |hazard| own.hazards.contains(&hazard);
    let mut faults = Vec::new();
    // DETACH CONCURRENTLY holds no lock while it waits.
    let waits = own.run == Run::Outside && own.sql.contains(" DETACH PARTITION ") && seen.lock.is_none();
    if own.lock != seen.lock && !waits {
        faults.push(format!("it claims {} and takes {}", word(own.lock), word(seen.lock)));
    }
    for (hazard, level) in [
        (Hazard::AcquiresAccessExclusiveLock, LockLevel::AccessExclusive),
        (Hazard::AcquiresShareLock, LockLevel::Share),
        (Hazard::AcquiresShareRowExclusiveLock, LockLevel::ShareRowExclusive),
    ] {
        if has(hazard) != (own.lock == Some(level)) {
            faults.push(format!("{} does not go with {}", hazard.word(), word(own.lock)));
        }
    }
    let claimed: BTreeSet<String> = own.rewrites.iter().cloned().collect();
    if claimed != seen.rewritten || has(Hazard::RewritesTable) == seen.rewritten.is_empty() {
        faults.push(format!("it claims to rewrite {claimed:?} and rewrites {:?}", seen.rewritten));
    }
    let reads = !seen.read.is_empty();
    if own.run != Run::Outside {
        let told = has(Hazard::FullTableScan) || has(Hazard::RewritesTable) || has(Hazard::IndexBuild);
        if reads && !told {
            faults.push("it reads a table and does not say so".into());
        }
        if has(Hazard::FullTableScan) && !reads {
            faults.push("it claims to read a table and does not".into());
        }
    }
    let builds = !seen.built.is_empty();
    if builds != has(Hazard::IndexBuild) {
        faults.push(format!(
            "it {} an index",
            if builds { "builds and does not claim" } else { "claims and does not build" }
        ));
    }
    let works = reads || builds || !seen.rewritten.is_empty() || own.run == Run::Outside;
    if works != own.slow {
        faults.push(if works { "it takes long and has no time" } else { "it has time and takes none" }.into());
    }
    faults
}

#[test]
fn claims_of_plans_are_true() -> Outcome {
    let mut wrong = Vec::new();
    let mut measured = BTreeSet::new();
    let cases = cases()?;
    let mut failed = BTreeSet::new();
    for case in &cases {
        let (old, new) = (model(&case.old)?, model(&case.new)?);
        let mut claimed = BTreeSet::new();
        for form in FORMS {
            let database = filled(case)?;
            let steps = planned(&old, &new, &options(case, form, false)?)?;
            let back = planned(&new, &old, &options(case, form, true)?)?;
            for (steps, way) in [(&steps, "there"), (&back, "back")] {
                measured.extend(steps.iter().map(|step| step.statement.sql.clone()));
                wrong.extend(judged(&database, steps, &format!("{} {way} {form}", case.name))?);
            }
            let may_fail = steps.iter().filter(|step| step.statement.hazards.contains(&Hazard::MayFailOnData));
            claimed.extend(may_fail.map(|step| step.statement.sql.clone()));
            for sql in &case.fails {
                let step = failing(case, sql, &steps)?;
                match step {
                    Some(step) => {
                        if !step.statement.hazards.contains(&Hazard::MayFailOnData) {
                            wrong.push(format!(
                                "{} {form} with {sql}: it fails unexpectedly: {}",
                                case.name, step.statement.sql
                            ));
                        }
                        failed.insert(step.statement.sql.clone());
                    }
                    None => wrong.push(format!("{} {form}: nothing fails with {sql}", case.name)),
                }
            }
        }
        let never = claimed.difference(&failed).map(|sql| format!("{}: it never fails: {sql}", case.name));
        wrong.extend(never);
    }
    if std::env::var("PGMETA_CLAIMS").is_err() {
        let texts = texts::unmeasured(&measured, server()?.major()?)?;
        wrong.extend(texts.into_iter().map(|text| format!("never measured: {text}")));
    }
    ensure!(wrong.is_empty(), "{} wrong claims on {}:\n{}", wrong.len(), server()?.major()?, wrong.join("\n"));
    Ok(())
}

/// Runs a plan on rows that must break it; returns the failed step.
fn failing<'s>(case: &Case, sql: &str, steps: &'s [Step]) -> Result<Option<&'s Step>> {
    let database = filled(case)?;
    database.psql(&format!("\\o /dev/null\n{sql}"))?;
    let mut script = String::from("SET check_function_bodies = off;\n\\o /dev/null\n");
    let mut transaction = None;
    for step in steps {
        if step.transaction != transaction {
            script += if transaction.is_some() { "COMMIT;\n" } else { "" };
            script += if step.transaction.is_some() { "BEGIN;\n" } else { "" };
            transaction = step.transaction;
        }
        script += &format!("\\warn @@{}\n{};\n", step.step, step.statement.sql);
    }
    let output = database.run_as("postgres", &script)?;
    if output.ok {
        return Ok(None);
    }
    let last = output.stderr.lines().filter_map(|line| line.strip_prefix("@@")).next_back().context("no step")?;
    let last: i32 = last.parse()?;
    Ok(steps.iter().find(|step| step.step == last))
}
