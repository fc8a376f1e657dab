//! Policies: due partitions for each type of key, partitions whose rows are stored already, and invalid policies, which are
//! reported and do not stop others.

use std::fs;

use anyhow::{Result, ensure};
use pgmeta_e2e::archives::{TABLE, data_file, files, kill_backend, wait_for, with_policy, with_storage, work};
use pgmeta_e2e::{Database, Outcome, server};

const WORKERS: &str =
    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'pgmeta archive' AND datname = current_database()";

/// The ways to archive due candidates.
const WAYS: [&str; 2] = ["CALL pgmeta_archive_run('ev')", "SELECT pgmeta_archive_start('ev')"];

fn with_old(label: &str, options: &str) -> Result<(Database<'static>, tempfile::TempDir)> {
    let (database, folder) = with_storage(label)?;
    database.psql(TABLE)?;
    database.psql("ALTER TABLE ev DETACH PARTITION ev_new")?;
    database
        .psql(&format!("SELECT pgmeta_archive_policy_create('ev', 'ev', 'cold', interval '1 day', '{options}')"))?;
    Ok((database, folder))
}

const STATES: &str = "SELECT id, state, retire, rows FROM pgmeta.archives ORDER BY id";

/// Rows that were stored with `retire: keep` are not stored again when the policy drops them later.
#[test]
fn kept_partitions_are_retired_when_the_policy_changes() -> Outcome {
    for (at, way) in WAYS.iter().enumerate() {
        let (database, folder) = with_old(&format!("then_drop_{at}"), "{}")?;
        work(&database, way)?;
        work(&database, way)?;
        let found = database.psql(&format!("{STATES}; SELECT state FROM pgmeta_archive_candidates('ev')"))?;
        ensure!(found == "1|stored|keep|1000\nstored", "{found}");
        database.psql("SELECT pgmeta_archive_policy_alter('ev', '{\"retire\": \"drop\"}')")?;
        let found = database.psql("SELECT state, blocked_by FROM pgmeta_archive_candidates('ev')")?;
        ensure!(found == "pending|", "{found}");
        work(&database, way)?;
        let found = database.psql(&format!("{STATES}; SELECT to_regclass('ev_old') IS NULL"))?;
        ensure!(found == "1|retired|drop|1000\nt", "{way}: {found}");
        ensure!(files(folder.path())?.len() == 2, "{:?}", files(folder.path())?);
    }
    Ok(())
}

/// The archive is verified again before the partition is dropped.
#[test]
fn missing_files_are_stored_again_before_retiring() -> Outcome {
    for (at, way) in WAYS.iter().enumerate() {
        let (database, folder) = with_old(&format!("missing_{at}"), "{}")?;
        work(&database, way)?;
        fs::remove_file(data_file(folder.path())?)?;
        let found = database.psql("SELECT status, detail FROM pgmeta_archive_verify(1) WHERE status <> 'ok'")?;
        ensure!(found == "fail|file is missing", "{found}");
        let error = database.error("postgres", "SELECT pgmeta_archive_restore(1, '{\"into\": \"public.back\"}')")?;
        ensure!(error.contains("58P01") && error.contains("is missing"), "{error}");
        database.psql("SELECT pgmeta_archive_policy_alter('ev', '{\"retire\": \"drop\"}')")?;
        work(&database, way)?;
        let found =
            database.psql(&format!("{STATES}; SELECT count(*) FROM pgmeta_archive_verify(2) WHERE status = 'ok'"))?;
        ensure!(found == "1|stored|keep|1000\n2|retired|drop|1000\n2", "{way}: {found}");
    }
    Ok(())
}

