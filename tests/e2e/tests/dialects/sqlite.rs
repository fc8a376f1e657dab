//! What is printed for SQLite runs on a real SQLite.

use anyhow::ensure;
use pgmeta_e2e::Outcome;

use super::other::{Other, tables_and_views};
use super::{each_schema, expected_tables, script, silent_objects};

#[test]
fn all_schemas_run() -> Outcome {
    each_schema(|origin, options| {
        let script = script(origin, "sqlite", options)?;
        let (found, expected) =
            (tables_and_views(&Other::Sqlite, &script)?, expected_tables(origin, "sqlite", options)?);
        ensure!(found == expected, "{found} tables, not {expected}");
        let silent = silent_objects(origin, "sqlite", options)?;
        ensure!(silent.is_empty(), "neither printed nor lost:\n{silent}");
        Ok(())
    })
}
