//! Law 7 with large documents: a cancel, and the end of the session, take effect within a second at any point of a call.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use pgmeta_e2e::{Outcome, Server, server};

/// Documents that keep the functions busy for seconds, each with another structure.
const INPUTS: &str = r#"
CREATE EXTENSION pgmeta;
CREATE TABLE inputs (name text PRIMARY KEY, doc jsonb NOT NULL);
CREATE FUNCTION document(list text, objects jsonb) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('format_version', 1, 'server_version_num', 150000, list, objects,
    'schemas', '[{"name": "s"}]'::jsonb) $$;
CREATE FUNCTION view_on(own text, other text) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('schema', 's', 'name', own, 'columns', '[]'::jsonb, 'definition', 'SELECT 1',
    'depends_on', jsonb_build_array(jsonb_build_object('type', 'view', 'names', jsonb_build_array('s', other)))) $$;
CREATE FUNCTION table_of(own text, columns text) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('schema', 's', 'name', own, 'columns', (SELECT jsonb_agg(jsonb_build_object(
    'name', columns || g, 'data_type', 'integer')) FROM generate_series(1, 4) g)) $$;
INSERT INTO inputs
  SELECT 'nothing', document('views', '[]')
  UNION ALL SELECT 'chain', document('views', jsonb_agg(view_on('v' || g, 'v' || g + 1))) FROM generate_series(1, 60000) g
  UNION ALL SELECT 'cycle', document('views', jsonb_agg(view_on('v' || g, 'v' || (g + 1) % 60000))) FROM generate_series(0, 59999) g
  UNION ALL SELECT 'tables', document('tables', jsonb_agg(table_of('t' || g, 'a'))) FROM generate_series(1, 60000) g
  UNION ALL SELECT 'others', document('tables', jsonb_agg(table_of('u' || g, 'a'))) FROM generate_series(1, 60000) g
  UNION ALL SELECT 'changed', document('tables', jsonb_agg(table_of('t' || g, 'b'))) FROM generate_series(1, 60000) g
  UNION ALL SELECT 'labels', document('types', jsonb_build_array(jsonb_build_object('schema', 's', 'name', 'e',
    'kind', 'enum', 'labels', (SELECT jsonb_agg('l' || g) FROM generate_series(1, 100000) g))))
  UNION ALL SELECT 'labels backwards', document('types', jsonb_build_array(jsonb_build_object('schema', 's', 'name', 'e',
    'kind', 'enum', 'labels', (SELECT jsonb_agg('l' || g ORDER BY g DESC) FROM generate_series(1, 100000) g))))
  UNION ALL SELECT 'tags', document('functions', jsonb_build_array(jsonb_build_object('schema', 's', 'name', 'f',
    'language', 'sql', 'returns', 'int', 'source', '$$ $_$' || (SELECT string_agg('$_' || g || '$', ' ')
    FROM generate_series(2, 150000) g))));
"#;

/// Calls with these documents; `:x` is the document with that name.
const CALLS: &[&str] = &[
    "pgmeta_snapshot_ddl(:chain)",
    "pgmeta_snapshot_ddl(:cycle)",
    "pgmeta_snapshot_ddl(:tables)",
    "pgmeta_snapshot_ddl(:tags)",
    "(SELECT count(*) FROM pgmeta_diff(:tables, :others))",
    "(SELECT count(*) FROM pgmeta_diff(:tables, :changed))",
    "(SELECT count(*) FROM pgmeta_plan(:tables, :others))",
    "(SELECT count(*) FROM pgmeta_plan(:tables, :changed))",
    "(SELECT count(*) FROM pgmeta_plan(:chain, :cycle))",
    "(SELECT count(*) FROM pgmeta_plan(:cycle, :nothing))",
    "(SELECT count(*) FROM pgmeta_plan(:labels, :\"labels backwards\"))",
    "(SELECT count(*) FROM pgmeta_migration(:nothing, :chain, 'goose'))",
    "pgmeta_live(:tables)",
];

/// How a call is ended, and the milliseconds after its start at which it is, unless it has ended already.
const ENDS: [(&str, u64); 4] = [
    ("pg_cancel_backend", 150),
    ("pg_cancel_backend", 700),
    ("pg_cancel_backend", 2500),
    ("pg_terminate_backend", 500),
];

/// Allows for a debug build and a busy machine; code without checks takes many seconds.
const LATEST: Duration = Duration::from_millis(1500);

fn call_on_inputs(call: &str) -> String {
    let mut call = call.to_owned();
    for name in ["\"labels backwards\"", "nothing", "chain", "cycle", "tables", "others", "changed", "labels", "tags"] {
        let document = format!("(SELECT doc FROM inputs WHERE name = '{}')", name.trim_matches('"'));
        call = call.replace(&format!(":{name}"), &document);
    }
    call
}

/// Ends a call after a time; returns how long it continued, or nothing if it had ended.
fn ended(own: &Server, call: &str, how: &str, moment: Duration) -> Result<Option<Duration>> {
    std::thread::scope(|scope| {
        let script = format!("SET application_name = 'victim';\nSELECT {} \\g /dev/null", call_on_inputs(call));
        let victim = scope.spawn(move || (own.run_psql("postgres", "postgres", &script), Instant::now()));
        let find =
            "FROM pg_stat_activity WHERE application_name = 'victim' AND state = 'active' AND query LIKE '%pgmeta%'";
        while own.psql("postgres", &format!("SELECT count(*) {find}"))? == "0" && !victim.is_finished() {}
        std::thread::sleep(moment);
        let was_over = victim.is_finished();
        let start = Instant::now();
        own.psql("postgres", &format!("SELECT {how}(pid) {find}"))?;
        let (output, end) = victim.join().map_err(|_| anyhow::anyhow!("psql's thread failed"))?;
        let output = output?;
        if was_over || output.ok {
            return Ok(None);
        }
        let words = ["canceling statement", "administrator command", "server closed the connection"];
        ensure!(words.iter().any(|word| output.stderr.contains(word)), "{call}: {}", output.stderr);
        Ok(Some(end.saturating_duration_since(start)))
    })
}

#[test]
fn large_documents_are_interrupted() -> Outcome {
    let own = server()?.start()?;
    own.psql("postgres", INPUTS)?;
    let (mut late, mut count) = (Vec::new(), 0);
    for call in CALLS {
        for (how, moment) in ENDS {
            // A busy machine can be late once.
            for attempt in 0..2 {
                let Some(delay) = ended(&own, call, how, Duration::from_millis(moment))? else { break };
                count += usize::from(attempt == 0);
                if delay < LATEST {
                    break;
                }
                if attempt == 1 {
                    late.push(format!("{call}, {how} after {moment} ms: {delay:?}"));
                }
            }
        }
    }
    ensure!(count > CALLS.len(), "only {count} calls were ended before they were over");
    ensure!(late.is_empty(), "late:\n{}", late.join("\n"));
    let log = own.log()?;
    ensure!(!log.contains("terminated by signal"), "{log}");
    Ok(())
}
