//! Plans on a database in use: their locks and how long they hold them, and their treatment of leftovers of an interrupted
//! index build. Locks are measured, not read from the plan.

use std::time::Duration;

use anyhow::{Context, ensure};
use pgmeta_e2e::{Database, Outcome, run, server};
use serde_json::Value;

use crate::rehearse::{apply_script, target};

const OLD: &str = "CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, n int, note text, owner int);
CREATE TABLE app.owners (id int PRIMARY KEY);
CREATE INDEX t_idx ON app.t (n);
CREATE TABLE app.p (id int, n int) PARTITION BY LIST (n);
CREATE TABLE app.p1 PARTITION OF app.p FOR VALUES IN (1);
CREATE TABLE app.p2 PARTITION OF app.p FOR VALUES IN (2);";

const CHANGES: &str = "ALTER TABLE app.t ALTER n SET NOT NULL, ADD CHECK (n >= 0), ADD UNIQUE (n, id),
    ADD FOREIGN KEY (owner) REFERENCES app.owners;
DROP INDEX app.t_idx;
CREATE INDEX t_idx ON app.t (n, note);
DROP TABLE app.p2;";

const ROWS: &str = "INSERT INTO app.owners SELECT g FROM generate_series(1, 100) g;
INSERT INTO app.t SELECT g, g, repeat('x', 100), g % 100 + 1 FROM generate_series(1, 300000) g;
INSERT INTO app.p SELECT g, 1 + g % 2 FROM generate_series(1, 10000) g;
ANALYZE app.t, app.owners, app.p1, app.p2, app.p;";

/// Samples the locks of the plan's session every two milliseconds until it is stopped. Commits each time, because index
/// builds wait for older transactions.
const WATCH: &str = "CREATE TEMP TABLE seen (look int, at timestamptz, relation text, mode text);
DO $$
DECLARE look int := 0;
BEGIN
  WHILE EXISTS (SELECT FROM pg_database WHERE datname = :'database' AND shobj_description(oid, 'pg_database') IS NULL) LOOP
    look := look + 1;
    INSERT INTO seen SELECT look, clock_timestamp(), l.relation::regclass::text, l.mode
    FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE a.application_name = 'plan' AND l.granted AND l.relation IN ('app.t'::regclass, 'app.p'::regclass);
    COMMIT;
    PERFORM pg_stat_clear_snapshot(), pg_sleep(0.002);
  END LOOP;
END $$;";

#[test]
fn traffic_continues_during_a_plan() -> Outcome {
    let database = Database::with_pgmeta("traffic")?;
    database.psql(OLD)?;
    database.psql(ROWS)?;
    let target = target(OLD, CHANGES)?;
    let folder = tempfile::tempdir()?;
    let script = folder.path().join("traffic.sql");
    std::fs::write(
        &script,
        "\\set id random(1, 300000)\nUPDATE app.t SET note = 'y' WHERE id = :id;\nSELECT * FROM app.p WHERE n = 1 AND id = :id;\n",
    )?;
    let stop = format!("COMMENT ON DATABASE {} IS 'stop'", database.name());
    let watch = WATCH.replace(":'database'", &format!("'{}'", database.name()));
    let report = "SELECT json_agg(s) FROM (
        SELECT relation, mode, count(*) AS looks, max(last - first) AS seconds FROM (
          SELECT relation, mode, extract(epoch FROM min(at)) AS first, extract(epoch FROM max(at)) AS last
          FROM (SELECT *, look - row_number() OVER (PARTITION BY relation, mode ORDER BY look) AS island FROM seen) AS marked
          GROUP BY relation, mode, island) AS islands
        GROUP BY relation, mode) AS s";
    let (load, seen) = std::thread::scope(|scope| -> anyhow::Result<_> {
        let watcher = scope.spawn(|| database.psql(&format!("{watch}\n{report}")));
        let loader = scope.spawn(|| {
            let mut pgbench = server()?.program("pgbench");
            pgbench.args(["-n", "-c", "2", "-T", "8", "-f"]).arg(&script).arg(database.name());
            run(&mut pgbench, "")
        });
        std::thread::sleep(Duration::from_millis(500));
        let applied = apply_script(&database, &target, "{}");
        database.psql(&stop)?;
        let loaded = loader.join().map_err(|_| anyhow::anyhow!("the load failed"))??;
        let seen = watcher.join().map_err(|_| anyhow::anyhow!("the watch failed"))??;
        let applied = applied?;
        ensure!(applied.ok, "{}\n{}", applied.stdout, applied.stderr);
        Ok((loaded.checked("pgbench")?, seen))
    })?;
    ensure!(load.contains("number of failed transactions: 0"), "{load}");
    let seen: Vec<Value> = serde_json::from_str(&seen).with_context(|| format!("no locks were seen: {seen:?}"))?;
    let held = |relation: &str, mode: &str| {
        let row = seen.iter().find(|row| row["relation"] == relation && row["mode"] == mode);
        row.and_then(|row| row["seconds"].as_f64())
    };
    for relation in ["app.t", "app.p"] {
        let exclusive = held(relation, "AccessExclusiveLock").unwrap_or(0.0);
        ensure!(exclusive < 3.0, "{relation} was locked for {exclusive} s: {seen:#?}");
        ensure!(held(relation, "ShareLock").is_none(), "{relation} could not be written: {seen:#?}");
    }
    // Two indexes are built and constraints validated while others write.
    let shared = held("app.t", "ShareUpdateExclusiveLock").unwrap_or(0.0);
    ensure!(shared > 0.02, "the safe forms were not seen: {seen:#?}");
    ensure!(held("app.p", "AccessExclusiveLock").is_none(), "the parent was locked: {seen:#?}");
    let again = format!("SELECT count(*) FROM pgmeta_plan(pgmeta_live({target}), {target})");
    ensure!(database.psql(&again)? == "0", "something is left");
    Ok(())
}

#[test]
fn leftovers_of_an_interrupted_build_are_repaired() -> Outcome {
    let database = Database::with_pgmeta("interrupted")?;
    database.psql(OLD)?;
    database.psql("INSERT INTO app.t VALUES (1, 7), (2, 7)")?;
    let target = target(OLD, "CREATE UNIQUE INDEX t_n_key ON app.t (n)")?;
    let options = "{\"small_table_rows\": 0}";
    let output = apply_script(&database, &target, options)?;
    ensure!(!output.ok && output.stderr.contains("could not create unique index"), "{}", output.stderr);
    let invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";
    ensure!(database.psql(invalid)? == "1", "the build left nothing behind");
    database.psql("DELETE FROM app.t WHERE id = 2")?;
    let output = apply_script(&database, &target, options)?;
    ensure!(output.ok, "{}\n{}", output.stdout, output.stderr);
    ensure!(database.psql(invalid)? == "0", "the invalid index is still there");
    let again = format!("SELECT count(*) FROM pgmeta_plan(pgmeta_live({target}), {target})");
    ensure!(database.psql(&again)? == "0", "something is left");
    Ok(())
}
