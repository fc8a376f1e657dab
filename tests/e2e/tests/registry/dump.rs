//! pg_dump and restore of a database with definitions.

use anyhow::ensure;
use pgmeta_e2e::{Database, Outcome, run, server};

use super::{ALLOW_ALL, quoted, with_role, with_shop};

#[test]
fn a_restored_database_has_its_definitions() -> Outcome {
    let database = with_shop("registry_dump")?;
    with_role(&database, "registry_reader")?;
    database.psql(
        "SELECT pgmeta_definition_share('shop', 'registry_reader', '{read}'), pgmeta_definition_comment('shop', '/tables/0', 'why?');
        SELECT pgmeta_template_create('own', '{\"schema\": \"{{name}}\"}');
        SELECT pgmeta_definition_deploy('shop'); SELECT pgmeta_definition_update('shop', pgmeta_definition_get('shop'), 'second')",
    )?;
    let mut pg_dump = server()?.program("pg_dump");
    let script = run(pg_dump.args(["-d", database.name()]), "")?.checked("pg_dump")?;
    let restored = Database::create("registry_restored")?;
    restored.load(&script)?;
    let all = "SELECT string_agg(to_jsonb(t)::text, E'\\n' ORDER BY to_jsonb(t)::text) FROM
        (SELECT to_jsonb(v) FROM pgmeta.definition_versions v UNION ALL SELECT to_jsonb(d) FROM pgmeta.definitions d
         UNION ALL SELECT to_jsonb(c) FROM pgmeta.definition_comments c UNION ALL SELECT to_jsonb(g) FROM pgmeta.definition_grants g
         UNION ALL SELECT to_jsonb(e) FROM pgmeta.definition_events e UNION ALL SELECT to_jsonb(p) FROM pgmeta.definition_deployments p
         UNION ALL SELECT to_jsonb(l) FROM pgmeta_template_list() l) t";
    pgmeta_e2e::same_text("what the views show", &database.psql(all)?, &restored.psql(all)?)?;
    // The deployed schema is recognized, and the next version alters it.
    let status = restored.psql("SELECT s ->> 'status', s ->> 'drift' FROM pgmeta_definition_status('shop') s")?;
    ensure!(status == "outdated|[]", "{status}");
    restored.psql(&format!("SELECT pgmeta_definition_deploy('shop', options => {})", quoted(ALLOW_ALL)))?;
    // In another database the role's name counts.
    ensure!(restored.run_as("registry_reader", "SELECT pgmeta_definition_get('shop')")?.ok);
    Ok(())
}
