//! Deployments: rows survive, drift is not overwritten, a failure leaves nothing half done and is recorded.

use anyhow::{Context, ensure};
use pgmeta_e2e::{Database, Outcome, Source, origin, same_text};

use super::{ALLOW_ALL, quoted, with_role, with_shop};

#[test]
fn versions_alter_what_is_deployed_and_rows_survive() -> Outcome {
    let database = with_shop("registry_deploy")?;
    database.psql("SELECT pgmeta_definition_deploy('shop')")?;
    database.psql(
        "INSERT INTO shop.customers (mail) SELECT 'c' || n FROM generate_series(1, 50) n;
        INSERT INTO shop.orders (customer_id, state, price) SELECT id, 'paid', id FROM shop.customers",
    )?;
    let first = database.psql("SELECT pgmeta_export('shop')")?;
    let update = "SELECT pgmeta_definition_update('shop', jsonb_set(jsonb_set(pgmeta_definition_get('shop'),
        '{tables,1,columns,3,type}', '\"numeric(12,3)\"'), '{tables,1,columns,4}', '{\"name\": \"note\", \"type\": \"text\", \"default\": \"''none''\"}'))";
    database.psql(update)?;
    let status = |key: &str| database.psql(&format!("SELECT pgmeta_definition_status('shop') ->> '{key}'"));
    ensure!(status("status")? == "outdated");
    // A hazard is not run unless it is allowed by name, and the refusal changes nothing.
    let error = database.error("postgres", "SELECT pgmeta_definition_deploy('shop');")?;
    ensure!(error.contains("55000") && error.contains("hazards that are not allowed"), "{error}");
    ensure!(status("status")? == "outdated");
    let deploy = format!("SELECT * FROM pgmeta_definition_deploy('shop', options => {})", quoted(ALLOW_ALL));
    let steps = database.psql(&deploy)?;
    ensure!(
        steps.contains("ALTER TABLE") && !steps.contains("CREATE TABLE") && !steps.contains("DROP TABLE"),
        "{steps}"
    );
    let rows = database.psql("SELECT count(*), sum(price), min(note) FROM shop.orders")?;
    ensure!(rows == "50|1275.000|none", "{rows}");
    ensure!(status("status")? == "deployed" && status("drift")? == "[]");
    ensure!(database.psql(&deploy)?.is_empty(), "the same version again has nothing to do");

    let back = format!("SELECT * FROM pgmeta_definition_rollback('shop', 1, {})", quoted(ALLOW_ALL));
    database.psql(&back)?;
    same_text("the schema after the rollback", &first, &database.psql("SELECT pgmeta_export('shop')")?)?;
    ensure!(database.psql("SELECT count(*), sum(price) FROM shop.orders")? == "50|1275.00");
    ensure!(status("deployed_version")? == "1" && status("status")? == "outdated");

    database.psql(&format!("SELECT pgmeta_definition_undeploy('shop', {})", quoted(ALLOW_ALL)))?;
    ensure!(database.psql("SELECT count(*) FROM pg_namespace WHERE nspname = 'shop'")? == "0");
    ensure!(status("status")? == "created");
    Ok(())
}

