//! Deployments into databases of their own.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use pgmeta_e2e::{Database, Outcome, Server, server};

use super::{ALLOW_ALL, quoted};

const NONE_LEFT: &str = "NOT EXISTS (SELECT FROM pg_database WHERE datname ~ '^pgmeta_scratch_')";

/// The document of a shop with this many tables, each with a column of the version.
fn document(tables: usize, version: usize) -> String {
    let table = |number| {
        format!(
            r#"{{"name": "t{number}", "columns": [{{"name": "id", "type": "bigint", "primary_key": true}},
            {{"name": "v{version}", "type": "text"}}]}}"#
        )
    };
    format!(r#"{{"schema": "app", "tables": [{}]}}"#, (0..tables).map(table).collect::<Vec<_>>().join(","))
}

fn deploy(database: &Database, options: &str) -> Result<String, anyhow::Error> {
    database.psql(&format!("SELECT * FROM pgmeta_definition_deploy('own', options => {})", quoted(options)))
}

/// Options of a call that allows everything, with more of them.
fn allow_all(more: &str) -> String {
    format!("{}, {more}}}", ALLOW_ALL.trim_end_matches('}'))
}

fn with_definition<'s>(own: &'s Server, name: &str) -> Result<Database<'s>, anyhow::Error> {
    let database = Database::create_on(own, name)?;
    database.psql("CREATE EXTENSION pgmeta")?;
    database.psql(&format!("SELECT pgmeta_definition_create('own', {})", quoted(&document(2, 1))))?;
    Ok(database)
}

fn wait_until(database: &Database, condition: &str) -> Outcome {
    for _ in 0..200 {
        if database.psql(&format!("SELECT {condition}"))? == "t" {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(50));
    }
    bail!("does not become true: {condition}")
}

