//! Archives of partitions on a real server: restored rows equal the archived ones, damage is found, and no row is lost by
//! concurrent changes or failures.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::Outcome;
use pgmeta_e2e::archives::{TABLE, data_file, files, with_storage};

#[test]
fn damaged_archives_are_detected_and_not_restored() -> Outcome {
    let (database, folder) = with_storage("damage")?;
    database.psql(TABLE)?;
    database.psql("SELECT pgmeta_archive('ev_old', 'cold', '{\"retire\": \"drop\"}')")?;
    let path = data_file(folder.path())?;
    let good = fs::read(&path)?;
    let manifest = files(folder.path())?.into_iter().find(|path| path.extension().is_some_and(|end| end == "json"));
    let manifest = manifest.context("no manifest")?;
    let said = fs::read_to_string(&manifest)?;
    let mut flipped = good.clone();
    flipped[good.len() / 2] ^= 1;
    let verify = "SELECT status, detail FROM pgmeta_archive_verify(1) ORDER BY status";
    for (bytes, detail) in [(&flipped[..], "SHA-256"), (&good[..good.len() - 3], "bytes"), (b"", "bytes")] {
        fs::write(&path, bytes)?;
        let found = database.psql(verify)?;
        ensure!(found.starts_with("fail|") && found.contains(detail) && found.contains("ok|"), "{found}");
        let sizes =
            database.psql("SELECT bool_and(status = 'ok') FROM pgmeta_archive_verify(1, '{\"content\": false}')")?;
        ensure!((sizes == "t") == (bytes.len() == good.len()), "{sizes}");
        let error = database.error("postgres", "SELECT pgmeta_archive_restore(1)")?;
        ensure!(error.contains("XX001") && error.contains("is damaged"), "{error}");
    }
    fs::write(&path, &good)?;
    fs::write(&manifest, said.replace("\"rows\": 1000", "\"rows\": 1001"))?;
    let found = database.psql(verify)?;
    ensure!(found.contains("has been modified"), "{found}");
    fs::write(&manifest, said)?;
    let rows = database.psql("SELECT pgmeta_archive_restore(1, '{\"attach\": true}'); SELECT count(*) FROM ev")?;
    ensure!(rows == "ev_old\n1000", "{rows}");
    Ok(())
}

/// Restores to the original place, and to a table with another name.
#[test]
fn restore_uses_the_requested_table() -> Outcome {
    let (database, _folder) = with_storage("restore_into")?;
    database.psql(TABLE)?;
    database.psql("SELECT pgmeta_archive('ev_old', 'cold', '{\"retire\": \"drop\"}'); CREATE SCHEMA mine")?;
    let live = "SELECT live, equal FROM pgmeta_archive_compare(1) WHERE name = 'rows'";
    let into = |name: &str| {
        let call = format!("SELECT pgmeta_archive_restore(1, jsonb_build_object('into', '{name}'))::regclass");
        database.psql(&format!("SET search_path = mine, public; {call}; {live}"))
    };
    for (name, table) in [("\"Some \"\"table\"", "\"Some \"\"table\""), ("public.back", "back")] {
        let found = into(name)?;
        ensure!(found == format!("{table}\n|f"), "{found}");
    }
    let found = database
        .psql("SELECT to_regclass('mine.\"Some \"\"table\"') IS NOT NULL, to_regclass('public.back') IS NOT NULL")?;
    ensure!(found == "t|t", "{found}");
    let found = into("original")?;
    ensure!(found == "ev_old\n1000|t", "{found}");
    Ok(())
}

/// A row that is inserted between reading and locking is not lost, even if the transaction cannot see it.
#[test]
fn a_partition_with_late_rows_is_not_retired() -> Outcome {
    let (database, folder) = with_storage("late")?;
    database.psql(TABLE)?;
    let error = database.error(
        "postgres",
        &format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1;
            \\! psql -qX -d {} -c \"INSERT INTO ev VALUES (0, '2024-01-05', 'late')\"
            SELECT pgmeta_archive('ev_old', 'cold', '{{\"retire\": \"drop\"}}');",
            database.name()
        ),
    )?;
    ensure!(error.contains("40001") && error.contains("have changed since they were read"), "{error}");
    let rows = database.psql("SELECT count(*) FROM ev_old; SELECT count(*) FROM pgmeta.archives")?;
    ensure!(rows == "1001\n0", "{rows}");
    ensure!(files(folder.path())?.is_empty(), "{:?}", files(folder.path())?);
    Ok(())
}

