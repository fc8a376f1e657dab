//! Databases of other dialects, in which a test runs scripts and queries.

use std::process::Command;

use anyhow::{Result, ensure};
use pgmeta_e2e::{Mariadb, repository, run};
use serde_json::{Value, json};

/// The rows of a query; each value is a text or null.
pub type Rows = Vec<Vec<Option<String>>>;

/// Another database. Each call works in a new one.
pub enum Other {
    Sqlite,
    Mariadb(Mariadb),
}

impl Other {
    pub fn dialect(&self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Mariadb(_) => "mariadb",
        }
    }

    /// Returns a name as the dialect quotes it.
    pub fn quoted(&self, name: &str) -> String {
        match self {
            Self::Sqlite => format!("\"{}\"", name.replace('"', "\"\"")),
            Self::Mariadb(_) => format!("`{}`", name.replace('`', "``")),
        }
    }

    /// Returns a query that reads all columns of a relation, but returns one value.
    fn count(&self, name: &str) -> String {
        let name = self.quoted(name);
        match self {
            Self::Sqlite => format!("SELECT count(*) FROM (SELECT * FROM {name})"),
            Self::Mariadb(_) => {
                format!("SELECT HEX(JSON_ARRAY(CAST(count(*) AS CHAR))) FROM (SELECT * FROM {name}) whole")
            }
        }
    }

    /// Returns the query of the names of all tables and views.
    pub fn relations(&self) -> &'static str {
        match self {
            Self::Sqlite => {
                "SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite#_%' ESCAPE '#'"
            }
            Self::Mariadb(_) => {
                "SELECT HEX(JSON_ARRAY(table_name, CASE table_type WHEN 'VIEW' THEN 'view' WHEN 'BASE TABLE' THEN 'table' ELSE 'sequence' END))
                 FROM information_schema.tables WHERE table_schema = DATABASE()"
            }
        }
    }

    /// Runs a script in an empty database, and then queries. Queries of MariaDB return one column: `HEX(JSON_ARRAY(…))`.
    pub fn run(&self, script: &str, queries: &[String]) -> Result<Vec<Rows>> {
        match self {
            Self::Sqlite => {
                let mut python = Command::new("python3");
                python.arg(repository().join("tests/e2e/fixtures/run_sqlite.py"));
                let input = json!({"script": script, "queries": queries}).to_string();
                Ok(serde_json::from_str(&run(&mut python, &input)?.checked("SQLite")?)?)
            }
            Self::Mariadb(server) => {
                server.run("DROP DATABASE IF EXISTS other; CREATE DATABASE other", &[])?.checked("MariaDB")?;
                // All errors, not only the first.
                let output = server.run(script, &["-D", "other", "--force"])?;
                ensure!(!output.stderr.contains("ERROR"), "MariaDB failed:\n{}", output.stderr);
                queries.iter().map(|query| read(server, query)).collect()
            }
        }
    }
}

fn read(server: &Mariadb, query: &str) -> Result<Rows> {
    let text = server.run(&format!("{query};"), &["-D", "other"])?.checked(query)?;
    text.lines().map(|line| Ok(serde_json::from_str(&from_hex(line)?)?)).collect()
}

fn from_hex(text: &str) -> Result<String> {
    let byte = |at: usize| u8::from_str_radix(text.get(at..at + 2).unwrap_or_default(), 16);
    Ok(String::from_utf8((0..text.len()).step_by(2).map(byte).collect::<Result<Vec<u8>, _>>()?)?)
}

/// Counts the tables of a database; every view must be usable, and every key that a foreign key needs must exist.
pub fn tables_and_views(other: &Other, script: &str) -> Result<usize> {
    let relations = other.run(script, &[other.relations().to_owned()])?.concat();
    let of = |kind: &str| -> Vec<String> {
        let own = relations.iter().filter(|row| row.last().and_then(Option::as_deref) == Some(kind));
        own.filter_map(|row| row.first().cloned().flatten()).collect()
    };
    let (tables, views) = (of("table"), of("view"));
    let mut uses: Vec<String> = views.iter().map(|name| other.count(name)).collect();
    if let Other::Sqlite = other {
        // SQLite finds a foreign key without the key that it refers to at the first write only.
        uses.push("PRAGMA foreign_keys = ON".to_owned());
        uses.extend(tables.iter().map(|name| format!("DELETE FROM {}", other.quoted(name))));
    }
    other.run(script, &uses)?;
    Ok(tables.len())
}

/// Returns a JSON document as SQL of PostgreSQL.
pub fn document(value: &impl serde::Serialize) -> Result<String> {
    let value: Value = serde_json::to_value(value)?;
    Ok(format!("'{}'::json", value.to_string().replace('\'', "''")))
}
