//! Workers: their normal work, how they are stopped, and that no row is lost or duplicated after any failure.

use std::time::{Duration, Instant};

use anyhow::ensure;
use pgmeta_e2e::archives::{kill_backend, nothing_is_lost, nothing_is_lost_of_restored, wait_for, with_policy};
use pgmeta_e2e::{Database, Outcome, Server, server};

const WORKERS: &str =
    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'pgmeta archive' AND datname = current_database()";

/// Starts a worker and waits until its process has ended.
fn work(database: &Database<'_>) -> Outcome {
    let pids = database.psql("SELECT pgmeta_archive_start('ev')")?;
    let begun = Instant::now();
    while pids.lines().any(|pid| std::path::Path::new("/proc").join(pid).exists()) {
        ensure!(begun.elapsed() < Duration::from_secs(60), "a worker does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Starts a worker, and waits until it waits for the store.
fn start_uploading(database: &Database<'_>) -> Outcome {
    database.psql("SELECT pgmeta_archive_start('ev', 1)")?;
    let phase = "SELECT phase FROM pgmeta.archive_progress WHERE archive IS NOT NULL";
    wait_for(database, "uploading", phase, "uploading")
}

#[test]
fn workers_archive_all_candidates() -> Outcome {
    let (database, store) = with_policy(server()?, "workers", "{\"retire\": \"drop\", \"notify\": \"archives\"}")?;
    let pids = database.psql("SELECT count(DISTINCT p) FROM pgmeta_archive_start('ev', 3) p")?;
    ensure!(pids == "3", "{pids}");
    wait_for(&database, "archives", "SELECT count(*) FROM pgmeta.archives WHERE state = 'retired'", "10")?;
    wait_for(&database, "workers end", WORKERS, "0")?;
    nothing_is_lost(&database, &store)?;
    let states = database.psql(
        "SELECT DISTINCT string_agg(state, ' ' ORDER BY ordinal) FROM (SELECT archive, state, row_number() OVER (PARTITION BY archive ORDER BY at) AS ordinal
            FROM pgmeta.archive_events) e GROUP BY archive",
    )?;
    ensure!(states == "scanning uploading verifying stored retiring retired", "{states}");
    let left = database.psql("SELECT count(*) FROM pg_inherits WHERE inhparent = 'ev'::regclass; SELECT count(*) FROM pgmeta_archive_start()")?;
    ensure!(left == "1\n1", "{left}");
    let error = database.error("postgres", "SELECT pgmeta_archive_start('none')")?;
    ensure!(error.contains("42704"), "{error}");
    let error = database.error("postgres", "SELECT pgmeta_archive_start('ev', 0)")?;
    ensure!(error.contains("22023"), "{error}");
    Ok(())
}

#[test]
fn eight_workers_never_share_a_partition() -> Outcome {
    let (database, store) = with_policy(server()?, "eight_workers", "{\"retire\": \"detach\"}")?;
    database.psql("SELECT pgmeta_archive_start('ev', 8)")?;
    wait_for(&database, "archives", "SELECT count(*) FROM pgmeta.archives WHERE state = 'retired'", "10")?;
    wait_for(&database, "workers end", WORKERS, "0")?;
    nothing_is_lost(&database, &store)
}

#[test]
fn concurrent_detach_does_not_block_readers() -> Outcome {
    let (database, store) =
        with_policy(server()?, "concurrently", "{\"retire\": \"drop\", \"detach_concurrently\": true}")?;
    database.psql("SELECT pgmeta_archive_start('ev')")?;
    wait_for(&database, "archives", "SELECT count(*) FROM pgmeta.archives WHERE state = 'retired'", "10")?;
    let how = database.psql("SELECT DISTINCT detail FROM pgmeta.archive_events WHERE state = 'retired'")?;
    ensure!(how == "drop, detached concurrently", "{how}");
    nothing_is_lost(&database, &store)?;
    // The server cannot detach concurrently if there is a DEFAULT partition.
    database.psql(
        "CREATE TABLE ev_default PARTITION OF ev DEFAULT; CREATE TABLE ev_0 PARTITION OF ev FOR VALUES FROM ('2023-01-01') TO ('2023-02-01');
        SELECT pgmeta_archive_start('ev')",
    )?;
    wait_for(&database, "archives", "SELECT count(*) FROM pgmeta.archives WHERE state = 'retired'", "11")?;
    let how =
        database.psql("SELECT detail FROM pgmeta.archive_events WHERE state = 'retired' ORDER BY at DESC LIMIT 1")?;
    ensure!(how == "drop, detached", "{how}");
    Ok(())
}

/// An archive is cancelled while its store does not answer, and tried again later.
#[test]
fn a_worker_is_cancelled() -> Outcome {
    let (database, store) = with_policy(server()?, "cancelled", "{\"retire\": \"drop\", \"keep_newest\": 10}")?;
    store.freeze(true)?;
    start_uploading(&database)?;
    let seen = database.psql("SELECT policy, partition, pid IS NOT NULL, started_at IS NOT NULL FROM pgmeta.archive_progress WHERE archive IS NOT NULL")?;
    ensure!(seen == "ev|public.ev_1|t|t", "{seen}");
    // A slow store does not hold back VACUUM.
    let held = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'pgmeta archive' AND datname = current_database() AND backend_xmin IS NOT NULL";
    wait_for(&database, "no snapshot", held, "0")?;
    let begun = Instant::now();
    database.psql("SELECT pgmeta_archive_cancel(1)")?;
    wait_for(&database, "cancelled", "SELECT state FROM pgmeta.archives", "cancelled")?;
    ensure!(begun.elapsed() < Duration::from_secs(2), "it took {:?}", begun.elapsed());
    let state = database.psql("SELECT state, blocked_by FROM pgmeta_archive_candidates('ev')")?;
    ensure!(state == "cancelled|it was cancelled: pgmeta_archive_retry tries again", "{state}");
    store.freeze(false)?;
    let error = database.error("postgres", "SELECT pgmeta_archive_cancel(1)")?;
    ensure!(error.contains("55000"), "{error}");
    let again = database.psql("SELECT pgmeta_archive_retry(1); SELECT state FROM pgmeta.archives ORDER BY id")?;
    ensure!(again == "2\ncancelled\nretired", "{again}");
    // The next worker deletes the files that the cancelled one could not delete.
    wait_for(&database, "workers end", WORKERS, "0")?;
    work(&database)?;
    nothing_is_lost(&database, &store)
}

#[test]
fn a_terminated_worker_ends() -> Outcome {
    let (database, store) = with_policy(server()?, "terminated", "{\"retire\": \"drop\"}")?;
    store.freeze(true)?;
    start_uploading(&database)?;
    let begun = Instant::now();
    database.psql("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE backend_type = 'pgmeta archive' AND datname = current_database()")?;
    ensure!(begun.elapsed() < Duration::from_millis(2500), "it took {:?}", begun.elapsed());
    store.freeze(false)?;
    // It does not count as a failure of the partition.
    let state = database
        .psql("SELECT state, class FROM pgmeta.archives; SELECT DISTINCT state FROM pgmeta_archive_candidates('ev')")?;
    ensure!(state == "failed|interrupted\npending", "{state}");
    database.psql("SELECT pgmeta_archive_start('ev')")?;
    wait_for(&database, "archives", "SELECT count(*) FROM pgmeta.archives WHERE state = 'retired'", "10")?;
    wait_for(&database, "workers end", WORKERS, "0")?;
    nothing_is_lost(&database, &store)
}

/// A partition that fails each time is skipped, and the others are archived.
#[test]
fn partitions_that_always_fail_are_skipped() -> Outcome {
    let (database, _store) =
        with_policy(server()?, "aside", "{\"retire\": \"drop\", \"max_attempts\": 2, \"backoff\": \"0\"}")?;
    database.psql("CREATE VIEW needs AS SELECT * FROM ev_3")?;
    for _ in 0..3 {
        work(&database)?;
    }
    let states = database.psql("SELECT state, count(*) FROM pgmeta.archives GROUP BY 1 ORDER BY 1; SELECT sqlstate FROM pgmeta.archives WHERE state = 'stored'")?;
    ensure!(states == "retired|9\nstored|1\n2BP01", "{states}");
    database.psql("DROP VIEW needs; SELECT pgmeta_archive_start('ev')")?;
    wait_for(&database, "archives", "SELECT count(*) FROM pgmeta.archives WHERE state = 'retired'", "10")
}

/// A partition that cannot be detached now stays, and is recorded as stored until it can.
#[test]
fn partitions_that_cannot_be_detached_stay_stored() -> Outcome {
    let (database, store) =
        with_policy(server()?, "attached", "{\"retire\": \"drop\", \"max_attempts\": 9, \"backoff\": \"0\"}")?;
    database.psql(
        "CREATE FUNCTION stop() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'not now' USING ERRCODE = 'object_in_use'; END$$;
         CREATE EVENT TRIGGER stop ON ddl_command_start WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION stop();",
    )?;
    for _ in 0..2 {
        work(&database)?;
        let states = database.psql(
            "SELECT state, sqlstate, count(*) FROM pgmeta.archives GROUP BY 1, 2;
             SELECT count(*) FROM pg_inherits WHERE inhparent = 'ev'::regclass",
        )?;
        ensure!(states == "stored|55006|10\n11", "{states}");
    }
    database.psql("DROP EVENT TRIGGER stop")?;
    work(&database)?;
    wait_for(&database, "archives", "SELECT count(*) FROM pgmeta.archives WHERE state = 'retired'", "10")?;
    nothing_is_lost(&database, &store)
}

/// A partition that crashes its worker, and so the server, each time is not tried for ever.
#[test]
fn partitions_that_kill_workers_are_skipped() -> Outcome {
    let own = server()?.start()?;
    let options = "{\"retire\": \"drop\", \"max_attempts\": 1, \"backoff\": \"0\"}";
    let (database, store) = with_policy(&own, "poison", options)?;
    for _ in 0..5 {
        store.freeze(true)?;
        start_uploading(&database)?;
        let pid = database.psql("SELECT pid FROM pg_stat_activity WHERE backend_type = 'pgmeta archive'")?;
        ensure!(kill_backend(&own, &pid)?, "there was no worker to kill");
        store.freeze(false)?;
    }
    work(&database)?;
    let states =
        database.psql("SELECT state, class, count(*) FROM pgmeta.archives GROUP BY 1, 2 ORDER BY 1, 2 DESC")?;
    ensure!(states == "failed|lost|5\nretired||9", "{states}");
    let aside = database.psql("SELECT partition, state, blocked_by FROM pgmeta_archive_candidates('ev')")?;
    ensure!(aside == "ev_1|failed|workers terminated unexpectedly 5 times in a row", "{aside}");
    nothing_is_lost(&database, &store)
}

/// Kills workers with SIGKILL at any moment, each of which restarts the server. `PGMETA_KILLS` is the number of kills.
#[test]
fn killed_workers_lose_no_rows() -> Outcome {
    let kills: u64 = std::env::var("PGMETA_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(12);
    let own = server()?.start()?;
    let options = "{\"retire\": \"drop\", \"max_attempts\": 1000, \"backoff\": \"0\", \"detach_concurrently\": true, \"compression\": \"none\"}";
    let (database, store) = with_policy(&own, "kills", options)?;
    let mut interrupted = 0;
    for kill in 0..kills {
        database.psql("SELECT pgmeta_archive_start('ev', 2)")?;
        // A different moment each time, within the second or so that the work takes.
        std::thread::sleep(Duration::from_millis(10 + kill * 37 % 900));
        let pid = database.psql("SELECT pid FROM pg_stat_activity WHERE backend_type = 'pgmeta archive' LIMIT 1")?;
        if pid.is_empty() {
            // All partitions are archived: start again, with the archives so far.
            nothing_is_lost(&database, &store)?;
            database.psql(
                "SELECT pgmeta_archive_restore(id, '{\"attach\": true, \"hold\": false}') FROM pgmeta.archives WHERE state = 'retired'; SELECT pgmeta_archive_start('ev', 2)",
            )?;
            continue;
        }
        interrupted += u64::from(kill_backend(&own, &pid)?);
    }
    ensure!(interrupted > kills / 4, "only {interrupted} of {kills} moments met a worker");
    let unfinished = "SELECT count(*) FROM pgmeta.archives WHERE state IN ('scanning', 'uploading', 'verifying', 'retiring') OR state = 'stored'";
    for _ in 0..3 {
        work(&database)?;
    }
    wait_for(&database, "unfinished", unfinished, "0")?;
    let left = database.psql("SELECT count(*) FROM ev WHERE at < '2099-01-01'")?;
    ensure!(left == "0", "{left} rows are still there");
    nothing_is_lost_of_restored(&database, &store)
}

/// Configures a server of the test to preload pgmeta, with a schedule for one database.
fn with_schedule(own: &Server, database: &str) -> Outcome {
    own.psql("postgres", "ALTER SYSTEM SET shared_preload_libraries = 'pgmeta'")?;
    own.restart()?;
    own.psql("postgres", &format!("ALTER SYSTEM SET pgmeta.archive_databases = '{database}'"))?;
    own.psql("postgres", "ALTER SYSTEM SET pgmeta.archive_interval = 1")?;
    own.restart()
}

#[test]
fn the_scheduler_starts_workers_also_after_a_promotion() -> Outcome {
    let own = server()?.start()?;
    let (database, store) = with_policy(&own, "schedule", "{\"retire\": \"drop\", \"schedule\": \"1 second\"}")?;
    for (option, wrong) in [("schedule", "every day"), ("schedule", "99 * * * *"), ("backoff", "soon")] {
        let call = format!("SELECT pgmeta_archive_policy_alter('ev', '{{\"{option}\": \"{wrong}\"}}')");
        let error = database.error("postgres", &call)?;
        ensure!(error.contains("22023") && error.contains(option), "{error}");
    }
    database.psql("SELECT pgmeta_archive_policy_pause('ev')")?;
    with_schedule(&own, database.name())?;
    let standby = own.standby()?;
    let error = standby.run_psql(database.name(), "postgres", "SELECT pgmeta_archive_start('ev')")?.stderr;
    ensure!(error.contains("cannot execute pgmeta_archive_start() during recovery"), "{error}");
    let health = standby.psql(database.name(), "SELECT status FROM pgmeta_archive_health() WHERE name = 'server'")?;
    ensure!(health == "warn", "{health}");

    database.psql("SELECT pgmeta_archive_policy_resume('ev')")?;
    wait_for(&database, "archives", "SELECT count(*) FROM pgmeta.archives WHERE state = 'retired'", "10")?;
    nothing_is_lost(&database, &store)?;
    database.psql("SELECT pgmeta_archive_policy_alter('ev', '{\"schedule\": \"* * * * * *\"}'); CREATE TABLE ev_0 PARTITION OF ev FOR VALUES FROM ('2023-01-01') TO ('2023-02-01')")?;
    wait_for(&database, "by cron", "SELECT count(*) FROM pgmeta.archives WHERE state = 'retired'", "11")?;

    // The new primary archives what the old one has not.
    database.psql(
        "SELECT pgmeta_archive_policy_pause('ev'); CREATE TABLE ev_00 PARTITION OF ev FOR VALUES FROM ('2022-01-01') TO ('2022-02-01');
        SELECT pg_switch_wal()",
    )?;
    let caught_up = "SELECT to_regclass('ev_00') IS NOT NULL";
    let begun = Instant::now();
    while standby.psql(database.name(), caught_up)? != "t" {
        ensure!(begun.elapsed() < Duration::from_secs(30), "the standby does not follow");
        std::thread::sleep(Duration::from_millis(50));
    }
    standby.psql("postgres", "SELECT pg_promote()")?;
    standby.psql(database.name(), "SELECT pgmeta_archive_policy_resume('ev')")?;
    let begun = Instant::now();
    while standby.psql(database.name(), "SELECT count(*) FROM pgmeta.archives WHERE state = 'retired'")? != "12" {
        ensure!(begun.elapsed() < Duration::from_secs(60), "the new primary does not go on");
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// A partition that was restored to its place is not archived again silently.
#[test]
fn restored_partitions_are_not_archived_again() -> Outcome {
    let (database, _store) = with_policy(server()?, "stays", "{\"retire\": \"drop\", \"keep_newest\": 10}")?;
    database.psql("CALL pgmeta_archive_run()")?;
    database.psql("SELECT pgmeta_archive_restore(1, '{\"attach\": true}')")?;
    let state = database.psql("SELECT state, blocked_by FROM pgmeta_archive_candidates('ev')")?;
    ensure!(state == "restored|it was restored: pgmeta_archive_retry archives it again", "{state}");
    let again = database.psql(
        "CALL pgmeta_archive_run(); SELECT pgmeta_archive_retry(1); SELECT state FROM pgmeta.archives ORDER BY id",
    )?;
    ensure!(again == "2\nrestored\nretired", "{again}");
    Ok(())
}

/// Neither a fast shutdown nor DROP DATABASE waits for a store that does not answer.
#[test]
fn a_frozen_store_does_not_block_the_server() -> Outcome {
    let own = server()?.start()?;
    let (database, store) = with_policy(&own, "shutdown", "{\"retire\": \"drop\"}")?;
    store.freeze(true)?;
    start_uploading(&database)?;
    let begun = Instant::now();
    own.restart()?;
    ensure!(begun.elapsed() < Duration::from_secs(4), "the restart took {:?}", begun.elapsed());
    let state = database.psql("SELECT state, class FROM pgmeta.archives")?;
    ensure!(state == "failed|interrupted", "{state}");
    start_uploading(&database)?;
    let begun = Instant::now();
    own.psql("postgres", &format!("DROP DATABASE {} WITH (FORCE)", database.name()))?;
    ensure!(begun.elapsed() < Duration::from_secs(3), "DROP DATABASE took {:?}", begun.elapsed());
    Ok(())
}

/// A slow reader leaves DETACH CONCURRENTLY pending; the next worker finalizes it.
#[test]
fn a_pending_detachment_is_finalized() -> Outcome {
    let options = "{\"retire\": \"drop\", \"detach_concurrently\": true, \"lock_timeout\": 300, \"keep_newest\": 10}";
    let (database, store) = with_policy(server()?, "pending", options)?;
    let mut psql = server()?.program("psql");
    psql.args([
        "-qX",
        "-d",
        database.name(),
        "-c",
        "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM ev; SELECT pg_sleep(4)",
    ]);
    let mut reader = psql.stdout(std::process::Stdio::null()).spawn()?;
    wait_for(
        &database,
        "reader",
        "SELECT count(*) FROM pg_stat_activity WHERE query ~ '^BEGIN.*pg_sleep' AND datname = current_database()",
        "1",
    )?;
    std::thread::sleep(Duration::from_millis(300));
    work(&database)?;
    let state =
        database.psql("SELECT state FROM pgmeta.archives; SELECT count(*) FROM pg_inherits WHERE inhdetachpending")?;
    ensure!(state == "retiring\n1", "{state}");
    let left = database.psql("SELECT status FROM pgmeta_archive_health() WHERE name = 'workers'")?;
    ensure!(left == "warn", "{left}");
    reader.wait()?;
    database.psql("SELECT pgmeta_archive_start('ev')")?;
    wait_for(&database, "archives", "SELECT state FROM pgmeta.archives", "retired")?;
    nothing_is_lost(&database, &store)
}

/// Locks are taken in the order of readers: parent, then partition.
#[test]
fn readers_do_not_deadlock_with_workers() -> Outcome {
    let (database, store) = with_policy(server()?, "readers", "{\"retire\": \"drop\", \"lock_timeout\": 60000}")?;
    let reading = "DO $$ BEGIN FOR i IN 1..400 LOOP PERFORM count(*) FROM ev; COMMIT; END LOOP; END $$";
    let mut readers = Vec::new();
    for _ in 0..3 {
        let mut psql = server()?.program("psql");
        psql.args(["-qX", "-v", "ON_ERROR_STOP=1", "-d", database.name(), "-c", reading]);
        readers.push(psql.stderr(std::process::Stdio::null()).spawn()?);
    }
    database.psql("SELECT pgmeta_archive_start('ev', 2)")?;
    wait_for(&database, "archives", "SELECT count(*) FROM pgmeta.archives WHERE state = 'retired'", "10")?;
    for mut reader in readers {
        ensure!(reader.wait()?.success(), "a reader has failed");
    }
    let failed = database.psql("SELECT count(*) FROM pgmeta.archives WHERE error IS NOT NULL")?;
    ensure!(failed == "0", "{failed} archives have failed");
    nothing_is_lost(&database, &store)
}
