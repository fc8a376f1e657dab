//! What is printed for SQL Server is T-SQL for sqlfluff. No server of it can be had here.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::stores::tool;
use pgmeta_e2e::{Outcome, repository, run};

use super::{each_schema, script, silent_objects};

#[test]
fn all_schemas_are_parsed() -> Outcome {
    let mut scripts = Vec::new();
    each_schema(|origin, options| {
        scripts.push(script(origin, "mssql", options)?);
        let silent = silent_objects(origin, "mssql", options)?;
        ensure!(silent.is_empty(), "neither printed nor lost:\n{silent}");
        Ok(())
    })?;
    let wrong = faults(&scripts)?;
    ensure!(wrong.is_empty(), "{wrong}");
    Ok(())
}

/// The parser finds what is wrong: else the test above would show nothing.
#[test]
fn wrong_statements_are_refused() -> Outcome {
    for wrong in [
        "CREATE TABLE [a] (\n  [b] INT DEFAULT (1 +)\n);\n",
        "CREATE TABLE [a] (\n  [b] INT CHEK ([b] > 1)\n);\n",
        "CREATE INDEX [a] ON [b] [c];\n",
    ] {
        ensure!(!faults(&[wrong.to_owned()])?.is_empty(), "{wrong}");
    }
    Ok(())
}

/// Returns what sqlfluff does not understand.
fn faults(scripts: &[String]) -> Result<String> {
    let mut python = Command::new(tool("sqlfluff/bin/python").context("run scripts/setup_dialect_tools.sh")?);
    python.arg(repository().join("tests/e2e/fixtures/parse_tsql.py"));
    run(&mut python, &serde_json::to_string(scripts)?)?.checked("sqlfluff")
}