#[test]
fn a_rollback_leaves_no_files() -> Outcome {
    let (database, folder) = with_storage("rollback")?;
    database.psql(TABLE)?;
    database.psql("BEGIN; SELECT pgmeta_archive('ev_old', 'cold', '{\"retire\": \"detach\"}'); ROLLBACK")?;
    ensure!(files(folder.path())?.is_empty(), "{:?}", files(folder.path())?);
    let call = "SELECT pgmeta_archive('ev_old', 'cold')";
    database.psql(&format!("BEGIN; SAVEPOINT a; SAVEPOINT b; {call}; RELEASE b; ROLLBACK TO a; COMMIT"))?;
    ensure!(files(folder.path())?.is_empty(), "{:?}", files(folder.path())?);
    database.psql(&format!("BEGIN; SAVEPOINT a; {call}; RELEASE a; SAVEPOINT c; ROLLBACK TO c; COMMIT"))?;
    ensure!(files(folder.path())?.len() == 2, "{:?}", files(folder.path())?);
    let rows = database.psql("SELECT count(*) FROM ev; SELECT count(*) FROM pgmeta.archives")?;
    ensure!(rows == "1000\n1", "{rows}");
    Ok(())
}

/// While rows are compared again, readers and writers of other partitions are not blocked. A session that waits to write to
/// the partition is not the victim of a deadlock: the archive lets it write first, and finds the rows changed.
#[test]
fn other_sessions_continue_while_rows_are_compared() -> Outcome {
    let (database, folder) = with_storage("others")?;
    database.psql(TABLE)?;
    database.psql("INSERT INTO ev SELECT g, '2024-01-06', md5(g::text) FROM generate_series(1, 400000) g")?;
    let mut psql = pgmeta_e2e::server()?.program("psql");
    let call = "SELECT pgmeta_archive('ev_old', 'cold', '{\"retire\": \"drop\", \"compression\": \"none\"}')";
    psql.args(["-qXAt", "-v", "VERBOSITY=verbose", "-d", database.name(), "-c", call]);
    let session = psql.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    database.psql(
        "DO $$ BEGIN FOR i IN 1..30000 LOOP
            EXIT WHEN EXISTS (SELECT FROM pg_locks WHERE relation = 'ev_old'::regclass AND mode = 'ShareLock' AND granted);
            PERFORM pg_sleep(0.001); END LOOP; END $$;
        SET lock_timeout = '50ms'; SELECT count(*) FROM ev WHERE id = 5; INSERT INTO ev VALUES (1, '2026-01-02');
        SET lock_timeout = 0; UPDATE ev SET t = 'late' WHERE id = 7",
    )?;
    let output = session.wait_with_output()?;
    let error = String::from_utf8_lossy(&output.stderr);
    ensure!(error.contains("40001") && error.contains("have changed since they were read"), "{error}");
    ensure!(files(folder.path())?.is_empty(), "{:?}", files(folder.path())?);
    let rows = database.psql("SELECT count(*) FROM ev_old WHERE t = 'late'")?;
    ensure!(rows == "2", "{rows}");
    Ok(())
}

#[test]
fn only_one_session_archives_a_partition() -> Outcome {
    let (database, folder) = with_storage("eight")?;
    database.psql(TABLE)?;
    let call = "SELECT pgmeta_archive('ev_old', 'cold', '{\"retire\": \"drop\"}')";
    let sessions: Vec<_> = (0..8)
        .map(|_| {
            let mut psql = pgmeta_e2e::server()?.program("psql");
            psql.args(["-qXAt", "-d", database.name(), "-c", call]).stdout(Stdio::null()).stderr(Stdio::null());
            Ok(psql.spawn()?)
        })
        .collect::<Result<_>>()?;
    let mut won = 0;
    for mut session in sessions {
        won += i32::from(session.wait()?.success());
    }
    ensure!(won == 1, "{won} sessions have archived it");
    ensure!(files(folder.path())?.len() == 2, "{:?}", files(folder.path())?);
    let rows = database.psql("SELECT rows FROM pgmeta.archives")?;
    ensure!(rows == "1000", "{rows}");
    Ok(())
}

#[test]
fn rows_hidden_by_a_policy_are_an_error() -> Outcome {
    let (database, folder) = with_storage("rls")?;
    database.psql(TABLE)?;
    database.psql(
        "DROP ROLE IF EXISTS archive_rls; CREATE ROLE archive_rls LOGIN;
        GRANT pgmeta_archive_operator, pg_write_server_files TO archive_rls;
        GRANT USAGE ON FOREIGN SERVER cold TO archive_rls; GRANT SELECT ON ev_old TO archive_rls;
        ALTER TABLE ev_old ENABLE ROW LEVEL SECURITY; CREATE POLICY half ON ev_old USING (id % 2 = 0)",
    )?;
    let error = database.error("archive_rls", "SELECT pgmeta_archive('ev_old', 'cold')")?;
    ensure!(error.contains("42501") && error.contains("row-level security"), "{error}");
    ensure!(files(folder.path())?.is_empty(), "{:?}", files(folder.path())?);
    database.psql("DROP OWNED BY archive_rls; DROP ROLE archive_rls").map(drop)
}

