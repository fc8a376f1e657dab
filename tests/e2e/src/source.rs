//! Databases with difficult schemas: created at first use, once for all tests, which only read them.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use anyhow::{Result, anyhow};

use crate::command::{repository, run, shared};
use crate::database::{drop_database, dump};
use crate::server::{Server, server};

/// The origin of a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The state after PostgreSQL's regression tests.
    Regression,
    /// The objects of pg_dump's own test table.
    DumpObjects,
    /// A schema of the corpus.
    Corpus(&'static str),
    /// A file of tests/fixtures.
    Fixture(&'static str),
}

impl Source {
    /// The schemas that are read as a whole: fixtures, the regression database, the corpus.
    pub const SCHEMAS: &[Source] = &[
        Source::Fixture("sample_app"),
        Source::Fixture("kinds"),
        Source::Fixture("hard_cases"),
        Source::Fixture("strange_names"),
        Source::Regression,
        Source::Corpus("apalis"),
        Source::Corpus("apflora_big"),
        Source::Corpus("atuin"),
        Source::Corpus("cala_ledger"),
        Source::Corpus("catalogue_of_life"),
        Source::Corpus("goiardi"),
        Source::Corpus("pg_graphql_sql"),
        Source::Corpus("pgmq"),
        Source::Corpus("pgquarrel_from"),
        Source::Corpus("pgschema_bytebase"),
        Source::Corpus("pgschema_employee"),
        Source::Corpus("pgschema_sakila"),
        Source::Corpus("postgrest_spec_v7"),
        Source::Corpus("procrastinate"),
        Source::Corpus("sapi_cites"),
        Source::Corpus("supabase_memes"),
        Source::Corpus("zksync"),
    ];
}

/// A database of a source with the extension, and its output of pg_dump and pgmeta.
#[derive(Debug)]
pub struct Origin {
    pub database: String,
    pub dump: String,
    pub export: String,
    server: &'static Server,
}

type Built = Arc<OnceLock<Result<Arc<Origin>, String>>>;

/// Returns the source's database; `None`, after printing the reason, if this machine cannot create it.
pub fn origin(source: Source) -> Result<Option<Arc<Origin>>> {
    static ORIGINS: Mutex<BTreeMap<Source, Built>> = Mutex::new(BTreeMap::new());
    if let Some(reason) = unavailable(source)? {
        println!("skipped {source:?}: {reason}");
        return Ok(None);
    }
    let cell = ORIGINS.lock().unwrap_or_else(PoisonError::into_inner).entry(source).or_default().clone();
    let built = cell.get_or_init(|| Origin::build(source).map(Arc::new).map_err(|error| format!("{error:#}")));
    match built {
        Ok(origin) => Ok(Some(origin.clone())),
        // Installations from PyPI lack ICU and some of contrib.
        Err(error) if is_lacking(error) && server()?.major()? != 15 => {
            println!("skipped {source:?}: the server lacks ICU, or one of its extensions");
            Ok(None)
        }
        Err(error) => Err(anyhow!("{source:?} could not be built: {error}")),
    }
}

fn is_lacking(error: &str) -> bool {
    error.contains("\" is not available") || error.contains("ICU is not supported in this build")
}

fn unavailable(source: Source) -> Result<Option<&'static str>> {
    Ok(match source {
        Source::Fixture(_) => None,
        _ if shared().is_none() => Some("there is no shared/ folder"),
        Source::Regression | Source::DumpObjects if server()?.major()? != 15 => {
            Some("the source of PostgreSQL is at hand for version 15 only")
        }
        Source::Corpus("postgrest_spec_v7") if server()?.major()? >= 17 => {
            Some("a column there is called json, which is a word of SQL since 17")
        }
        Source::Corpus("postgrest_spec_v7") if server()?.major()? == 14 => {
            Some("pg_dump 14 does not print that PUBLIC has no rights on a schema public that was created again")
        }
        _ => None,
    })
}

impl Origin {
    fn build(source: Source) -> Result<Self> {
        let server = server()?;
        let database = match source {
            Source::Regression => "origin_regression".to_owned(),
            Source::DumpObjects => "origin_dump_objects".to_owned(),
            Source::Corpus(name) => format!("origin_corpus_{name}"),
            Source::Fixture(name) => format!("origin_fixture_{name}"),
        };
        // It exists where a failed test runs once more.
        drop_database(server, &database);
        match source {
            Source::Regression => oracle(&["regression", &database])?,
            Source::DumpObjects => oracle(&["dump_objects", &database])?,
            Source::Corpus(name) => oracle(&["corpus", name, &database])?,
            Source::Fixture(name) => {
                fixture_roles()?;
                server
                    .psql("postgres", &format!("CREATE DATABASE \"{database}\" TEMPLATE template0 ENCODING 'UTF8'"))?;
                let mut psql = server.program("psql");
                psql.args(["-Xq", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-d", &database, "-f"]);
                psql.arg(repository().join(format!("tests/fixtures/{name}.sql")));
                run(&mut psql, "")?.checked(name)?;
            }
        }
        // As a replica, because event triggers of some sources forbid the command.
        server.psql(&database, "SET session_replication_role = replica; CREATE EXTENSION pgmeta")?;
        let export = server
            .psql(&database, "SELECT pgmeta_export(NULL, options => '{\"secrets\": \"include\", \"self\": true}')")?;
        Ok(Self { dump: dump(server, &database)?, export, database, server })
    }

    /// Runs a psql script that changes nothing.
    pub fn psql(&self, script: &str) -> Result<String> {
        self.server.psql(&self.database, script)
    }
}

/// Creates the roles of the fixtures, once on the shared server.
pub fn fixture_roles() -> Result<()> {
    let server = server()?;
    static MADE: OnceLock<Result<(), String>> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let script = repository().join("tests/fixtures/roles.sql");
        let mut psql = server.program("psql");
        psql.args(["-Xq", "-v", "ON_ERROR_STOP=1", "-d", "postgres", "-f"]).arg(script);
        run(&mut psql, "")
            .and_then(|output| output.checked("roles.sql"))
            .map(drop)
            .map_err(|error| format!("{error:#}"))
    });
    made.clone().map_err(|error| anyhow!("{error}"))
}

fn oracle(args: &[&str]) -> Result<()> {
    // PATH of with_server.sh begins with the programs of the server's own installation.
    run(Command::new(repository().join("scripts/oracle.sh")).args(args), "")?.checked("oracle.sh").map(drop)
}