#[test]
fn a_failed_step_leaves_an_error_and_nothing_half_done() -> Outcome {
    let database = with_shop("registry_error")?;
    database.psql("SELECT pgmeta_definition_deploy('shop')")?;
    database.psql("INSERT INTO shop.customers (mail) VALUES ('a'), ('b'); INSERT INTO shop.orders (customer_id, price) SELECT id, 1 FROM shop.customers")?;
    let before = database.psql("SELECT pgmeta_export('shop')")?;
    database.psql(
        "SELECT pgmeta_definition_update('shop', jsonb_set(jsonb_set(pgmeta_definition_get('shop'),
        '{tables,1,columns,4}', '{\"name\": \"note\", \"type\": \"text\"}'), '{tables,1,checks}', '[\"price > 1\"]'))",
    )?;
    let deploy = format!("SELECT pgmeta_definition_deploy('shop', options => {});", quoted(ALLOW_ALL));
    let error = database.error("postgres", &deploy)?;
    ensure!(error.contains("23514") && error.contains("Statement: "), "{error}");
    same_text("the schema after the failure", &before, &database.psql("SELECT pgmeta_export('shop')")?)?;
    let status = database.psql("SELECT s ->> 'status', s ->> 'deployed_version', s ->> 'drift', s ->> 'error' ~ 'orders' FROM pgmeta_definition_status('shop') s")?;
    ensure!(status == "error|1|[]|t", "{status}");
    let recorded = database.psql("SELECT action, from_version, to_version, sqlstate, detail ~ 'Statement: ', steps > 0 FROM pgmeta.definition_deployments WHERE error IS NOT NULL")?;
    ensure!(recorded == "deploy|1|2|23514|t|t", "{recorded}");
    // The first deployment of a definition, and a transaction that the caller rolls back.
    database.psql("SELECT pgmeta_definition_create('broken', '{\"tables\": [{\"name\": \"a\", \"columns\": [{\"name\": \"id\", \"type\": \"int\", \"default\": \"nosuch()\", \"primary_key\": true}]}]}')")?;
    let error = database
        .error("postgres", "SELECT pgmeta_definition_deploy('broken', options => '{\"schema\": \"broken_t\"}');")?;
    ensure!(error.contains("42883") && error.contains("nosuch"), "{error}");
    let left = database.psql("SELECT count(*) FROM pg_namespace WHERE nspname = 'broken_t'")?;
    ensure!(left == "0");
    ensure!(database.psql("SELECT pgmeta_definition_status('broken') ->> 'status'")? == "error");
    database.psql("BEGIN; SELECT pgmeta_definition_create('later', '{}'); SELECT pgmeta_definition_deploy('later', options => '{\"schema\": \"later\"}'); ROLLBACK")?;
    ensure!(database.psql("SELECT count(*) FROM pgmeta_definition_list('later')")? == "0");
    Ok(())
}

#[test]
fn changes_by_hand_are_shown_and_kept() -> Outcome {
    let database = with_shop("registry_drift")?;
    database.psql("SELECT pgmeta_definition_deploy('shop')")?;
    for (change, identity, undo) in [
        ("CREATE INDEX by_hand ON shop.orders (price)", "shop.by_hand", "DROP INDEX shop.by_hand"),
        (
            "ALTER TABLE shop.orders ADD COLUMN by_hand int",
            "shop.orders",
            "ALTER TABLE shop.orders DROP COLUMN by_hand",
        ),
        ("DROP VIEW shop.paid", "shop.paid", ""),
    ] {
        database.psql(change)?;
        let drift = database
            .psql("SELECT d ->> 'identity' FROM jsonb_array_elements(pgmeta_definition_status('shop') -> 'drift') d")?;
        ensure!(drift == identity, "{change}: {drift}");
        let deploy = format!("SELECT pgmeta_definition_deploy('shop', options => {});", quoted(ALLOW_ALL));
        let error = database.error("postgres", &deploy)?;
        ensure!(error.contains("changed by hand") && error.contains("55000"), "{change}: {error}");
        if !undo.is_empty() {
            database.psql(undo)?;
        }
    }
    let options = format!("({}::jsonb || '{{\"overwrite_drift\": true}}')", quoted(ALLOW_ALL));
    database.psql(&format!("SELECT pgmeta_definition_deploy('shop', options => {options})"))?;
    ensure!(database.psql("SELECT count(*) FROM shop.paid")? == "0");
    ensure!(database.psql("SELECT pgmeta_definition_status('shop') ->> 'drift'")? == "[]");
    Ok(())
}

#[test]
fn foreign_schemas_are_not_touched() -> Outcome {
    let database = with_shop("registry_foreign_schema")?;
    database.psql("CREATE SCHEMA shop; CREATE TABLE shop.mine (a int); CREATE SCHEMA empty; CREATE SCHEMA holder; CREATE EXTENSION citext SCHEMA holder")?;
    for (schema, code) in [("shop", "42P06"), ("holder", "0A000")] {
        let error = database.error(
            "postgres",
            &format!("SELECT pgmeta_definition_deploy('shop', options => '{{\"schema\": \"{schema}\"}}');"),
        )?;
        ensure!(error.contains(code), "{error}");
    }
    database.psql("SELECT pgmeta_definition_deploy('shop', options => '{\"schema\": \"empty\"}')")?;
    ensure!(
        database.psql("SELECT count(*) FROM pg_class WHERE relnamespace = 'empty'::regnamespace AND relkind = 'r'")?
            == "2"
    );
    let error = database
        .error("postgres", "SELECT pgmeta_definition_deploy('shop', options => '{\"schema\": \"elsewhere\"}');")?;
    ensure!(error.contains("is deployed to schema"), "{error}");
    Ok(())
}

