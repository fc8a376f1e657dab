//! pg_dump by a database's owner who is not a superuser: the extension does not prevent it, and discloses only its tables.

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::{Database, Outcome, run, server};

const OWNER: &str = "e2e_database_owner";

fn dump(database: &Database<'_>, role: &str, options: &[&str]) -> Result<String> {
    let mut pg_dump = server()?.program("pg_dump");
    pg_dump.args(["--restrict-key=x", "-U", role, "-d", database.name()]).args(options);
    run(&mut pg_dump, "")?.checked("pg_dump")
}

#[test]
fn an_owner_dumps_the_database() -> Outcome {
    let database = Database::with_pgmeta("owner_dump")?;
    database.psql(&format!(
        "SELECT pg_advisory_lock(4712);
        SELECT 'CREATE ROLE {OWNER} LOGIN' WHERE to_regrole('{OWNER}') IS NULL \\gexec
        SELECT 'CREATE ROLE e2e_no_owner LOGIN' WHERE to_regrole('e2e_no_owner') IS NULL \\gexec
        ALTER DATABASE \"{}\" OWNER TO {OWNER};",
        database.name()
    ))?;
    let made =
        database.run_as(OWNER, "CREATE SCHEMA app; CREATE TABLE app.t (id int); INSERT INTO app.t VALUES (7)")?;
    ensure!(made.ok, "{made:?}");
    database.psql("SELECT pgmeta_snapshot_save('base', pgmeta_snapshot('app'))")?;
    let structure = dump(&database, OWNER, &["-s"])?;
    ensure!(structure == dump(&database, "postgres", &["-s"])?, "the superuser's is another");
    let whole = dump(&database, OWNER, &[])?;
    ensure!(whole == dump(&database, "postgres", &[])?, "the superuser's is another");

    let restored = Database::create("owner_restored")?;
    restored.load(&whole)?;
    ensure!(restored.psql("SELECT id FROM app.t")? == "7", "the rows are lost");
    ensure!(
        restored.psql("SELECT count(*) FROM pgmeta_drift('base', '{\"schemas\": [\"app\"]}')")? == "0",
        "it differs"
    );
    ensure!(dump(&restored, "postgres", &["-s"])? == structure, "restored otherwise");

    // Other roles see nothing, and the owner may only read, for every table and sequence of the extension.
    let denied = database.run_as("e2e_no_owner", "SELECT count(*) FROM pgmeta.saved_snapshots")?;
    ensure!(!denied.ok && denied.stderr.contains("permission denied"), "{denied:?}");
    let rights = "SELECT count(*), bool_and(has_table_privilege('pg_database_owner', c, 'SELECT')),
        bool_or(has_table_privilege('pg_database_owner', c, 'INSERT, UPDATE, DELETE, TRUNCATE'))
        FROM pg_extension e, unnest(e.extconfig) c WHERE e.extname = 'pgmeta'";
    let found = database.psql(rights)?;
    let (count, rest) = found.split_once('|').context("no row")?;
    ensure!(count.parse::<u32>()? > 5 && rest == "t|f", "{found}");
    // The views of the registry show each role what it may read.
    let others = "SELECT c.relname FROM pg_class c WHERE c.relnamespace IN ('pgmeta'::regnamespace, 'pgmeta_registry'::regnamespace)
        AND c.relkind IN ('r', 'v', 'S') AND NOT (c.relnamespace = 'pgmeta'::regnamespace AND c.relname ~ '^definition')
        AND has_table_privilege('pg_database_owner', c.oid, 'SELECT')
        AND c.oid <> ALL ((SELECT extconfig FROM pg_extension WHERE extname = 'pgmeta')::oid[])";
    let others = database.psql(others)?;
    ensure!(others.is_empty(), "more than pg_dump needs: {others}");
    Ok(())
}

/// The message names the required role, instead of an untrusted language.
#[test]
fn an_owner_cannot_create_the_extension() -> Outcome {
    let database = Database::create("owner_creates")?;
    database.psql(&format!(
        "SELECT pg_advisory_lock(4712);
        SELECT 'CREATE ROLE {OWNER} LOGIN' WHERE to_regrole('{OWNER}') IS NULL \\gexec
        ALTER DATABASE \"{}\" OWNER TO {OWNER};",
        database.name()
    ))?;
    let message = database.error(OWNER, "CREATE EXTENSION pgmeta")?;
    ensure!(message.contains("42501") && message.contains("permission denied to create extension"), "{message}");
    ensure!(message.contains("Must be superuser"), "{message}");
    Ok(())
}
