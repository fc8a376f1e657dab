//! Rehearsals and applied plans: their measurements, their leftovers, and when they fail.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::{Database, Outcome, Output, repository, run, same_text, server};
use serde_json::Value;

const OLD: &str = "CREATE SCHEMA app;
CREATE TYPE app.color AS ENUM ('red');
CREATE TABLE app.t (id int PRIMARY KEY, short varchar(10), n int);
CREATE TABLE app.other (id int);
CREATE TABLE app.untouched (id int);
INSERT INTO app.t SELECT g, g, g FROM generate_series(1, 5000) g;
CREATE MATERIALIZED VIEW app.m AS SELECT count(*) AS c FROM app.t;";

/// Returns the snapshot of `old` after some statements, as JSON in a literal.
pub fn target(old: &str, changes: &str) -> Result<String> {
    let database = Database::with_pgmeta("target")?;
    database.psql(old)?;
    database.psql(changes)?;
    Ok(format!("'{}'", database.psql("SELECT pgmeta_snapshot()")?.replace('\'', "''")))
}

/// Returns the rows of a rehearsal.
fn rehearse(database: &Database<'_>, target: &str, options: &str) -> Result<Vec<Value>> {
    let rows = database.psql(&format!(
        "SELECT COALESCE(json_agg(r ORDER BY step), '[]') FROM pgmeta_rehearse({target}, '{options}') AS r"
    ))?;
    Ok(serde_json::from_str(&rows)?)
}

fn row<'a>(rows: &'a [Value], statement: &str) -> Result<&'a Value> {
    let found = rows.iter().find(|row| row["statement"].as_str().is_some_and(|text| text.contains(statement)));
    found.with_context(|| format!("no statement has {statement:?}: {rows:#?}"))
}

fn locks(row: &Value) -> Vec<String> {
    let text = |lock: &Value| Some(format!("{} {}", lock["relation"].as_str()?, lock["mode"].as_str()?));
    row["locks"].as_array().into_iter().flatten().filter_map(text).collect()
}

fn no_errors(rows: &[Value]) -> Outcome {
    ensure!(rows.iter().all(|row| row["error"].is_null()), "{rows:#?}");
    Ok(())
}

#[test]
fn locks_and_rewrites_are_measured() -> Outcome {
    let database = Database::with_pgmeta("rehearse")?;
    database.psql(OLD)?;
    let target = target(
        OLD,
        "ALTER TABLE app.t ALTER id TYPE bigint; ALTER TABLE app.other ADD note text; CREATE INDEX t_n ON app.t (n);
         CREATE TABLE app.new (id int REFERENCES app.t)",
    )?;
    let rows = rehearse(&database, &target, "{}")?;
    no_errors(&rows)?;
    let bigint = row(&rows, "TYPE bigint")?;
    ensure!(bigint["rewritten"] == serde_json::json!(["app.t"]), "{bigint}");
    ensure!(locks(bigint).contains(&"app.t AccessExclusiveLock".to_owned()), "{bigint}");
    ensure!(bigint["duration_ms"].as_f64().is_some_and(|ms| ms > 0.0), "{bigint}");
    let add = row(&rows, "ADD COLUMN note")?;
    ensure!(add["rewritten"] == serde_json::json!([]) && locks(add) == ["app.other AccessExclusiveLock"], "{add}");
    let index = row(&rows, "INDEX t_n")?;
    ensure!(!index.to_string().contains("INDEX CONCURRENTLY"), "{index}");
    ensure!(index["locks"][0]["note"] == "rehearsed without CONCURRENTLY", "{index}");
    let all: Vec<String> = rows.iter().flat_map(locks).collect();
    ensure!(!all.iter().any(|lock| lock.contains("untouched") || lock.contains("app.new")), "{all:?}");

    // A longer varchar needs no rewrite, unlike a shorter one.
    let target = self::target(OLD, "ALTER TABLE app.t ALTER short TYPE varchar(20)")?;
    let rows = rehearse(&database, &target, "{}")?;
    no_errors(&rows)?;
    ensure!(row(&rows, "short")?["rewritten"] == serde_json::json!([]), "{rows:#?}");
    let target = self::target(OLD, "ALTER TABLE app.t ALTER short TYPE varchar(5)")?;
    let rows = rehearse(&database, &target, "{}")?;
    no_errors(&rows)?;
    ensure!(row(&rows, "short")?["rewritten"] == serde_json::json!(["app.t"]), "{rows:#?}");
    Ok(())
}

