//! Arguments that pgmeta rejects with a short message: wrong options of any function, too many workers. No message shows
//! internals of the program.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::{Database, Outcome, Server, server};

/// Calls of all functions with options; the other arguments are placeholders.
const CALLS: &str = r#"
SELECT format('SELECT * FROM %s(%s)', p.oid::regproc, string_agg(format('%I => %s', a.name, CASE
    WHEN a.name = 'options' THEN ':options'
    WHEN a.type = 'jsonb'::regtype THEN '''{"format_version": 1, "server_version_num": 140000}'''
    WHEN a.type = 'regclass'::regtype THEN '''pg_class'''
    WHEN a.type = 'interval'::regtype THEN '''1 day''::interval'
    WHEN a.type = 'bigint'::regtype THEN '1'
    WHEN a.type = 'text[]'::regtype THEN '''{table,x}''::text[]'
    WHEN a.type::regtype::text LIKE 'reg%' THEN quote_literal('1') || '::' || a.type::regtype
    WHEN a.name = 'directory' THEN '''/nowhere/e2e'''
    ELSE '''x''::' || a.type::regtype END), ', ' ORDER BY a.at))
FROM pg_proc p, unnest(p.proargnames[1:p.pronargs], p.proargtypes::oid[]) WITH ORDINALITY a (name, type, at)
WHERE p.proname LIKE 'pgmeta%' AND 'options' = ANY (p.proargnames)
  AND (a.at <= p.pronargs - p.pronargdefaults OR a.name = 'options')
GROUP BY p.oid, p.proname ORDER BY 1
"#;

/// Options that are wrong for every function.
const ODD: &[(&str, &str)] = &[
    ("deep arrays", "repeat('[', 5000) || repeat(']', 5000)"),
    ("deep objects", "repeat('{\"a\":', 5000) || '1' || repeat('}', 5000)"),
    ("deep value", "'{\"exclude\": ' || repeat('[', 500) || repeat(']', 500) || '}'"),
    ("huge number", "'{\"workers\": 1e400}'"),
    ("huge key", "'{\"' || repeat('k', 900000) || '\": 1}'"),
    ("huge value", "'{\"exclude\": \"' || repeat('v', 5000000) || '\"}'"),
    ("many keys", "(SELECT jsonb_object_agg('key' || g, g)::text FROM generate_series(1, 200000) g)"),
    ("an array", "'[]'"),
    ("a number", "'1e308'"),
];

#[test]
fn wrong_options_are_short_errors() -> Outcome {
    let database = Database::with_pgmeta("odd_options")?;
    let calls = database.psql(CALLS)?;
    ensure!(calls.lines().count() > 20, "{calls}");
    for (what, options) in ODD {
        database.psql("DROP TABLE IF EXISTS odd")?;
        database.psql(&format!("CREATE TABLE odd AS SELECT ({options})::jsonb AS options"))?;
        for call in calls.lines() {
            let call = call.replace(":options", "(SELECT options FROM odd)");
            let error = database.error("postgres", &format!("BEGIN; {call}"));
            let error = error.with_context(|| format!("{what}: {call}"))?;
            ensure!(error.len() < 6_000, "{what}: {call}: {} bytes", error.len());
            for inner in ["text version of jsonb", "Error(", "panicked", "XX000"] {
                ensure!(!error.contains(inner), "{what}: {call}: {error}");
            }
        }
    }
    Ok(())
}

#[test]
fn lists_in_messages_are_limited() -> Outcome {
    let database = Database::with_pgmeta("long_lists")?;
    for (call, wanted) in [
        ("pgmeta_export(ARRAY(SELECT 's' || g FROM generate_series(1, 50000) g))", "and 49990 more"),
        ("pgmeta_export(types => ARRAY[repeat('t', 100000)])", "unrecognized object type"),
        ("pgmeta_export(on_error => repeat('t', 100000))", "for on_error"),
        ("pgmeta_export(format => repeat('t', 100000))", "for format"),
    ] {
        let error = database.error("postgres", &format!("SELECT {call}"))?;
        ensure!(error.contains(wanted) && error.len() < 6_000, "{call}: {error}");
    }
    Ok(())
}

/// No message contains a backtrace, whatever the server's environment is.
#[test]
fn no_message_has_a_backtrace() -> Outcome {
    for preload in ["RESET shared_preload_libraries", "SET shared_preload_libraries = 'pgmeta'"] {
        let own = server()?.start_with(&[("RUST_BACKTRACE", "full"), ("RUST_LIB_BACKTRACE", "1")])?;
        own.psql("postgres", "ALTER SYSTEM SET log_min_messages = 'debug1'; CREATE EXTENSION pgmeta")?;
        own.psql("postgres", &format!("ALTER SYSTEM {preload}"))?;
        own.restart()?;
        for call in [
            "pgmeta_export(name_pattern => '(')",
            "pgmeta_export('nowhere')",
            "pgmeta_ddl('nothing')",
            "pgmeta_snapshot_ddl('{}')",
            "pgmeta_export(set_config('pgmeta.memory', '1MB', false) || '{pg_catalog}')",
            "pgmeta_snapshot_from_sql('SELECT 1/0')",
        ] {
            let script = format!("SET client_min_messages = debug1;\n\\set VERBOSITY verbose\nSELECT {call}");
            let output = own.run_psql("postgres", "postgres", &script)?;
            ensure!(!output.ok, "{call}");
            ensure_no_backtrace(&output.stderr)?;
        }
        ensure_no_backtrace(&own.log()?)?;
    }
    Ok(())
}

fn ensure_no_backtrace(text: &str) -> Outcome {
    for inner in ["std::panicking", "core::ops::function", "rust_begin_unwind", "stack backtrace", "   0: "] {
        ensure!(!text.contains(inner), "{inner} in:\n{text}");
    }
    Ok(())
}

const SLEEPER: &str = "SELECT pgmeta_snapshot_from_sql('SELECT pg_sleep(60)')";

fn until(own: &Server, condition: &str) -> Result<()> {
    let start = Instant::now();
    while own.psql("postgres", condition)? != "t" {
        ensure!(start.elapsed() < Duration::from_secs(30), "this did not become true: {condition}");
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

#[test]
fn the_number_of_workers_is_limited_for_the_server() -> Outcome {
    let own = server()?.start()?;
    let limit = |most: i32| {
        own.psql(
            "postgres",
            &format!("LOAD 'pgmeta'; ALTER SYSTEM SET pgmeta.max_workers = {most}; SELECT pg_reload_conf()"),
        )
    };
    own.psql("postgres", "CREATE EXTENSION pgmeta; CREATE DATABASE other; CREATE ROLE maker LOGIN CREATEDB")?;
    own.psql("other", "CREATE EXTENSION pgmeta")?;
    for (most, fit) in [(0, 0), (1, 0), (2, 1), (5, 2)] {
        limit(most)?;
        std::thread::scope(|scope| -> Outcome {
            let running = (1..=fit).map(|nth| {
                let sleeper = scope.spawn(|| own.run_psql("postgres", "maker", SLEEPER));
                // Two processes for each: both count from the start.
                until(
                    &own,
                    &format!("SELECT count(*) >= {nth} FROM pg_stat_activity WHERE backend_type = 'pgmeta scratch'"),
                )?;
                Ok(sleeper)
            });
            let running = running.collect::<Result<Vec<_>>>()?;
            // In another database too.
            for database in ["postgres", "other"] {
                let script = format!("\\set VERBOSITY verbose\n{SLEEPER}");
                let refused = own.run_psql(database, "postgres", &script)?.stderr;
                ensure!(refused.contains("53000") && refused.contains("pgmeta.max_workers"), "{most}: {refused}");
            }
            own.psql("postgres", "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE usename = 'maker' AND backend_type = 'client backend'")?;
            for sleeper in running {
                let ended = sleeper.join().map_err(|_| anyhow::anyhow!("psql's thread failed"))??;
                ensure!(ended.stderr.contains("canceling"), "{most}: {ended:?}");
            }
            Ok(())
        })?;
        until(&own, "SELECT count(*) = 0 FROM pg_stat_activity WHERE backend_type LIKE 'pgmeta%'")?;
    }
    // By default half of the server's workers.
    own.psql(
        "postgres",
        "ALTER SYSTEM SET max_worker_processes = 2; LOAD 'pgmeta'; ALTER SYSTEM RESET pgmeta.max_workers",
    )?;
    own.restart()?;
    let refused = own.run_psql("postgres", "postgres", SLEEPER)?.stderr;
    ensure!(refused.contains("0 of 1 are running"), "{refused}");
    Ok(())
}

#[test]
fn the_number_of_workers_is_limited_for_a_policy() -> Outcome {
    let database = Database::with_pgmeta("many_workers")?;
    for workers in ["0", "-1", "65", "1000", "2147483647"] {
        let error = database.error("postgres", &format!("SELECT pgmeta_archive_start(NULL, {workers})"))?;
        ensure!(error.contains("22023") && error.contains("from 1 to 64"), "{workers}: {error}");
    }
    Ok(())
}
