//! Deployments into databases of their own, from the caller's side: a worker in that database does the work. A new database has a temporary
//! name until the caller's transaction gives it the wanted one, and one that is dropped gets a temporary name again, so that both happen
//! with the transaction or not at all.

use pgmeta_core::cells::take;
use pgmeta_core::ident::ident;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::Error;
use crate::executor::milliseconds;
use crate::guc::GucGuard;
use crate::other_database::{self, Kind, Place, Run, Task, may_call};
use crate::registry::error::RegistryError;
use crate::registry::statements::Done;
use crate::registry::work::{Deployed, Extent, Outcome, Progress, Work};
use crate::server;
use crate::spi::{Arg, Connection, execute};
use crate::worker::remote_error::RemoteError;

/// The longest name in the server, in bytes.
pub const LONGEST: usize = 63;

/// What a database says of itself: which version of which definition is deployed in it. It is committed with the version, so that a
/// crash before the registry's commit is noticed.
#[derive(Debug, Serialize, Deserialize)]
pub struct Mark {
    pub definition: String,
    pub version: i64,
}

/// What a worker is to do.
#[derive(Debug, Serialize, Deserialize)]
pub struct Request {
    pub errand: Errand,
    /// The caller's `lock_timeout`.
    pub lock_timeout: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub enum Errand {
    Deploy {
        work: Box<Work>,
        mark: Mark,
    },
    /// Only read the schemas and the sizes of their tables.
    Read {
        schemas: Vec<String>,
    },
}

/// What it answers.
#[derive(Debug, Serialize, Deserialize)]
pub enum Reply {
    Deployed(Outcome),
    Read { deployed: Deployed, tables: Vec<Value> },
    Error { error: String, at: usize, is_refusal: bool },
}

/// Runs a deployment in a database, which is created first if nothing is deployed yet.
pub fn run(name: &str, work: Work, mark: Mark, progress: &mut Progress) -> Result<Outcome, Error> {
    match (&work.deployed, &work.definition) {
        (None, _) => create(name, work, mark, progress),
        (Some(_), Some(_)) => alter(name, work, mark, progress),
        (Some(_), None) => discard(name, work, mark, progress),
    }
}

/// Reads schemas of a database, and the sizes of their tables.
pub fn read(name: &str, schemas: Vec<String>) -> Result<Option<(Deployed, Vec<Value>)>, Error> {
    let Some(database) = find(name)? else { return Ok(None) };
    // A standby starts no workers.
    server::require_primary("pgmeta_definition_status")?;
    may_call("read another database", false)?;
    let run = start(Place::Existing(database), Errand::Read { schemas })?;
    match reply(&run)? {
        Reply::Read { deployed, tables } => Ok(Some((deployed, tables))),
        other => Err(error_of(other, &mut Progress::default())),
    }
}

fn create(name: &str, work: Work, mark: Mark, progress: &mut Progress) -> Result<Outcome, Error> {
    check_name(name)?;
    if find(name)?.is_some() {
        return Err(RegistryError::DatabaseExists(name.to_owned()).into());
    }
    may_call("create a database", true)?;
    let statement = other_database::create_statement(name)?;
    if work.extent == Extent::Show {
        let mut done = vec![Done::shown(&statement)];
        if let Some(statements) = work.statements()? {
            // Every new database has it.
            done.extend(statements.list(&["public".to_owned()]).into_iter().map(Done::shown));
        }
        return Ok(Outcome { done, deployed: None });
    }
    let run = start(Place::New, deploy(work, mark))?;
    let mut outcome = outcome(&run, progress)?;
    run.commit()?;
    let temporary = run.name().ok_or(Error::WorkerEnded)?;
    execute(&format!("ALTER DATABASE {} RENAME TO {}", ident(&temporary), ident(name)))?;
    execute(&format!("ALTER DATABASE {} ALLOW_CONNECTIONS true", ident(name)))?;
    let duration_ms = Some(milliseconds(run.creation()));
    outcome.done.insert(0, Done { statement, duration_ms });
    run.until_end();
    Ok(outcome)
}

fn alter(name: &str, work: Work, mark: Mark, progress: &mut Progress) -> Result<Outcome, Error> {
    let database = find(name)?.ok_or_else(|| RegistryError::NoDatabase(name.to_owned()))?;
    may_call("deploy to another database", false)?;
    let extent = work.extent;
    let run = start(Place::Existing(database), deploy(work, mark))?;
    let outcome = outcome(&run, progress)?;
    if extent == Extent::Run {
        run.until_end();
    }
    Ok(outcome)
}

fn discard(name: &str, work: Work, mark: Mark, progress: &mut Progress) -> Result<Outcome, Error> {
    let done = vec![Done::shown(&format!("DROP DATABASE {}", ident(name)))];
    let Some(database) = find(name)? else {
        // It was dropped by hand.
        return Ok(Outcome { done: Vec::new(), deployed: None });
    };
    may_call("deploy to another database", false)?;
    let is_shown = work.extent == Extent::Show;
    let extent = if is_shown { Extent::Show } else { Extent::Check };
    let place = if is_shown { Place::Existing(database) } else { Place::Dropped(database) };
    let run = start(place, deploy(Work { extent, ..work }, mark))?;
    outcome(&run, progress)?;
    if !is_shown {
        progress.at += 1;
        let temporary = run.name().ok_or(Error::WorkerEnded)?;
        execute(&format!("ALTER DATABASE {} RENAME TO {}", ident(name), ident(&temporary)))?;
        execute(&format!("ALTER DATABASE {} ALLOW_CONNECTIONS false", ident(&temporary)))?;
        run.until_end();
    }
    Ok(Outcome { done, deployed: None })
}

fn start(place: Place, errand: Errand) -> Result<Run, Error> {
    let _pinned = GucGuard::new();
    let lock_timeout =
        Connection::open()?.one("SELECT pg_catalog.current_setting('lock_timeout') AS own", &[], "own")?;
    let text = serde_json::to_string(&Request { errand, lock_timeout })?;
    Run::start(Task { kind: Kind::Deployment, place, text: &text })
}

fn deploy(work: Work, mark: Mark) -> Errand {
    Errand::Deploy { work: Box::new(work), mark }
}

fn outcome(run: &Run, progress: &mut Progress) -> Result<Outcome, Error> {
    match reply(run)? {
        Reply::Deployed(outcome) => {
            progress.at = outcome.done.len();
            Ok(outcome)
        }
        other => Err(error_of(other, progress)),
    }
}

fn reply(run: &Run) -> Result<Reply, Error> {
    match run.answer()? {
        Some(answer) => Ok(serde_json::from_slice(&answer)?),
        None => Err(run.fault().map_or(Error::WorkerEnded, Error::from)),
    }
}

fn error_of(reply: Reply, progress: &mut Progress) -> Error {
    let Reply::Error { error, at, is_refusal } = reply else { return Error::WorkerEnded };
    *progress = Progress { at, is_refusal: Some(is_refusal) };
    RemoteError::decode(error.as_bytes()).map_or(Error::WorkerEnded, Error::from)
}

/// Returns the OID of a database to which the caller may connect; `None` if it does not exist.
fn find(name: &str) -> Result<Option<u32>, Error> {
    const FIND: &str = "SELECT d.oid::bigint AS oid, pg_catalog.has_database_privilege(d.oid, 'CONNECT') AS may \
        FROM pg_catalog.pg_database d WHERE d.datname = $1";
    let _pinned = GucGuard::new();
    let mut found = None;
    Connection::open()?.read(FIND, &[Arg::Text(name)], &["oid", "may"], |cells| {
        found = Some((take::<i64>(cells, "oid")?, take::<bool>(cells, "may")?));
        Ok(())
    })?;
    match found {
        None => Ok(None),
        Some((oid, true)) => Ok(u32::try_from(oid).ok()),
        Some((_, false)) => Err(Error::Privilege(format!("connect to database \"{name}\""))),
    }
}

fn check_name(name: &str) -> Result<(), Error> {
    let hint = if name.is_empty() || name.len() > LONGEST {
        format!("A name has 1 to {LONGEST} bytes.")
    } else if other_database::is_temporary(name) {
        "Temporary databases have such names. Choose another.".to_owned()
    } else {
        return Ok(());
    };
    Err(Error::BadArgument { name: "option \"database\"", value: name.to_owned(), hint })
}