#[test]
fn a_rehearsal_leaves_nothing_behind() -> Outcome {
    let database = Database::with_pgmeta("undone")?;
    database.psql(OLD)?;
    let state = "SELECT md5(pgmeta_snapshot()::text), (SELECT sum(relfilenode::int8) FROM pg_class WHERE oid > 16384),
        (SELECT sum(hashtext(t::text)) FROM app.t), current_setting('search_path'), current_setting('lock_timeout')";
    let before = (database.dump()?, database.psql(state)?);
    let target = target(
        OLD,
        "ALTER TYPE app.color ADD VALUE 'blue'; ALTER TABLE app.t ALTER id TYPE bigint; DROP TABLE app.other;",
    )?;
    let after = database.psql(&format!(
        "BEGIN;\nSELECT count(*) > 1 FROM pgmeta_rehearse({target});\n{state};
         SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND mode = 'AccessExclusiveLock' AND locktype = 'relation';\nCOMMIT;"
    ))?;
    same_text("before and after, in its transaction", &format!("t\n{}\n0", before.1), &after)?;
    same_text("before and after", &before.0, &database.dump()?)?;
    same_text("before and after", &before.1, &database.psql(state)?)
}

/// A new label is used in the transaction that adds it; labels that the caller added stay unusable.
#[test]
fn new_enum_labels_can_be_rehearsed() -> Outcome {
    let database = Database::with_pgmeta("labels")?;
    database.psql(OLD)?;
    let changes = ["ALTER TYPE app.color ADD VALUE 'blue'", "ALTER TABLE app.t ADD c app.color DEFAULT 'blue'"];
    let donor = Database::with_pgmeta("labels_target")?;
    donor.psql(OLD)?;
    changes.iter().try_for_each(|change| donor.psql(change).map(drop))?;
    let target = format!("'{}'", donor.psql("SELECT pgmeta_snapshot()")?.replace('\'', "''"));
    let rows = rehearse(&database, &target, "{}")?;
    no_errors(&rows)?;
    row(&rows, "ADD VALUE")?;
    row(&rows, "ADD COLUMN c")?;
    let error = database.error(
        "postgres",
        &format!(
            "BEGIN;\nALTER TYPE app.color ADD VALUE 'green';\nSELECT count(*) FROM pgmeta_rehearse({target});\nSELECT 'green'::app.color;"
        ),
    )?;
    ensure!(error.contains("55P04"), "{error}");
    let error = database.error("postgres", &format!("SELECT pgmeta_apply({target}, '{}')", allowed(false)))?;
    ensure!(error.contains("55P04") && error.contains("apply.sql"), "{error}");
    Ok(())
}

/// Options that allow every hazard.
fn allowed(concurrently: bool) -> String {
    let words: Vec<&str> = pgmeta_core::plan::Hazard::ALL.iter().map(|hazard| hazard.word()).collect();
    serde_json::json!({"concurrently": concurrently, "allow_hazards": words}).to_string()
}

#[test]
fn a_step_waits_for_locks_only_until_its_timeout() -> Outcome {
    let database = Database::with_pgmeta("lock")?;
    database.psql(OLD)?;
    let target = target(OLD, "ALTER TABLE app.other ADD a int; ALTER TABLE app.t ADD a int")?;
    let holder = "BEGIN; LOCK TABLE app.t IN ROW EXCLUSIVE MODE; SELECT pg_sleep(8); COMMIT;";
    std::thread::scope(|scope| -> Outcome {
        let waiting = scope.spawn(|| database.run_as("postgres", holder));
        let held = "SELECT count(*) FROM pg_locks WHERE relation = 'app.t'::regclass AND mode = 'RowExclusiveLock'";
        let begun = Instant::now();
        while database.psql(held)? == "0" {
            ensure!(begun.elapsed() < Duration::from_secs(7), "nobody holds the lock");
            std::thread::sleep(Duration::from_millis(50));
        }
        let begun = Instant::now();
        let rows = rehearse(&database, &target, "{\"lock_timeout\": 200}")?;
        ensure!(begun.elapsed() < Duration::from_secs(5), "it waited {:?}", begun.elapsed());
        let last = rows.last().context("no rows")?;
        ensure!(last["error"].as_str().is_some_and(|error| error.starts_with("55P03: ")), "{rows:#?}");
        ensure!(last["statement"].as_str().is_some_and(|text| text.contains("app.t ")), "{rows:#?}");
        database.psql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )?;
        let _ = waiting.join();
        Ok(())
    })
}

