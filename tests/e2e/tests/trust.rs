//! The trust between roles in docs/privileges.md: each test covers a row of its table, or the reason why a row is missing.

use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::archives::{TABLE, wait_for, with_storage};
use pgmeta_e2e::{Database, Outcome, repository, server};

const ROLES: &str = "SET client_min_messages = error;
DO $$ DECLARE r text; BEGIN FOREACH r IN ARRAY '{e2e_trust_owner,e2e_trust_named,e2e_trust_operator,e2e_trust_plain,e2e_trust_other}'::text[] LOOP
    BEGIN EXECUTE format('CREATE ROLE %I LOGIN', r); EXCEPTION WHEN duplicate_object THEN NULL; END; END LOOP; END $$;
GRANT pgmeta_archive_operator, pg_read_server_files, pg_write_server_files TO e2e_trust_operator;
GRANT pgmeta_archive_admin, pg_read_server_files, pg_write_server_files TO e2e_trust_owner, e2e_trust_named;
GRANT USAGE ON FOREIGN SERVER cold TO e2e_trust_operator, e2e_trust_owner, e2e_trust_named;
CREATE SCHEMA mine AUTHORIZATION e2e_trust_operator;";

fn database(label: &str) -> Result<(Database<'static>, tempfile::TempDir)> {
    database_of(label, "e2e_trust_owner")
}

/// Returns a database with the owner's table, in a schema that other roles cannot use, and a policy for it.
fn database_of(label: &str, owner: &str) -> Result<(Database<'static>, tempfile::TempDir)> {
    let (database, folder) = with_storage(label)?;
    database.psql(&format!("{ROLES} CREATE SCHEMA owned AUTHORIZATION {owner}"))?;
    let policy =
        "SELECT pgmeta_archive_policy_create('ev', 'owned.ev', 'cold', interval '1 month', '{\"max_attempts\": 2}')";
    let script = format!("SET search_path = owned, public; {TABLE} {policy}");
    database.run_as(owner, &script)?.checked("the owner's table")?;
    Ok((database, folder))
}

/// The last column in the document contains names of tests.
#[test]
fn every_row_has_its_test() -> Outcome {
    let text = std::fs::read_to_string(repository().join("docs/privileges.md"))?;
    let section = text.split("## Who must trust whom").nth(1).context("no table")?;
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows: Vec<&str> =
        section.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| Who ")).collect();
    ensure!(rows.len() >= 12, "{} rows", rows.len());
    for row in rows {
        let tests = row.trim_end_matches('|').rsplit('|').next().unwrap_or_default();
        let mut found = 0;
        for name in tests.split('`').skip(1).step_by(2) {
            let (module, test) = name.split_once("::").unwrap_or((name, ""));
            let source = std::fs::read_to_string(repository().join(format!("tests/e2e/tests/{module}.rs")))?;
            ensure!(test.is_empty() || source.contains(&format!("fn {test}(")), "no test {name}");
            found += 1;
        }
        ensure!(found > 0, "no test: {row}");
    }
    Ok(())
}

