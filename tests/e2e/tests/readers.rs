//! Law 7: readers work in a read-only transaction and on a hot standby, and can be cancelled.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use pgmeta_e2e::{Database, Outcome, Source, origin, repository, same_text, server};

/// Every public function that reads; each returns one text.
const READERS: &[&str] = &[
    "pgmeta_ddl('app')",
    "pgmeta_ddl('app.orders'::regclass)",
    "pgmeta_ddl('app.order_total(bigint, date)'::regprocedure)",
    "pgmeta_ddl('app.amount'::regtype)",
    "pgmeta_ddl('app'::regnamespace)",
    "pgmeta_ddl('shop_app'::regrole)",
    "pgmeta_object_ddl('table', ARRAY['app', 'orders'])",
    "(SELECT string_agg(o::text, '' ORDER BY ordinal) FROM pgmeta_objects() o)",
    "pgmeta_export()",
    "pgmeta_export(NULL, format => 'json')",
    "pgmeta_export(NULL, options => '{\"cluster\": true, \"secrets\": \"include\"}')",
    "(SELECT string_agg(f::text, '') FROM pgmeta_export_files() f)",
    "pgmeta_export_tar()::text",
    "pgmeta_snapshot()::text",
    "pgmeta_snapshot_ddl(pgmeta_snapshot())",
    "pgmeta_snapshot_schema()::text",
    // Other tests create databases and roles concurrently.
    "(SELECT string_agg(c::text, '') FROM pgmeta_coverage() c WHERE type !~ '^(database|role|setting|comment)')",
    // Sizes and estimates of tables change while autovacuum works.
    "(pgmeta_live(pgmeta_snapshot()) - 'tables')::text",
    "(SELECT string_agg(d::text, '') FROM pgmeta_diff('app', 'auth') d)",
    "pgmeta_fingerprint()",
    // Statistics for performance rules differ on a standby.
    "(SELECT string_agg(l::text, '') FROM pgmeta_lint(NULL::text, '{\"rules\": [\"design\", \"types\", \"naming\", \"security\"]}') l)",
    "pgmeta_lint_sarif(NULL::text, '{\"rules\": [\"design\"]}')::text",
    "(SELECT string_agg(r::text, '') FROM pgmeta_lint_rules() r)",
    "pgmeta_version()",
    "(SELECT string_agg(h::text, '') FROM pgmeta_help() h)",
    "pgmeta_ddl('app.orders'::regclass::oid)",
    // Counters of scans change concurrently.
    "pgmeta_discover(NULL, '{\"sections\": [\"functions\", \"types\", \"relationships\", \"patterns\"], \"virtual\": true}')::text",
    "(pgmeta_discover('app', '{\"sections\": [\"views\", \"tables\", \"statistics\"], \"on_error\": \"warn\"}') IS NOT NULL)::text",
    "pgmeta_discover(pgmeta_snapshot('app'))::text",
    "pgmeta_discover_schema()::text",
    "(SELECT string_agg(r::text, '') FROM pgmeta_relationships() r)",
    "pgmeta_context()",
    "pgmeta_diagram()",
    // Sizes change meanwhile, and so do the counters that some rules ask for.
    "(SELECT string_agg(d::text, '') FROM pgmeta_document(options => '{\"sizes\": false}') d WHERE path ~ '^(types|functions|viewpoints)/')",
    "(SELECT string_agg(c::text, '') FROM pgmeta_comment_coverage() c)",
    "(SELECT string_agg(c::text, '') FROM pgmeta_capabilities() c)",
    "pgmeta_dialect_sql('app', 'sqlite')",
    "(SELECT string_agg(l::text, '') FROM pgmeta_dialect_losses('app', 'mariadb') l)",
    "pgmeta_definition_schema()::text",
    "pgmeta_definition_from('app', '{\"warn\": false}')::text",
    "(SELECT string_agg(v::text, '') FROM pgmeta_definition_validate(pgmeta_definition_from('app', '{\"warn\": false}')) v)",
    "pgmeta_definition_sql(pgmeta_definition_from('app', '{\"warn\": false}'))",
    "(SELECT string_agg(l::text, '') FROM pgmeta_definition_losses(pgmeta_template_apply('shop'), 'mariadb') l)",
    "(SELECT string_agg(l::text, '') FROM pgmeta_definition_list() l)",
    "(SELECT string_agg(t::text, '') FROM pgmeta_template_list() t)",
    "pgmeta_template_get('blog')::text",
    "pgmeta_api_openapi()::text",
    "pgmeta_definition_complexity(pgmeta_definition_from('app', '{\"warn\": false}'))::text",
];

