//! Saved snapshots: versions under concurrency, dump and restore, and the schema of their tables.

use std::collections::BTreeSet;

use anyhow::{Context, ensure};
use pgmeta_e2e::{Database, Outcome, server};

const EMPTY: &str = "'{\"format_version\": 1, \"server_version_num\": 150000}'";

#[test]
fn concurrent_saves_get_different_versions() -> Outcome {
    const SESSIONS: usize = 6;
    const SAVES: usize = 10;
    let database = Database::with_pgmeta("saves")?;
    let script = format!("SELECT pgmeta_snapshot_save('same', {EMPTY});\n").repeat(SAVES);
    let outputs = std::thread::scope(|scope| {
        let sessions: Vec<_> = (0..SESSIONS).map(|_| scope.spawn(|| database.run_as("postgres", &script))).collect();
        sessions.into_iter().map(|session| session.join().ok().context("a thread failed")?).collect::<Vec<_>>()
    });
    let mut versions = BTreeSet::new();
    for output in outputs {
        let output = output?;
        ensure!(output.ok, "{}", output.stderr);
        for line in output.stdout.lines() {
            ensure!(versions.insert(line.parse::<usize>()?), "version {line} was given twice");
        }
    }
    ensure!(versions.into_iter().eq(1..=SESSIONS * SAVES), "there are gaps");
    Ok(())
}

/// A transaction that cannot see the other's version gets an error and must retry.
#[test]
fn a_late_save_in_repeatable_read_is_a_serialization_failure() -> Outcome {
    let database = Database::with_pgmeta("late")?;
    let save = format!("SELECT pgmeta_snapshot_save('same', {EMPTY})");
    // psql runs another psql in between, which commits.
    let other = format!("psql -Xq -d {} -c \"{}\" >/dev/null", database.name(), save.replace('"', "\\\""));
    let script = format!("{save};\nBEGIN ISOLATION LEVEL REPEATABLE READ;\nSELECT 1;\n\\! {other}\n{save};");
    let message = database.error("postgres", &script)?;
    ensure!(message.contains("40001"), "{message}");
    Ok(())
}

#[test]
fn a_dump_contains_saved_snapshots() -> Outcome {
    let from = Database::with_pgmeta("saved_from")?;
    from.psql(&format!(
        "SELECT pgmeta_snapshot_save('a', {EMPTY}); SELECT pgmeta_snapshot_save('a', {EMPTY}, 'second');\n\
         SELECT pgmeta_snapshot_save('b'); SELECT pgmeta_snapshot_delete('a', 2);\n\
         GRANT USAGE ON SCHEMA pgmeta TO PUBLIC; GRANT SELECT ON pgmeta.snapshots TO PUBLIC;"
    ))?;
    let to = Database::create("saved_to")?;
    let mut pg_dump = server()?.program("pg_dump");
    let dump = pg_dump.args(["-d", from.name()]).output()?;
    ensure!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
    to.load(&String::from_utf8(dump.stdout)?)?;
    let rows = "SELECT s::text FROM pgmeta.saved_snapshots s ORDER BY 1";
    ensure!(from.psql(rows)? == to.psql(rows)?, "other rows");
    let granted = "SELECT has_table_privilege('public', 'pgmeta.snapshots', 'SELECT'), has_schema_privilege('public', 'pgmeta', 'USAGE')";
    ensure!(to.psql(granted)? == "t|t", "the grants are lost");
    ensure!(to.psql(&format!("SELECT pgmeta_snapshot_save('a', {EMPTY})"))? == "3", "a version was given twice");
    Ok(())
}

#[test]
fn the_extension_installs_into_any_schema() -> Outcome {
    let call = |schema: &str| {
        format!("SELECT {schema}.pgmeta_snapshot_save('x'); SELECT {schema}.pgmeta_snapshot_load('x') IS NOT NULL")
    };
    for (label, schema) in [("in_another", "\"Other schema\""), ("in_its_own", "pgmeta")] {
        let database = Database::create(label)?;
        database.psql(&format!("CREATE SCHEMA {schema}; CREATE EXTENSION pgmeta SCHEMA {schema}"))?;
        ensure!(database.psql(&call(schema))? == "1\nt", "{schema}");
        database.psql("DROP EXTENSION pgmeta; CREATE SCHEMA IF NOT EXISTS pgmeta; DROP SCHEMA pgmeta")?;
    }
    let database = Database::create("in_a_strangers")?;
    let message = database.error("postgres", "CREATE SCHEMA pgmeta; CREATE EXTENSION pgmeta")?;
    ensure!(message.contains("42P06"), "{message}");
    Ok(())
}
