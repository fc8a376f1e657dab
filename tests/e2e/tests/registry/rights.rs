//! A role sees only what is shared with it, through every function and view, and in errors.

use std::thread;
use std::time::Duration;

use anyhow::{Result, ensure};
use pgmeta_e2e::{Database, Outcome};

use super::{SHOP, quoted, with_role};

/// A call of each function that takes a definition: `$` is its name. The right that it requires.
const CALLS: &[(&str, &str)] = &[
    ("pgmeta_definition_get('$')", "read"),
    ("pgmeta_definition_status('$')", "read"),
    ("pgmeta_definition_diff('$', 1, 1)", "read"),
    ("pgmeta_definition_migration('$', 1, 1)", "read"),
    ("pgmeta_definition_impact('$', 1)", "read"),
    ("pgmeta_definition_export('$', 'sql')", "read"),
    ("pgmeta_definition_comment('$', '/tables/0', 'why?')", "read"),
    ("pgmeta_definition_copy('$', 'copy of a ' || clock_timestamp())", "read"),
    ("pgmeta_definition_update('$', pgmeta_definition_get('$'))", "write"),
    ("pgmeta_definition_deploy('$', options => '{\"dry_run\": true, \"schema\": \"other\"}')", "deploy"),
    ("pgmeta_definition_rollback('$', 1, '{\"dry_run\": true, \"schema\": \"other\"}')", "deploy"),
    ("pgmeta_definition_share('$', 'registry_other', '{read}')", "admin"),
    ("pgmeta_definition_rename('$', '$')", "none: only the owner"),
];

fn setup(label: &str) -> Result<Database<'static>> {
    let database = Database::with_pgmeta(label)?;
    for role in ["registry_alice", "registry_bob", "registry_other"] {
        with_role(&database, role)?;
    }
    database.psql("GRANT USAGE ON SCHEMA pgmeta TO registry_alice, registry_bob")?;
    let create = format!("SELECT pgmeta_definition_create('secret', {}, 'very secret')", quoted(SHOP));
    database.run_as("registry_alice", &create)?.checked("create")?;
    Ok(database)
}

/// Every function with a definition argument has a call above, and says of a foreign definition what it says of a missing one.
#[test]
fn a_foreign_definition_does_not_exist() -> Outcome {
    let database = setup("registry_foreign")?;
    let functions = database.psql(
        "SELECT DISTINCT proname FROM pg_proc WHERE proname LIKE 'pgmeta\\_definition\\_%' AND proargnames[1] = 'definition' ORDER BY 1",
    )?;
    // These are tried below: they need another state of the definition.
    let others = [
        "pgmeta_definition_delete",
        "pgmeta_definition_restore",
        "pgmeta_definition_purge",
        "pgmeta_definition_undeploy",
    ];
    for function in functions.lines() {
        let is_called =
            CALLS.iter().any(|(call, _)| call.starts_with(&format!("{function}("))) || others.contains(&function);
        ensure!(is_called, "no call of {function} here");
    }
    let calls = CALLS.iter().map(|(call, _)| (*call).to_owned()).chain(others.map(|name| format!("{name}('$')")));
    for call in calls {
        let error = |name: &str| database.error("registry_bob", &format!("SELECT {};", call.replace('$', name)));
        let (foreign, missing) = (error("secret")?, error("nosuch")?);
        ensure!(foreign.replace("secret", "nosuch") == missing, "{call}:\n{foreign}\n{missing}");
        ensure!(foreign.contains("42704"), "{call}: {foreign}");
    }
    let id = database.psql("SELECT id FROM pgmeta.definitions")?;
    let error = database.error("registry_bob", &format!("SELECT pgmeta_definition_get('{id}');"))?;
    ensure!(error.contains("42704"), "{error}");
    Ok(())
}

