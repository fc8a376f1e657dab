//! Law 8 if memory is short: a call that does not get memory raises an error of class 53, and nothing else ends.

use anyhow::{Result, bail, ensure};
use pgmeta_e2e::{Database, Outcome, Server, server};

/// Enough tables for a model of some ten megabytes, and arguments of functions.
const SCHEMA: &str = r#"
CREATE EXTENSION pgmeta;
DO $$ BEGIN
  FOR i IN 1..2000 LOOP
    EXECUTE format('CREATE TABLE t%s (id bigint PRIMARY KEY, a text NOT NULL DEFAULT ''x'', b numeric(10,2) CHECK (b > 0))', i);
    IF i % 500 = 0 THEN COMMIT; END IF;
  END LOOP;
END $$;
CREATE TABLE inputs AS SELECT pgmeta_snapshot() AS full_side,
  '{"format_version": 1, "server_version_num": 140000}'::jsonb AS empty_side;
SELECT pgmeta_snapshot_save('kept') IS NULL;
CREATE TABLE rows AS SELECT g AS id, repeat(md5(g::text), 20) AS t FROM generate_series(1, 20000) g;
"#;

/// Calls that read or create a model: each function of that kind at least once.
const CALLS: &[&str] = &[
    "length(pgmeta_export())",
    "length(pgmeta_export(format => 'json'))",
    "(SELECT count(*) FROM pgmeta_objects())",
    "(SELECT count(*) FROM pgmeta_export_files())",
    "length(pgmeta_export_tar())",
    "pgmeta_fingerprint()",
    "length(pgmeta_snapshot()::text)",
    "(SELECT length(pgmeta_snapshot_ddl(full_side)) FROM inputs)",
    "pgmeta_snapshot_save('again')",
    "length(pgmeta_snapshot_load('kept')::text)",
    "(SELECT count(*) FROM inputs, pgmeta_diff(full_side, empty_side))",
    "(SELECT count(*) FROM pgmeta_drift('kept'))",
    "(SELECT count(*) FROM inputs, pgmeta_plan(empty_side, full_side))",
    "(SELECT count(*) FROM inputs, pgmeta_plan(full_side, empty_side))",
    "(SELECT count(*) FROM inputs, pgmeta_plan_live(empty_side))",
    "(SELECT count(*) FROM inputs, pgmeta_migration(empty_side, full_side))",
    "(SELECT length(pgmeta_live(full_side)::text) FROM inputs)",
    "(SELECT count(*) FROM pgmeta_coverage())",
    "(SELECT count(*) FROM pgmeta_rehearse(pgmeta_snapshot()))",
    "(SELECT count(*) FROM pgmeta_apply(pgmeta_snapshot()))",
    "pgmeta_archive('rows', 'cold')",
    "pgmeta_archive('rows', 'cold', '{\"format\": \"parquet\"}')",
    "(SELECT count(*) FROM pgmeta_archive_verify(1))",
    "(SELECT count(*) FROM pgmeta_archive_compare(1))",
    "pgmeta_archive_restore(1, '{\"into\": \"public.back\"}')",
];

/// Returns whether the call creates a model, which needs more than a megabyte; counts and rows do not.
fn has_model(call: &str) -> bool {
    !call.contains("coverage") && !call.contains("pgmeta_archive")
}

/// Starts a separate server, whose log shows every crashed process, with an archive in a folder.
fn prepared() -> Result<(Server, tempfile::TempDir)> {
    let own = server()?.start()?;
    own.psql("postgres", SCHEMA)?;
    let folder = tempfile::tempdir()?;
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o777))?;
    own.psql(
        "postgres",
        &format!(
            "CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file://{}'); SELECT pgmeta_archive('rows', 'cold')",
            folder.path().display()
        ),
    )?;
    Ok((own, folder))
}

fn ensure_none_died(own: &Server) -> Outcome {
    let log = own.log()?;
    let died: Vec<&str> =
        log.lines().filter(|line| line.contains("terminated by signal") || line.contains("PANIC:")).collect();
    ensure!(died.is_empty(), "{}", died.join("\n"));
    Ok(())
}

