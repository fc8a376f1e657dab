//! Only the postmaster dies, for example when the system is out of memory: pgmeta's processes must end, or no server could
//! be started again.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use pgmeta_e2e::archives::{files, wait_for};
use pgmeta_e2e::{Database, Outcome, Server, server};

/// Number of partitions, each of which takes a worker some tenths of a second.
const PARTITIONS: usize = 40;

fn with_partitions<'a>(own: &'a Server, folder: &Path) -> Result<Database<'a>> {
    let database = Database::create_on(own, "orphans")?;
    database.psql(&format!(
        "CREATE EXTENSION pgmeta;
        CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file://{}');
        CREATE TABLE ev (id int, at date NOT NULL, t text) PARTITION BY RANGE (at);
        SELECT format('CREATE TABLE ev_%s PARTITION OF ev FOR VALUES FROM (%L) TO (%L)', d, date '2024-01-01' + d, date '2024-01-02' + d)
            FROM generate_series(1, {PARTITIONS}) d \\gexec
        INSERT INTO ev SELECT g, date '2024-01-01' + 1 + g % {PARTITIONS}, md5(g::text) FROM generate_series(1, {PARTITIONS} * 20000) g;
        SELECT pgmeta_archive_policy_create('ev', 'ev', 'cold', interval '1 day', '{{\"retire\": \"drop\"}}');",
        folder.display()
    ))?;
    Ok(database)
}

/// A process that has ended may remain as a zombie until its parent reads its status.
fn is_at_work(pid: &str) -> bool {
    let status = std::fs::read_to_string(Path::new("/proc").join(pid).join("status"));
    status.is_ok_and(|status| !status.contains("(zombie)"))
}

/// Kills the postmaster, waits until a process has ended, and starts the server again.
fn starts_again(own: &Server, pid: &str) -> Outcome {
    let begun = Instant::now();
    let postmaster = own.kill_postmaster()?;
    while is_at_work(pid) {
        ensure!(begun.elapsed() < Duration::from_secs(1), "process {pid} goes on");
        std::thread::sleep(Duration::from_millis(5));
    }
    // A zombie keeps its process ID.
    while Path::new("/proc").join(&postmaster).exists() {
        ensure!(begun.elapsed() < Duration::from_secs(60), "the postmaster stays");
        std::thread::sleep(Duration::from_millis(20));
    }
    ensure!(own.start_again()?, "the server does not start: {}", own.log()?);
    Ok(())
}

/// Starts a session that runs a statement.
fn begin(own: &Server, database: &Database<'_>, sql: &str) -> Outcome {
    let mut psql = own.program("psql");
    psql.args(["-qXAt", "-d", database.name(), "-c", sql]);
    psql.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    Ok(())
}

/// Kills the postmaster during archiving, and starts the server again.
fn survives(start: impl FnOnce(&Server, &Database<'_>) -> Outcome) -> Outcome {
    let own = server()?.start()?;
    let folder = tempfile::tempdir()?;
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o777))?;
    let database = with_partitions(&own, folder.path())?;
    start(&own, &database)?;
    let retired = "SELECT count(*) FROM pgmeta.archives WHERE state = 'retired'";
    wait_for(&database, "some are retired", &format!("SELECT ({retired}) >= 3"), "t")?;
    let found = database.psql(&format!(
        "SELECT pid FROM pg_stat_activity WHERE (backend_type = 'pgmeta archive' OR query ~ '^CALL pgmeta') AND pid <> pg_backend_pid(); {retired}"
    ))?;
    let (pid, before) = found.split_once('\n').unwrap_or_default();
    starts_again(&own, pid)?;
    // The last attempt may have been completed.
    let after = database.psql(retired)?;
    ensure!(after.parse::<usize>()? <= before.parse::<usize>()? + 2, "{before} were retired, and then {after}");
    database.psql("CALL pgmeta_archive_run()")?;
    wait_for(&database, "workers", "SELECT count(*) FROM pgmeta_archive_start('ev') p WHERE p IS NULL", "0")?;
    wait_for(&database, "all are retired", retired, &PARTITIONS.to_string())?;
    let rows =
        database.psql("SELECT sum(rows) FROM pgmeta.archives WHERE state = 'retired'; SELECT count(*) FROM ev")?;
    ensure!(rows == format!("{}\n0", PARTITIONS * 20000), "{rows}");
    let workers = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'pgmeta archive'";
    wait_for(&database, "workers end", workers, "0")?;
    ensure!(files(folder.path())?.len() == 2 * PARTITIONS, "{:#?}", files(folder.path())?);
    Ok(())
}

#[test]
fn a_worker_ends_with_the_postmaster() -> Outcome {
    survives(|_, database| database.psql("SELECT pgmeta_archive_start('ev', 1)").map(drop))
}

#[test]
fn a_session_ends_with_the_postmaster() -> Outcome {
    survives(|own, database| begin(own, database, "CALL pgmeta_archive_run()"))
}

/// A function that runs long, and holds a lock that identifies its process.
const BUSY: &str =
    "FUNCTION busy() RETURNS bool LANGUAGE plpgsql AS 'DECLARE start timestamptz := clock_timestamp(); BEGIN
    PERFORM pg_advisory_lock(7);
    WHILE clock_timestamp() < start + interval ''20 s'' LOOP END LOOP;
    RETURN true; END'";

/// Kills the postmaster while a process of some type runs the function. The server itself does not check for the postmaster
/// then.
fn ends_in_a_statement(kind: &str, before: &str, sql: &str) -> Outcome {
    let own = server()?.start()?;
    let database = Database::create_on(&own, "busy")?;
    database.psql(&format!("\\o /dev/null\nCREATE EXTENSION pgmeta;\n{before}"))?;
    begin(&own, &database, sql)?;
    let busy = format!(
        "FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND objid = 7 AND backend_type = '{kind}'"
    );
    wait_for(&database, "the function runs", &format!("SELECT count(*) {busy}"), "1")?;
    let pid = database.psql(&format!("SELECT pid {busy}"))?;
    starts_again(&own, &pid)
}

#[test]
fn an_orphaned_worker_ends_during_a_statement() -> Outcome {
    let script = format!("CREATE {BUSY}; SELECT busy()");
    ends_in_a_statement("pgmeta scratch loader", "", &format!("SELECT pgmeta_snapshot_from_sql($text${script}$text$)"))
}

#[test]
fn an_orphaned_session_ends_during_a_statement() -> Outcome {
    let before = format!(
        "CREATE {BUSY};
        CREATE TABLE t (id int CONSTRAINT slow CHECK (busy()));
        SELECT pgmeta_snapshot_save('target');
        ALTER TABLE t DROP CONSTRAINT slow;
        INSERT INTO t VALUES (1);"
    );
    let hazards = r#"["ACQUIRES_ACCESS_EXCLUSIVE_LOCK", "FULL_TABLE_SCAN", "MAY_FAIL_ON_DATA"]"#;
    let apply = format!("SELECT pgmeta_apply(pgmeta_snapshot_load('target'), '{{\"allow_hazards\": {hazards}}}')");
    ends_in_a_statement("client backend", &before, &apply)
}
