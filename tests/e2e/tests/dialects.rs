//! Other SQL dialects: what is printed runs on real servers or is read by a parser of the dialect, and rows move over and back.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::{Origin, Outcome, Source, origin};

mod conditions;
mod mariadb;
mod mssql;
mod other;
mod rows;
mod sqlite;

/// The options under which all schemas are tried.
const OPTIONS: [&str; 2] = ["{}", r#"{"drop": true, "prefix": true, "strict": false, "without_rowid": true}"#];

/// Calls a function with each schema that this machine has, and the options.
fn each_schema(mut check: impl FnMut(&Arc<Origin>, &str) -> Outcome) -> Outcome {
    let mut tried = 0;
    for source in Source::SCHEMAS {
        let Some(origin) = origin(*source)? else { continue };
        for options in OPTIONS {
            check(&origin, options).with_context(|| format!("{source:?} {options}"))?;
        }
        tried += 1;
    }
    ensure!(tried >= 4, "only {tried} schemas were tried");
    Ok(())
}

fn script(origin: &Origin, dialect: &str, options: &str) -> Result<String> {
    origin.psql(&format!("SELECT pgmeta_dialect_sql(NULL::text, '{dialect}', '{options}')"))
}

/// Returns how many tables the script must make: partitions are folded into their table; what the dialect would refuse is a
/// row of the losses.
fn expected_tables(origin: &Origin, dialect: &str, options: &str) -> Result<usize> {
    let count = origin.psql(&format!(
        "WITH refused AS MATERIALIZED (
           SELECT detail FROM pgmeta_dialect_losses(NULL::text, '{dialect}', '{options}') WHERE action = 'refused')
         SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pgmeta')
           AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
           AND NOT EXISTS (SELECT FROM refused WHERE detail ~ ('table ' || n.nspname || '.' || c.relname || '(:|$)'))"
    ))?;
    Ok(count.parse()?)
}

/// Every object is a statement or a row of losses: those whose name is neither in the script nor under a path of the losses.
fn silent_objects(origin: &Origin, dialect: &str, options: &str) -> Result<String> {
    let quote = match dialect {
        "sqlite" => '"',
        "mssql" => ']',
        _ => '`',
    };
    origin.psql(&format!(
        "WITH whole AS MATERIALIZED (SELECT pgmeta_snapshot() AS snapshot),
           lost AS MATERIALIZED (SELECT path FROM whole, pgmeta_dialect_losses(snapshot, '{dialect}', '{options}') WHERE path <> ''),
           objects AS (
             SELECT format('/%s/%s', list, at - 1) AS path, own ->> 'name' AS name, own ->> 'kind' AS kind
             FROM whole, jsonb_each(snapshot) AS lists (list, objects),
               jsonb_array_elements(CASE jsonb_typeof(objects) WHEN 'array' THEN objects ELSE '[]' END) WITH ORDINALITY AS o (own, at)),
           script AS MATERIALIZED (SELECT pgmeta_dialect_sql(snapshot, '{dialect}', '{options}') AS text FROM whole)
         SELECT coalesce(string_agg(path || ' ' || name, E'\\n'), '') FROM objects, script
         WHERE NOT EXISTS (SELECT FROM lost WHERE lost.path = objects.path OR starts_with(lost.path, objects.path || '/'))
           AND kind IS DISTINCT FROM 'primary key' AND strpos(text, replace(name, '{quote}', '{quote}{quote}')) = 0"
    ))
}
