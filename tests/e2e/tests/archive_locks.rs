//! Archiving concurrently with writers and with ALTER TABLE: if sessions block each other, pgmeta ends its own wait, and
//! succeeds later.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use pgmeta_e2e::archives::with_storage;
use pgmeta_e2e::{Database, Outcome, server};

/// A short deadlock_timeout, so that deadlocks appear in a short test.
const LOOK: &str = "100ms";

const PARTITIONS: usize = 8;
const ROWS: usize = 40_000;

fn with_partitions(label: &str) -> Result<(Database<'static>, tempfile::TempDir)> {
    let (database, folder) = with_storage(label)?;
    database.psql(&format!(
        "ALTER DATABASE {name} SET deadlock_timeout = '{LOOK}';
        CREATE TABLE ev (id int, at date NOT NULL, t text) PARTITION BY RANGE (at);
        SELECT format('CREATE TABLE ev_%s PARTITION OF ev FOR VALUES FROM (%L) TO (%L)', d, date '2024-01-01' + d, date '2024-01-02' + d)
            FROM generate_series(1, {PARTITIONS}) d \\gexec
        CREATE TABLE ev_new PARTITION OF ev FOR VALUES FROM ('2099-01-01') TO ('2099-02-01');
        INSERT INTO ev SELECT g, date '2024-01-01' + 1 + g % {PARTITIONS}, md5(g::text) FROM generate_series(1, {PARTITIONS} * {ROWS}) g",
        name = database.name()
    ))?;
    Ok((database, folder))
}

/// Runs a script in a separate session.
fn session(database: &Database<'_>, script: &str) -> Result<Child> {
    let mut psql = server()?.program("psql");
    psql.args(["-qXAt", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose", "-d", database.name(), "-c", script]);
    Ok(psql.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?)
}

fn error_of(session: Child) -> Result<Option<String>> {
    let output = session.wait_with_output()?;
    Ok((!output.status.success()).then(|| String::from_utf8_lossy(&output.stderr).into_owned()))
}

/// Checks that the server has found no deadlock.
fn nobody_was_a_victim(database: &Database<'_>) -> Outcome {
    // The counters of a session appear at its end, or a moment later.
    std::thread::sleep(Duration::from_millis(600));
    let deadlocks = database.psql("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")?;
    ensure!(deadlocks == "0", "{deadlocks} deadlocks");
    Ok(())
}

/// ALTER TABLE of the parent at different moments of one call.
#[test]
fn alter_table_of_the_parent_proceeds_first() -> Outcome {
    let (database, _folder) = with_partitions("locks_ddl")?;
    let call = |at: usize| {
        format!("SELECT pgmeta_archive('ev_{at}', 'cold', '{{\"retire\": \"drop\", \"compression\": \"none\"}}')")
    };
    let begun = Instant::now();
    ensure!(error_of(session(&database, &call(PARTITIONS))?)?.is_none(), "nobody is in the way");
    let whole = begun.elapsed();
    let mut given_way = 0;
    for at in 1..PARTITIONS {
        let archive = session(&database, &call(at))?;
        std::thread::sleep(whole * u32::try_from(at)? / u32::try_from(PARTITIONS)?);
        // In a transaction that has read from the parent and takes some time.
        let ddl = format!(
            "BEGIN; SELECT id FROM ev WHERE at = '2099-01-01'; ALTER TABLE ev ALTER t SET DEFAULT '{at}'; SELECT pg_sleep(0.2); COMMIT"
        );
        database.psql(&ddl)?;
        if let Some(error) = error_of(archive)? {
            ensure!(error.contains("55P03") || error.contains("40001"), "{error}");
            given_way += 1;
            database.psql(&call(at))?;
        }
    }
    ensure!(given_way <= 2, "it has given up {given_way} times");
    let left =
        database.psql("SELECT count(*) FROM ev; SELECT sum(rows) FROM pgmeta.archives WHERE state = 'retired'")?;
    ensure!(left == format!("0\n{}", PARTITIONS * ROWS), "{left}");
    nobody_was_a_victim(&database)
}

/// Runs writers to all partitions and an ALTER TABLE concurrently with workers that retire.
fn beside_writers(label: &str, options: &str, work: &str) -> Outcome {
    let (database, _folder) = with_partitions(label)?;
    database.psql(&format!(
        "SELECT pgmeta_archive_policy_create('ev', 'ev', 'cold', interval '1 day', '{{\"retire\": \"drop\", \"backoff\": \"0\", \"max_attempts\": 1000, {options}}}')"
    ))?;
    // Late rows go to existing partitions; if there is none, the writer tries the next.
    let writing = "DO $$ BEGIN FOR i IN 1..1500 LOOP
        BEGIN INSERT INTO ev VALUES (-i, CASE WHEN i % 10 = 0 THEN date '2024-01-02' + i % 8 ELSE '2099-01-02' END, 'late');
        EXCEPTION WHEN check_violation THEN NULL; END; COMMIT; END LOOP; END $$";
    // Between the two transactions of DETACH CONCURRENTLY, PostgreSQL itself refuses ALTER TABLE of the parent.
    let refused =
        if options.contains("true") { "EXCEPTION WHEN object_not_in_prerequisite_state THEN NULL;" } else { "" };
    let changing = format!(
        "DO $$ BEGIN FOR i IN 1..40 LOOP PERFORM id FROM ev WHERE at = '2099-01-01';
        BEGIN EXECUTE format('ALTER TABLE ev ALTER t SET DEFAULT %L', i); {refused} END;
        COMMIT; PERFORM pg_sleep(0.03); COMMIT; END LOOP; END $$"
    );
    let mut others: Vec<Child> = Vec::new();
    for script in [writing, writing, changing.as_str()] {
        others.push(session(&database, script)?);
    }
    let archive = |turns: usize| -> Outcome {
        for _ in 0..turns {
            database.psql(work)?;
            let workers = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'pgmeta archive' AND datname = current_database()";
            pgmeta_e2e::archives::wait_for(&database, "workers end", workers, "0")?;
        }
        Ok(())
    };
    archive(4)?;
    for other in others {
        let error = error_of(other)?;
        ensure!(error.is_none(), "{error:?}");
    }
    archive(2)?;
    let found = database.psql(
        "SELECT count(*) FROM ev WHERE at < '2099-01-01';
        SELECT count(*) FROM pg_inherits WHERE inhparent = 'ev'::regclass;
        SELECT sum(rows) FILTER (WHERE state = 'retired') FROM pgmeta.archives",
    )?;
    let (left, archived) = found.rsplit_once('\n').unwrap_or_default();
    let states = "SELECT state, sqlstate, error, count(*) FROM pgmeta.archives GROUP BY 1, 2, 3 ORDER BY 1, 2";
    ensure!(left == "0\n1", "{left}\n{}", database.psql(states)?);
    ensure!(archived.parse::<usize>()? >= PARTITIONS * ROWS, "{archived} rows are archived");
    nobody_was_a_victim(&database)
}

#[test]
fn workers_do_not_make_writers_deadlock_victims() -> Outcome {
    beside_writers("locks_plain", "\"detach_concurrently\": false", "SELECT pgmeta_archive_start('ev', 2)")
}

#[test]
fn concurrent_detach_does_not_make_writers_deadlock_victims() -> Outcome {
    beside_writers("locks_concurrent", "\"detach_concurrently\": true", "SELECT pgmeta_archive_start('ev', 2)")
}

#[test]
fn a_run_does_not_make_writers_deadlock_victims() -> Outcome {
    beside_writers("locks_run", "\"detach_concurrently\": true", "CALL pgmeta_archive_run('ev')")
}
