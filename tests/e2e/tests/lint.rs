//! The cases of lint rules on a real server: bad.sql has the expected findings, every fix runs and removes its finding,
//! good.sql and the examples of the pages have the results that they state. `PGMETA_ACCEPT=1` writes snapshots and
//! findings.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, ensure};
use pgmeta_core::model::Model;
use pgmeta_e2e::{Database, Outcome, fixture_roles, repository, server};
use pgmeta_lint::Finding;

#[path = "../../../crates/pgmeta-lint/tests/cases/mod.rs"]
mod cases;
mod counts;
mod sarif;

use cases::{Case, Side, accepts, listing};

/// The snapshots are for PostgreSQL 15.
const MAJOR: u32 = 15;

/// Snapshots contain nothing that depends on the server's minor version and name.
const SNAPSHOT: &str = "SELECT beside.pgmeta_snapshot()";

fn all() -> Vec<Case> {
    let root = repository().join("crates/pgmeta-lint");
    let wanted = std::env::var("PGMETA_RULE").ok();
    let cases = cases::cases(&root).into_iter();
    cases.filter(|case| wanted.as_deref().is_none_or(|wanted| wanted == case.rule.name)).collect()
}

/// Runs a check of every case, and reports all failures.
fn each(check: impl Fn(&Case) -> Result<()>) -> Outcome {
    fixture_roles()?;
    let wrong: Vec<String> = all()
        .iter()
        .filter_map(|case| check(case).err().map(|error| format!("{}: {error:#}", case.rule.name)))
        .collect();
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// Runs a script that is rolled back; returns its model and snapshot.
fn model_of(database: &Database<'_>, script: &str) -> Result<(Model, String)> {
    let text = database.psql(&format!("BEGIN;\n{script}\n;\n{SNAPSHOT};\nROLLBACK;"))?;
    let text = text.lines().last().unwrap_or_default().to_owned();
    Ok((Model::from_json(&text)?, text))
}

fn empty() -> Result<Database<'static>> {
    let database = Database::create("lint")?;
    database.psql("CREATE SCHEMA beside; CREATE EXTENSION pgmeta SCHEMA beside")?;
    Ok(database)
}

/// Writes a snapshot, or compares it with that of the case.
fn keep(case: &Case, side: Side, snapshot: &str) -> Result<()> {
    if server()?.major()? != MAJOR {
        return Ok(());
    }
    let mut value: serde_json::Value = serde_json::from_str(snapshot)?;
    value["server_version_num"] = (MAJOR * 10_000).into();
    let text = serde_json::to_string_pretty(&value)? + "\n";
    let path: PathBuf = case.snapshot_path(side);
    if accepts() {
        return Ok(fs::write(path, text)?);
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    ensure!(golden == text, "{} is not the snapshot that the server makes now", path.display());
    Ok(())
}

fn findings(case: &Case, model: &Model, side: Side) -> Result<Vec<Finding>> {
    case.findings(model, side).map_err(|error| anyhow!(error))
}

#[test]
fn bad_schemas_have_the_expected_findings_and_working_fixes() -> Outcome {
    each(|case| {
        let database = empty()?;
        database.run_script(&case.path("bad.sql"))?;
        let snapshot = database.psql(SNAPSHOT)?;
        keep(case, Side::Bad, &snapshot)?;
        let before = findings(case, &Model::from_json(&snapshot)?, Side::Bad)?;
        ensure!(!before.is_empty(), "no finding");
        if server()?.major()? == MAJOR {
            case.compare(&before).map_err(|error| anyhow!(error))?;
        }
        for finding in &before {
            if let Some(sql) = &finding.fix_sql {
                database.psql(sql).with_context(|| format!("fix of {}", finding.cache_key))?;
            }
        }
        let after = findings(case, &Model::from_json(&database.psql(SNAPSHOT)?)?, Side::Bad)?;
        // Maintenance statements change statistics and not the model; the statistics are written by hand here.
        let is_maintenance = |sql: &str| sql.starts_with("REINDEX ") || sql.starts_with("VACUUM ");
        let from_file = case.statistics(Side::Bad).map_err(|error| anyhow!(error))?.is_some();
        let unmended = |finding: &&Finding| {
            before.iter().any(|before| {
                let fix = before.fix_sql.as_deref().filter(|sql| !(from_file && is_maintenance(sql)));
                fix.is_some() && before.cache_key == finding.cache_key
            })
        };
        let left: Vec<Finding> = after.iter().filter(unmended).cloned().collect();
        ensure!(left.is_empty(), "not mended by their fixes: {}", listing(&left));
        // A fix must not cause a new finding.
        let new = |finding: &&Finding| !before.iter().any(|before| before.cache_key == finding.cache_key);
        let new: Vec<Finding> = after.iter().filter(new).cloned().collect();
        ensure!(new.is_empty(), "made by fixes: {}", listing(&new));
        Ok(())
    })
}

#[test]
fn good_schemas_and_page_examples_have_the_stated_results() -> Outcome {
    let database = empty()?;
    each(|case| {
        let (model, snapshot) = model_of(&database, &fs::read_to_string(case.path("good.sql"))?)?;
        keep(case, Side::Good, &snapshot)?;
        let found = findings(case, &model, Side::Good)?;
        ensure!(found.is_empty(), "good.sql: {}", listing(&found));
        let doc = case.rule.document();
        let (good, _) = model_of(&database, &doc.example_good).context("Good")?;
        let found = findings(case, &good, Side::Good)?;
        ensure!(found.is_empty(), "Good: {}", listing(&found));
        // These do not run in a transaction, or need statistics that the example does not have.
        let judged_alone = case.statistics(Side::Bad).map_err(|error| anyhow!(error))?.is_none();
        if judged_alone && !doc.example_bad.contains("CONCURRENTLY") {
            let (bad, _) = model_of(&database, &doc.example_bad).context("Bad")?;
            ensure!(!findings(case, &bad, Side::Bad)?.is_empty(), "Bad: no finding");
        }
        Ok(())
    })
}