/// Rows and columns that were added to a stored partition, and to one that was attached again by hand.
#[test]
fn late_rows_are_archived() -> Outcome {
    for (at, way) in WAYS.iter().enumerate() {
        let (database, _folder) = with_old(&format!("late_{at}"), "{}")?;
        work(&database, way)?;
        database.psql("INSERT INTO ev VALUES (0, '2024-01-05', 'late')")?;
        work(&database, way)?;
        work(&database, way)?;
        let found = database.psql(STATES)?;
        ensure!(found == "1|stored|keep|1000\n2|stored|keep|1001", "{way}: {found}");
        // It has other columns now: the archive does not contain all.
        database.psql("ALTER TABLE ev ADD extra int DEFAULT 3; SELECT pgmeta_archive_policy_alter('ev', '{\"retire\": \"detach\"}')")?;
        work(&database, way)?;
        let found = database.psql(STATES)?;
        ensure!(found == "1|stored|keep|1000\n2|stored|keep|1001\n3|retired|detach|1001", "{way}: {found}");
        let attach = "ALTER TABLE ev ATTACH PARTITION ev_old FOR VALUES FROM ('2024-01-01') TO ('2024-02-01')";
        database.psql(attach)?;
        work(&database, way)?;
        let again =
            database.psql(&format!("SELECT count(*) FROM pg_inherits WHERE inhparent = 'ev'::regclass; {STATES}"))?;
        ensure!(again == format!("0\n{found}"), "{way}: {again}");
        database.psql(&format!("{attach}; INSERT INTO ev VALUES (0, '2024-01-06', 'later')"))?;
        work(&database, way)?;
        let last = database
            .psql(&format!("SELECT count(*) FROM pg_inherits WHERE inhparent = 'ev'::regclass; {STATES} OFFSET 3"))?;
        ensure!(last == "0\n4|retired|detach|1002", "{way}: {last}");
    }
    Ok(())
}

/// A partition that was restored with `hold` stays, even if the policy changes.
#[test]
fn held_partitions_stay() -> Outcome {
    let (database, _folder) = with_old("held", "{\"retire\": \"drop\"}")?;
    work(&database, WAYS[0])?;
    database.psql(
        "SELECT pgmeta_archive_restore(1, '{\"attach\": true}'); INSERT INTO ev VALUES (0, '2024-01-05', 'late')",
    )?;
    for retire in ["\"detach\"", "null", "\"drop\""] {
        database.psql(&format!("SELECT pgmeta_archive_policy_alter('ev', '{{\"retire\": {retire}}}')"))?;
        for way in WAYS {
            work(&database, way)?;
        }
        let found = database.psql("SELECT count(*) FROM ev; SELECT count(*) FROM pgmeta.archives; SELECT state FROM pgmeta_archive_candidates('ev')")?;
        ensure!(found == "1001\n1\nrestored", "{found}");
    }
    Ok(())
}

