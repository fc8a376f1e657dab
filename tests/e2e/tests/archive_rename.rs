//! Policies and archives follow when their storage is renamed; if they cannot, health checks report it.

use std::process::Stdio;

use anyhow::{Result, ensure};
use pgmeta_e2e::archives::{TABLE, wait_for, with_storage};
use pgmeta_e2e::{Database, Outcome, run, server};

const STORAGES: &str = "SELECT string_agg(storage, ',' ORDER BY id) FROM pgmeta.archives;
    SELECT string_agg(storage, ',') FROM pgmeta.archive_policies";

fn archived(label: &str) -> Result<(Database<'static>, tempfile::TempDir)> {
    let (database, folder) = with_storage(label)?;
    database.psql(TABLE)?;
    database.psql(
        "DROP TABLE ev_new; CREATE TABLE other (id int); INSERT INTO other SELECT generate_series(1, 10);
        SELECT pgmeta_archive_policy_create('ev', 'ev', 'cold', '1 month', '{\"retire\": \"drop\"}');
        SELECT pgmeta_archive('other', 'cold')",
    )?;
    Ok((database, folder))
}

#[test]
fn policies_and_archives_follow_a_renamed_storage() -> Outcome {
    let (database, _folder) = archived("rename")?;
    database.psql("ALTER SERVER cold RENAME TO \"Frozen now\"")?;
    ensure!(database.psql(STORAGES)? == "Frozen now\nFrozen now", "{}", database.psql(STORAGES)?);
    // All functions find the renamed storage: workers, verification, restores, the guard, deletions.
    let found = database.psql(
        "CALL pgmeta_archive_run('ev');
        SELECT string_agg(state, ',' ORDER BY id) FROM pgmeta.archives;
        SELECT DISTINCT status FROM pgmeta.archives a, pgmeta_archive_verify(a.id) v;
        SELECT pgmeta_archive_restore(2, '{\"attach\": true}');
        SELECT count(*) FROM ev_old;
        SELECT DISTINCT status FROM pgmeta_archive_health()",
    )?;
    ensure!(found == "stored,retired\nok\nev_old\n1000\nok", "{found}");
    let error = database.error("postgres", "DROP SERVER \"Frozen now\"")?;
    ensure!(error.contains("2BP01") && error.contains("1 policy and 2 archives"), "{error}");
    database.psql("CALL pgmeta_archive_delete(1)")?;
    // A rollback restores both names, and a failed rename changes nothing.
    database.psql("BEGIN; ALTER SERVER \"Frozen now\" RENAME TO x; ROLLBACK")?;
    database.psql("CREATE SERVER taken FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file:///tmp')")?;
    let error = database.error("postgres", "ALTER SERVER \"Frozen now\" RENAME TO taken")?;
    ensure!(error.contains("42710"), "{error}");
    ensure!(database.psql(STORAGES)? == "Frozen now,Frozen now\nFrozen now", "{}", database.psql(STORAGES)?);
    // Other foreign servers, and other changes, are ignored.
    database.psql(
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; ALTER SERVER s RENAME TO t;
        ALTER SERVER \"Frozen now\" OPTIONS (SET url 'file:///tmp')",
    )?;
    database.psql("ALTER SERVER \"Frozen now\" RENAME TO a; ALTER SERVER a RENAME TO cold")?;
    ensure!(database.psql(STORAGES)? == "cold,cold\ncold", "{}", database.psql(STORAGES)?);
    Ok(())
}

/// The storage's owner may rename it without privileges on pgmeta's tables; other roles may not.
#[test]
fn the_owner_of_a_storage_can_rename_it() -> Outcome {
    let (database, _folder) = archived("rename_role")?;
    database.psql(
        "DO $$ BEGIN CREATE ROLE e2e_rename_owner; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
        DO $$ BEGIN CREATE ROLE e2e_rename_other; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
        GRANT USAGE ON FOREIGN DATA WRAPPER pgmeta_storage TO e2e_rename_owner; ALTER SERVER cold OWNER TO e2e_rename_owner",
    )?;
    let error = database.error("postgres", "SET ROLE e2e_rename_other; ALTER SERVER cold RENAME TO mine")?;
    ensure!(error.contains("42501"), "{error}");
    ensure!(database.psql(STORAGES)? == "cold\ncold", "{}", database.psql(STORAGES)?);
    // Names are resolved in pg_catalog, whatever search_path the role has.
    database.psql(
        "SET ROLE e2e_rename_owner; CREATE TEMP TABLE pg_foreign_server (srvname name, oid oid);
        SET search_path = pg_temp, public; ALTER SERVER cold RENAME TO mine",
    )?;
    ensure!(database.psql(STORAGES)? == "mine\nmine", "{}", database.psql(STORAGES)?);
    database.psql("ALTER SERVER mine OWNER TO postgres; DROP OWNED BY e2e_rename_owner, e2e_rename_other").map(drop)
}

