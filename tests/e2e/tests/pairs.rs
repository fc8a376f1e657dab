//! Plans on pairs of schemas: a plan leads from the old schema to the new one and back; planning again returns no steps.
//! The judge is `shared/oracle/run_pairs.py`; the project's own pairs are in tests/fixtures/pairs, each case of
//! shared/research/diff.md by its number.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};
use pgmeta_e2e::{Outcome, repository, run, server, shared};

/// All shared pairs take a quarter of an hour, and some create roles that other tests would see: a part is enough.
const SOME: &[&str] = &["--only", "pgschema/", "--every", "10"];

fn judge(pairs: &Path, more: &[&str]) -> Result<Option<String>> {
    let Some(shared) = shared() else {
        println!("skipped: there is no shared/ folder with the judge of pairs");
        return Ok(None);
    };
    let mut judge = Command::new("python3");
    judge.arg(shared.join("oracle/run_pairs.py")).arg("--pairs").arg(pairs).args(["--jobs", "1"]).args(more);
    let output = run(&mut judge, "")?;
    Ok(Some(output.stdout))
}

#[test]
fn plans_work_on_own_pairs() -> Outcome {
    passes("tests/fixtures/pairs")
}

/// Pairs that need an extension of contrib, which not every installation has.
#[test]
fn plans_work_on_contrib_pairs() -> Outcome {
    let available = "SELECT count(*) FROM pg_available_extension_versions WHERE name = 'pg_trgm' AND version = '1.3'";
    if server()?.psql("postgres", available)?.trim() != "1" {
        println!("skipped: this installation has no contrib");
        return Ok(());
    }
    passes("tests/fixtures/contrib_pairs")
}

fn passes(folder: &str) -> Outcome {
    if let Some(said) = judge(&repository().join(folder), &[])? {
        ensure!(said.trim_end().ends_with("= 100.0%"), "{said}");
    }
    Ok(())
}

#[test]
fn plans_work_on_shared_pairs() -> Outcome {
    if let Some(shared) = shared()
        && let Some(said) = judge(&shared.join("pairs"), SOME)?
    {
        ensure!(said.trim_end().ends_with("= 100.0%"), "{said}");
    }
    Ok(())
}