#[test]
fn referenced_partitions_are_blocked_and_others_are_archived() -> Outcome {
    let (database, _folder) = with_storage("blocked")?;
    database.psql(TABLE)?;
    database.psql(
        "ALTER TABLE ev ADD PRIMARY KEY (id, at); CREATE TABLE r (id int, at timestamptz, FOREIGN KEY (id, at) REFERENCES ev);
        CREATE TABLE ts (at date) PARTITION BY RANGE (at);
        CREATE TABLE ts_1 PARTITION OF ts FOR VALUES FROM ('2020-01-01') TO ('2020-02-01');
        CREATE TABLE ts_2 PARTITION OF ts FOR VALUES FROM ('2020-02-01') TO ('2020-03-01');
        CREATE TABLE ts_d PARTITION OF ts DEFAULT;
        INSERT INTO ts SELECT '2020-01-01'::date + g FROM generate_series(0, 50) g;
        CREATE VIEW needs AS SELECT * FROM ts_1;
        SELECT pgmeta_archive_policy_create('ev', 'ev', 'cold', interval '1 year', '{\"retire\": \"drop\"}');
        SELECT pgmeta_archive_policy_create('ts', 'ts', 'cold', interval '1 year', '{\"retire\": \"drop\", \"max_attempts\": 1}')",
    )?;
    let blocked = database.psql("SELECT partition, state, blocked_by FROM pgmeta_archive_candidates('ev')")?;
    ensure!(blocked == "ev_old|blocked|foreign keys reference it: r_id_at_fkey on public.r", "{blocked}");
    let error = database.error("postgres", "SELECT pgmeta_archive('ev_old', 'cold', '{\"retire\": \"detach\"}')")?;
    ensure!(error.contains("2BP01") && error.contains("r_id_at_fkey"), "{error}");
    let _ = database.run_as("postgres", "CALL pgmeta_archive_run()")?;
    let states = database.psql(
        "SELECT partition, state, sqlstate FROM pgmeta.archives ORDER BY partition;
        SELECT partition, state FROM pgmeta_archive_candidates('ts'); SELECT count(*) FROM ev; SELECT count(*) FROM ts",
    )?;
    ensure!(states == "public.ts_1|failed|2BP01\npublic.ts_2|retired|\nts_1|failed\n1000\n31", "{states}");
    Ok(())
}

#[test]
fn partition_bounds_determine_candidates() -> Outcome {
    let (database, _folder) = with_storage("due")?;
    database.psql(
        "CREATE TABLE keys (id int, region text) PARTITION BY RANGE (id);
        CREATE TABLE keys_1 PARTITION OF keys FOR VALUES FROM (0) TO (100) PARTITION BY LIST (region);
        CREATE TABLE \"keys_1.Eu\" PARTITION OF keys_1 FOR VALUES IN ('eu');
        CREATE TABLE keys_1_us PARTITION OF keys_1 DEFAULT;
        CREATE TABLE keys_2 PARTITION OF keys FOR VALUES FROM (100) TO (200);
        CREATE TABLE keys_3 PARTITION OF keys FOR VALUES FROM (200) TO (MAXVALUE);
        INSERT INTO keys VALUES (1, 'eu'), (150, 'us'), (250, 'us');
        CREATE TABLE days (d date) PARTITION BY LIST (d);
        CREATE TABLE days_1 PARTITION OF days FOR VALUES IN ('2024-03-09', '2024-03-10');
        CREATE TABLE days_2 PARTITION OF days FOR VALUES IN ('2024-03-11', NULL);
        CREATE TABLE ms (m bigint) PARTITION BY RANGE (m);
        CREATE TABLE ms_1 PARTITION OF ms FOR VALUES FROM (0) TO (1710028800000);
        SELECT pgmeta_archive_policy_create('keys', 'keys', 'cold', 100);
        SELECT pgmeta_archive_policy_create('days', 'days', 'cold', interval '1 day', '{\"time_zone\": \"America/New_York\"}');
        SELECT pgmeta_archive_policy_create('ms', 'ms', 'cold', interval '1 day', '{\"epoch\": \"ms\"}')",
    )?;
    let due = |policy: &str, at: &str| {
        database.psql(&format!("SELECT partition, state FROM pgmeta_archive_candidates('{policy}', '{at}')"))
    };
    // 250 - 100 = 150: the second partition also has keys above 150.
    let found = due("keys", "now")?;
    ensure!(found == "\"keys_1.Eu\"|pending\nkeys_1_us|pending", "{found}");
    // 10 March 2024 has 23 hours in New York: it ends at 04:00 UTC, and is due one day later.
    ensure!(due("days", "2024-03-12 03:59:59+00")?.is_empty());
    ensure!(due("days", "2024-03-12 04:00:00+00")? == "days_1|pending");
    // Milliseconds: 2024-03-10 00:00 UTC.
    ensure!(due("ms", "2024-03-10 23:59:59+00")?.is_empty());
    ensure!(due("ms", "2024-03-11 00:00:00+00")? == "ms_1|pending");
    for (keep, left) in [(3, ""), (2, "\"keys_1.Eu\"|pending\nkeys_1_us|pending")] {
        database.psql(&format!("SELECT pgmeta_archive_policy_alter('keys', '{{\"keep_newest\": {keep}}}')"))?;
        let found = due("keys", "now")?;
        ensure!(found == left, "of which {keep} stay: {found}");
    }
    let error =
        database.error("postgres", "SELECT pgmeta_archive_policy_create('x', 'keys', 'cold', interval '1 day')")?;
    ensure!(error.contains("22023") && error.contains("An interval is for keys of date and time"), "{error}");
    Ok(())
}