/// pg_dump dumps the name, which is valid in the other database.
#[test]
fn a_dump_has_the_new_name() -> Outcome {
    let (database, _folder) = archived("rename_from")?;
    database.psql("CALL pgmeta_archive_run('ev'); ALTER SERVER cold RENAME TO frozen")?;
    let mut pg_dump = server()?.program("pg_dump");
    let dump = run(pg_dump.args(["-d", database.name()]), "")?.checked("pg_dump")?;
    let copy = Database::create("rename_to")?;
    copy.load(&dump)?;
    let restored = "SELECT pgmeta_archive_restore(2, '{\"into\": \"back\"}'); SELECT count(*) FROM back";
    ensure!(copy.psql(restored)? == "back\n1000", "the copy does not find the storage");
    copy.psql("DROP TABLE back; ALTER SERVER frozen RENAME TO thawed")?;
    ensure!(copy.psql(STORAGES)? == "thawed,thawed\nthawed", "{}", copy.psql(STORAGES)?);
    ensure!(copy.psql(restored)? == "back\n1000", "the copy does not find the storage under its new name");
    ensure!(database.psql(STORAGES)? == "frozen,frozen\nfrozen", "the other database's is another");
    Ok(())
}

/// If the trigger was disabled, the health check names the lost storage and the remedy.
#[test]
fn health_reports_archives_without_storage() -> Outcome {
    let (database, _folder) = archived("rename_unseen")?;
    database.psql("SET session_replication_role = replica; ALTER SERVER cold RENAME TO frozen")?;
    ensure!(database.psql(STORAGES)? == "cold\ncold", "the trigger has seen it");
    let health = "SELECT status, detail FROM pgmeta_archive_health() WHERE name LIKE 'storage%'";
    let found = database.psql(health)?;
    let told = "fail|storage \"cold\" does not exist, and is that of archives 1 and of policies \"ev\"";
    ensure!(found == format!("ok|\n{told}"), "{found}");
    database.psql("ALTER SERVER frozen RENAME TO cold")?;
    let found = database.psql(health)?;
    ensure!(found == "ok|", "{found}");
    database.psql("SET pgmeta.allow_orphans = on; DROP SERVER cold")?;
    let found = database.psql(health)?;
    ensure!(found == told, "{found}");
    Ok(())
}

/// A rename or drop waits for an archive that is not committed yet; an archive fails if the rename was first.
#[test]
fn a_rename_waits_for_uncommitted_archives() -> Outcome {
    let (database, _folder) = archived("rename_beside")?;
    let session = |script: &str| -> Result<std::process::Child> {
        let mut psql = server()?.program("psql");
        psql.args(["-qXAt", "-d", database.name(), "-c", script]);
        Ok(psql.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?)
    };
    let asleep = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
    let mut archive = session("BEGIN; SELECT pgmeta_archive('other', 'cold'); SELECT pg_sleep(3); COMMIT")?;
    wait_for(&database, "the archive is made", asleep, "1")?;
    for statement in ["ALTER SERVER cold RENAME TO frozen", "DROP SERVER cold"] {
        let error = database.error("postgres", &format!("SET lock_timeout = '100ms'; {statement}"))?;
        ensure!(error.contains("55P03"), "{statement}: {error}");
    }
    database.psql("ALTER SERVER cold RENAME TO frozen")?;
    ensure!(archive.wait()?.success(), "the archive has failed");
    ensure!(database.psql(STORAGES)? == "frozen,frozen\nfrozen", "{}", database.psql(STORAGES)?);
    // The transaction's snapshot does not show later rows to its UPDATE.
    let mut rename = session(
        "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM pg_class LIMIT 1; SELECT pg_sleep(2); ALTER SERVER frozen RENAME TO cold; COMMIT",
    )?;
    wait_for(&database, "the snapshot is taken", asleep, "1")?;
    database.psql("SELECT pgmeta_archive('other', 'frozen')")?;
    rename.wait()?;
    ensure!(database.psql(STORAGES)? == "frozen,frozen,frozen\nfrozen", "{}", database.psql(STORAGES)?);
    let mut rename = session("BEGIN; ALTER SERVER frozen RENAME TO cold; SELECT pg_sleep(2); COMMIT")?;
    wait_for(&database, "it is renamed", asleep, "1")?;
    let error = database.error("postgres", "SELECT pgmeta_archive('other', 'frozen')")?;
    ensure!(error.contains("55P03") && error.contains("is being renamed or dropped"), "{error}");
    ensure!(rename.wait()?.success(), "the renaming has failed");
    ensure!(database.psql(STORAGES)? == "cold,cold,cold\ncold", "{}", database.psql(STORAGES)?);
    Ok(())
}