/// No view, list or interface shows anything of a foreign definition.
#[test]
fn views_show_what_is_shared() -> Outcome {
    let database = setup("registry_views")?;
    database.run_as("registry_alice", "SELECT pgmeta_definition_comment('secret', '', 'x'), pgmeta_definition_share('secret', 'registry_other', '{read}')")?.checked("comment")?;
    database.psql("SELECT pgmeta_definition_deploy('secret')")?;
    let views = database.psql("SELECT relname FROM pg_class WHERE relnamespace = 'pgmeta'::regnamespace AND relname ~ '^definition' AND relkind = 'v' ORDER BY 1")?;
    ensure!(views.lines().count() == 6, "{views}");
    let counts = |role: &str| -> Result<Vec<String>> {
        views
            .lines()
            .map(|view| {
                Ok(database
                    .run_as(role, &format!("SELECT count(*) FROM pgmeta.{view}"))?
                    .checked(view)?
                    .trim()
                    .to_owned())
            })
            .collect()
    };
    ensure!(counts("registry_bob")?.iter().all(|count| count == "0"), "{:?}", counts("registry_bob")?);
    ensure!(counts("registry_alice")?.iter().all(|count| count != "0"), "{:?}", counts("registry_alice")?);
    let listed = "SELECT count(*), (SELECT count(*) FROM jsonb_array_elements(pgmeta_api('GET', '/api/v1/schemas') #> '{data,schemas}')) FROM pgmeta_definition_list()";
    ensure!(database.run_as("registry_bob", listed)?.checked("list")?.trim() == "0|0");
    ensure!(database.run_as("registry_alice", listed)?.checked("list")?.trim() == "1|1");
    // A leaky condition runs after the filter.
    database.psql("CREATE FUNCTION leak(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS 'BEGIN RAISE NOTICE ''%'', $1; RETURN true; END'; GRANT EXECUTE ON FUNCTION leak TO PUBLIC")?;
    for (view, column) in [
        ("definitions", "name"),
        ("definition_versions", "message"),
        ("definition_comments", "text"),
        ("definition_deployments", "target"),
    ] {
        let output = database.run_as("registry_bob", &format!("SELECT * FROM pgmeta.{view} WHERE leak({column})"))?;
        ensure!(output.ok && output.stderr.is_empty(), "{view}: {}", output.stderr);
    }
    // Nobody but the owner of the extension reaches the tables.
    let tables = database.psql("SELECT relname FROM pg_class WHERE relnamespace = 'pgmeta_registry'::regnamespace AND relkind IN ('r', 'v') ORDER BY 1")?;
    ensure!(tables.lines().count() >= 8, "{tables}");
    database.psql("GRANT SELECT ON ALL TABLES IN SCHEMA pgmeta TO registry_bob")?;
    for table in tables.lines() {
        let error = database.error("registry_bob", &format!("SELECT * FROM pgmeta_registry.{table};"))?;
        ensure!(error.contains("42501"), "{table}: {error}");
    }
    ensure!(counts("registry_bob")?.iter().all(|count| count == "0"));
    Ok(())
}

/// Each right allows what it is for and nothing else; revoking takes it back.
#[test]
fn each_right_allows_its_calls() -> Outcome {
    let database = setup("registry_each")?;
    let share = |rights: &str| {
        let sql = format!("SELECT pgmeta_definition_share('secret', 'registry_bob', '{{{rights}}}')");
        database.run_as("registry_alice", &sql)?.checked("share")
    };
    for right in ["read", "write", "deploy", "admin", ""] {
        share(right)?;
        for (call, required) in CALLS {
            // Each in a transaction that is rolled back, so that no call changes what the next one finds.
            let output = database.run_as("registry_bob", &format!("BEGIN; SELECT {};", call.replace('$', "secret")))?;
            let allowed = (right == "admin" && !required.starts_with("none"))
                || *required == right
                || (*required == "read" && !right.is_empty());
            ensure!(output.ok == allowed, "right \"{right}\", {call}: {}", output.stderr);
        }
    }
    // Members of a role have its rights.
    share("read")?;
    database.psql("GRANT registry_bob TO registry_other")?;
    ensure!(database.run_as("registry_other", "SELECT pgmeta_definition_get('secret')")?.ok);
    database.psql("REVOKE registry_bob FROM registry_other")?;
    ensure!(!database.run_as("registry_other", "SELECT pgmeta_definition_get('secret')")?.ok);
    Ok(())
}

/// Rights belong to the role, whatever it is called, and are those of the moment in which a session gets the lock.
#[test]
fn rights_follow_the_role() -> Outcome {
    let database = setup("registry_follow")?;
    let share = |role: &str, rights: &str| {
        let sql = format!("SELECT pgmeta_definition_share('secret', '{role}', '{{{rights}}}')");
        database.run_as("registry_alice", &sql)?.checked("share")
    };
    database.psql("DROP ROLE IF EXISTS registry_first; DROP ROLE IF EXISTS registry_second")?;
    with_role(&database, "registry_first")?;
    share("registry_first", "admin")?;
    database.psql("ALTER ROLE registry_first RENAME TO registry_second")?;
    with_role(&database, "registry_first")?;
    let sees = |role: &str| Ok::<_, anyhow::Error>(database.run_as(role, "SELECT pgmeta_definition_get('secret')")?.ok);
    ensure!(sees("registry_second")? && !sees("registry_first")?);
    share("registry_first", "read")?;
    share("registry_second", "")?;
    ensure!(!sees("registry_second")? && sees("registry_first")?);

    share("registry_first", "write")?;
    let update = "SELECT pgmeta_definition_update('secret', '{\"tables\": []}');";
    let error = thread::scope(|scope| {
        let revoke =
            "BEGIN; SELECT pgmeta_definition_share('secret', 'registry_first', '{}'); SELECT pg_sleep(2); COMMIT";
        let database = &database;
        scope.spawn(move || database.run_as("registry_alice", revoke));
        thread::sleep(Duration::from_secs(1));
        database.error("registry_first", update)
    })?;
    ensure!(error.contains("42704") && error.contains("does not exist"), "{error}");
    database
        .psql("DROP OWNED BY registry_first, registry_second; DROP ROLE registry_first; DROP ROLE registry_second")?;
    Ok(())
}