/// A session that is cancelled or terminated while it reads rows ends soon and leaves no file.
#[test]
fn an_ended_session_leaves_no_file() -> Outcome {
    let (database, folder) = with_storage("ended")?;
    database.psql("CREATE TABLE big AS SELECT g, md5(g::text) AS t FROM generate_series(1, 2000000) g")?;
    let call = "SELECT pgmeta_archive('big', 'cold', '{\"compression_level\": 19}')";
    let error = database.error("postgres", &format!("SET statement_timeout = '700ms'; {call}"))?;
    ensure!(error.contains("57014"), "{error}");
    ensure!(files(folder.path())?.is_empty(), "{:?}", files(folder.path())?);

    let mut psql = pgmeta_e2e::server()?.program("psql");
    psql.args(["-qXAt", "-d", database.name(), "-c", call]).stdout(Stdio::null()).stderr(Stdio::null());
    let mut session = psql.spawn()?;
    let at_work = || -> Result<bool> {
        Ok(files(folder.path())?.iter().any(|path| path.extension().is_some_and(|end| end == "part")))
    };
    let begun = Instant::now();
    while !at_work()? {
        ensure!(begun.elapsed() < Duration::from_secs(30), "nothing is written");
        std::thread::sleep(Duration::from_millis(20));
    }
    let begun = Instant::now();
    database.psql(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )?;
    ensure!(begun.elapsed() < Duration::from_secs(2), "it took {:?}", begun.elapsed());
    ensure!(!session.wait()?.success(), "the session has ended well");
    ensure!(files(folder.path())?.is_empty(), "{:?}", files(folder.path())?);
    let rows = database.psql("SELECT count(*) FROM pgmeta.archives")?;
    ensure!(rows == "0", "{rows}");
    Ok(())
}

/// A full disk is an error; neither rows nor files are lost or damaged.
#[test]
fn a_full_disk_loses_nothing() -> Outcome {
    let (database, folder) = with_storage("full")?;
    database.psql(TABLE)?;
    database.psql("INSERT INTO ev SELECT g, '2024-01-02', repeat(md5(g::text), 30) FROM generate_series(1, 4000) g")?;
    let mount = |program: &str, arguments: &[&str]| -> Outcome {
        let done = Command::new(program).args(arguments).arg(folder.path()).output()?;
        ensure!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
        Ok(())
    };
    mount("mount", &["-t", "tmpfs", "-o", "size=1m,mode=777", "tmpfs"])?;
    let call = |compression: &str| {
        format!(
            "SELECT pgmeta_archive('ev_old', 'cold', '{{\"compression\": \"{compression}\", \"retire\": \"drop\"}}')"
        )
    };
    let outcome = (|| {
        let error = database.error("postgres", &call("none"))?;
        ensure!(error.contains("53100") && error.contains("No space left"), "{error}");
        ensure!(files(folder.path())?.is_empty(), "{:?}", files(folder.path())?);
        let rows = database.psql(&format!(
            "SELECT count(*) FROM ev_old; SELECT true FROM ({}) c; SELECT rows FROM pgmeta.archives",
            call("zstd")
        ))?;
        ensure!(rows == "5000\nt\n5000", "{rows}");
        Ok(())
    })();
    mount("umount", &[])?;
    outcome
}

