//! The schedule: in a server that preloads pgmeta, one background worker for each database of `pgmeta.archive_databases`
//! starts the workers of policies when their time has come. After a crash of it the server starts it again; on a standby
//! it waits for the promotion.

use std::collections::BTreeSet;
use std::time::Duration;

use pgmeta_archive::options::Options;
use pgmeta_archive::schedule::Schedule;
use pgmeta_core::cells::take;
use pgrx::PgSqlErrorCode;

use crate::archive::start::start;
use crate::error::Error;
use crate::guc::{self, Pinned};
use crate::locks::{self, Mode, Subject, Until};
use crate::message::tell;
use crate::rights::{OwnTables, as_extension_owner};
use crate::spi::{Arg, Connection, attempt};
use crate::worker::process;
use crate::worker::relay::Relay;
use crate::worker::session::transaction;

/// Starts workers when it is time, until this one is told to end.
pub fn run() {
    let mut waiting = BTreeSet::new();
    while !process::is_terminated() {
        if let Err(error) = turn(&mut waiting) {
            log("failed", None, &error.message, error.code);
        }
        process::rest(Duration::from_secs(guc::archive_interval().into()));
    }
}

/// Looks at all policies once. One that cannot be started does not keep the others waiting. Where workers are at a policy still,
/// its turn comes when they have ended; `waiting` contains those that were logged.
fn turn(waiting: &mut BTreeSet<String>) -> Result<(), Relay> {
    // The extension may come later, and may go.
    if !transaction(is_installed)? {
        return Ok(());
    }
    for due in transaction(scheduled)?.into_iter().filter(Due::has_come) {
        if due.running {
            if waiting.insert(due.policy.clone()) {
                let why = "its workers have not ended yet";
                log("waits", Some(&due.policy), why, PgSqlErrorCode::ERRCODE_SUCCESSFUL_COMPLETION);
            }
            continue;
        }
        waiting.remove(&due.policy);
        let started = transaction(|| note(&due.policy)).and_then(|()| transaction(|| start(Some(&due.policy), None)));
        if let Err(error) = started {
            log("failed", Some(&due.policy), &error.message, error.code);
        }
    }
    Ok(())
}

fn log(what: &str, policy: Option<&str>, why: &str, code: PgSqlErrorCode) {
    let key = if what == "failed" { "error" } else { "detail" };
    let line = serde_json::json!({ "schedule": what, "policy": policy, key: why });
    tell(pgrx::PgLogLevel::LOG, code, format!("pgmeta archive: {line}"));
}

/// A policy with a schedule.
struct Due {
    id: i32,
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
    Ok(OwnTables::find(&Connection::open()?)?.is_some())
}

fn scheduled() -> Result<Vec<Due>, Error> {
    const FIND: &str = "SELECT p.id, p.name, p.options ->> 'schedule' AS schedule, \
            EXTRACT(epoch FROM COALESCE(p.scheduled_at, p.created_at) AT TIME ZONE COALESCE(p.options ->> 'time_zone', 'UTC'))::int8 AS last, \
            EXTRACT(epoch FROM pg_catalog.clock_timestamp() AT TIME ZONE COALESCE(p.options ->> 'time_zone', 'UTC'))::int8 AS now \
        FROM pgmeta.archive_policies p WHERE p.options ? 'schedule' AND NOT p.paused ORDER BY p.name";
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    let _owner = as_extension_owner(&connection)?;
    let mut found = Vec::new();
    connection.read(FIND, &[], &["id", "name", "schedule", "last", "now"], |cells| {
        let id = take(cells, "id")?;
        let (policy, schedule): (String, String) = (take(cells, "name")?, take(cells, "schedule")?);
        let last = take(cells, "last")?;
        found.push(Due { id, policy, schedule, running: false, last, now: take(cells, "now")?, passed: false });
        Ok(())
    })?;
    for due in &mut found {
        due.running = !locks::take(&connection, Subject::Policy(due.id), Mode::Exclusive, Until::TransactionEnd)?;
        if Schedule::cron(&due.schedule).is_none() {
            // What one policy says cannot keep the others from their turn.
            due.passed = attempt(|| has_passed(&connection, &due.policy)).unwrap_or_default();
        }
    }
    Ok(found)
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
    let _owner = as_extension_owner(&connection)?;
    connection.change(UPDATE, &[Arg::Text(policy)])
}

/// Checks what options say of time: the schedule, and the wait after a failure.
pub fn check(connection: &Connection, options: &Options) -> Result<(), Error> {
    // Within what can be added to any time that there is.
    let is_interval = |text: &str| {
        let sql = "SELECT $1::interval BETWEEN '0' AND '100 years'::interval AS fits";
        let fits = attempt(|| connection.value::<bool>(sql, &[Arg::Text(text)], "fits"));
        matches!(fits, Ok(Some(true)))
    };
    let wrong = |name: &'static str, value: &str, hint: &str| {
        Err(Error::BadArgument { name, value: value.to_owned(), hint: hint.to_owned() })
    };
    if !is_interval(&options.backoff) {
        return wrong("option backoff", &options.backoff, "Pass an interval, such as \"5 minutes\".");
    }
    if let Some(expire) = &options.expire {
        let sql = "SELECT $1::interval > '0' AND $1::interval <= '1000 years' AS fits";
        let fits = attempt(|| connection.value::<bool>(sql, &[Arg::Text(expire)], "fits"));
        if !matches!(fits, Ok(Some(true))) {
            return wrong("option expire", expire, "Pass an interval above 0, such as \"7 years\".");
        }
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
