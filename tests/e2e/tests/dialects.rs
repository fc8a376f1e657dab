//! Other SQL dialects: what is printed for SQLite runs on a real SQLite, and every table is there.

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::{Origin, Outcome, Source, origin, run};
use std::process::Command;

/// Reads a script, runs it in a new database in memory, and prints the number of tables.
const SQLITE: &str = "import sqlite3, sys
database = sqlite3.connect(':memory:')
database.executescript(sys.stdin.read())
print(database.execute(\"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'\").fetchone()[0])";

#[test]
fn all_schemas_run_on_sqlite() -> Outcome {
    let mut tried = 0;
    for source in Source::SCHEMAS {
        let Some(origin) = origin(*source)? else { continue };
        runs_on_sqlite(&origin).with_context(|| format!("{source:?}"))?;
        tried += 1;
    }
    ensure!(tried >= 4, "only {tried} schemas were tried");
    Ok(())
}

fn runs_on_sqlite(origin: &Origin) -> Outcome {
    for options in ["{}", r#"{"drop": true, "prefix": true, "strict": false, "without_rowid": true}"#] {
        let script = origin.psql(&format!("SELECT pgmeta_dialect_sql(NULL::text, 'sqlite', '{options}')"))?;
        let tables: usize = sqlite(&script)?.parse()?;
        // Partitions are folded into their table; what SQLite would refuse is a row of the losses.
        let expected = origin.psql(&format!(
            "WITH refused AS MATERIALIZED (
               SELECT detail FROM pgmeta_dialect_losses(NULL::text, 'sqlite', '{options}') WHERE action = 'refused')
             SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pgmeta')
               AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
               AND NOT EXISTS (SELECT FROM refused WHERE detail ~ ('table ' || n.nspname || '.' || c.relname || '(:|$)'))"
        ))?;
        ensure!(tables == expected.parse::<usize>()?, "{tables} tables, not {expected}");
    }
    Ok(())
}

fn sqlite(script: &str) -> Result<String> {
    let output = run(Command::new("python3").args(["-c", SQLITE]), script)?;
    ensure!(output.ok, "{}", output.stderr);
    Ok(output.stdout.trim().to_owned())
}
