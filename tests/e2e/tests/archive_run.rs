//! `pgmeta_archive_run`: concurrent sessions, and failures in the middle of a run.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use pgmeta_e2e::archives::{kill_backend, nothing_is_lost, wait_for, with_policy};
use pgmeta_e2e::{Database, Outcome, server};

/// Calls the procedure in a separate session.
fn run(own: &pgmeta_e2e::Server, database: &Database<'_>) -> Result<Child> {
    let mut psql = own.program("psql");
    psql.args(["-qXAt", "-d", database.name(), "-c", "CALL pgmeta_archive_run()"]);
    Ok(psql.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?)
}

/// Sessions do not wait for each other, do not fail because of each other, and skip partitions that another has archived.
#[test]
fn sessions_share_the_work() -> Outcome {
    let (database, store) = with_policy(server()?, "run_eight", "{\"retire\": \"drop\"}")?;
    let sessions: Vec<_> = (0..8).map(|_| run(server()?, &database)).collect::<Result<_>>()?;
    for mut session in sessions {
        ensure!(session.wait()?.success(), "a session has failed");
    }
    let states = database.psql("SELECT state, count(*) FROM pgmeta.archives GROUP BY 1")?;
    ensure!(states == "retired|10", "{states}");
    nothing_is_lost(&database, &store)
}

/// The server dies while files are written: the next run finds them by the record.
#[test]
fn a_server_crash_during_a_run_leaves_no_file() -> Outcome {
    let own = server()?.start()?;
    let options = "{\"retire\": \"drop\", \"max_attempts\": 1000, \"compression\": \"none\"}";
    let (database, store) = with_policy(&own, "run_dies", options)?;
    let backend = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'CALL pgmeta%'";
    // The last round meets an attempt with certainty: the store does not answer.
    let frozen = 8;
    for kill in 0..=frozen {
        store.freeze(kill == frozen)?;
        let mut session = run(&own, &database)?;
        wait_for(&database, "a session", &format!("SELECT count(*) FROM ({backend}) b"), "1")?;
        let pid = database.psql(backend)?;
        if kill == frozen {
            wait_for(
                &database,
                "uploading",
                "SELECT phase FROM pgmeta.archive_progress WHERE archive IS NOT NULL",
                "uploading",
            )?;
        } else {
            std::thread::sleep(Duration::from_millis(kill * 31 % 150));
        }
        kill_backend(&own, &pid)?;
        ensure!(!session.wait()?.success(), "the session has ended well");
    }
    store.freeze(false)?;
    let left = database.psql("SELECT count(*) FROM pgmeta.archives WHERE state IN ('scanning', 'uploading')")?;
    ensure!(left != "0", "no moment met an attempt");
    ensure!(run(&own, &database)?.wait()?.success(), "the last one has failed");
    let states = database.psql("SELECT count(*) FROM pgmeta.archives WHERE state = 'retired'")?;
    ensure!(states == "10", "{states} are retired");
    nothing_is_lost(&database, &store)
}

#[test]
fn an_attempt_is_cancelled_by_its_id() -> Outcome {
    let (database, store) = with_policy(server()?, "run_cancelled", "{\"retire\": \"drop\", \"keep_newest\": 10}")?;
    store.freeze(true)?;
    let mut session = run(server()?, &database)?;
    wait_for(&database, "uploading", "SELECT phase FROM pgmeta.archive_progress WHERE policy = 'ev'", "uploading")?;
    let begun = Instant::now();
    database.psql("SELECT pgmeta_archive_cancel(archive) FROM pgmeta.archive_progress WHERE policy = 'ev'")?;
    ensure!(!session.wait()?.success(), "it has ended well");
    ensure!(begun.elapsed() < Duration::from_secs(2), "it took {:?}", begun.elapsed());
    store.freeze(false)?;
    let state = database.psql("CALL pgmeta_archive_run(); SELECT state FROM pgmeta_archive_candidates('ev')")?;
    ensure!(state == "cancelled", "{state}");
    nothing_is_lost(&database, &store)
}

