//! The registry of definitions on a real server.

mod crash;
mod database;
mod deploy;
mod dump;
mod labels;
mod rest;
mod rights;
mod templates;

use std::thread;

use anyhow::{Result, ensure};
use pgmeta_e2e::{Database, Outcome};

/// Two tables, a type and a view, with expressions that the server prints in another way.
const SHOP: &str = r#"{"schema": "shop",
    "enums": [{"name": "state", "values": ["new", "paid"]}],
    "tables": [
        {"name": "customers", "columns": [
            {"name": "id", "type": "bigint", "identity": "always", "primary_key": true},
            {"name": "mail", "type": "text", "nullable": false, "unique": true}]},
        {"name": "orders", "columns": [
            {"name": "id", "type": "bigint", "identity": "always", "primary_key": true},
            {"name": "customer_id", "type": "bigint", "nullable": false},
            {"name": "state", "type": "state", "default": "'new'"},
            {"name": "price", "type": "numeric(10,2)"}],
         "checks": ["price > 0"],
         "foreign_keys": [{"columns": ["customer_id"], "references": {"table": "customers"}, "on_delete": "cascade"}],
         "indexes": [{"columns": ["customer_id"]}]}],
    "views": [{"name": "paid", "query": "SELECT id, price FROM orders WHERE state = 'paid'"}]}"#;

/// Allows every hazard of a plan.
const ALLOW_ALL: &str = r#"{"allow_hazards": ["ACQUIRES_ACCESS_EXCLUSIVE_LOCK", "ACQUIRES_SHARE_LOCK", "AUTHZ_UPDATE",
    "ACQUIRES_SHARE_ROW_EXCLUSIVE_LOCK", "CORRECTNESS", "DELETES_DATA", "FULL_TABLE_SCAN", "HAS_UNTRACKABLE_DEPENDENCIES",
    "IMPACTS_DATABASE_PERFORMANCE", "INDEX_BUILD", "INDEX_DROPPED", "MAY_FAIL_ON_DATA", "REWRITES_TABLE"]}"#;

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Makes a role that other tests may have made.
fn with_role(database: &Database<'_>, name: &str) -> Outcome {
    let create = format!(
        "DO $$ BEGIN CREATE ROLE {name} LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    );
    database.psql(&format!("{create}; GRANT CREATE ON DATABASE {} TO {name}", database.name())).map(drop)
}

/// Returns a database in which a definition `shop` is stored.
fn with_shop(label: &str) -> Result<Database<'static>> {
    let database = Database::with_pgmeta(label)?;
    database.psql(&format!("SELECT pgmeta_definition_create('shop', {})", quoted(SHOP)))?;
    Ok(database)
}

/// 20 sessions change one definition; none loses the change of another, and one wins where all expect the same version.
#[test]
fn no_update_is_lost() -> Outcome {
    let database = with_shop("registry_updates")?;
    let add = |number| {
        let document =
            format!("pgmeta_definition_get('shop') || jsonb_build_object('labels', jsonb_build_object('n', {number}))");
        database
            .run_as("postgres", &format!("SELECT pgmeta_definition_update('shop', {document}, 'change {number}')"))?
            .checked("update")
    };
    let versions = of_twenty(add)?;
    let mut numbers = versions.iter().map(|text| Ok(text.trim().parse()?)).collect::<Result<Vec<i32>>>()?;
    numbers.sort_unstable();
    ensure!(numbers == (2..=21).collect::<Vec<_>>(), "{numbers:?}");
    let stored =
        database.psql("SELECT count(DISTINCT message), max(version), min(version) FROM pgmeta.definition_versions")?;
    ensure!(stored == "20|21|1", "{stored}");

    let sql = "SELECT pgmeta_definition_update('shop', '{\"tables\": []}', NULL, 21)";
    let outcomes = of_twenty(|_| database.run_as("postgres", sql))?;
    ensure!(outcomes.iter().filter(|output| output.ok).count() == 1, "{outcomes:?}");
    Ok(())
}

/// Runs something in 20 threads at once; returns the results.
fn of_twenty<T: Send>(run: impl Fn(usize) -> Result<T> + Sync) -> Result<Vec<T>> {
    let run = &run;
    thread::scope(|scope| {
        let threads: Vec<_> = (0..20).map(|number| scope.spawn(move || run(number))).collect();
        threads.into_iter().map(|own| own.join().map_err(|_| anyhow::anyhow!("a thread panicked"))?).collect()
    })
}
