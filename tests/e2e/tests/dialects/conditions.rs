//! Conditions have the same value on PostgreSQL, SQLite and MariaDB: those of the tests of the crate, for many rows.

use std::process::Command;

use anyhow::ensure;
use pgmeta_e2e::{Mariadb, Outcome, repository, run, server};

#[test]
fn translations_have_the_value_of_the_original() -> Outcome {
    const DATABASE: &str = "e2e_conditions";
    let (server, mariadb) = (server()?, Mariadb::start()?);
    // Letters have upper and lower case in this locale, beyond ASCII too.
    let create = format!("CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'");
    server.psql("postgres", &format!("DROP DATABASE IF EXISTS {DATABASE};\n{create}"))?;
    let mut python = server.reached_by(Command::new("python3"));
    python.arg(repository().join("tests/e2e/fixtures/compare_conditions.py")).arg(DATABASE);
    python.arg(repository().join("crates/pgmeta-dialect/tests/expressions/conditions.txt")).arg(mariadb.socket());
    let output = run(&mut python, "")?;
    server.psql("postgres", &format!("DROP DATABASE {DATABASE} WITH (FORCE)"))?;
    let wrong = output.checked("compare_conditions.py")?;
    ensure!(wrong.is_empty(), "{wrong}");
    Ok(())
}
