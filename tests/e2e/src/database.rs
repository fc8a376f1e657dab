//! A temporary database for a test; it is dropped at the end.

use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Result;

use crate::command::{Output, repository, run};
use crate::server::{Server, server};
use crate::source::fixture_roles;

/// Drops the subscriptions of the database without connecting anywhere. They would prevent DROP DATABASE.
const DROP_SUBSCRIPTIONS: &str = r"
SELECT format(change, subname) FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid,
  unnest(ARRAY['ALTER SUBSCRIPTION %I DISABLE', 'ALTER SUBSCRIPTION %I SET (slot_name = NONE)', 'DROP SUBSCRIPTION %I'])
  WITH ORDINALITY AS step (change, at) WHERE d.datname = current_database() ORDER BY subname, at \gexec";

/// The database with the extension that others are copies of.
const WITH_PGMETA: &str = "e2e_with_pgmeta";

#[derive(Debug)]
pub struct Database<'s> {
    server: &'s Server,
    name: String,
}

impl Database<'static> {
    /// Creates an empty database on the shared server.
    pub fn create(label: &str) -> Result<Self> {
        Self::create_on(server()?, label)
    }

    /// Creates a database with the extension only: a copy, because CREATE EXTENSION takes longer.
    pub fn with_pgmeta(label: &str) -> Result<Self> {
        static TEMPLATE: OnceLock<Result<(), String>> = OnceLock::new();
        let made = TEMPLATE.get_or_init(|| make_template().map_err(|error| format!("{error:#}")));
        made.as_ref().map_err(|error| anyhow::anyhow!("{error}"))?;
        Self::copy_of(server()?, label, &format!("TEMPLATE {WITH_PGMETA}"))
    }

    /// Creates a database with the extension and a fixture, `tests/fixtures/NAME.sql`.
    pub fn with_fixture(label: &str, name: &str) -> Result<Self> {
        fixture_roles()?;
        let database = Self::with_pgmeta(label)?;
        database.run_script(&repository().join(format!("tests/fixtures/{name}.sql")))?;
        Ok(database)
    }
}

impl<'s> Database<'s> {
    pub fn create_on(server: &'s Server, label: &str) -> Result<Self> {
        Self::create_in(server, label, "UTF8")
    }

    /// Creates an empty database in an encoding.
    pub fn create_in(server: &'s Server, label: &str, encoding: &str) -> Result<Self> {
        Self::copy_of(server, label, &empty(encoding))
    }

    fn copy_of(server: &'s Server, label: &str, source: &str) -> Result<Self> {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let name = format!("e2e_{label}_{}", COUNTER.fetch_add(1, Ordering::Relaxed));
        create_database(server, &name, source)?;
        Ok(Self { server, name })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs a psql script as the superuser and returns what it prints.
    pub fn psql(&self, script: &str) -> Result<String> {
        self.server.psql(&self.name, script)
    }

    /// Runs a psql script as any role; returns its output even if it fails.
    pub fn run_as(&self, role: &str, script: &str) -> Result<Output> {
        self.server.run_psql(&self.name, role, script)
    }

    /// Runs a script that must fail, and returns the messages with their SQLSTATEs.
    pub fn error(&self, role: &str, script: &str) -> Result<String> {
        let output = self.run_as(role, &format!("\\set VERBOSITY verbose\n{script}"))?;
        anyhow::ensure!(!output.ok, "no error, but: {}", output.stdout);
        Ok(output.stderr)
    }

    /// Loads a script as users load an export: in one transaction, completely or not at all.
    pub fn load(&self, script: &str) -> Result<()> {
        let mut psql = self.server.program("psql");
        psql.args(["-Xq", "-1", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-d", &self.name, "-f", "-"]);
        let what = format!("loading into {}", self.name);
        psql.env("PGCLIENTENCODING", "UTF8");
        run(&mut psql, script)?.checked(&what).map(drop)
    }

    /// Loads a script from a file in one transaction.
    pub fn load_file(&self, path: &Path) -> Result<()> {
        self.run_file(path, &["-1"])
    }

    /// Runs a script from a file, statement by statement.
    pub fn run_script(&self, path: &Path) -> Result<()> {
        self.run_file(path, &[])
    }

    fn run_file(&self, path: &Path, options: &[&str]) -> Result<()> {
        let mut psql = self.server.program("psql");
        psql.args(options).args(["-Xq", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-d", &self.name, "-f"]).arg(path);
        run(&mut psql, "")?.checked(&format!("{}", path.display())).map(drop)
    }

    /// Returns the output of pg_dump -s.
    pub fn dump(&self) -> Result<String> {
        dump(self.server, &self.name)
    }

    /// Returns the whole export, with secrets and pgmeta itself, so that the loaded copy can be exported too.
    pub fn export(&self) -> Result<String> {
        self.psql("SELECT pgmeta_export(NULL, options => '{\"secrets\": \"include\", \"self\": true}')")
    }
}

fn empty(encoding: &str) -> String {
    format!("TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'")
}

/// Drops a database, if it exists.
pub fn drop_database(server: &Server, name: &str) {
    let _ = server.run_psql(name, "postgres", DROP_SUBSCRIPTIONS);
    let _ = server.run_psql("postgres", "postgres", &format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)"));
}

fn create_database(server: &Server, name: &str, source: &str) -> Result<()> {
    let script = format!("DROP DATABASE IF EXISTS \"{name}\";\nCREATE DATABASE \"{name}\" {source}");
    server.psql("postgres", &script).map(drop)
}

/// Creates the database with the extension that others are copies of.
fn make_template() -> Result<()> {
    let server = server()?;
    create_database(server, WITH_PGMETA, &empty("UTF8"))?;
    server.psql(WITH_PGMETA, "CREATE EXTENSION pgmeta").map(drop)
}

pub fn dump(server: &Server, database: &str) -> Result<String> {
    let mut pg_dump = server.program("pg_dump");
    run(pg_dump.args(["-s", "-E", "UTF8", "--restrict-key=x", "-d", database]), "")?.checked("pg_dump")
}

impl Drop for Database<'_> {
    fn drop(&mut self) {
        drop_database(self.server, &self.name);
    }
}
