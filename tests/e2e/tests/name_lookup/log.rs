//! Reads the messages of twins in the server's log.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::ensure;
use pgmeta_e2e::Outcome;

use super::stage::{BARE, Stage};

/// Returns the statements in which twins ran with another role's rights, each with the twins, the roles and the types of
/// processes.
pub fn risen(log: &str) -> Vec<String> {
    let mut found: BTreeMap<String, [BTreeSet<&str>; 3]> = BTreeMap::new();
    let mut lines = log.lines().peekable();
    while let Some(line) = lines.next() {
        let Some((place, twin)) = line.split_once("LOG:  twin ") else { continue };
        let Some((twin, role)) = twin.split_once(" ran as ") else { continue };
        let mut context = Vec::new();
        let mut statement = Vec::new();
        while let Some(next) = lines.next_if(|next| is_more(next)) {
            match next.split_once("STATEMENT:  ") {
                Some((_, text)) => statement.push(text),
                None if !statement.is_empty() => statement.push(next.trim_start()),
                None => context.push(next.split_once("CONTEXT:  ").map_or(next, |(_, text)| text).trim_start()),
            }
        }
        let [twins, roles, places] = found.entry(caller(&context, &statement.join(" "))).or_default();
        twins.insert(twin);
        roles.insert(role);
        places.insert(place.trim_end_matches('|').rsplit('|').next().unwrap_or_default());
    }
    let list = |set: BTreeSet<&str>| set.into_iter().collect::<Vec<_>>().join(", ");
    found
        .into_iter()
        .map(|(caller, [twins, roles, places])| {
            format!("- {caller}\n    {}\n    as {}, in: {}", list(twins), list(roles), list(places))
        })
        .collect()
}

/// Returns whether a line continues the message before it.
fn is_more(line: &str) -> bool {
    line.starts_with('\t') || ["|CONTEXT:  ", "|STATEMENT:  "].iter().any(|part| line.contains(part))
}

/// Returns the caller of a twin: a statement in a function, or else the client's statement.
fn caller(context: &[&str], statement: &str) -> String {
    // The twin comes first; an SQL function of pgmeta would be next.
    let outer =
        context.iter().skip(1).position(|line| !line.starts_with("SQL function \"") || line.contains("_pgmeta"));
    let outer = outer.map(|at| context[at + 1..].join(" ")).unwrap_or_default();
    let text = if outer.starts_with("SQL statement") { outer } else { format!("{outer} {statement}") };
    let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(240).collect();
    if text.is_empty() { "when a statement begins".to_owned() } else { text }
}

/// Checks that a careless statement is detected; otherwise these tests would prove nothing.
pub fn control(stage: &Stage) -> Outcome {
    let careless = [
        ("operator *(numeric, integer)", "SELECT 1.5 * 2"),
        ("operator <>(oid, integer)", "SELECT 1::oid <> 0"),
        ("operator =(oid, regnamespace)", "SELECT 1::oid = 'public'::regnamespace"),
        ("operator ||(text, integer)", "SELECT 'a'::text || 1"),
        ("operator /(bigint, numeric)", "SELECT 1::int8 / 2.0"),
        ("operator =(integer, bigint)", "SET search_path = public, pg_catalog; SELECT NULLIF(1, 2::int8)"),
        ("function array_length(text[], integer)", "SELECT array_length('{a}'::text[], 1)"),
        ("function format(text, name, bigint)", "SELECT format('%s%s', 'a'::name, 1::int8)"),
        ("function pg_get_expr(pg_node_tree, regclass)", "SELECT pg_get_expr(NULL::pg_node_tree, 1::regclass)"),
        ("aggregate array_agg(oid)", "SELECT array_agg(1::oid)"),
        (
            "aggregate string_agg(text, text)",
            "SET search_path = public, pg_catalog; SELECT string_agg('a'::pg_catalog.text, 'b'::pg_catalog.text)",
        ),
        ("type regclass", "SET search_path = public, pg_catalog; SELECT 1::pg_catalog.oid::regclass"),
        ("relation pg_class", "SET search_path = public, pg_catalog; SELECT relname FROM pg_class LIMIT 1"),
    ];
    for (twin, statement) in careless {
        let before = stage.server.log()?.len();
        let output = stage.server.run_psql(BARE, "postgres", statement)?;
        let log = stage.server.log()?;
        let told = format!("twin {twin} ran as postgres");
        ensure!(
            log[before..].contains(&told),
            "{statement} does not meet its twin: {} {}",
            output.stderr,
            &log[before..]
        );
    }
    Ok(())
}
