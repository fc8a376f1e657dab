//! Snapshots by name: the meaning of a text argument, the types that can be passed, and the rights that apply.

use anyhow::ensure;
use pgmeta_e2e::{Database, Outcome};

const SETUP: &str = "CREATE SCHEMA app; CREATE TABLE app.t (id int); SELECT pgmeta_snapshot_save('prod');
    ALTER TABLE app.t ADD note text; SELECT pgmeta_snapshot_save('prod'); SELECT pgmeta_snapshot_save('prod2');
    DROP TABLE app.t; CREATE TABLE app.u (id int); SELECT pgmeta_snapshot_save('a@2', NULL::text);
    CREATE SCHEMA next; CREATE TABLE next.u (id int, more int);";

fn database(label: &str) -> anyhow::Result<Database<'static>> {
    let database = Database::with_pgmeta(label)?;
    database.psql(SETUP)?;
    Ok(database)
}

#[test]
fn a_text_names_a_snapshot() -> Outcome {
    let database = database("sides")?;
    let load = |name: &str, version: u32| format!("pgmeta_snapshot_load('{name}', {version})");
    for (text, means) in [
        ("prod", load("prod", 2)),
        ("prod@1", load("prod", 1)),
        ("snapshot:prod@2", load("prod", 2)),
        ("a@2", load("a@2", 1)),
        ("a@2@1", load("a@2", 1)),
        ("snapshot:a@2", load("a@2", 1)),
    ] {
        let same = format!(
            "SELECT pgmeta_snapshot_ddl('{text}') = pgmeta_snapshot_ddl({means}),
            (SELECT array_agg(p.*::text) FROM pgmeta_plan('{text}', 'prod2') p) IS NOT DISTINCT FROM
                (SELECT array_agg(p.*::text) FROM pgmeta_plan({means}, pgmeta_snapshot_load('prod2')) p),
            (SELECT array_agg(p.*::text) FROM pgmeta_plan_live('{text}') p) IS NOT DISTINCT FROM
                (SELECT array_agg(p.*::text) FROM pgmeta_plan_live({means}) p),
            pgmeta_live('{text}') = pgmeta_live({means})"
        );
        let found = database.psql(&same)?;
        ensure!(found == "t|t|t|t", "{text}: {found}");
    }
    Ok(())
}

#[test]
fn every_function_accepts_names() -> Outcome {
    let database = database("sides_all")?;
    for (call, rows) in [
        ("pgmeta_diff('prod@1', 'prod')", "1"),
        ("pgmeta_diff('prod', 'prod2')", "0"),
        ("pgmeta_plan('prod@1', 'prod')", "1"),
        ("pgmeta_migration('prod@1', 'prod', 'goose')", "1"),
        ("pgmeta_drift('a@2', '{\"schemas\": [\"app\"]}')", "0"),
        ("pgmeta_drift(pgmeta_snapshot_load('a@2'), '{\"schemas\": [\"app\"]}')", "0"),
        ("pgmeta_rehearse('a@2', '{\"schemas\": [\"app\"]}')", "0"),
        ("pgmeta_apply('a@2', '{\"schemas\": [\"app\"]}')", "0"),
        ("pgmeta_diff('live', 'a@2', '{\"schemas\": [\"app\"]}')", "0"),
        ("pgmeta_plan('live', 'prod', '{\"schemas\": [\"app\"]}')", "3"),
        ("pgmeta_plan('prod', 'live', '{\"schemas\": [\"app\"]}')", "3"),
        ("pgmeta_plan('live', 'live')", "0"),
        // One side as JSON, with and without a type.
        ("pgmeta_plan(pgmeta_snapshot_load('prod', 1), 'prod')", "1"),
        ("pgmeta_diff('prod@1', pgmeta_snapshot_load('prod'))", "1"),
        ("pgmeta_diff(pgmeta_snapshot_load('prod'), 'live', '{\"schemas\": [\"app\"]}')", "2"),
        ("pgmeta_migration('prod', pgmeta_snapshot_load('prod', 1))", "2"),
        (
            "pgmeta_plan(' {\"format_version\": 1, \"server_version_num\": 150000}', 'prod', '{\"types\": [\"table\"]}')",
            "2",
        ),
        ("pgmeta_plan(pgmeta_snapshot_load('prod', 1)::json, pgmeta_snapshot_load('prod')::json)", "1"),
        ("pgmeta_plan(pgmeta_snapshot_load('prod', 1)::text, pgmeta_snapshot_load('prod')::varchar)", "1"),
        ("pgmeta_plan_live(pgmeta_snapshot_load('a@2')::json, '{\"schemas\": [\"app\"]}')", "0"),
        ("pgmeta_plan(NULL, NULL)", "0"),
        ("pgmeta_diff(NULL, 'prod')", "0"),
        ("pgmeta_diff('prod', NULL::jsonb)", "0"),
        ("pgmeta_drift(NULL)", "0"),
    ] {
        let found = database.psql(&format!("SELECT count(*) FROM {call}"))?;
        ensure!(found == rows, "{call}: {found}");
    }
    // Parameters without a type, as drivers send them.
    let prepared = "PREPARE p AS SELECT count(*) FROM pgmeta_plan($1, $2); EXECUTE p ('prod@1', 'prod');";
    ensure!(database.psql(prepared)? == "1", "a prepared statement");
    let copied = "SELECT pgmeta_snapshot_save('copy', 'prod@1'); SELECT pgmeta_snapshot_load('copy') = pgmeta_snapshot_load('prod', 1)";
    ensure!(database.psql(copied)? == "1\nt", "a copy");
    Ok(())
}