#[test]
fn a_database_is_created_altered_and_dropped() -> Outcome {
    let own = server()?.start()?;
    let database = with_definition(&own, "registry_database")?;
    let status = |key: &str| database.psql(&format!("SELECT pgmeta_definition_status('own') -> '{key}'"));
    let shown = deploy(&database, r#"{"database": "the \"shop\"", "dry_run": true}"#)?;
    ensure!(shown.contains("CREATE DATABASE \"the \"\"shop\"\"\"") && shown.contains("CREATE TABLE app.t1"), "{shown}");
    ensure!(database.psql("SELECT count(*) FROM pg_database WHERE datname ~ 'shop'")? == "0");

    let done = deploy(&database, r#"{"database": "the \"shop\""}"#)?;
    ensure!(done.starts_with("1|CREATE DATABASE") && done.contains("CREATE TABLE app.t1"), "{done}");
    ensure!(status("status")? == "\"deployed\"" && status("drift")? == "[]", "{}", status("drift")?);
    ensure!(status("target")? == r#"{"database": "the \"shop\""}"#, "{}", status("target")?);
    let shop = |script: &str| own.psql("the \"shop\"", script);
    shop("INSERT INTO app.t0 VALUES (1, 'a'), (2, 'b')")?;
    ensure!(shop("SELECT count(*) FROM pg_extension WHERE extname = 'pgmeta'")? == "0");
    ensure!(status("tables")?.contains("\"t0\""));

    // A second version alters it, and rows survive.
    let second = document(3, 1).replace(r#""v1", "type": "text""#, r#""v1", "type": "text", "default": "'x'""#);
    database.psql(&format!("SELECT pgmeta_definition_update('own', {})", quoted(&second)))?;
    ensure!(status("status")? == "\"outdated\"");
    let done = deploy(&database, ALLOW_ALL)?;
    ensure!(done.contains("CREATE TABLE app.t2") && !done.contains("CREATE TABLE app.t0"), "{done}");
    ensure!(shop("SELECT count(*) FROM app.t0")? == "2");
    ensure!(status("status")? == "\"deployed\"" && status("drift")? == "[]");
    ensure!(deploy(&database, "{}")?.is_empty(), "the same version again has nothing to do");

    // What was changed by hand is shown and not overwritten.
    shop("ALTER TABLE app.t1 ADD COLUMN by_hand int")?;
    ensure!(status("drift")?.contains("app.t1"), "{}", status("drift")?);
    let call = "SELECT pgmeta_definition_rollback('own', 1, '{\"allow_hazards\": [\"deletes_data\"]}');";
    let error = database.error("postgres", call)?;
    ensure!(error.contains("changed by hand"), "{error}");
    database.psql(&format!(
        "SELECT pgmeta_definition_rollback('own', 1, {})",
        quoted(&allow_all("\"overwrite_drift\": true"))
    ))?;
    ensure!(
        shop(
            "SELECT string_agg(attname, ',') FROM pg_attribute WHERE attrelid = 'app.t1'::regclass AND attnum > 0 AND NOT attisdropped"
        )? == "id,v1"
    );
    ensure!(status("deployed_version")? == "1");

    // It is dropped only if nobody is connected and nothing else is in it.
    shop("CREATE SCHEMA other")?;
    let undeploy = format!("SELECT pgmeta_definition_undeploy('own', {});", quoted(ALLOW_ALL));
    let error = database.error("postgres", &undeploy)?;
    ensure!(error.contains("schema \"other\" was created"), "{error}");
    shop("DROP SCHEMA other")?;
    database.psql(&undeploy)?;
    ensure!(database.psql("SELECT count(*) FROM pg_database WHERE datname ~ 'shop'")? == "0");
    ensure!(status("status")? == "\"created\"");
    wait_until(&database, NONE_LEFT)?;
    Ok(())
}

#[test]
fn the_end_of_the_transaction_decides() -> Outcome {
    let own = server()?.start()?;
    let database = with_definition(&own, "registry_database_end")?;
    // A rolled back deployment leaves no database.
    database.psql("BEGIN; SELECT pgmeta_definition_deploy('own', options => '{\"database\": \"shop\"}'); ROLLBACK")?;
    ensure!(database.psql("SELECT count(*) FROM pg_database WHERE datname = 'shop'")? == "0");
    wait_until(&database, NONE_LEFT)?;
    ensure!(database.psql("SELECT pgmeta_definition_status('own') ->> 'status'")? == "created");
    // So does one in a subtransaction that is rolled back.
    database.psql(
        "DO $$ BEGIN PERFORM pgmeta_definition_deploy('own', options => '{\"database\": \"shop\"}'); RAISE 'no'; EXCEPTION WHEN raise_exception THEN END $$",
    )?;
    ensure!(database.psql("SELECT count(*) FROM pg_database WHERE datname = 'shop'")? == "0");
    wait_until(&database, NONE_LEFT)?;

    database.psql("BEGIN; SELECT pgmeta_definition_deploy('own', options => '{\"database\": \"shop\"}'); COMMIT")?;
    let shop = |script: &str| own.psql("shop", script);
    let tables = "SELECT count(*) FROM pg_class WHERE relnamespace = 'app'::regnamespace AND relkind = 'r'";
    ensure!(shop(tables)? == "2");
    database.psql(&format!("SELECT pgmeta_definition_update('own', {})", quoted(&document(3, 1))))?;
    // An alteration commits with its caller, or not at all.
    database.psql("BEGIN; SELECT pgmeta_definition_deploy('own'); ROLLBACK")?;
    ensure!(shop(tables)? == "2");
    database.psql(
        "DO $$ BEGIN PERFORM pgmeta_definition_deploy('own'); RAISE 'no'; EXCEPTION WHEN raise_exception THEN END $$",
    )?;
    ensure!(shop(tables)? == "2");
    ensure!(database.psql("SELECT pgmeta_definition_status('own') ->> 'deployed_version'")? == "1");
    // A transaction that would wait for itself gets an error.
    let twice = "BEGIN; SELECT pgmeta_definition_deploy('own'); SELECT pgmeta_definition_rollback('own', 1, '{\"allow_hazards\": [\"deletes_data\"]}');";
    let error = database.error("postgres", twice)?;
    ensure!(error.contains("40P01"), "{error}");
    ensure!(shop(tables)? == "2");
    let prepared = "BEGIN; SELECT pgmeta_definition_deploy('own'); PREPARE TRANSACTION 'x';";
    let error = database.error("postgres", prepared)?;
    ensure!(error.contains("cannot PREPARE") || error.contains("max_prepared_transactions"), "{error}");
    database.psql("BEGIN; SELECT pgmeta_definition_deploy('own'); COMMIT")?;
    ensure!(shop(tables)? == "3");

    let undeploy = format!("SELECT pgmeta_definition_undeploy('own', {})", quoted(ALLOW_ALL));
    database.psql(&format!("BEGIN; {undeploy}; ROLLBACK"))?;
    ensure!(shop(tables)? == "3");
    // A session that uses the database keeps it.
    let error = thread::scope(|scope| {
        scope.spawn(|| own.run_psql("shop", "postgres", "SELECT pg_sleep(8)"));
        wait_until(&database, "EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep')")?;
        database.error("postgres", &format!("{undeploy};"))
    })?;
    ensure!(error.contains("55006"), "{error}");
    ensure!(shop(tables)? == "3");
    Ok(())
}

#[test]
fn refusals_name_their_reason() -> Outcome {
    let own = server()?.start()?;
    let database = with_definition(&own, "registry_database_refusals")?;
    let refused = |role: &str, options: &str, parts: &[&str]| -> Outcome {
        let call = format!("SELECT pgmeta_definition_deploy('own', options => {});", quoted(options));
        let error = database.error(role, &call)?;
        for part in parts {
            ensure!(error.contains(part), "{options}: {error}");
        }
        Ok(())
    };
    refused("postgres", r#"{"database": "postgres"}"#, &["42P04", "already exists", "HINT"])?;
    refused("postgres", r#"{"database": ""}"#, &["22023", "1 to 63 bytes"])?;
    refused("postgres", r#"{"database": "pgmeta_scratch_1_2"}"#, &["22023", "Temporary"])?;
    refused("postgres", r#"{"database": "a", "schema": "b"}"#, &["22023", "one target"])?;
    database.psql(
        "CREATE ROLE plain LOGIN; CREATE ROLE silent CREATEDB; SELECT pgmeta_definition_share('own', 'plain', '{deploy}');
        SELECT pgmeta_definition_share('own', 'silent', '{deploy}')",
    )?;
    refused("plain", r#"{"database": "shop"}"#, &["42501", "CREATEDB"])?;
    let call = "SET SESSION AUTHORIZATION silent; SELECT pgmeta_definition_deploy('own', options => '{\"database\": \"shop\"}');";
    ensure!(database.error("postgres", call)?.contains("LOGIN"));
    ensure!(database.psql("SELECT count(*) FROM pgmeta.definition_deployments")? == "0", "a refusal is not recorded");

    // A failed statement is recorded, and leaves no database.
    database.psql(
        "SELECT pgmeta_definition_update('own', jsonb_set(pgmeta_definition_get('own'), '{tables,0,checks}', '[\"missing > 1\"]'))",
    )?;
    refused("postgres", r#"{"database": "shop"}"#, &["42703", "step 3", "missing"])?;
    let row =
        database.psql("SELECT steps, sqlstate, target, detail ~ 'CREATE TABLE' FROM pgmeta.definition_deployments")?;
    ensure!(row == "3|42703|database \"shop\"|t", "{row}");
    wait_until(&database, NONE_LEFT)?;

    // Where it was deployed once, it stays until it is undeployed; a database that is gone is forgotten by that.
    database.psql("SELECT pgmeta_definition_deploy('own', 1, '{\"database\": \"shop\"}')")?;
    refused("postgres", r#"{"schema": "b"}"#, &["55000", "deployed to database \"shop\""])?;
    refused("plain", r#"{}"#, &["42501"])?;
    own.psql("postgres", "DROP DATABASE shop")?;
    refused("postgres", r#"{}"#, &["3D000", "pgmeta_definition_undeploy"])?;
    let drift = database.psql("SELECT pgmeta_definition_status('own') ->> 'drift'")?;
    ensure!(drift.contains("\"database\"") && drift.contains("drop"), "{drift}");
    database.psql("SELECT pgmeta_definition_undeploy('own')")?;
    ensure!(database.psql("SELECT pgmeta_definition_status('own') ->> 'target'")?.is_empty());
    Ok(())
}

#[test]
fn a_cancelled_deployment_leaves_nothing() -> Outcome {
    let own = server()?.start()?;
    let database = with_definition(&own, "registry_database_cancel")?;
    database.psql(&format!("SELECT pgmeta_definition_update('own', {})", quoted(&document(400, 1))))?;
    for milliseconds in [20, 80, 200, 400] {
        let call = format!(
            "SET statement_timeout = {milliseconds}; SELECT pgmeta_definition_deploy('own', options => '{{\"database\": \"shop\"}}');"
        );
        let _ = database.run_as("postgres", &call)?;
        database.psql("SELECT pgmeta_definition_undeploy('own') WHERE EXISTS (SELECT FROM pgmeta.definitions WHERE deployed_version IS NOT NULL)")?;
        wait_until(
            &database,
            &format!(
                "{NONE_LEFT} AND NOT EXISTS (SELECT FROM pg_database WHERE datname = 'shop')
                AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE backend_type ~ '^pgmeta')"
            ),
        )?;
    }
    Ok(())
}

/// The server is killed at 30 moments: afterwards the database has one version or the other, the status says which, and the next
/// deployment drops what was left.
#[test]
fn a_crash_leaves_one_version() -> Outcome {
    let own = server()?.start()?;
    let database = Database::create_on(&own, "crash")?;
    database.psql(&format!(
        "CREATE EXTENSION pgmeta; SELECT pgmeta_definition_create('own', {}); SELECT pgmeta_definition_update('own', {})",
        quoted(&document(30, 1)),
        quoted(&document(30, 2)),
    ))?;
    let (undeploy, start) =
        (format!("SELECT pgmeta_definition_undeploy('own', {})", quoted(ALLOW_ALL)), Instant::now());
    deploy(&database, &allow_all(r#""database": "shop""#))?;
    let longest = start.elapsed();
    database.psql(&undeploy)?;
    let mut seen = [0, 0, 0];
    for round in 0..30u32 {
        let version = round % 2 + 1;
        let options = allow_all(r#""database": "shop""#);
        let call = format!("SELECT pgmeta_definition_deploy('own', {version}, {})", quoted(&options));
        thread::scope(|scope| {
            let session = scope.spawn(|| database.run_as("postgres", &call));
            thread::sleep(longest * (round * 7 % 30 + 1) / 9);
            own.crash()?;
            let _ = session.join();
            Ok::<_, anyhow::Error>(())
        })?;
        let found = database.psql(
            "SELECT s ->> 'deployed_version', s ->> 'drift', (SELECT count(*) FROM pg_database WHERE datname = 'shop')
            FROM pgmeta_definition_status('own') s",
        )?;
        let column = "SELECT string_agg(DISTINCT attname, ',') FROM pg_attribute WHERE attname ~ '^v[12]$' AND attrelid::regclass::text ~ '^app.t'";
        let shop = |script: &str| own.psql("shop", script);
        match found.as_str() {
            "|[]|0" => seen[0] += 1,
            "1|[]|1" => {
                seen[1] += 1;
                ensure!(shop(column)? == "v1", "round {round}");
            }
            "2|[]|1" => {
                seen[2] += 1;
                ensure!(shop(column)? == "v2", "round {round}");
            }
            other => bail!("round {round}: {other}"),
        }
        if round % 10 == 9 && found != "|[]|0" {
            database.psql(&undeploy)?;
        }
    }
    ensure!(seen[0] > 0 && seen[1] > 0 && seen[2] > 0, "{seen:?}");
    deploy(&database, &allow_all(r#""database": "shop""#)).context("the last deployment")?;
    wait_until(&database, NONE_LEFT)?;
    Ok(())
}
