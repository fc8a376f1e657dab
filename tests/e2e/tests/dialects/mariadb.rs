//! What is printed for MariaDB runs on a real MariaDB.

use anyhow::ensure;
use pgmeta_e2e::{Mariadb, Outcome};

use super::other::{Other, tables_and_views};
use super::{each_schema, expected_tables, script, silent_objects};

#[test]
fn all_schemas_run() -> Outcome {
    let other = Other::Mariadb(Mariadb::start()?);
    each_schema(|origin, options| {
        let mut script = script(origin, "mariadb", options)?;
        // With the option drop, a script can run again.
        if options.contains("drop") {
            script = script.repeat(2);
        }
        let (found, expected) = (tables_and_views(&other, &script)?, expected_tables(origin, "mariadb", options)?);
        ensure!(found == expected, "{found} tables, not {expected}");
        let silent = silent_objects(origin, "mariadb", options)?;
        ensure!(silent.is_empty(), "neither printed nor lost:\n{silent}");
        Ok(())
    })
}