#[test]
fn an_ambiguous_name_requires_a_prefix() -> Outcome {
    let database = database("sides_two")?;
    database.psql("CREATE SCHEMA prod; CREATE TABLE prod.u (id int, other int)")?;
    let message = database.error("postgres", "SELECT * FROM pgmeta_diff('prod', 'prod2')")?;
    ensure!(message.contains("42725") && message.contains("'schema:prod' or 'snapshot:prod'"), "{message}");
    ensure!(database.psql("SELECT count(*) FROM pgmeta_diff('snapshot:prod', 'prod2')")? == "0", "the snapshot");
    let schemas =
        "SELECT string_agg(identity, ',') FROM pgmeta_diff('schema:prod', 'next', '{\"types\": [\"table\"]}')";
    ensure!(database.psql(schemas)? == "prod.u", "the schema");
    for (call, code, text) in [
        ("pgmeta_diff('app', 'prod2')", "22023", "a schema with a snapshot"),
        ("pgmeta_diff('app', 'live')", "22023", "a schema with a snapshot"),
        ("pgmeta_diff('nope', 'neither')", "3F000", "\"nope\" or \"neither\" does not exist"),
        ("pgmeta_diff('schema:nope', 'next')", "3F000", "schema \"nope\" does not exist"),
        ("pgmeta_plan('nope', 'prod')", "42704", "Saved snapshots are: "),
        ("pgmeta_plan('prod@7', 'prod')", "42704", "Its versions are: 2, 1."),
        ("pgmeta_plan('{\"format', 'prod')", "22P02", ""),
        ("pgmeta_plan('[1]', 'prod')", "22P02", ""),
        ("pgmeta_apply('live')", "22023", "Pass the name of a saved snapshot"),
        ("pgmeta_snapshot_save('live')", "22023", "Choose another name"),
        ("pgmeta_snapshot_ddl('live')", "22023", ""),
    ] {
        let message = database.error("postgres", &format!("SELECT * FROM {call}"))?;
        ensure!(message.contains(code) && message.contains(text), "{call}: {message}");
    }
    Ok(())
}

#[test]
fn names_give_no_rights() -> Outcome {
    let database = database("sides_rights")?;
    database.psql("SELECT 'CREATE ROLE e2e_sides' WHERE to_regrole('e2e_sides') IS NULL \\gexec")?;
    let role = |call: &str| format!("SET ROLE e2e_sides; SELECT count(*) FROM {call}");
    for call in [
        "pgmeta_plan('prod', 'prod2')",
        "pgmeta_drift('prod')",
        "pgmeta_snapshot_ddl('prod')",
        "pgmeta_diff('snapshot:prod', 'live')",
    ] {
        let message = database.error("postgres", &role(call))?;
        ensure!(message.contains("42501"), "{call}: {message}");
    }
    // A role without privileges does not learn whether a snapshot exists; schemas are compared nevertheless.
    let message = database.error("postgres", &role("pgmeta_diff('prod', 'prod2')"))?;
    ensure!(message.contains("3F000"), "{message}");
    ensure!(database.psql(&role("pgmeta_diff('app', 'next', '{\"types\": [\"table\"]}')"))? == "1", "schemas");
    Ok(())
}
