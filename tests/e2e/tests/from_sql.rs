//! `pgmeta_snapshot_from_sql`: the result of a script, the rights that it runs with, and that no scratch database remains.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::{Database, Outcome, Output, Server, Source, origin, same_text, server};

const LEFT: &str = "SELECT count(*) FROM pg_database d WHERE datname LIKE 'pgmeta\\_scratch\\_%'";

/// Law of round trips by way of SQL: the model of an export equals the exported one.
#[test]
fn a_script_of_an_export_has_the_same_model() -> Outcome {
    for fixture in ["sample_app", "kinds", "hard_cases", "strange_names"] {
        let Some(origin) = origin(Source::Fixture(fixture))? else { continue };
        let secrets = "'{\"secrets\": \"include\", \"self\": true}'";
        let there = origin.psql(&format!(
            "SELECT pgmeta_snapshot_ddl(pgmeta_snapshot_from_sql(pgmeta_export(options => {secrets}), {secrets}))"
        ))?;
        same_text(&format!("{fixture}: the exports here and there"), &origin.export, &there)?;
    }
    Ok(())
}

#[test]
fn a_script_of_pg_dump_has_the_same_model() -> Outcome {
    let Some(origin) = origin(Source::Fixture("sample_app"))? else { return Ok(()) };
    ensure!(origin.dump.contains("\\restrict x\n"), "the dump has no psql commands");
    let here = origin.psql("SELECT jsonb_pretty(pgmeta_snapshot())")?;
    let there = origin.psql(&format!("SELECT jsonb_pretty(pgmeta_snapshot_from_sql($dump${}$dump$))", origin.dump))?;
    same_text("the snapshots of the database and of its dump", &here, &there)
}

/// Returns a database with a role that may create databases, and others that may not.
fn with_roles(label: &str) -> Result<Database<'static>> {
    let database = Database::with_pgmeta(label)?;
    database.psql(
        "SELECT pg_advisory_lock(4711);\n\
         SELECT 'CREATE ROLE e2e_maker LOGIN CREATEDB' WHERE to_regrole('e2e_maker') IS NULL \\gexec\n\
         SELECT 'CREATE ROLE e2e_group NOLOGIN CREATEDB' WHERE to_regrole('e2e_group') IS NULL \\gexec\n\
         SELECT 'CREATE ROLE e2e_no_maker LOGIN' WHERE to_regrole('e2e_no_maker') IS NULL \\gexec\n\
         GRANT e2e_group TO e2e_maker;",
    )?;
    Ok(database)
}

#[test]
fn the_script_runs_with_the_rights_of_the_caller() -> Outcome {
    let database = with_roles("rights")?;
    let attempt = |text: &str| {
        let call = format!("SELECT pgmeta_snapshot_from_sql($text${text}$text$) #>> '{{schemas,0,comment}}'");
        database.run_as("e2e_maker", &call)
    };
    // The script writes the session's properties into a comment.
    let tell = "DO $$ BEGIN EXECUTE format('COMMENT ON SCHEMA a IS %L', session_user || ' ' || current_user || ' ' || \
        current_setting('is_superuser')); END $$;";
    let output = attempt(&format!("CREATE SCHEMA a; RESET ROLE; {tell}"))?;
    ensure!(output.stdout.trim() == "e2e_maker e2e_maker off", "{output:?}");
    let output = attempt(&format!(
        "CREATE SCHEMA a AUTHORIZATION e2e_group; SET ROLE e2e_group; RESET ROLE; SET SESSION AUTHORIZATION DEFAULT; {tell}"
    ))?;
    ensure!(output.stdout.trim() == "e2e_maker e2e_maker off", "{output:?}");
    for forbidden in [
        "SET SESSION AUTHORIZATION postgres",
        "SET ROLE postgres",
        "COPY (SELECT 1) TO '/tmp/e2e_never'",
        "CREATE LANGUAGE plpython3u",
        "SELECT pg_read_file('/etc/passwd')",
        "LOAD 'pg_never'",
    ] {
        let output = attempt(forbidden)?;
        ensure!(!output.ok, "{forbidden} was possible");
    }
    let message = database.error("e2e_maker", "SELECT pgmeta_snapshot_from_sql('SET ROLE postgres')")?;
    ensure!(message.contains("42501") && message.contains("Line 1: SET ROLE postgres"), "{message}");
    // The rights are those of the role that was set, not of the session.
    let message = database.error(
        "postgres",
        "SET ROLE e2e_maker; SELECT pgmeta_snapshot_from_sql('SET SESSION AUTHORIZATION postgres')",
    )?;
    ensure!(message.contains("42501"), "{message}");
    for role in ["e2e_no_maker", "e2e_group"] {
        let message = database.error("postgres", &format!("SET ROLE {role}; SELECT pgmeta_snapshot_from_sql('')"))?;
        ensure!(message.contains("42501") && message.contains("HINT"), "{message}");
    }
    let message = database.error("postgres", "BEGIN READ ONLY; SELECT pgmeta_snapshot_from_sql('')")?;
    ensure!(message.contains("25006"), "{message}");
    Ok(())
}

