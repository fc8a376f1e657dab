//! The exact plans of the hardest cases, in both directions: tests/fixtures/pairs/CASE/plan.txt beside its old.sql and
//! new.sql. pairs.rs tests that they work; here a reader sees the effect of a change in the planner. `PGMETA_ACCEPT=1`
//! writes them.

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};
use pgmeta_e2e::{Database, Outcome, repository, server};

/// The plans are for PostgreSQL 15: other versions have other variants of statements.
const MAJOR: u32 = 15;

const PLAN: &str =
    "SELECT format(E'-- %s%s%s\n%s;', COALESCE('transaction ' || transaction, 'outside of transactions'),
  ', ' || lock_level, CASE WHEN hazards <> '{}' THEN ': ' || array_to_string(hazards, ', ') END, statement)
FROM pgmeta_plan(:'source', :'target') ORDER BY step;";

#[test]
fn plans_of_the_hardest_cases_are_as_reviewed() -> Outcome {
    if server()?.major()? != MAJOR {
        println!("skipped: the plans are those of PostgreSQL {MAJOR}");
        return Ok(());
    }
    let mut cases = Vec::new();
    for folder in ["tests/fixtures/pairs", "tests/fixtures/contrib_pairs"] {
        for entry in fs::read_dir(repository().join(folder))? {
            cases.push(entry?.path());
        }
    }
    cases.retain(|path| path.is_dir());
    cases.sort();
    ensure!(cases.len() > 20, "only {} cases", cases.len());
    let mut differ = Vec::new();
    for case in &cases {
        let found = plans(case).with_context(|| case.display().to_string())?;
        let golden = case.join("plan.txt");
        if std::env::var_os("PGMETA_ACCEPT").is_some() {
            fs::write(&golden, found)?;
        } else if fs::read_to_string(&golden).unwrap_or_default() != found {
            differ.push(format!("{}:\n{found}", golden.display()));
        }
    }
    ensure!(differ.is_empty(), "not the plans of\n{}", differ.join("\n"));
    Ok(())
}

/// Returns the plan from the old schema to the new one, and the one back.
fn plans(case: &Path) -> anyhow::Result<String> {
    let [old, new] = ["old", "new"].map(|side| -> anyhow::Result<_> {
        let database = Database::create("golden")?;
        database.run_script(&case.join(format!("{side}.sql")))?;
        database.psql("CREATE SCHEMA beside; CREATE EXTENSION pgmeta SCHEMA beside")?;
        let snapshot = database.psql("SELECT beside.pgmeta_snapshot()")?;
        Ok((database, snapshot.trim_end().to_owned()))
    });
    let (database, old) = old?;
    let (_other, new) = new?;
    let plan = |source: &str, target: &str| {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
        let plan = PLAN.replace(":'source'", &quoted(source)).replace(":'target'", &quoted(target));
        database.psql(&format!("SET search_path = beside;\n{plan}"))
    };
    Ok(format!("-- There\n{}\n-- Back\n{}", plan(&old, &new)?, plan(&new, &old)?))
}
