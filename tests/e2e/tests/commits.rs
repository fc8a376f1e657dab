//! Law: a plan is safe at every commit. After each transaction, every object that guards or shows rows, and that both sides
//! have, exists as on one of the sides; no privilege exists that neither side grants. A plan that cannot guarantee this has
//! the hazard LEAVES_GAP. `PGMETA_PAIRS` is a folder of further pairs.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::{Database, Outcome, repository, shared};

const PLAN: &str = "SELECT coalesce(transaction::text, '-') || E'\\x1f' || statement || E'\\x1f' || ('LEAVES_GAP' = ANY (hazards))
FROM pgmeta_plan(pgmeta_snapshot(options => '{\"secrets\": \"include\"}'), :'target', '{\"exclude\": [\"beside\"]}') ORDER BY step \\g (format=unaligned tuples_only=on recordsep='\u{1e}')";

/// Cases whose rows violate the target, with the error of the plan.
const ROWS_DO_NOT_FIT: &[(&str, &str)] = &[
    ("cast_user", "invalid input value for enum"),
    ("hash_mod", "is violated by some row"),
    ("identity_uuid", "invalid input syntax for type uuid"),
    ("part_bound_data", "is violated by some row"),
    ("varchar_shrink", "value too long for type"),
];

struct Step {
    transaction: String,
    statement: String,
    leaves_gap: bool,
}

#[test]
fn no_commit_of_the_own_pairs_leaves_a_gap() -> Outcome {
    judge(&repository().join("tests/fixtures/pairs"), 1)
}

#[test]
fn no_commit_of_the_shared_pairs_leaves_a_gap() -> Outcome {
    let Some(shared) = shared() else {
        println!("skipped: there is no shared/ folder with cases");
        return Ok(());
    };
    judge(&shared.join("cases/diff"), 1)?;
    match std::env::var_os("PGMETA_PAIRS") {
        Some(folder) => judge(Path::new(&folder), 1),
        None => judge(&shared.join("pairs/pgschema"), 10),
    }
}

/// Checks every `every`-th pair below a folder.
fn judge(folder: &Path, every: usize) -> Outcome {
    let mut pairs = Vec::new();
    find(folder, &mut pairs)?;
    pairs.sort();
    ensure!(pairs.len() > 20, "only {} pairs in {}", pairs.len(), folder.display());
    let mut wrong = Vec::new();
    for pair in pairs.iter().step_by(every) {
        let error = holds(pair).err().map(|error| format!("{error:#}"));
        let expected = ROWS_DO_NOT_FIT.iter().find(|(name, _)| pair.ends_with(name)).map(|(_, text)| *text);
        match (error, expected) {
            (Some(error), Some(text)) if error.contains(text) => {}
            (None, Some(text)) => wrong.push(format!("{}: no error: {text}", pair.display())),
            (Some(error), _) => wrong.push(format!("{}: {error}", pair.display())),
            (None, None) => {}
        }
    }
    ensure!(wrong.is_empty(), "{} of {} pairs:\n{}", wrong.len(), pairs.len().div_ceil(every), wrong.join("\n"));
    Ok(())
}

fn find(folder: &Path, pairs: &mut Vec<PathBuf>) -> Outcome {
    if folder.join("old.sql").is_file() {
        pairs.push(folder.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, pairs)?;
        }
    }
    Ok(())
}

/// Runs the plan from the old side to the new one and back; checks after each commit.
fn holds(pair: &Path) -> Outcome {
    let [old, new] = ["old", "new"].map(|side| -> Result<_> {
        let database = Database::create("commits")?;
        if let Err(error) = database.run_script(&pair.join(format!("{side}.sql"))) {
            println!("{}: {side}.sql does not load here: {error:#}", pair.display());
            return Ok(None);
        }
        database.psql("CREATE SCHEMA beside; CREATE EXTENSION pgmeta SCHEMA beside")?;
        let snapshot = database
            .psql("SET search_path = beside; SELECT pgmeta_snapshot(options => '{\"secrets\": \"include\"}')")?;
        Ok(Some((database, snapshot.trim_end().to_owned())))
    });
    let (Some((database, before)), Some((_other, after))) = (old?, new?) else { return Ok(()) };
    let guards = fs::read_to_string(repository().join("tests/e2e/tests/commits/guards.sql"))?;
    database.psql(&format!("SET search_path = pg_catalog;\n{guards}"))?;
    for (way, target) in [("there", after), ("back", before)] {
        let steps = plan(&database, &target)?;
        look_at_each_commit(&database, &steps).context(way)?;
    }
    Ok(())
}

fn plan(database: &Database<'_>, target: &str) -> Result<Vec<Step>> {
    let query = PLAN.replace(":'target'", &format!("'{}'", target.replace('\'', "''")));
    let rows = database.psql(&format!("SET search_path = beside;\n{query}\n"))?;
    let rows = rows.split('\u{1e}').filter(|row| !row.trim().is_empty());
    rows.map(|row| {
        let mut fields = row.split('\u{1f}').map(str::to_owned);
        let mut next = || fields.next().context("a field of a step");
        let (transaction, statement) = (next()?.trim_start().to_owned(), next()?);
        Ok(Step { transaction, statement, leaves_gap: next()?.trim() == "true" })
    })
    .collect()
}

fn look_at_each_commit(database: &Database<'_>, steps: &[Step]) -> Outcome {
    let look = |at: usize| {
        format!(
            "SET search_path = pg_catalog; INSERT INTO beside.seen SELECT {at}, * FROM beside.guards; RESET search_path;\n"
        )
    };
    let mut script = format!("TRUNCATE beside.seen;\n{}", look(0));
    for (at, step) in steps.iter().enumerate() {
        let begins = at == 0 || steps[at - 1].transaction != step.transaction;
        let ends = steps.get(at + 1).is_none_or(|next| next.transaction != step.transaction);
        let alone = step.transaction == "-";
        let (begin, commit) =
            (if begins && !alone { "BEGIN;\n" } else { "" }, if ends && !alone { "COMMIT;\n" } else { "" });
        write!(script, "{begin}{}\n;\n{commit}", step.statement.trim_end().trim_end_matches(';'))?;
        if ends || alone {
            script += &look(at + 1);
        }
    }
    database.psql(&script)?;
    let wrong = database.psql("SELECT format('after step %s: %s', at, what) FROM beside.wrong ORDER BY at, what")?;
    if !steps.iter().any(|step| step.leaves_gap) {
        let list: Vec<String> = steps.iter().map(|step| format!("{}: {}", step.transaction, step.statement)).collect();
        ensure!(wrong.is_empty(), "{wrong}\n{}", list.join("\n"));
    }
    Ok(())
}