/// The scratch database is in the real cluster.
#[test]
fn statements_with_effects_outside_are_errors() -> Outcome {
    let database = Database::with_pgmeta("refused")?;
    for text in [
        "CREATE ROLE e2e_never",
        "ALTER ROLE postgres SET work_mem = 64",
        "DROP DATABASE postgres",
        "ALTER DATABASE postgres SET work_mem = 64",
        "ALTER DATABASE postgres RENAME TO other",
        "COMMENT ON DATABASE postgres IS 'x'",
        "GRANT CONNECT ON DATABASE postgres TO PUBLIC",
        "ALTER SYSTEM SET work_mem = 64",
        "BEGIN; PREPARE TRANSACTION 'x'",
        "GRANT pg_monitor TO postgres",
        "CREATE SUBSCRIPTION s CONNECTION 'host=nowhere' PUBLICATION p",
        "DO $$ BEGIN EXECUTE 'CREATE ROLE e2e_never'; END $$",
        "CREATE TABLE t (i int); COPY t FROM stdin",
        "SELECT 1 \\gexec",
        "\\connect postgres",
        "COPY t (a) FROM stdin;\n1\n\\.\n",
    ] {
        let message = database.error("postgres", &format!("SELECT pgmeta_snapshot_from_sql($text${text}$text$)"))?;
        ensure!(message.contains("0A000") && message.contains("Line 1"), "{text}: {message}");
    }
    ensure!(database.psql("SELECT to_regrole('e2e_never') IS NULL")? == "t", "the role was made");
    Ok(())
}

/// Runs a long call, runs `act` while its script runs, and returns the result.
fn interrupted(
    server: &Server,
    database: &str,
    role: &str,
    act: impl FnOnce() -> Result<()>,
) -> Result<(Duration, Output)> {
    std::thread::scope(|scope| {
        let call = "SET application_name = 'e2e_from_sql';\nSELECT pgmeta_snapshot_from_sql('CREATE TABLE t (i int); SELECT pg_sleep(120)')";
        let victim = scope.spawn(move || {
            (server.run_psql(database, role, &format!("\\set VERBOSITY verbose\n{call}")), Instant::now())
        });
        // The loader sleeps.
        until(server, &format!("SELECT count(*) = 1 FROM {LOADERS}"))?;
        let start = Instant::now();
        act()?;
        let (output, end) = victim.join().ok().context("the thread of psql failed")?;
        Ok((end.saturating_duration_since(start), output?))
    })
}

const LOADERS: &str = "pg_stat_activity WHERE backend_type = 'pgmeta scratch loader' AND wait_event = 'PgSleep'";