/// Runs a call; returns its SQLSTATE and message, or nothing if it succeeded. The session must answer afterwards.
fn state_of(own: &Server, before: &str, call: &str) -> Result<Option<String>> {
    let script = format!(
        "SELECT pgmeta_version();\n{before}\n\\set ON_ERROR_STOP off\n\\set VERBOSITY terse\n\
         BEGIN;\nSELECT {call} \\g /dev/null\n\\echo state :SQLSTATE\nROLLBACK;\nSELECT 'it answers';"
    );
    let output = own.run_psql("postgres", "postgres", &script)?;
    if !output.stdout.contains("it answers") {
        let log = own.log()?;
        let end: Vec<&str> = log.lines().rev().take(40).collect();
        let end: String = end.into_iter().rev().flat_map(|line| [line, "\n"]).collect();
        bail!("{before} {call}: {}{}\n{end}", output.stdout, output.stderr);
    }
    let state = output.stdout.lines().find_map(|line| line.strip_prefix("state ")).unwrap_or_default().to_owned();
    Ok((state != "00000").then(|| format!("{state} {}", output.stderr)))
}

#[test]
fn a_limited_address_space_raises_an_error() -> Outcome {
    let (own, _folder) = prepared()?;
    let mut seen = [0, 0];
    for headroom in [2, 8, 14, 24, 80] {
        // By the server itself, which may set limits of its own processes.
        let limit = format!(
            "DO $$ BEGIN EXECUTE format('COPY (SELECT) TO PROGRAM ''cat; prlimit --pid %s --as=%s''', pg_backend_pid(), \
             ((regexp_match(pg_read_file('/proc/self/status'), 'VmSize:\\s+(\\d+)'))[1]::bigint + {headroom} * 1024) * 1024); \
             END $$;"
        );
        for call in CALLS {
            let state = state_of(&own, &limit, call)?;
            ensure!(
                state.as_deref().is_none_or(|state| state.starts_with("53200")),
                "{headroom} MB, {call}: {state:?}"
            );
            seen[usize::from(state.is_some())] += 1;
        }
    }
    ensure!(seen.iter().all(|&count| count > 20), "succeeded and failed: {seen:?}");
    ensure_none_died(&own)
}

#[test]
fn the_setting_limits_each_call() -> Outcome {
    let (own, _folder) = prepared()?;
    for call in CALLS {
        let limited = |mb: u32| state_of(&own, &format!("SET pgmeta.memory = '{mb}MB';"), call);
        if has_model(call) {
            ensure!(limited(1)?.is_some_and(|state| state.starts_with("53200")), "{call} needs no more than 1 MB");
        }
        // The error is the same wherever the limit is reached.
        for mb in [2, 4, 7, 12, 20] {
            let state = limited(mb)?;
            ensure!(state.as_deref().is_none_or(|state| state.starts_with("53200")), "{mb} MB, {call}: {state:?}");
        }
        ensure!(limited(1024)?.is_none(), "{call} does not get by with 1 GB");
    }
    let refused = own.run_psql("postgres", "postgres", "SET pgmeta.memory = '1MB'; SELECT pgmeta_export()")?;
    ensure!(
        refused.stderr.contains("out of memory") && refused.stderr.contains("increase pgmeta.memory"),
        "{refused:?}"
    );
    ensure_none_died(&own)
}

/// A user cannot raise the limit of a session.
#[test]
fn only_superusers_set_the_limit() -> Outcome {
    let database = Database::with_pgmeta("memory_setting")?;
    let error = database.error(
        "postgres",
        "SELECT pgmeta_version(); CREATE ROLE e2e_memory; SET ROLE e2e_memory; SET pgmeta.memory = '8GB'",
    );
    database.psql("DROP ROLE e2e_memory")?;
    ensure!(error?.contains("42501"), "a role raises its own limit");
    Ok(())
}

/// All memory is released: the same call works after a hundred failures.
#[test]
fn a_failed_call_releases_all_memory() -> Outcome {
    let (own, _folder) = prepared()?;
    let script = "CREATE FUNCTION used() RETURNS int LANGUAGE sql AS $$ \
          SELECT (regexp_match(pg_read_file('/proc/self/status'), 'RssAnon:\\s+(\\d+)'))[1]::int $$;
        CREATE PROCEDURE fail(times int) LANGUAGE plpgsql AS $$ BEGIN FOR i IN 1..times LOOP
          PERFORM set_config('pgmeta.memory', (2 + i % 8) || 'MB', false);
          BEGIN PERFORM pgmeta_export(); EXCEPTION WHEN out_of_memory THEN NULL; END;
        END LOOP; END $$;
        CALL fail(8);
        SELECT used() AS before \\gset
        CALL fail(40);
        SELECT used() - :before;
        SET pgmeta.memory = '1GB';
        SELECT length(pgmeta_export()) > 100000;";
    let answer = own.psql("postgres", script)?;
    let (grown, works) = answer.split_once('\n').unwrap_or_default();
    ensure!(works == "t", "{answer}");
    ensure!(grown.parse::<i64>()? < 20_000, "{grown} kB more after 40 failed calls");
    ensure_none_died(&own)
}
