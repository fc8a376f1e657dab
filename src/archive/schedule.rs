//! The schedule: in a server that preloads pgmeta, one background worker for each database of `pgmeta.archive_databases`
//! starts the workers of policies when their time has come. After a crash of it the server starts it again; on a standby
//! it waits for the promotion.

use std::time::Duration;

use pgmeta_archive::options::Options;
use pgmeta_archive::schedule::Schedule;
use pgmeta_core::rows::take;

use crate::archive::own::as_owner;
use crate::archive::start::{application, start};
use crate::error::Error;
use crate::guc::{self, Pinned};
use crate::spi::{Arg, Connection};
use crate::worker::process;
use crate::worker::relay::Relay;
use crate::worker::session::transaction;

/// Starts workers when it is time, until this one is told to end.
pub fn run() {
    while !process::is_terminated() {
        if let Err(error) = turn() {
            log(None, &error);
        }
        process::rest(Duration::from_secs(guc::archive_interval().into()));
    }
}

/// Looks at all policies once. One that cannot be started does not keep the others waiting.
fn turn() -> Result<(), Relay> {
    // The extension may come later, and may go.
    if !transaction(is_installed)? {
        return Ok(());
    }
    for due in transaction(scheduled)?.into_iter().filter(Due::has_come) {
        let started = transaction(|| note(&due.policy)).and_then(|()| match due.running {
            true => Ok(Vec::new()),
            false => transaction(|| start(Some(&due.policy), None)),
        });
        if let Err(error) = started {
            log(Some(&due.policy), &error);
        }
    }
    Ok(())
}

fn log(policy: Option<&str>, error: &Relay) {
    let line = serde_json::json!({ "schedule": "failed", "policy": policy, "error": error.message });
    pgrx::ereport!(pgrx::PgLogLevel::LOG, error.code, format!("pgmeta archive: {line}"));
}

/// A policy with a schedule.
struct Due {
    policy: String,
    schedule: String,
    running: bool,
    /// Seconds of the clock in the policy's time zone, since 1970: of its last turn, and now.
    last: i64,
    now: i64,
    /// Whether the schedule, read as an interval, has passed since.
    passed: bool,
}

impl Due {
    fn has_come(&self) -> bool {
        match Schedule::cron(&self.schedule) {
            Some(schedule) => schedule.next_after(self.last).is_some_and(|next| next <= self.now),
            None => self.passed,
        }
    }
}

fn is_installed() -> Result<bool, Error> {
    const FIND: &str = "SELECT pg_catalog.to_regclass('pgmeta.archive_policies') IS NOT NULL AS found";
    Ok(Connection::open()?.value(FIND, &[], "found")?.unwrap_or_default())
}

fn scheduled() -> Result<Vec<Due>, Error> {
    const FIND: &str = "SELECT p.name, p.options ->> 'schedule' AS schedule, \
            EXTRACT(epoch FROM COALESCE(p.scheduled_at, p.created_at) AT TIME ZONE COALESCE(p.options ->> 'time_zone', 'UTC'))::int8 AS last, \
            EXTRACT(epoch FROM pg_catalog.clock_timestamp() AT TIME ZONE COALESCE(p.options ->> 'time_zone', 'UTC'))::int8 AS now \
        FROM pgmeta.archive_policies p WHERE p.options ? 'schedule' AND NOT p.paused ORDER BY p.name";
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    let _owner = as_owner(&connection)?;
    let mut found = Vec::new();
    connection.read(FIND, &[], &["name", "schedule", "last", "now"], |cells| {
        let (policy, schedule): (String, String) = (take(cells, "name")?, take(cells, "schedule")?);
        let last = take(cells, "last")?;
        found.push(Due { policy, schedule, running: false, last, now: take(cells, "now")?, passed: false });
        Ok(())
    })?;
    for due in &mut found {
        due.running = is_running(&connection, &due.policy)?;
        if Schedule::cron(&due.schedule).is_none() {
            due.passed = has_passed(&connection, &due.policy)?;
        }
    }
    Ok(found)
}

fn is_running(connection: &Connection, policy: &str) -> Result<bool, Error> {
    const FIND: &str = "SELECT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.application_name = $1 \
        AND a.datname = pg_catalog.current_database()) AS found";
    ask(connection, FIND, &application(policy))
}

fn has_passed(connection: &Connection, policy: &str) -> Result<bool, Error> {
    const FIND: &str = "SELECT COALESCE(p.scheduled_at, p.created_at) + (p.options ->> 'schedule')::interval <= pg_catalog.clock_timestamp() AS found \
        FROM pgmeta.archive_policies p WHERE p.name = $1";
    ask(connection, FIND, policy)
}

fn ask(connection: &Connection, sql: &str, argument: &str) -> Result<bool, Error> {
    Ok(connection.value(sql, &[Arg::Text(argument)], "found")?.unwrap_or_default())
}

fn note(policy: &str) -> Result<(), Error> {
    const UPDATE: &str =
        "UPDATE pgmeta.archive_policies SET scheduled_at = pg_catalog.clock_timestamp() WHERE name = $1";
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    let _owner = as_owner(&connection)?;
    connection.change(UPDATE, &[Arg::Text(policy)])
}

/// Checks what options say of time: the schedule, and the wait after a failure.
pub fn check(connection: &Connection, options: &Options) -> Result<(), Error> {
    let is_interval = |text: &str| {
        let sql = "SELECT $1::interval >= '0'::interval AS positive";
        crate::spi::attempt(|| connection.read(sql, &[Arg::Text(text)], &["positive"], |_| Ok(()))).is_ok()
    };
    let wrong = |name: &'static str, value: &str, hint: &str| {
        Err(Error::BadArgument { name, value: value.to_owned(), hint: hint.to_owned() })
    };
    if !is_interval(&options.backoff) {
        return wrong("option backoff", &options.backoff, "Pass an interval, such as \"5 minutes\".");
    }
    match &options.schedule {
        // PostgreSQL reads asterisks in intervals as nothing.
        Some(schedule) if Schedule::cron(schedule).is_none() && (schedule.contains('*') || !is_interval(schedule)) => {
            wrong(
                "option schedule",
                schedule,
                "Pass a cron expression of five fields, such as \"30 3 * * *\", or an interval, such as \"1 hour\".",
            )
        }
        _ => Ok(()),
    }
}