/// A role without privileges gets the server's error, and nothing is left.
#[test]
fn a_deployment_has_the_rights_of_its_caller() -> Outcome {
    let database = with_shop("registry_caller")?;
    with_role(&database, "registry_deployer")?;
    database.psql(&format!("SELECT pgmeta_definition_share('shop', 'registry_deployer', '{{deploy}}'); REVOKE CREATE ON DATABASE {} FROM registry_deployer", database.name()))?;
    let error = database.error("registry_deployer", "SELECT pgmeta_definition_deploy('shop');")?;
    ensure!(error.contains("42501") && error.contains("permission denied for database"), "{error}");
    ensure!(database.psql("SELECT pgmeta_definition_status('shop') ->> 'status'")? == "error");
    database.psql(&format!("GRANT CREATE ON DATABASE {} TO registry_deployer", database.name()))?;
    database.run_as("registry_deployer", "SELECT pgmeta_definition_deploy('shop')")?.checked("deploy")?;
    ensure!(
        database.psql(
            "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = 'shop'::regnamespace"
        )? == "registry_deployer"
    );
    Ok(())
}

/// Real schemas are deployed, recognized without a drift, and deployed again without a step.
#[test]
fn schemas_of_the_corpus_are_deployed_without_drift() -> Outcome {
    let mut tried = 0;
    for name in [
        "apalis",
        "atuin",
        "cala_ledger",
        "goiardi",
        "pgschema_bytebase",
        "pgschema_employee",
        "procrastinate",
        "zksync",
    ] {
        let Some(origin) = origin(Source::Corpus(name))? else { continue };
        let schemas = origin.psql("SELECT string_agg(nspname, ',') FROM pg_namespace n WHERE nspname !~ '^pg_|^information_schema$|^pgmeta' AND EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind = 'r')")?;
        if schemas.contains(',') {
            continue;
        }
        let document = origin
            .psql(&format!("SELECT pgmeta_definition_from('{schemas}', '{{\"warn\": false}}') - 'extensions'"))?;
        let database = Database::with_pgmeta("registry_corpus")?;
        let extensions = origin.psql("SELECT string_agg(format('CREATE EXTENSION IF NOT EXISTS %I CASCADE', extname), ';') FROM pg_extension WHERE extname <> 'pgmeta'")?;
        database.psql(&extensions)?;
        database.psql(&format!("SELECT pgmeta_definition_create('own', {})", quoted(&document))).context(name)?;
        database
            .psql("SELECT pgmeta_definition_deploy('own', options => '{\"schema\": \"deployed_here\"}')")
            .context(name)?;
        let again = database.psql("SELECT statement FROM pgmeta_definition_deploy('own')").context(name)?;
        ensure!(again.is_empty(), "{name}: {again}");
        tried += 1;
    }
    ensure!(tried > 0 || pgmeta_e2e::shared().is_none(), "no schema was tried");
    Ok(())
}

/// A definition in schema `app` with one table.
fn one_table(table: &str, column: &str) -> String {
    quoted(&format!(
        r#"{{"schema": "app", "tables": [{{"name": "{table}", "columns": [{{"name": "{column}", "type": "int"}}]}}]}}"#
    ))
}

