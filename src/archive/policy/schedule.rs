//! The scheduler: if the server preloads pgmeta, one background worker for each database in `pgmeta.archive_databases`
//! starts the workers of policies on schedule. The server restarts it after a crash; on a standby it waits for the
//! promotion.

use std::collections::BTreeSet;
use std::time::Duration;

use pgmeta_archive::options::Options;
use pgmeta_archive::schedule::Schedule;
use pgrx::PgSqlErrorCode;

use crate::archive::jobs::launch::start;
use crate::archive::queries;
use crate::error::Error;
use crate::guc::{self, GucGuard};
use crate::locks::{self, Mode, Subject, Until};
use crate::message::tell;
use crate::rights::{OwnTables, as_extension_owner};
use crate::spi::{Arg, Connection, attempt};
use crate::worker::process;
use crate::worker::remote_error::RemoteError;
use crate::worker::session::transaction;

/// Starts workers on schedule until this process is terminated.
pub fn run() {
    let mut waiting = BTreeSet::new();
    while !process::is_terminated() {
        if let Err(error) = turn(&mut waiting) {
            log("failed", None, &error.message, error.code);
        }
        process::rest(Duration::from_secs(guc::archive_interval().into()));
    }
}

/// Checks all policies once. A policy that cannot start does not delay the others. If a policy still has workers, it starts
/// when they have ended; `waiting` contains those that were logged.
fn turn(waiting: &mut BTreeSet<String>) -> Result<(), RemoteError> {
    // The extension may be created or dropped at any time.
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
    /// The last start and the present time, in seconds of local time in the policy's time zone since 1970.
    last: i64,
    now: i64,
    /// Whether the interval has passed, if the schedule is one.
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

query! {
    struct ScheduleRow = "schedules" {
        id: i32,
        name: String,
        schedule: String,
        last: i64,
        now: i64,
    }
}

fn is_installed() -> Result<bool, Error> {
    Ok(OwnTables::find(&Connection::open()?)?.is_some())
}

fn scheduled() -> Result<Vec<Due>, Error> {
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    let _owner = as_extension_owner(&connection)?;
    let rows: Vec<ScheduleRow> = queries::rows(&connection, &[])?;
    let due = |ScheduleRow { id, name, schedule, last, now }: ScheduleRow| Due {
        id,
        policy: name,
        schedule,
        running: false,
        last,
        now,
        passed: false,
    };
    let mut found: Vec<Due> = rows.into_iter().map(due).collect();
    for due in &mut found {
        due.running = !locks::take(&connection, Subject::Policy(due.id), Mode::Exclusive, Until::TransactionEnd)?;
        if Schedule::cron(&due.schedule).is_none() {
            // An error in one policy must not stop the others.
            due.passed = attempt(|| has_passed(&connection, &due.policy)).unwrap_or(false);
        }
    }
    Ok(found)
}

fn has_passed(connection: &Connection, policy: &str) -> Result<bool, Error> {
    queries::value(connection, sql!("schedule_passed"), &[Arg::Text(policy)], "found")
}

fn note(policy: &str) -> Result<(), Error> {
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    let _owner = as_extension_owner(&connection)?;
    queries::change(&connection, sql!("note_schedule"), &[Arg::Text(policy)]).map(drop)
}

/// Checks the options with times: the schedule, and the wait after a failure.
pub fn check(connection: &Connection, options: &Options) -> Result<(), Error> {
    // The interval must be small enough to be added to any time.
    let is_interval = |text: &str| {
        let fits = attempt(|| queries::value(connection, sql!("interval_fits"), &[Arg::Text(text)], "fits"));
        fits.unwrap_or(false)
    };
    let wrong = |name: &'static str, value: &str, hint: &str| {
        Err(Error::BadArgument { name, value: value.to_owned(), hint: hint.to_owned() })
    };
    if !is_interval(&options.backoff) {
        return wrong("option backoff", &options.backoff, "Pass an interval, such as \"5 minutes\".");
    }
    if let Some(expire) = &options.expire {
        let fits = attempt(|| queries::value(connection, sql!("expire_fits"), &[Arg::Text(expire)], "fits"));
        if !fits.unwrap_or(false) {
            return wrong("option expire", expire, "Pass an interval above 0, such as \"7 years\".");
        }
    }
    match &options.schedule {
        // PostgreSQL ignores asterisks in intervals.
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