#[test]
fn restoring_requires_the_right_to_read() -> Outcome {
    let (database, _folder) = database("trust_restore")?;
    database.run_as("e2e_trust_owner", "CALL pgmeta_archive_run('ev')")?.checked("the owner's archive")?;
    let restore = "SELECT pgmeta_archive_restore(1, '{\"into\": \"mine.copy\"}')";
    let refused = |what: &str| -> Outcome {
        let error = database.error("e2e_trust_operator", restore)?;
        ensure!(error.contains("42501") && error.contains("restore archive 1"), "{what}: {error}");
        Ok(())
    };
    refused("without any right")?;
    // Whole files can be checked: that discloses nothing about their contents.
    let whole = database
        .run_as("e2e_trust_operator", "SELECT DISTINCT status FROM pgmeta_archive_verify(1)")?
        .checked("verify")?;
    ensure!(whole.trim() == "ok", "{whole}");
    let error = database.error("e2e_trust_operator", "SELECT pgmeta_archive_compare(1)")?;
    ensure!(error.contains("42501"), "{error}");
    // A policy that hides rows has the same effect here.
    database.psql("GRANT USAGE ON SCHEMA owned TO e2e_trust_operator; GRANT SELECT ON owned.ev, owned.ev_old TO e2e_trust_operator;
        ALTER TABLE owned.ev ENABLE ROW LEVEL SECURITY; ALTER TABLE owned.ev_old ENABLE ROW LEVEL SECURITY")?;
    refused("with policies")?;
    database.psql("ALTER TABLE owned.ev DISABLE ROW LEVEL SECURITY")?;
    database.run_as("e2e_trust_operator", restore)?.checked("SELECT on the parent")?;
    database.psql("DROP TABLE mine.copy; REVOKE SELECT ON owned.ev, owned.ev_old FROM e2e_trust_operator")?;
    refused("after REVOKE")?;
    // A table with the parent's former name gives no rights.
    database.psql("DROP TABLE owned.ev; GRANT CREATE ON SCHEMA owned TO e2e_trust_operator")?;
    database
        .run_as("e2e_trust_operator", "CREATE TABLE owned.ev (id int); CREATE TABLE owned.ev_old (id int)")?
        .checked("forged tables")?;
    refused("with tables of the names")?;
    database.psql("GRANT e2e_trust_owner TO e2e_trust_operator")?;
    database.run_as("e2e_trust_operator", restore)?.checked("the owner's rights")?;
    database.psql("REVOKE e2e_trust_owner FROM e2e_trust_operator; DROP TABLE mine.copy; REVOKE pg_read_server_files FROM e2e_trust_operator")?;
    // Files are read with the privileges that COPY requires.
    let id = database
        .run_as(
            "e2e_trust_operator",
            "CREATE TABLE mine.t (id int); INSERT INTO mine.t VALUES (1); SELECT pgmeta_archive('mine.t', 'cold')",
        )?
        .checked("archiving takes no right to read files")?;
    let restore = format!("SELECT pgmeta_archive_restore({}, '{{\"into\": \"mine.copy\"}}')", id.trim());
    let error = database.error("e2e_trust_operator", &restore)?;
    ensure!(error.contains("42501") && error.contains("pg_read_server_files"), "{error}");
    Ok(())
}

#[test]
fn operators_cannot_stop_a_policy() -> Outcome {
    let (database, _folder) = database("trust_operator")?;
    // Any privilege of the operator beyond documented calls could allow writing records.
    let granted = database.psql(
        "SELECT string_agg(DISTINCT p.proname, ' ') FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
        WHERE p.proname LIKE '\\_%' AND has_function_privilege('e2e_trust_operator', p.oid, 'EXECUTE')",
    )?;
    ensure!(granted == "_pgmeta_archive_progress", "{granted}");
    for _ in 0..5 {
        let output = database.run_as("e2e_trust_operator", "CALL pgmeta_archive_run('ev')")?;
        ensure!(output.ok && output.stderr.contains("could not archive"), "{}", output.stderr);
        database.error(
            "e2e_trust_operator",
            "SELECT pgmeta_archive((SELECT min(partition::oid)::regclass FROM pgmeta_archive_candidates('ev')), 'cold')",
        )?;
    }
    let found = database
        .psql("SELECT count(*) FROM pgmeta.archives; SELECT DISTINCT state FROM pgmeta_archive_candidates('ev')")?;
    ensure!(found == "0\npending", "{found}");
    for call in [
        "SELECT pgmeta_archive_policy_drop('ev')",
        "SELECT pgmeta_archive_policy_pause('ev')",
        "SELECT pgmeta_archive_policy_alter('ev', '{\"max_attempts\": 1}')",
        "INSERT INTO pgmeta.archive_records (policy) VALUES ('ev')",
        "UPDATE pgmeta.archive_policies SET paused = true",
    ] {
        let error = database.error("e2e_trust_operator", call)?;
        ensure!(error.contains("42501"), "{call}: {error}");
    }
    // A failure of a role that may read the table but lacks other privileges does not count.
    database.psql("GRANT USAGE ON SCHEMA owned TO e2e_trust_operator; GRANT SELECT ON ALL TABLES IN SCHEMA owned TO e2e_trust_operator; REVOKE USAGE ON FOREIGN SERVER cold FROM e2e_trust_operator")?;
    for _ in 0..5 {
        database.run_as("e2e_trust_operator", "CALL pgmeta_archive_run('ev')")?.checked("run")?;
    }
    let found = database.psql("SELECT DISTINCT state FROM pgmeta_archive_candidates('ev')")?;
    ensure!(found == "pending", "{found}");
    // The operator cannot cancel attempts of others.
    database.psql("REVOKE SELECT ON ALL TABLES IN SCHEMA owned FROM e2e_trust_operator; UPDATE pgmeta.archive_policies SET options = '{\"retire\": \"drop\"}';
        CREATE VIEW owned.needs AS SELECT * FROM owned.ev_old")?;
    database.run_as("e2e_trust_owner", "CALL pgmeta_archive_run('ev')")?;
    let error = database.error(
        "e2e_trust_operator",
        "SELECT pgmeta_archive_cancel((SELECT max(id) FROM pgmeta.archives WHERE state = 'failed'))",
    )?;
    ensure!(error.contains("42501"), "{error}");
    database
        .run_as(
            "e2e_trust_owner",
            "SELECT pgmeta_archive_cancel((SELECT max(id) FROM pgmeta.archives WHERE state = 'failed'))",
        )?
        .checked("the owner cancels")?;
    Ok(())
}

#[test]
fn no_login_role_stops_archives() -> Outcome {
    let (database, _folder) = database("trust_locks")?;
    // Every possible advisory lock on the partition's OID, in one session; and the names of workers.
    let locks = "SET application_name = 'pgmeta archive: ev'; SELECT pg_advisory_lock(1885826369, p::oid::int4), pg_advisory_lock(p::oid::bigint), pg_advisory_lock(0, p::oid::int4),
            pg_advisory_lock(c.oid::int4, p::oid::int4) FROM pg_class c, (SELECT oid AS p FROM pg_class WHERE relname = 'ev_old') AS x
        WHERE c.relname IN ('archive_records', 'archive_policies', 'pg_class'); SELECT pg_sleep(60)";
    let mut psql = server()?.program("psql");
    psql.args(["-qXAt", "-U", "e2e_trust_plain", "-d", database.name(), "-c", locks]);
    let mut session = psql.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    wait_for(&database, "locks", "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND granted", "t")?;
    let pids = database.psql("SELECT count(*) FROM pgmeta_archive_start('ev')")?;
    ensure!(pids == "1", "{pids}");
    wait_for(&database, "stored", "SELECT count(*) FROM pgmeta.archives WHERE state = 'stored'", "2")?;
    session.kill()?;
    session.wait()?;
    Ok(())
}

#[test]
fn policies_belong_to_a_role_not_to_a_name() -> Outcome {
    let (database, _folder) = database_of("trust_names", "e2e_trust_named")?;
    database.psql("CREATE TABLE ours (at date NOT NULL) PARTITION BY RANGE (at); CREATE TABLE ours_1 PARTITION OF ours FOR VALUES FROM ('2020-01-01') TO ('2020-02-01');
        SELECT pgmeta_archive_policy_create('ours', 'ours', 'cold', interval '1 month')")?;
    let wrong: &[(&str, &str, &str)] = &[
        ("ALTER ROLE e2e_trust_named NOLOGIN", "cannot log in", "ALTER ROLE e2e_trust_named LOGIN"),
        (
            "ALTER ROLE e2e_trust_named RENAME TO e2e_trust_was_named; CREATE ROLE e2e_trust_named SUPERUSER LOGIN",
            "is called \"e2e_trust_was_named\" now",
            "DROP ROLE e2e_trust_named; ALTER ROLE e2e_trust_was_named RENAME TO e2e_trust_named",
        ),
    ];
    for (change, why, back) in wrong {
        database.psql(change)?;
        let checked = (|| {
            let error = database.error("postgres", "SELECT pgmeta_archive_start('ev')")?;
            ensure!(error.contains("55000") && error.contains(why), "{error}");
            let error = database.error("postgres", "CALL pgmeta_archive_run('ev')")?;
            ensure!(error.contains("55000") && error.contains(why), "{error}");
            let found = database.psql("SELECT status FROM pgmeta_archive_validate('ev') WHERE name = 'owner'; SELECT status FROM pgmeta_archive_health() WHERE name = 'policy ev'")?;
            ensure!(found == "fail\nfail", "{found}");
            let error = database.error("e2e_trust_other", "SELECT pgmeta_archive_policy_pause('ev')")?;
            ensure!(error.contains("42501"), "{error}");
            // Other policies run.
            let output = database.run_as("postgres", "CALL pgmeta_archive_run()")?;
            ensure!(output.ok && output.stderr.contains(why), "{}", output.stderr);
            let started =
                database.psql("SET client_min_messages = error; SELECT count(*) FROM pgmeta_archive_start()")?;
            ensure!(started == "1", "{started}");
            let states = database.psql("SELECT policy, state FROM pgmeta.archives")?;
            ensure!(states == "ours|stored", "{states}");
            Ok(())
        })();
        database.psql(back)?;
        checked?;
    }
    database.run_as("e2e_trust_named", "CALL pgmeta_archive_run('ev')")?.checked("the owner again")?;
    // The role does not exist.
    database.psql("UPDATE pgmeta.archive_policies SET owner = 'nobody', owner_oid = 1 WHERE name = 'ev'")?;
    let error = database.error("postgres", "SELECT pgmeta_archive_start('ev')")?;
    ensure!(error.contains("does not exist"), "{error}");
    // For a policy from another server only the name is known: the role is recorded once.
    database.psql("UPDATE pgmeta.archive_policies SET owner = 'e2e_trust_named', owner_oid = 1, origin = 'another/1' WHERE name = 'ev'")?;
    database.psql("SELECT pgmeta_archive_start('ev')")?;
    let owner = database
        .psql("SELECT owner_oid::regrole, origin = 'another/1' FROM pgmeta.archive_policies WHERE name = 'ev'")?;
    ensure!(owner == "e2e_trust_named|f", "{owner}");
    Ok(())
}

#[test]
fn preexisting_roles_and_schemas_are_errors() -> Outcome {
    // Roles belong to the cluster: use a separate server.
    let server = server()?.start()?;
    let database = Database::create_on(&server, "trust_prepared")?;
    database.psql("CREATE ROLE creator CREATEROLE LOGIN; CREATE ROLE plain LOGIN")?;
    let flaws = [
        ("CREATE ROLE pgmeta_archive_admin LOGIN", "other than NOLOGIN"),
        (
            "CREATE ROLE pgmeta_archive_operator; GRANT pgmeta_archive_operator TO creator WITH ADMIN OPTION;
                SET ROLE creator; GRANT pgmeta_archive_operator TO plain",
            "decides who is a member",
        ),
        (
            "SET ROLE creator; CREATE ROLE pgmeta_storage_environment; GRANT pgmeta_storage_environment TO plain",
            "decides who is a member",
        ),
        ("CREATE ROLE pgmeta_archive_admin; GRANT pg_read_all_data TO pgmeta_archive_admin", "a member of other roles"),
    ];
    for (flaw, why) in flaws {
        database.psql(flaw)?;
        let error = database.error("postgres", "CREATE EXTENSION pgmeta")?;
        ensure!(error.contains("55000") && error.contains(why), "{flaw}: {error}");
        database
            .psql("DROP ROLE IF EXISTS pgmeta_archive_admin, pgmeta_archive_operator, pgmeta_storage_environment")?;
    }
    database.psql("CREATE SCHEMA pgmeta AUTHORIZATION plain")?;
    for create in ["CREATE EXTENSION pgmeta", "CREATE EXTENSION pgmeta SCHEMA pgmeta"] {
        let error = database.error("postgres", create)?;
        ensure!(error.contains("42P06") || error.contains("belongs to another role"), "{error}");
    }
    database.psql("DROP SCHEMA pgmeta; CREATE EXTENSION pgmeta")?;
    // Roles and memberships of a superuser are accepted.
    database.psql("GRANT pgmeta_archive_operator TO plain; DROP EXTENSION pgmeta CASCADE; CREATE EXTENSION pgmeta")?;
    Ok(())
}