/// What a schema was before the first deployment stays: its comment, its privileges, itself.
#[test]
fn a_prepared_schema_stays() -> Outcome {
    let database = Database::with_pgmeta("registry_prepared")?;
    with_role(&database, "registry_reader")?;
    database
        .psql("CREATE SCHEMA app; COMMENT ON SCHEMA app IS 'by hand'; GRANT USAGE ON SCHEMA app TO registry_reader")?;
    let properties =
        "SELECT obj_description('app'::regnamespace), has_schema_privilege('registry_reader', 'app', 'USAGE')";
    let deploy = format!("SELECT * FROM pgmeta_definition_deploy('own', options => {})", quoted(ALLOW_ALL));
    database.psql(&format!("SELECT pgmeta_definition_create('own', {})", one_table("t", "a")))?;
    database.psql(&deploy)?;
    ensure!(database.psql(properties)? == "by hand|t");
    ensure!(database.psql(&deploy)?.is_empty(), "the same version again has nothing to do");
    database.psql(&format!("SELECT pgmeta_definition_update('own', {})", one_table("t", "b")))?;
    database.psql(&deploy)?;
    ensure!(database.psql(properties)? == "by hand|t");
    ensure!(database.psql("SELECT pgmeta_definition_status('own') ->> 'drift'")? == "[]");

    // No other definition is deployed there, even when nothing is in it.
    database.psql("SELECT pgmeta_definition_update('own', '{\"schema\": \"app\"}')")?;
    database.psql(&deploy)?;
    database.psql(&format!("SELECT pgmeta_definition_create('other', {})", one_table("o", "a")))?;
    let error = database.error("postgres", "SELECT pgmeta_definition_deploy('other');")?;
    ensure!(error.contains("42P06") && error.contains("another definition"), "{error}");
    database.psql(&format!("SELECT pgmeta_definition_undeploy('own', {})", quoted(ALLOW_ALL)))?;
    ensure!(database.psql(properties)? == "by hand|t");
    Ok(())
}

/// An extension may be in the definition's own schema, also for later versions.
#[test]
fn an_extension_may_be_in_the_schema() -> Outcome {
    let database = Database::with_pgmeta("registry_extension")?;
    let document = |columns: &str| {
        quoted(&format!(
            r#"{{"schema": "ext", "extensions": [{{"name": "citext", "schema": "ext"}}],
            "tables": [{{"name": "t", "columns": [{{"name": "a", "type": "citext"}}{columns}]}}]}}"#
        ))
    };
    let deploy = format!("SELECT pgmeta_definition_deploy('own', options => {})", quoted(ALLOW_ALL));
    database.psql(&format!("SELECT pgmeta_definition_create('own', {})", document("")))?;
    database.psql(&deploy)?;
    database.psql("INSERT INTO ext.t VALUES ('A')")?;
    let second = document(r#", {"name": "b", "type": "citext"}"#);
    database.psql(&format!("SELECT pgmeta_definition_update('own', {second})"))?;
    database.psql(&deploy)?;
    ensure!(database.psql("SET search_path = ext; SELECT count(*) FROM t WHERE a = 'a'")? == "1");
    let place =
        "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE extname = 'citext'";
    ensure!(database.psql(place)? == "ext");
    Ok(())
}

/// Functions that others put into schema public are not found, names are not cut, and a statement that fails shows itself.
#[test]
fn names_mean_what_they_say() -> Outcome {
    let database = Database::with_pgmeta("registry_meaning")?;
    with_role(&database, "registry_mallory")?;
    database.psql(
        "GRANT CREATE ON SCHEMA public TO registry_mallory; SET ROLE registry_mallory;
        CREATE FUNCTION public.lower(varchar) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ''trapped'''",
    )?;
    let document = r#"{"schema": "app", "tables": [{"name": "t", "columns": [{"name": "a", "type": "varchar"}],
        "indexes": [{"name": "i", "columns": [{"expression": "lower(a)"}]}]}]}"#;
    database.psql(&format!("SELECT pgmeta_definition_create('own', {})", quoted(document)))?;
    database.psql("SELECT pgmeta_definition_deploy('own')")?;
    let index = database.psql("SELECT pg_get_indexdef('app.i'::regclass)")?;
    ensure!(index.contains("lower((a)::text)"), "{index}");
    let long = "l".repeat(70);
    database.psql(&format!("SELECT pgmeta_definition_create('{long}', '{{}}')"))?;
    let error = database.error("postgres", &format!("SELECT pgmeta_definition_deploy('{long}');"))?;
    ensure!(error.contains("22023") && error.contains("at most 63 bytes"), "{error}");
    let wrong = "SELECT pgmeta_definition_update('own', jsonb_set(pgmeta_definition_get('own'), '{tables,0,checks}', '[\"missing > 1\"]'))";
    database.psql(wrong)?;
    let error = database.error("postgres", "SELECT pgmeta_definition_deploy('own');")?;
    ensure!(error.contains("42703") && error.contains("Statement: CREATE TABLE app.t"), "{error}");
    Ok(())
}