/// An ID finds its definition and no other, and no name looks like an ID.
#[test]
fn ids_come_before_names() -> Outcome {
    let database = setup("registry_ids")?;
    let id = database.psql("SELECT id FROM pgmeta.definitions WHERE name = 'secret'")?;
    let rename = format!("SELECT pgmeta_definition_rename('mine', '{}');", id.to_uppercase());
    database.run_as("registry_bob", "SELECT pgmeta_definition_create('mine', '{}')")?.checked("create")?;
    for call in [format!("SELECT pgmeta_definition_create('{id}', '{{}}');"), rename] {
        let error = database.error("registry_bob", &call)?;
        ensure!(error.contains("22023") && error.contains("does not look like an ID"), "{error}");
    }
    ensure!(database.psql(&format!("SELECT pgmeta_definition_get('{id}') IS NOT NULL"))? == "t");
    Ok(())
}

/// In a restored database, the first write binds rows to the roles of their names: from then on a role's name can change.
#[test]
fn the_first_write_binds_restored_rows() -> Outcome {
    let database = setup("registry_bind")?;
    database.psql("DROP ROLE IF EXISTS registry_old; DROP ROLE IF EXISTS registry_new")?;
    with_role(&database, "registry_old")?;
    database.run_as("registry_old", "SELECT pgmeta_definition_create('mine', '{}')")?.checked("create")?;
    database.psql("UPDATE pgmeta_registry.definitions SET origin = 'elsewhere/1', owner_oid = 1")?;
    let listed = |role: &str| {
        let count = database.run_as(role, "SELECT count(*) FROM pgmeta_definition_list()")?.checked("list")?;
        Ok::<_, anyhow::Error>(count.trim() == "1")
    };
    ensure!(listed("registry_old")?);
    database.run_as("registry_bob", "SELECT pgmeta_definition_create('any', '{}')")?.checked("create")?;
    database.psql("ALTER ROLE registry_old RENAME TO registry_new")?;
    with_role(&database, "registry_old")?;
    ensure!(listed("registry_new")? && !listed("registry_old")?);
    // The name of the other's definition is free for the new role.
    database.run_as("registry_old", "SELECT pgmeta_definition_create('mine', '{}')")?.checked("create")?;
    database.psql("DROP OWNED BY registry_old, registry_new; DROP ROLE registry_old; DROP ROLE registry_new")?;
    Ok(())
}

/// A role with the name of a dropped one does not get its rights.
#[test]
fn a_name_is_no_right() -> Outcome {
    let database = setup("registry_names")?;
    database.psql("DROP ROLE IF EXISTS registry_gone; CREATE ROLE registry_gone LOGIN")?;
    database.run_as("registry_gone", "SELECT pgmeta_definition_create('mine', '{}')")?.checked("create")?;
    database
        .run_as("registry_alice", "SELECT pgmeta_definition_share('secret', 'registry_gone', '{read}')")?
        .checked("share")?;
    database.psql("DROP ROLE registry_gone; CREATE ROLE registry_gone LOGIN")?;
    let seen = database.run_as("registry_gone", "SELECT count(*) FROM pgmeta_definition_list()")?.checked("list")?;
    database.psql("DROP ROLE registry_gone")?;
    ensure!(seen.trim() == "0", "{seen}");
    Ok(())
}

/// Names that a user puts where functions could look them up change nothing.
#[test]
fn names_of_users_are_not_used() -> Outcome {
    let database = setup("registry_lookup")?;
    let trap = "CREATE SCHEMA trap AUTHORIZATION registry_bob; SET ROLE registry_bob;
        CREATE FUNCTION trap.lower(text) RETURNS text LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''trapped as %'', CURRENT_USER; END';
        CREATE FUNCTION trap.strpos(text, text) RETURNS int LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''trapped as %'', CURRENT_USER; END';
        CREATE FUNCTION trap.eq(text, text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''trapped as %'', CURRENT_USER; END';
        CREATE OPERATOR trap.= (LEFTARG = text, RIGHTARG = text, FUNCTION = trap.eq);";
    database.psql(trap)?;
    let path = "SET search_path = trap, pg_catalog, public;";
    for call in [
        "pgmeta_definition_list('sec')",
        "pgmeta_definition_get('secret')",
        "pgmeta_definition_rename('secret', 'secret2')",
    ] {
        let output = database.run_as("registry_alice", &format!("{path} SELECT {call};"))?;
        ensure!(output.ok, "{call}: {}", output.stderr);
    }
    Ok(())
}
