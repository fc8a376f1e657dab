//! The option `renames` changes the old side as the server does: after a rename nothing else differs.

use anyhow::{Context, ensure};
use pgmeta_e2e::{Database, Outcome, repository};
use serde_json::json;

/// The identity of the renamed object, its new name, and the object in ALTER.
const RENAMES: &[(&str, &str, &str)] = &[
    ("s.t", "t2", "TABLE s.t"),
    ("s.u", "u2", "TABLE s.u"),
    ("s.\"Odd t\"", "\"Odder t\"", "TABLE s.\"Odd t\""),
    ("s.part", "part2", "TABLE s.part"),
    ("s.e", "e2", "TYPE s.e"),
    ("s.c", "c2", "TYPE s.c"),
    ("s.r", "r2", "TYPE s.r"),
    ("s.d", "d2", "DOMAIN s.d"),
    ("s.q", "q2", "SEQUENCE s.q"),
    ("s.v", "v2", "VIEW s.v"),
    ("s.mv", "mv2", "MATERIALIZED VIEW s.mv"),
    ("s.i", "i2", "INDEX s.i"),
    ("s.ix(s.u)", "ix2", "FUNCTION s.ix(s.u)"),
    ("s.f(s.t,s.e,s.c[])", "f2", "FUNCTION s.f(s.t,s.e,s.c[])"),
    ("s.acc(s.c,s.t)", "acc2", "FUNCTION s.acc(s.c,s.t)"),
    ("s.fin(s.c)", "fin2", "FUNCTION s.fin(s.c)"),
    ("s.opf(s.c,s.t)", "opf2", "FUNCTION s.opf(s.c,s.t)"),
    ("s.cst(s.t)", "cst2", "FUNCTION s.cst(s.t)"),
    ("s.ecmp(s.c,s.c)", "ecmp2", "FUNCTION s.ecmp(s.c,s.c)"),
    ("s.tf()", "tf2", "FUNCTION s.tf()"),
    ("s.etf()", "etf2", "FUNCTION s.etf()"),
    ("s.p(s.t,s.r)", "p2", "PROCEDURE s.p(s.t,s.r)"),
    ("s.agg(s.t)", "agg2", "AGGREGATE s.agg(s.t)"),
    ("s.cnt()", "cnt2", "AGGREGATE s.cnt(*)"),
];

/// Returns a database with the objects, and their snapshot `before`.
fn database() -> anyhow::Result<Database<'static>> {
    let database = Database::with_pgmeta("renames")?;
    database.run_script(&repository().join("tests/e2e/fixtures/renames.sql"))?;
    database.psql("SELECT pgmeta_snapshot_save('before')")?;
    Ok(database)
}

/// Renames objects, returns the result of the query, and rolls back.
fn after(database: &Database<'_>, renames: &[(&str, &str, &str)], query: &str) -> anyhow::Result<String> {
    // Functions before the types of their arguments.
    let done = renames.iter().rev().map(|(_, to, what)| format!("ALTER {what} RENAME TO {to};\n"));
    let wanted: serde_json::Map<_, _> = renames.iter().map(|(from, to, _)| ((*from).into(), json!(to))).collect();
    let options = json!({"schemas": ["s"], "renames": wanted}).to_string().replace('\'', "''");
    let query = query.replace("$options", &format!("'{options}'"));
    let done: String = done.collect();
    database.psql(&format!(
        "BEGIN;\n{done}SELECT pgmeta_snapshot('s') AS target \\gset\nROLLBACK;\n{}",
        query.replace("$after", ":'target'::jsonb")
    ))
}

#[test]
fn nothing_differs_after_a_rename() -> Outcome {
    let database = database()?;
    for rename in RENAMES {
        let (from, to, what) = rename;
        let plan = "SELECT statement FROM pgmeta_plan(pgmeta_snapshot_load('before'), $after, $options);
            SELECT statement FROM pgmeta_plan($after, $after, $options)";
        let found = after(&database, &[*rename], plan).context(*from)?;
        let wanted = format!("ALTER {what} RENAME TO {to}");
        ensure!(found.trim() == wanted, "{from}: {found}");
    }
    Ok(())
}

/// All renames in one plan, including types of arguments and their functions: forwards, backwards, and again after they
/// were applied.
#[test]
fn all_renames_can_be_combined() -> Outcome {
    let database = database()?;
    let count = RENAMES.len();
    let plan = "SELECT statement FROM pgmeta_plan(pgmeta_snapshot_load('before'), $after, $options)";
    let found = after(&database, RENAMES, plan)?;
    let renames = |text: &str| text.lines().filter(|line| line.contains(" RENAME TO ")).count();
    ensure!(found.lines().count() == renames(&found) && renames(&found) == count, "{found}");
    let down =
        "SELECT content FROM pgmeta_migration(pgmeta_snapshot_load('before'), $after, 'goose', options => $options)";
    let found = after(&database, RENAMES, down)?;
    ensure!(renames(&found) == 2 * count && !found.contains("CREATE"), "{found}");
    let apply = "SET client_min_messages = error;
        SELECT count(*) FROM pgmeta_apply($after, $options::jsonb || '{\"allow_hazards\": [\"ACQUIRES_ACCESS_EXCLUSIVE_LOCK\"]}');
        SELECT count(*) FROM pgmeta_plan_live($after, $options)";
    let found = after(&database, RENAMES, apply)?;
    ensure!(found.trim() == format!("{count}\n0"), "{found}");
    Ok(())
}