/// A failed restore leaves nothing behind.
#[test]
fn a_restore_is_all_or_nothing() -> Outcome {
    let (database, _folder) = with_storage("restore")?;
    database.psql(TABLE)?;
    database.psql("SELECT pgmeta_archive('ev_old', 'cold', '{\"retire\": \"drop\"}'); CREATE TABLE taken (x int)")?;
    let wrong = |call: &str, code: &str| -> Outcome {
        let error = database.error("postgres", &format!("SELECT pgmeta_archive_restore(1, '{call}')"))?;
        ensure!(error.contains(code), "{error}");
        let left = database.psql(
            "SELECT to_regclass('ev_old') IS NULL, to_regclass('back') IS NULL; SELECT state FROM pgmeta.archives",
        )?;
        ensure!(left == "t|t\nretired", "{left}");
        Ok(())
    };
    wrong("{\"into\": \"public.taken\"}", "42P07")?;
    wrong("{\"into\": \"a.b.c\"}", "22023")?;
    wrong("{\"into\": \"nowhere.back\"}", "3F000")?;
    wrong("{\"append\": true}", "22023")?;
    // Another partition has the bounds, and DEFAULT contains rows within them.
    database.psql("CREATE TABLE ev_gap PARTITION OF ev FOR VALUES FROM ('2024-01-10') TO ('2024-01-20')")?;
    wrong("{\"attach\": true}", "42P17")?;
    database.psql("DROP TABLE ev_gap; CREATE TABLE ev_default PARTITION OF ev DEFAULT; INSERT INTO ev VALUES (0, '2024-01-15', 'late')")?;
    wrong("{\"attach\": true}", "23514")?;
    // The parent's trigger does not fire, and its check is enforced.
    database.psql("DROP TABLE ev_default; ALTER TABLE ev ADD CHECK (id > 0); CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE TRIGGER no BEFORE INSERT ON ev FOR EACH ROW EXECUTE FUNCTION no()")?;
    let rows = database.psql("SELECT pgmeta_archive_restore(1, '{\"attach\": true}'); SELECT count(*) FROM ev")?;
    ensure!(rows == "ev_old\n1000", "{rows}");
    Ok(())
}

/// Each step survives a crash of the machine before the next one begins: files and their folder are flushed, then the
/// manifest is written, then the partition is retired.
#[test]
fn files_are_flushed_before_a_partition_is_retired() -> Outcome {
    if !Command::new("strace").args(["-o", "/dev/null", "true"]).status()?.success() {
        eprintln!("not tested: this machine lets nobody trace a process");
        return Ok(());
    }
    let (database, folder) = with_storage("fsync")?;
    database.psql(TABLE)?;
    let trace = folder.path().join("trace");
    let options = "{\"retire\": \"drop\", \"path_template\": \"here\"}";
    database.psql(&format!(
        "SELECT pg_backend_pid() AS pid \\gset
        \\setenv BACKEND :pid
        \\! strace -f -y -e trace=fsync,fdatasync,link,linkat -o {trace} -p $BACKEND >/dev/null 2>&1 &
        \\! for i in $(seq 100); do grep -q 'TracerPid:[[:space:]]*[1-9]' /proc/$BACKEND/status && break; sleep 0.1; done
        SELECT pgmeta_archive('ev_old', 'cold', '{options}');",
        trace = trace.display()
    ))?;
    let expected =
        ["file on disk", "file appears", "folder on disk", "manifest on disk", "manifest appears", "folder on disk"];
    // The trace is complete only after the backend has ended.
    let begun = Instant::now();
    loop {
        let text = fs::read_to_string(&trace)?;
        let calls: Vec<&str> = text.lines().filter_map(what_is_done).collect();
        if calls == expected {
            return Ok(());
        }
        ensure!(begun.elapsed() < Duration::from_secs(10), "{calls:?}\n{text}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn what_is_done(call: &str) -> Option<&'static str> {
    let is_link = call.contains("link(") || call.contains("linkat(");
    match (is_link, call.contains("fsync("), call.contains("manifest.json"), call.contains(".jsonl.zst")) {
        (true, _, true, _) => Some("manifest appears"),
        (true, _, _, true) => Some("file appears"),
        (_, true, true, _) => Some("manifest on disk"),
        (_, true, _, true) => Some("file on disk"),
        (_, true, ..) if call.contains("/here>") => Some("folder on disk"),
        _ => None,
    }
}
