//! pgmeta's own objects: exports, snapshots, plans and migrations omit them unless they are requested, and no plan drops
//! them.

use anyhow::ensure;
use pgmeta_e2e::{Database, Outcome};

/// Objects that depend on pgmeta: a storage with keys, a member of its roles, a grant and a comment on its members.
const SETUP: &str = "CREATE SCHEMA app; CREATE TABLE app.t (id int);
    CREATE SERVER own_cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file:///nowhere');
    GRANT USAGE ON SCHEMA pgmeta TO PUBLIC; COMMENT ON EXTENSION pgmeta IS 'mine';";

/// Words that identify pgmeta's own objects.
const WORDS: &[&str] =
    &["EXTENSION", "SCHEMA pgmeta", "\"pgmeta\"", "pgmeta.", "pgmeta_archive", "pgmeta_storage", "own_cold"];

const EMPTY: &str = "'{\"format_version\": 1, \"server_version_num\": 150000}'";

#[test]
fn own_objects_are_omitted() -> Outcome {
    let database = Database::with_pgmeta("own")?;
    database.psql(SETUP)?;
    for call in [
        "pgmeta_export()",
        "pgmeta_export(options => '{\"cluster\": true}')",
        "pgmeta_export(format => 'json')",
        "(SELECT string_agg(content, '') FROM pgmeta_export_files(options => '{\"cluster\": true}'))",
        "(SELECT string_agg(ddl, '') FROM pgmeta_objects())",
        "encode(pgmeta_export_tar(), 'escape')",
        "pgmeta_snapshot()::text",
        "pgmeta_live('{\"format_version\": 1, \"server_version_num\": 150000}'::jsonb)::text",
        "pgmeta_snapshot_from_sql('CREATE SCHEMA app; CREATE EXTENSION pgmeta')::text",
    ] {
        let found = database.psql(&format!("SELECT {call}"))?;
        ensure!(found.contains("app"), "{call}: {found}");
        let own: Vec<&str> = WORDS.iter().copied().filter(|word| found.contains(word)).collect();
        ensure!(own.is_empty(), "{call} has {own:?}: {found}");
    }
    for call in [
        "pgmeta_export(options => '{\"self\": true}')",
        "(SELECT string_agg(content, '') FROM pgmeta_export_files(options => '{\"self\": true}'))",
        "pgmeta_snapshot(options => '{\"self\": true}')::text",
        "pgmeta_live('{\"format_version\": 1, \"server_version_num\": 150000}'::jsonb, '{\"self\": true}')::text",
    ] {
        let found = database.psql(&format!("SELECT {call}"))?;
        ensure!(found.contains("pgmeta") && found.contains("own_cold"), "{call}: {found}");
    }
    // A named object is printed.
    ensure!(database.psql("SELECT pgmeta_object_ddl('extension', '{pgmeta}')")?.contains("CREATE EXTENSION"), "no DDL");
    Ok(())
}

#[test]
fn no_plan_drops_pgmeta_unless_requested() -> Outcome {
    let database = Database::with_pgmeta("own_plans")?;
    database.psql(SETUP)?;
    let whole = "pgmeta_snapshot(options => '{\"self\": true}')";
    let of_plan =
        |call: &str| format!("SELECT count(*) FILTER (WHERE statement ~ 'pgmeta|own_cold'), count(*) > 0 FROM {call}");
    for call in [
        format!("pgmeta_plan({whole}, {EMPTY}::jsonb)"),
        format!("pgmeta_plan({EMPTY}::jsonb, {whole})"),
        format!("pgmeta_plan_live({EMPTY})"),
        format!("pgmeta_rehearse({EMPTY})"),
    ] {
        ensure!(database.psql(&of_plan(&call))? == "0|t", "{call}");
    }
    let diff = format!("SELECT count(*) FROM pgmeta_diff({whole}, pgmeta_snapshot())");
    ensure!(database.psql(&diff)? == "0", "a difference");
    let files = format!(
        "SELECT count(*) FROM pgmeta_migration({whole}, {EMPTY}::jsonb) WHERE content ~ 'EXTENSION pgmeta|own_cold'"
    );
    ensure!(database.psql(&files)? == "0", "in a migration");
    // A snapshot from a version that did not omit them.
    let saved = format!("SELECT pgmeta_snapshot_save('old', {whole}); SELECT count(*) FROM pgmeta_drift('old')");
    ensure!(database.psql(&saved)?.ends_with('0'), "drift");
    let asked = format!(
        "SELECT count(*) FROM pgmeta_plan({whole}, {EMPTY}::jsonb, '{{\"self\": true}}') WHERE statement = 'DROP EXTENSION pgmeta'"
    );
    ensure!(database.psql(&asked)? == "1", "it was asked for");
    Ok(())
}

#[test]
fn coverage_reports_own_objects() -> Outcome {
    let database = Database::with_pgmeta("own_coverage")?;
    database.psql(SETUP)?;
    let counts = "SELECT type, status, reason, count FROM pgmeta_coverage() WHERE status = 'left out' AND type IN ('extension', 'server') ORDER BY 1";
    let found = database.psql(counts)?;
    let reason = "left out|pgmeta's own: only with the option self|1";
    ensure!(found == format!("extension|{reason}\nserver|{reason}"), "{found}");
    let lost = "SELECT count(*) FROM pgmeta_coverage() WHERE status = 'not supported' AND type <> 'database'";
    ensure!(
        database.psql(lost)? == "0",
        "rows are lost: {}",
        database.psql("SELECT * FROM pgmeta_coverage() WHERE status = 'not supported'")?
    );
    Ok(())
}