/// The step's time limit ends the step; afterwards the caller's limit applies again.
#[test]
fn a_step_runs_only_until_its_timeout() -> Outcome {
    let database = Database::with_pgmeta("slow")?;
    let old = format!(
        "{OLD}\nCREATE FUNCTION app.slow(int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN PERFORM pg_catalog.pg_sleep(0.002); RETURN true; END';"
    );
    database.psql(&old)?;
    let target = target(
        &old,
        "ALTER TABLE app.t ADD CONSTRAINT slow CHECK (app.slow(n)) NOT VALID; ALTER TABLE app.t VALIDATE CONSTRAINT slow",
    )?;
    let limits = "{\"statement_timeout\": 300, \"slow_statement_timeout\": 300}";
    let begun = Instant::now();
    let rows = rehearse(&database, &target, limits)?;
    ensure!(begun.elapsed() < Duration::from_secs(6), "it ran {:?}", begun.elapsed());
    let last = rows.last().context("no rows")?;
    ensure!(last["error"].as_str().is_some_and(|error| error.starts_with("57014: ")), "{rows:#?}");
    ensure!(last["duration_ms"].as_f64().is_some_and(|ms| ms >= 300.0), "{rows:#?}");

    let begun = Instant::now();
    let error = database.error(
        "postgres",
        &format!(
            "SET statement_timeout = '3s';\nSELECT count(*), pg_sleep(20) FROM pgmeta_rehearse({target}, '{limits}') WHERE step = 1;"
        ),
    )?;
    ensure!(
        error.contains("57014") && begun.elapsed() < Duration::from_secs(12),
        "{error} after {:?}",
        begun.elapsed()
    );
    // The caller's own limit fails the call, not a step.
    let error =
        database.error("postgres", &format!("SET statement_timeout = '500ms';\nSELECT pgmeta_rehearse({target});"))?;
    ensure!(error.contains("57014"), "{error}");
    Ok(())
}

#[test]
fn a_plan_is_applied_completely_or_not_at_all() -> Outcome {
    let database = Database::with_pgmeta("apply")?;
    database.psql(OLD)?;
    let before = database.dump()?;
    // The last statement fails on the rows.
    let changes = "ALTER TABLE app.other ADD note text; ALTER TABLE app.t ALTER n SET NOT NULL";
    let target = target(OLD, changes)?;
    database.psql("INSERT INTO app.t VALUES (0, '', NULL)")?;
    let error = database.error("postgres", &format!("SELECT pgmeta_apply({target}, '{}')", allowed(false)))?;
    ensure!(error.contains("23514") || error.contains("23502"), "{error}");
    same_text("before and after an error", &before, &database.dump()?)?;
    database.psql("DELETE FROM app.t WHERE id = 0")?;
    database.psql(&format!("SELECT pgmeta_apply({target}, '{}')", allowed(false)))?;
    let donor = Database::with_pgmeta("applied")?;
    donor.psql(OLD)?;
    donor.psql(changes)?;
    same_text("the target and what was applied", &donor.dump()?, &database.dump()?)?;
    ensure!(rehearse(&database, &target, "{}")?.is_empty(), "a second plan is not empty");
    Ok(())
}

/// Runs apply.sql with every hazard allowed, unless the options specify hazards.
pub fn apply_script(database: &Database<'_>, target: &str, options: &str) -> Result<Output> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("target.json");
    fs::write(&file, target.trim_matches('\'').replace("''", "'"))?;
    let mut psql = server()?.program("psql");
    psql.env("PGAPPNAME", "plan").args([
        "-X",
        "-d",
        database.name(),
        "-v",
        &format!("target={}", file.display()),
        "-v",
        &format!("options={options}"),
    ]);
    if !options.contains("allow_hazards") {
        let words: Vec<&str> = pgmeta_core::plan::Hazard::ALL.iter().map(|hazard| hazard.word()).collect();
        psql.args(["-v", &format!("allow_hazards={}", words.join(","))]);
    }
    run(psql.arg("-f").arg(repository().join("sql/psql/apply.sql")), "")
}