fn until(server: &Server, condition: &str) -> Result<()> {
    let start = Instant::now();
    while server.run_psql("postgres", "postgres", condition)?.stdout.trim() != "t" {
        ensure!(start.elapsed() < Duration::from_secs(60), "this did not become true: {condition}");
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// On a separate server, where databases of other tests do not count.
#[test]
fn no_scratch_database_remains() -> Outcome {
    let server = server()?.start()?;
    server.psql("postgres", "CREATE EXTENSION pgmeta; CREATE ROLE maker LOGIN CREATEDB")?;
    let psql = |sql: &str| server.psql("postgres", sql);
    for role in ["postgres", "maker"] {
        // The caller cancels.
        let cancel = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'e2e_from_sql'";
        let (delay, output) = interrupted(&server, "postgres", role, || psql(cancel).map(drop))?;
        ensure!(output.stderr.contains("57014"), "{output:?}");
        ensure!(delay < Duration::from_secs(8), "cancelled after {delay:?}");
        ensure!(psql(LEFT)? == "0", "a cancel leaves the database");

        // The caller's session ends.
        let terminate =
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'e2e_from_sql'";
        interrupted(&server, "postgres", role, || psql(terminate).map(drop))?;
        until(&server, &format!("SELECT ({LEFT}) = 0"))?;

        // The supervisor is terminated.
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
            WHERE backend_type = 'pgmeta scratch' AND datname = 'postgres'";
        let (_, output) = interrupted(&server, "postgres", role, || psql(end).map(drop))?;
        ensure!(output.stderr.contains("55000"), "{output:?}");
        ensure!(psql(LEFT)? == "0", "a supervisor that is told to end leaves the database");

        // The loader is terminated.
        let end = format!("SELECT pg_terminate_backend(pid) FROM {LOADERS}");
        let (_, output) = interrupted(&server, "postgres", role, || psql(&end).map(drop))?;
        ensure!(output.stderr.contains("55000"), "{output:?}");
        ensure!(psql(LEFT)? == "0", "a loader that ends leaves the database");

        // An error in the script.
        let output = server.run_psql("postgres", role, "SELECT pgmeta_snapshot_from_sql('SELECT 1/0')")?;
        ensure!(!output.ok && psql(LEFT)? == "0", "an error leaves the database");

        // The server crashes; the next call cleans up.
        let pid = |sql: &str| -> Result<String> { psql(sql) };
        let kill = || {
            let pid = pid(&format!("SELECT pid FROM {LOADERS}"))?;
            ensure!(Command::new("kill").args(["-9", &pid]).status()?.success(), "kill");
            Ok(())
        };
        interrupted(&server, "postgres", role, kill)?;
        until(&server, &format!("SELECT ({LEFT}) = 1"))?;
        let other = if role == "maker" { "postgres" } else { "maker" };
        server.run_psql("postgres", other, "SELECT pgmeta_snapshot_from_sql('')")?;
        ensure!(psql(LEFT)? == "1", "another role's database was dropped");
        let output = server.run_psql("postgres", role, "SELECT pgmeta_snapshot_from_sql('') ->> 'format_version'")?;
        ensure!(output.ok, "{output:?}");
        ensure!(psql(LEFT)? == "0", "a crash's database is not dropped by the next call");
    }
    Ok(())
}

#[test]
fn concurrent_calls_succeed() -> Outcome {
    let database = Database::with_pgmeta("several")?;
    let outputs = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..3)
            .map(|at| {
                let call = format!("SELECT jsonb_path_query(pgmeta_snapshot_from_sql('CREATE SCHEMA s{at}'), '$.schemas[*].name') ORDER BY 1");
                let database = &database;
                scope.spawn(move || database.run_as("postgres", &call))
            })
            .collect();
        calls.into_iter().map(|call| call.join().ok().context("a thread failed")?).collect::<Vec<_>>()
    });
    for (at, output) in outputs.into_iter().enumerate() {
        let output = output?;
        ensure!(output.stdout.contains(&format!("\"s{at}\"")), "{output:?}");
    }
    Ok(())
}

/// The answer is larger than the queue between the processes.
#[test]
fn a_large_answer_is_returned() -> Outcome {
    let database = Database::with_pgmeta("large")?;
    let answer = database.psql(
        "SELECT s -> 'tables' -> 1 ->> 'comment' = repeat('é', 1000000), jsonb_array_length(s -> 'tables') \
         FROM pgmeta_snapshot_from_sql((SELECT string_agg(format('CREATE TABLE t%s (i int); COMMENT ON TABLE t%1$s IS %L;', n, repeat('é', 1000000)), '') \
         FROM generate_series(1, 5) n)) s",
    )?;
    ensure!(answer == "t|5", "{answer}");
    Ok(())
}

#[test]
fn a_lack_of_workers_is_an_error() -> Outcome {
    let server = server()?.start()?;
    server.psql("postgres", "CREATE EXTENSION pgmeta")?;
    // The server itself uses one, for logical replication.
    for workers in [1, 2] {
        server.psql("postgres", &format!("ALTER SYSTEM SET max_worker_processes = {workers}"))?;
        server.restart()?;
        let output =
            server.run_psql("postgres", "postgres", "\\set VERBOSITY verbose\nSELECT pgmeta_snapshot_from_sql('')")?;
        ensure!(output.stderr.contains("53000") && output.stderr.contains("max_worker_processes"), "{output:?}");
        ensure!(server.psql("postgres", LEFT)? == "0", "the database is left");
    }
    Ok(())
}