fn all_readers() -> String {
    READERS.iter().map(|call| format!("SELECT md5({call});\n")).collect()
}

#[test]
fn readers_work_in_read_only_transactions() -> Outcome {
    let Some(origin) = origin(Source::Fixture("sample_app"))? else { return Ok(()) };
    let normal = origin.psql(&format!("BEGIN ISOLATION LEVEL SERIALIZABLE;\n{}COMMIT;", all_readers()))?;
    let read_only = origin.psql(&format!(
        "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE;\n{}COMMIT;\nSELECT pg_current_xact_id_if_assigned() IS NULL;",
        all_readers()
    ))?;
    ensure!(read_only.ends_with("\nt"), "a transaction ID was assigned");
    same_text("a normal and a read-only transaction", &normal, read_only.trim_end_matches("\nt"))
}

/// Not even a subtransaction of a reader writes.
#[test]
fn readers_use_no_transaction_id() -> Outcome {
    let Some(origin) = origin(Source::Fixture("sample_app"))? else { return Ok(()) };
    for call in READERS {
        let used = origin.psql(&format!(
            "BEGIN;\nSELECT md5({call}) \\g /dev/null\nSELECT pg_current_xact_id_if_assigned();\nCOMMIT;"
        ))?;
        ensure!(used.is_empty(), "{call} uses transaction {used}");
    }
    Ok(())
}

#[test]
fn readers_work_on_a_hot_standby() -> Outcome {
    let primary = server()?.start()?;
    let database = Database::create_on(&primary, "standby")?;
    for script in ["tests/fixtures/roles.sql", "tests/fixtures/sample_app.sql"] {
        database.run_script(&repository().join(script))?;
    }
    database.psql("CREATE EXTENSION pgmeta")?;
    let standby = primary.standby()?;
    ensure!(standby.psql(database.name(), "SELECT pg_is_in_recovery()")? == "t", "the standby is none");
    let there = standby.psql(database.name(), &all_readers())?;
    let here = database.psql(&all_readers())?;
    ensure!(there.lines().count() == READERS.len(), "{there}");
    same_text("the primary and the standby", &here, &there)
}

/// A cluster-level export creates an equal cluster: `pg_dumpall -g` is the same, except for passwords, which psql does not
/// show.
#[test]
fn a_cluster_export_creates_an_equal_cluster() -> Outcome {
    let from = server()?.start()?;
    let to = server()?.start()?;
    let database = Database::create_on(&from, "cluster")?;
    database.run_script(&repository().join("tests/fixtures/roles.sql"))?;
    database.psql(
        "CREATE EXTENSION pgmeta; CREATE ROLE e2e_secret LOGIN PASSWORD 'open sesame' VALID UNTIL '2099-01-01';\n\
         ALTER ROLE e2e_secret SET search_path = 'a b', c; ALTER ROLE ALL SET statement_timeout = '1h';\n\
         SET allow_in_place_tablespaces = on;\nCREATE TABLESPACE e2e_space OWNER e2e_secret LOCATION '' WITH (seq_page_cost = 2);\n\
         GRANT CREATE ON TABLESPACE e2e_space TO PUBLIC; COMMENT ON TABLESPACE e2e_space IS 'in place';",
    )?;
    let export = database.psql(
        "SELECT pgmeta_export(NULL, options => '{\"cluster\": true, \"secrets\": \"include\", \"self\": true}')",
    )?;
    let target = Database::create_on(&to, "cluster")?;
    to.psql("postgres", &format!("ALTER DATABASE \"{}\" RENAME TO \"{}\"", target.name(), database.name()))?;
    to.psql(database.name(), &format!("SET allow_in_place_tablespaces = on;\n{export}"))?;
    let globals = |server: &pgmeta_e2e::Server| -> anyhow::Result<String> {
        let output = server.program("pg_dumpall").args(["-g", "--restrict-key=x"]).output()?;
        ensure!(output.status.success(), "pg_dumpall: {}", String::from_utf8_lossy(&output.stderr));
        // The folder of an in-place tablespace has its OID as name.
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(text.lines().filter(|line| !line.contains("LOCATION 'pg_tblspc/")).flat_map(|line| [line, "\n"]).collect())
    };
    same_text("pg_dumpall -g before and after", &globals(&from)?, &globals(&to)?)?;
    let again =
        "SELECT pgmeta_export(NULL, options => '{\"cluster\": true, \"secrets\": \"include\", \"self\": true}')";
    let twice = to.psql(database.name(), again)?;
    to.psql("postgres", &format!("DROP DATABASE \"{}\" WITH (FORCE)", database.name()))?;
    same_text("cluster exports before and after", &export, &twice)
}