#[test]
fn the_script_resumes_at_the_failed_step() -> Outcome {
    let database = Database::with_pgmeta("script")?;
    database.psql(OLD)?;
    let changes = "ALTER TABLE app.other ADD \"note :target\" text DEFAULT E'it''s\\\\:x'; ALTER TABLE app.t ALTER n SET NOT NULL;
        CREATE INDEX t_short ON app.t (short)";
    let target = target(OLD, changes)?;
    database.psql("INSERT INTO app.t VALUES (0, '', NULL)")?;
    let output = apply_script(&database, &target, "{\"allow_hazards\": [\"INDEX_BUILD\"]}")?;
    ensure!(!output.ok && output.stderr.contains("hazards that are not allowed"), "{}", output.stderr);
    let output = apply_script(&database, &target, "{\"expected_fingerprint\": \"x\"}")?;
    ensure!(!output.ok && output.stderr.contains("fingerprint"), "{}", output.stderr);
    let output = apply_script(&database, &target, "{\"small_table_rows\": 0}")?;
    ensure!(!output.ok && output.stderr.contains("failed, and only"), "{}\n{}", output.stdout, output.stderr);
    ensure!(output.stdout.contains("step 1 of "), "{}", output.stdout);
    database.psql("DELETE FROM app.t WHERE id = 0")?;
    let output = apply_script(&database, &target, "{\"small_table_rows\": 0}")?;
    ensure!(output.ok && output.stdout.trim_end().ends_with("done"), "{}\n{}", output.stdout, output.stderr);
    ensure!(output.stdout.contains("CREATE INDEX CONCURRENTLY"), "{}", output.stdout);
    let output = apply_script(&database, &target, "{}")?;
    ensure!(output.ok && output.stdout.trim_end() == "nothing to do", "{}\n{}", output.stdout, output.stderr);
    let donor = Database::with_pgmeta("scripted")?;
    donor.psql(OLD)?;
    donor.psql(changes)?;
    same_text("the target and what was applied", &donor.dump()?, &database.dump()?)
}

/// A partition whose rows are referenced is not dropped: the server raises an error before anything is lost. Without such
/// rows it is dropped, and the foreign keys stay.
#[test]
fn a_referenced_partition_is_not_dropped() -> Outcome {
    const PARTED: &str = "CREATE SCHEMA app;
CREATE TABLE app.p (a int PRIMARY KEY) PARTITION BY LIST (a);
CREATE TABLE app.p_1 PARTITION OF app.p FOR VALUES IN (1);
CREATE TABLE app.p_2 PARTITION OF app.p FOR VALUES IN (2) PARTITION BY RANGE (a);
CREATE TABLE app.p_2a PARTITION OF app.p_2 FOR VALUES FROM (2) TO (3);
CREATE TABLE app.r (a int REFERENCES app.p);
CREATE TABLE app.q (a int REFERENCES app.p) PARTITION BY LIST (a);
CREATE TABLE app.q_1 PARTITION OF app.q DEFAULT;
INSERT INTO app.p VALUES (1), (2);
INSERT INTO app.r VALUES (1);
INSERT INTO app.q VALUES (1);";
    let target = target(
        PARTED,
        "DELETE FROM app.p WHERE a = 2; ALTER TABLE app.p DETACH PARTITION app.p_2; DROP TABLE app.p_2",
    )?;
    let hazards = r#"["ACQUIRES_ACCESS_EXCLUSIVE_LOCK", "FULL_TABLE_SCAN", "DELETES_DATA", "MAY_FAIL_ON_DATA"]"#;
    for (row, fails) in [("app.r VALUES (2)", true), ("app.q VALUES (2)", true), ("app.r VALUES (1)", false)] {
        let database = Database::with_pgmeta("referred")?;
        database.psql(PARTED)?;
        database.psql(&format!("INSERT INTO {row}"))?;
        let rows = rehearse(&database, &target, "{}")?;
        let errors: Vec<&str> = rows.iter().filter_map(|row| row["error"].as_str()).collect();
        ensure!(
            errors.iter().all(|error| error.starts_with("23503")) && errors.is_empty() != fails,
            "{row}: {rows:#?}"
        );
        ensure!(
            !rows.iter().any(|row| row["statement"].as_str().is_some_and(|sql| sql.contains("CONSTRAINT"))),
            "{rows:#?}"
        );
        let apply = format!("SELECT count(*) FROM pgmeta_apply({target}, '{{\"allow_hazards\": {hazards}}}')");
        if fails {
            ensure!(database.psql(&apply).is_err(), "{row} was left alone");
        } else {
            database.psql(&apply)?;
        }
        let left = database.psql("SELECT count(*) FROM app.p")?;
        ensure!(left.trim() == if fails { "2" } else { "1" }, "{row}: {left}");
    }
    Ok(())
}