/// A cancel or a timeout does not count as a failure of the partition.
#[test]
fn a_timeout_does_not_count_as_failure() -> Outcome {
    let (database, store) =
        with_policy(server()?, "run_timeout", "{\"retire\": \"drop\", \"max_attempts\": 1, \"keep_newest\": 10}")?;
    store.freeze(true)?;
    let error = database.error("postgres", "SET statement_timeout = '3s'; CALL pgmeta_archive_run()")?;
    ensure!(error.contains("57014"), "{error}");
    store.freeze(false)?;
    let states = database.psql(
        "SELECT state, class FROM pgmeta.archives; CALL pgmeta_archive_run(); SELECT state FROM pgmeta.archives ORDER BY id",
    )?;
    ensure!(states == "failed|interrupted\nfailed\nretired", "{states}");
    nothing_is_lost(&database, &store)
}

/// An error in one policy does not stop the others.
#[test]
fn a_policy_without_its_table_is_skipped() -> Outcome {
    let (database, store) = with_policy(server()?, "run_missing", "{\"retire\": \"drop\"}")?;
    database.psql(
        "CREATE TABLE gone (at date) PARTITION BY RANGE (at);
        SELECT pgmeta_archive_policy_create('a gone', 'gone', 'cold', interval '1 day'); DROP TABLE gone",
    )?;
    let output = database.run_as("postgres", "CALL pgmeta_archive_run()")?;
    ensure!(
        output.ok && output.stderr.contains("could not find what is due of policy \"a gone\""),
        "{}",
        output.stderr
    );
    let error = database.error("postgres", "CALL pgmeta_archive_run('a gone')")?;
    ensure!(error.contains("42P01"), "{error}");
    let error = database.error("postgres", "CALL pgmeta_archive_run('none')")?;
    ensure!(error.contains("42704"), "{error}");
    nothing_is_lost(&database, &store)
}

/// Records are dumped by pg_dump. In the copy they refer to partitions by name, because OIDs differ. Attempts that the
/// first database is still running are left alone.
#[test]
fn dumped_records_refer_to_the_same_partitions() -> Outcome {
    let (database, store) = with_policy(server()?, "run_dumped", "{}")?;
    database.psql("CALL pgmeta_archive_run()")?;
    let mut pg_dump = server()?.program("pg_dump");
    let dump = pgmeta_e2e::run(pg_dump.args(["-d", database.name()]), "")?.checked("pg_dump")?;
    let copy = Database::create("run_restored")?;
    copy.load(&dump)?;
    let states = "SELECT state, count(*) FROM pgmeta_archive_candidates('ev') GROUP BY 1 ORDER BY 1";
    let found = copy.psql(states)?;
    ensure!(found == "stored|10", "{found}");
    // As if the first database had retired one partition, were archiving another, and had an OID that belongs to another
    // table here.
    copy.psql(
        "UPDATE pgmeta.archive_records SET state = 'retired', partition_oid = 'ev_3'::regclass WHERE partition = 'public.ev_5';
        UPDATE pgmeta.archive_records SET state = 'uploading' WHERE partition = 'public.ev_7'",
    )?;
    let found = copy.psql("SELECT partition, state FROM pgmeta_archive_candidates('ev') WHERE state <> 'stored'")?;
    ensure!(found == "ev_5|pending\nev_7|uploading", "{found}");
    copy.psql("CALL pgmeta_archive_run()")?;
    let found = copy.psql(states)?;
    ensure!(found == "stored|10", "{found}");
    ensure!(store.files()?.len() == 24, "{:#?}", store.files()?);
    let bad = "SELECT count(*) FROM pgmeta.archives a, pgmeta_archive_verify(a.id) v WHERE v.status <> 'ok'";
    ensure!(database.psql(bad)? == "0", "an archive of the first database is damaged");
    Ok(())
}