/// `pg_cancel_backend` stops any reader on a large database within a second, at any point.
#[test]
fn readers_are_cancelled_within_a_second() -> Outcome {
    let database = Database::with_pgmeta("cancel")?;
    let tables = std::env::var("PGMETA_E2E_TABLES").unwrap_or_else(|_| "2000".into());
    let generate = std::fs::read_to_string(repository().join("benches/generate.sql"))?;
    database.psql(&format!("\\set tables {tables}\n{generate}"))?;
    // The duration of the calls determines when they are cancelled. Without pgmeta_snapshot: it converts the model to JSON
    // without a check (docs/limits.md).
    for call in ["pgmeta_export()", "pgmeta_export_tar()", "(SELECT sum(count) FROM pgmeta_coverage())"] {
        let started = Instant::now();
        database.psql(&format!("SELECT {call} \\g /dev/null"))?;
        let whole = started.elapsed();
        for part in [0.1, 0.4, 0.7, 0.9] {
            let wait = whole.mul_f64(part);
            // A busy machine can be late once; code without checks is late every time.
            let mut late = Vec::new();
            while late.len() < 3 {
                match cancelled(&database, call, wait)? {
                    Some(delay) if delay >= Duration::from_secs(1) => late.push(delay),
                    _ => break,
                }
            }
            ensure!(late.len() < 3, "{call}: cancelled after {wait:?} of {whole:?}, ended {late:?} later");
        }
    }
    Ok(())
}

/// A backend that is terminated during an export, which has a second thread, ends normally: it does not crash the server.
#[test]
fn termination_does_not_crash_the_server() -> Outcome {
    let own = server()?.start()?;
    let database = Database::create_on(&own, "terminate")?;
    let generate = std::fs::read_to_string(repository().join("benches/generate.sql"))?;
    database.psql(&format!("CREATE EXTENSION pgmeta;\n\\set tables 1000\n{generate}"))?;
    let call = "SET application_name = 'victim';\nSELECT pgmeta_export() \\g /dev/null";
    let started = Instant::now();
    database.psql(call)?;
    let pause = started.elapsed().as_secs_f64();
    let ended = std::thread::scope(|scope| -> anyhow::Result<u32> {
        let killer = scope.spawn(|| {
            database.psql(&format!(
                "DO $$ BEGIN
                   FOR i IN 1..60 LOOP
                     PERFORM pg_sleep(random() * {pause});
                     PERFORM pg_stat_clear_snapshot();
                     PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'victim';
                   END LOOP;
                 END $$"
            ))
        });
        let mut ended = 0;
        while !killer.is_finished() {
            let output = database.run_as("postgres", call)?;
            if !output.ok {
                // The message is lost if the termination meets the next query; a crash shows in the log.
                let words = ["administrator command", "server closed the connection"];
                ensure!(words.iter().any(|word| output.stderr.contains(word)), "failed: {}", output.stderr);
                ended += 1;
            }
        }
        killer.join().map_err(|_| anyhow::anyhow!("the thread that terminates failed"))??;
        Ok(ended)
    })?;
    ensure!(ended > 20, "only {ended} calls were terminated");
    let log = own.log()?;
    let crashes: Vec<&str> = log.lines().filter(|line| line.contains("was terminated by signal")).collect();
    ensure!(crashes.is_empty(), "after {ended} terminations:\n{}", crashes.join("\n"));
    Ok(())
}

/// Cancels a call after a time; returns how long it continued, or nothing if it had ended.
fn cancelled(database: &Database<'_>, call: &str, wait: Duration) -> anyhow::Result<Option<Duration>> {
    std::thread::scope(|scope| {
        // psql must have started before the time is measured.
        let victim = scope.spawn(|| {
            let output =
                database.run_as("postgres", &format!("SET application_name = 'victim';\nSELECT {call} \\g /dev/null"));
            (Instant::now(), output)
        });
        let running = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'victim' AND state = 'active' \
            AND query LIKE '%pgmeta%' AND datname = current_database()";
        for _ in 0..500 {
            if database.psql(running)? != "0" || victim.is_finished() {
                break;
            }
        }
        std::thread::sleep(wait);
        let found = database.psql(
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity \
             WHERE application_name = 'victim' AND state = 'active' AND datname = current_database()",
        )?;
        let asked = Instant::now();
        let (ended, output) = victim.join().map_err(|_| anyhow::anyhow!("the thread of psql failed"))?;
        let output = output.context("psql")?;
        if found.is_empty() || output.ok {
            return Ok(None);
        }
        ensure!(output.stderr.contains("canceling statement"), "not cancelled but failed: {}", output.stderr);
        Ok(Some(ended.saturating_duration_since(asked)))
    })
}