/// For each type of key: a partition is due when none of its possible rows is younger than the retention.
#[test]
fn partitions_with_younger_rows_are_not_due() -> Outcome {
    let (database, _folder) = with_storage("keys")?;
    database.psql(
        "CREATE DOMAIN day AS date; CREATE DOMAIN workday AS day CHECK (VALUE > '2000-01-01'); CREATE DOMAIN number AS int;
        CREATE TABLE several (at date, k int) PARTITION BY RANGE (at, k);
        CREATE TABLE several_1 PARTITION OF several FOR VALUES FROM ('2024-01-01', MINVALUE) TO ('2024-01-02', MINVALUE);
        CREATE TABLE several_2 PARTITION OF several FOR VALUES FROM ('2024-01-02', MINVALUE) TO ('2024-01-02', MAXVALUE);
        CREATE TABLE moments (at timestamptz, k int) PARTITION BY RANGE (at, k);
        CREATE TABLE moments_1 PARTITION OF moments FOR VALUES FROM ('2024-01-01 00:00+00', 0) TO ('2024-01-02 00:00+00', 5);
        CREATE TABLE domains (at workday) PARTITION BY RANGE (at);
        CREATE TABLE domains_1 PARTITION OF domains FOR VALUES FROM ('2024-01-01') TO ('2024-01-02');
        CREATE TABLE numbers (n number) PARTITION BY RANGE (n);
        CREATE TABLE numbers_1 PARTITION OF numbers FOR VALUES FROM (0) TO (100);
        CREATE TABLE numbers_2 PARTITION OF numbers FOR VALUES FROM (100) TO (200);
        INSERT INTO numbers VALUES (150);
        CREATE TABLE ids (id uuid) PARTITION BY RANGE (id);
        CREATE TABLE ids_1 PARTITION OF ids FOR VALUES FROM ('018cc251-f400-7000-8000-000000000000') TO ('018cc778-5000-7000-8000-000000000000');
        CREATE TABLE ids_2 PARTITION OF ids FOR VALUES FROM ('018cc778-5000-7000-8000-000000000000') TO ('018cc778-5000-7000-9000-000000000000');
        CREATE TABLE months (\"At it\" timestamp) PARTITION BY RANGE (date_trunc('month', \"At it\"));
        CREATE TABLE months_1 PARTITION OF months FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
        CREATE TABLE months_2 PARTITION OF months FOR VALUES FROM ('2024-02-01') TO ('2024-02-02');
        CREATE TABLE quarters (at timestamp) PARTITION BY LIST (date_trunc('quarter', at));
        CREATE TABLE quarters_1 PARTITION OF quarters FOR VALUES IN ('2024-01-01')",
    )?;
    let due = |table: &str, retention: &str, options: &str, at: &str| {
        database.psql(&format!(
            "SELECT pgmeta_archive_policy_create('p', '{table}', 'cold', {retention}, '{options}') \\g /dev/null
            SELECT string_agg(partition::text, ' ') FROM pgmeta_archive_candidates('p', '{at}');
            SELECT pgmeta_archive_policy_drop('p') \\g /dev/null"
        ))
    };
    let day = "interval '1 day'";
    for (table, retention, options, at, expected) in [
        ("several", day, "{}", "2024-01-02 23:59:59.9+00", ""),
        ("several", day, "{}", "2024-01-03 00:00+00", "several_1"),
        ("several", day, "{}", "2024-01-03 23:59:59.9+00", "several_1"),
        ("several", day, "{}", "2024-01-04 00:00+00", "several_1 several_2"),
        ("moments", day, "{}", "2024-01-03 00:00+00", ""),
        ("moments", day, "{}", "2024-01-03 00:00:00.001+00", "moments_1"),
        ("domains", day, "{}", "2024-01-02 23:59:59.9+00", ""),
        ("domains", day, "{}", "2024-01-03 00:00+00", "domains_1"),
        ("numbers", "50::bigint", "{}", "now", "numbers_1"),
        ("numbers", "51::bigint", "{}", "now", ""),
        // 2024-01-01 00:00 UTC, and a day later.
        ("ids", day, "{\"epoch\": \"uuid7\"}", "2024-01-02 23:59:59.999+00", ""),
        ("ids", day, "{\"epoch\": \"uuid7\"}", "2024-01-03 00:00:00+00", "ids_1"),
        ("ids", day, "{\"epoch\": \"uuid7\"}", "2024-01-03 00:00:00.001+00", "ids_1 ids_2"),
        ("months", day, "{}", "2024-02-01 23:59:59.9+00", ""),
        ("months", day, "{}", "2024-02-02 00:00+00", "months_1"),
        // The partition accepts rows up to the end of the second month.
        ("months", day, "{}", "2024-03-01 23:59:59.9+00", "months_1"),
        ("months", day, "{}", "2024-03-02 00:00+00", "months_1 months_2"),
        ("quarters", day, "{}", "2024-04-01 23:59:59.9+00", ""),
        ("quarters", day, "{}", "2024-04-02 00:00+00", "quarters_1"),
    ] {
        let found = due(table, retention, options, at)?;
        ensure!(found == expected, "{table} at {at}: {found:?} is not {expected:?}");
    }
    Ok(())
}

/// Other keys are rejected with their names.
#[test]
fn keys_without_order_by_time_are_errors() -> Outcome {
    let (database, _folder) = with_storage("no_order")?;
    database.psql(
        "CREATE FUNCTION date_trunc(text, text) RETURNS timestamp IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN $2::timestamp; END';
        CREATE TABLE t (n numeric, t text, id uuid, at timestamp) PARTITION BY RANGE (n);
        CREATE TABLE e (n numeric, t text, id uuid, at timestamp) PARTITION BY RANGE (lower(t));
        CREATE TABLE u (n numeric, t text, id uuid, at timestamp) PARTITION BY RANGE (id);
        CREATE TABLE f (n numeric, t text, id uuid, at timestamp) PARTITION BY RANGE (public.date_trunc('month', t));
        CREATE TABLE c (n numeric, t text, id uuid, at timestamp) PARTITION BY LIST (date_trunc('century', at))",
    )?;
    for (table, key) in [
        ("t", "RANGE (n) of public.t"),
        ("e", "RANGE (lower(t)) of public.e"),
        ("u", "RANGE (id) of public.u"),
        ("f", "RANGE (public.date_trunc('month'::text, t)) of public.f"),
        ("c", "LIST (date_trunc('century'::text, at)) of public.c"),
    ] {
        let call = format!("SELECT pgmeta_archive_policy_create('p', '{table}', 'cold', interval '1 day')");
        let error = database.error("postgres", &call)?;
        let message = format!("22023: partition key {key} cannot be compared with a retention by time");
        ensure!(error.contains(&message) && error.contains("uuid7"), "{error}");
    }
    let error = database.error("postgres", "SELECT pgmeta_archive_policy_create('p', 'u', 'cold', 5::bigint)")?;
    ensure!(error.contains("cannot be compared with a number of keys"), "{error}");
    Ok(())
}

/// Health and validate report the error of a failed attempt at once; one call lets all failed candidates be tried again.
#[test]
fn failures_are_reported_at_once_and_cleared_by_one_call() -> Outcome {
    let (database, folder) = with_old("outage", "{\"max_attempts\": 2, \"backoff\": \"1 hour\"}")?;
    let away = folder.path().join("away");
    database.psql(&format!("ALTER SERVER cold OPTIONS (SET url 'file://{}')", away.display()))?;
    let told = "SELECT status FROM pgmeta_archive_health() WHERE name = 'policy ev';
        SELECT status FROM pgmeta_archive_validate('ev') WHERE name = 'candidates'";
    ensure!(database.psql(told)? == "ok\nok", "nothing was tried");
    for _ in 0..2 {
        database.psql("SET client_min_messages = error; CALL pgmeta_archive_run('ev')")?;
        ensure!(database.psql(told)? == "fail\nfail", "{}", database.psql(told)?);
    }
    let found = database.psql("SELECT state FROM pgmeta_archive_candidates('ev'); SELECT detail FROM pgmeta_archive_health() WHERE name = 'policy ev'")?;
    ensure!(found.starts_with("failed\n0 pending, 0 blocked, 1 failed; 1 partitions could not be archived"), "{found}");
    database.psql(&format!("ALTER SERVER cold OPTIONS (SET url 'file://{}')", folder.path().display()))?;
    ensure!(
        database.psql("SELECT pgmeta_archive_retry_all(); SELECT pgmeta_archive_retry_all('ev')")? == "1\n0",
        "it counts others"
    );
    ensure!(database.psql(told)? == "ok\nok", "{}", database.psql(told)?);
    work(&database, WAYS[1])?;
    let states = database.psql("SELECT state FROM pgmeta.archives ORDER BY id")?;
    ensure!(states == "failed\nfailed\nstored", "{states}");
    let error = database.error("postgres", "SELECT pgmeta_archive_retry_all('none')")?;
    ensure!(error.contains("42704"), "{error}");
    database.psql("DROP ROLE IF EXISTS archive_retrier; CREATE ROLE archive_retrier LOGIN; GRANT pgmeta_archive_operator TO archive_retrier")?;
    let error = database.error("archive_retrier", "SELECT pgmeta_archive_retry_all('ev')")?;
    database.psql("DROP ROLE archive_retrier")?;
    ensure!(error.contains("42501"), "{error}");
    Ok(())
}

/// Policies whose owner was dropped or cannot log in, or whose table or storage is missing.
#[test]
fn a_broken_policy_does_not_stop_others() -> Outcome {
    for way in ["SELECT count(*) FROM pgmeta_archive_start()", "CALL pgmeta_archive_run()"] {
        let (database, folder) = with_old("broken", "{}")?;
        database.psql(&format!(
            "DROP ROLE IF EXISTS archive_gone, archive_nologin; CREATE ROLE archive_gone LOGIN; CREATE ROLE archive_nologin LOGIN;
            CREATE SERVER bad FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file://{}');
            GRANT pgmeta_archive_admin, pg_write_server_files TO archive_gone, archive_nologin;
            GRANT USAGE ON FOREIGN SERVER cold, bad TO archive_gone, archive_nologin;
            CREATE TABLE a (at date) PARTITION BY RANGE (at); ALTER TABLE a OWNER TO archive_gone;
            CREATE TABLE b (at date) PARTITION BY RANGE (at); ALTER TABLE b OWNER TO archive_nologin;
            CREATE TABLE c (at date) PARTITION BY RANGE (at);
            CREATE TABLE c_1 PARTITION OF c FOR VALUES FROM ('2024-01-01') TO ('2024-02-01'); INSERT INTO c VALUES ('2024-01-02');
            SET ROLE archive_gone; SELECT pgmeta_archive_policy_create('a gone', 'a', 'cold', interval '1 day'); RESET ROLE;
            SET ROLE archive_nologin; SELECT pgmeta_archive_policy_create('b nologin', 'b', 'cold', interval '1 day'); RESET ROLE;
            SELECT pgmeta_archive_policy_create('c bad', 'c', 'bad', interval '1 day');
            REASSIGN OWNED BY archive_gone TO CURRENT_USER; DROP OWNED BY archive_gone; DROP ROLE archive_gone; ALTER ROLE archive_nologin NOLOGIN;
            ALTER SERVER bad OPTIONS (SET url 'file:///nowhere')",
            folder.path().display()
        ))?;
        let health = "SELECT name, status FROM pgmeta_archive_health() WHERE name ~ '^policy' ORDER BY 1";
        let found = database.psql(health)?;
        ensure!(found == "policy a gone|fail\npolicy b nologin|fail\npolicy c bad|ok\npolicy ev|ok", "{found}");
        let output = database.run_as("postgres", way)?;
        ensure!(output.ok, "{}", output.stderr);
        for owner in ["archive_gone", "archive_nologin"] {
            ensure!(output.stderr.contains(owner), "{}", output.stderr);
        }
        wait_for(&database, "workers end", WORKERS, "0")?;
        let states = database.psql("SELECT policy, state FROM pgmeta.archives ORDER BY 1")?;
        ensure!(states == "c bad|failed\nev|stored", "{way}: {states}");
        let found = database.psql(health)?;
        ensure!(found == "policy a gone|fail\npolicy b nologin|fail\npolicy c bad|fail\npolicy ev|ok", "{found}");
        database.psql("DROP OWNED BY archive_nologin; DROP ROLE archive_nologin")?;
    }
    Ok(())
}

/// A killed worker does not count as a failure of its partition.
#[test]
fn a_killed_worker_does_not_count_as_failure() -> Outcome {
    let own = server()?.start()?;
    let (database, store) =
        with_policy(&own, "lost", "{\"max_attempts\": 1, \"backoff\": \"0\", \"keep_newest\": 10}")?;
    for _ in 0..3 {
        store.freeze(true)?;
        database.psql("SELECT pgmeta_archive_start('ev', 1)")?;
        let phase = "SELECT phase FROM pgmeta.archive_progress WHERE archive IS NOT NULL";
        wait_for(&database, "uploading", phase, "uploading")?;
        let pid = database.psql("SELECT pid FROM pg_stat_activity WHERE backend_type = 'pgmeta archive'")?;
        kill_backend(&own, &pid)?;
        store.freeze(false)?;
    }
    work(&database, WAYS[1])?;
    let found = database.psql("SELECT state, class, count(*) FROM pgmeta.archives GROUP BY 1, 2 ORDER BY 1; SELECT status FROM pgmeta_archive_health() WHERE name = 'policy ev'")?;
    ensure!(found == "failed|lost|3\nstored||1\nok", "{found}");
    Ok(())
}

/// Each rejection has the right SQLSTATE.
#[test]
fn rejections_have_the_right_sqlstate() -> Outcome {
    let (database, _folder) = with_old("codes", "{}")?;
    for script in [
        "BEGIN; CALL pgmeta_archive_run('ev')",
        "DO $$ BEGIN PERFORM 1; CALL pgmeta_archive_run('ev'); EXCEPTION WHEN division_by_zero THEN NULL; END $$",
    ] {
        let error = database.error("postgres", script)?;
        ensure!(error.contains("25001") && error.contains("cannot run inside a transaction block"), "{error}");
    }
    let error = database.error("postgres", "SET default_transaction_read_only = on; CALL pgmeta_archive_run('ev')")?;
    ensure!(error.contains("25006"), "{error}");
    for call in [
        "SELECT pgmeta_archive('ev_old', 'cold', '{\"columns\": [\"id\", \"t\", \"id\"]}')",
        "SELECT pgmeta_archive_policy_alter('ev', '{\"columns\": [\"id\", \"id\"]}')",
    ] {
        let error = database.error("postgres", call)?;
        ensure!(error.contains("42701") && error.contains("option \"columns\" names \"id\" more than once"), "{error}");
    }
    database.psql("CREATE TABLE above (x int); CREATE TABLE below () INHERITS (above)")?;
    let output = database.run_as("postgres", "SELECT pgmeta_archive('above', 'cold')")?;
    ensure!(
        output.ok && output.stderr.contains("NOTICE:  the rows of 1 tables that inherit from public.above"),
        "{}",
        output.stderr
    );
    Ok(())
}

/// A standby archives nothing; the error refers to the primary. Functions that read still work.
#[test]
fn a_standby_archives_nothing() -> Outcome {
    let own = server()?.start()?;
    let database = Database::create_on(&own, "standby")?;
    let folder = tempfile::tempdir()?;
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o777))?;
    database.psql(&format!(
        "CREATE EXTENSION pgmeta; CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file://{}');
        CREATE TABLE t AS SELECT 1 AS a; SELECT pgmeta_archive('t', 'cold')",
        folder.path().display()
    ))?;
    let standby = own.standby()?;
    for call in [
        "CALL pgmeta_archive_run()",
        "SELECT pgmeta_archive_start()",
        "SELECT pgmeta_archive_retry_all()",
        "SELECT pgmeta_archive('t', 'cold')",
        "SELECT pgmeta_archive_restore(1, '{\"into\": \"back\"}')",
        "SELECT * FROM pgmeta_archive_adopt('cold')",
        "CALL pgmeta_archive_delete(1)",
    ] {
        let script = format!("\\set VERBOSITY verbose\n{call}");
        let error = standby.run_psql(database.name(), "postgres", &script)?.stderr;
        let hint = "HINT:  This server is a standby. Call it on the primary.";
        ensure!(error.contains("25006") && error.contains(hint), "{call}: {error}");
    }
    let read = "SELECT DISTINCT v.status FROM pgmeta_archive_verify(1) v; SELECT bool_and(equal) FROM pgmeta_archive_compare(1)";
    let read = standby.psql(database.name(), read)?;
    ensure!(read == "ok\nt", "{read}");
    // In a read-only transaction on a primary the error differs.
    let error =
        database.error("postgres", "SET default_transaction_read_only = on; SELECT pgmeta_archive('t', 'cold')")?;
    ensure!(error.contains("25006") && error.contains("SET TRANSACTION READ WRITE"), "{error}");
    Ok(())
}

/// Types whose empty values have an unusual text. The server's receive functions reject their binary form.
#[test]
fn empty_vectors_are_restored() -> Outcome {
    let (database, _folder) = with_storage("vectors")?;
    database.psql("CREATE TABLE v (id int, o oidvector, i int2vector); INSERT INTO v VALUES (1, '', ''), (2, '1 2', '3'), (3, NULL, NULL)")?;
    for (at, format) in ["csv", "parquet"].iter().enumerate() {
        let found = database.psql(&format!(
            "SELECT pgmeta_archive('v', 'cold', '{{\"format\": \"{format}\"}}') AS id \\gset
            SELECT pgmeta_archive_restore(:id, '{{\"into\": \"public.back{at}\"}}') \\g /dev/null
            SELECT string_agg(format('%s:%s:%s', id, o, i), ' ' ORDER BY id) FROM back{at} WHERE o IS NOT NULL"
        ))?;
        ensure!(found == "1:: 2:1 2:3", "{format}: {found}");
    }
    Ok(())
}
