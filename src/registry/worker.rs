//! The worker in a definition's database: does the work in one transaction, answers, and commits when the caller does.

use std::time::Duration;

use pgmeta_core::ident::{ident, literal};
use pgrx::{pg_guard, pg_sys};

use crate::catalog::{self, Scope};
use crate::error::Error;
use crate::guc;
use crate::interrupt;
use crate::other_database::Channel;
use crate::registry::database::{Errand, Mark, Reply, Request};
use crate::registry::deployed;
use crate::registry::error::RegistryError;
use crate::registry::status::tables;
use crate::registry::work::{Deployed, Extent, Outcome, Work, is_refusal};
use crate::server;
use crate::spi::{Connection, SnapshotGuard, attempt_to_the_end, execute};
use crate::worker::process::{self, OnTerminate};
use crate::worker::remote_error::RemoteError;
use crate::worker::session;

/// Interval at which the worker checks whether the caller commits.
const PACE: Duration = Duration::from_millis(5);

#[pg_guard]
#[unsafe(no_mangle)]
pub extern "C-unwind" fn pgmeta_registry_work(argument: pg_sys::Datum) {
    let Some(channel) = u32::try_from(argument.value()).ok().and_then(Channel::attach) else { return };
    // Known before the login, which waits if the caller has locked the database.
    channel.set_worker(server::own_pid());
    process::login(channel.target().unwrap_or_default(), channel.login().1, OnTerminate::End);
    match serde_json::from_str(channel.text()) {
        Ok(request) => serve(&channel, request),
        Err(error) => channel.set_fault(&RemoteError::from(Error::from(error)).encode()),
    }
}

fn serve(channel: &Channel, request: Request) {
    let before = format!(
        "SET lock_timeout = {}; SET default_transaction_isolation = 'read committed'",
        literal(&request.lock_timeout)
    );
    if let Err(stopped) = session::run(&before) {
        return channel.set_fault(&stopped.error.encode());
    }
    let result = session::transaction(|| match request.errand {
        Errand::Read { schemas } => {
            let result = attempt_to_the_end(|| {
                Ok(Reply::Read { deployed: Deployed::read(&schemas)?, tables: tables(&schemas)? })
            });
            send(channel, result, 0);
            Ok(())
        }
        Errand::Deploy { work, mark } => {
            // The first statement of a deployment into a new database is CREATE DATABASE.
            let mut at = usize::from(work.deployed.is_none());
            let result = attempt_to_the_end(|| deploy(&work, &mark, &mut at));
            let commits = result.is_ok() && work.extent == Extent::Run;
            send(channel, result.map(Reply::Deployed), at);
            if commits { wait_for_approval(channel) } else { Err(Error::WorkerEnded) }
        }
    });
    match result {
        Ok(()) => channel.set_committed(),
        Err(error) => channel.set_fault(&error.encode()),
    }
}

fn deploy(work: &Work, mark: &Mark, at: &mut usize) -> Result<Outcome, Error> {
    if work.definition.is_none() && !work.overwrite_drift {
        check_nothing_else(work)?;
    }
    let outcome = work.run(at)?;
    if let Some(deployed) = &outcome.deployed {
        let _pinned = guc::GucGuard::new();
        let own: String = Connection::open()?.one("SELECT pg_catalog.current_database()::text AS own", &[], "own")?;
        let value = format!("{}/{}/{}", mark.definition, mark.version, deployed.fingerprint);
        execute(&format!("ALTER DATABASE {} SET pgmeta.deployment = {}", ident(&own), literal(&value)))?;
        // What could fail at the commit fails now.
        execute("SET CONSTRAINTS ALL IMMEDIATE")?;
    }
    Ok(outcome)
}

/// Returns an error if the database, which is to be dropped, holds more than what was deployed.
fn check_nothing_else(work: &Work) -> Result<(), Error> {
    let _snapshot = SnapshotGuard::new();
    let whole = catalog::read(&Scope::of_schemas(None, false))?.model;
    let own = work.deployed.as_ref().map(|deployed| deployed::schema_names(&deployed.model)).unwrap_or_default();
    let mut others = Vec::new();
    for name in deployed::schema_names(&whole).into_iter().filter(|name| !own.contains(name)) {
        if name != "public" || !deployed::is_empty(&name)? {
            others.push(format!("schema \"{name}\" was created"));
        }
    }
    if others.is_empty() { Ok(()) } else { Err(RegistryError::Drift(others).into()) }
}

fn send(channel: &Channel, result: Result<Reply, Error>, at: usize) {
    let reply = result.unwrap_or_else(|error| {
        let is_refusal = is_refusal(&error, at);
        let error = String::from_utf8_lossy(&RemoteError::from(error).encode()).into_owned();
        Reply::Error { error, at, is_refusal }
    });
    match serde_json::to_vec(&reply) {
        Ok(answer) => channel.send(&answer),
        Err(error) => channel.set_fault(&RemoteError::from(Error::from(error)).encode()),
    }
}

/// Waits until the caller commits; returns an error, which rolls back, if it does not.
fn wait_for_approval(channel: &Channel) -> Result<(), Error> {
    while !channel.is_approved() {
        if channel.is_abandoned() {
            return Err(Error::WorkerEnded);
        }
        process::wait(PACE);
        interrupt::look();
    }
    Ok(())
}
