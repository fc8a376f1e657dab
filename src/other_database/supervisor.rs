//! The supervisor: creates the other database, starts the worker in it, and drops the database even if the caller has ended.

use std::time::{Duration, Instant};

use pgmeta_core::cells::{Cell, Cells, RowError};
use pgmeta_core::ident::{ident, literal};
use pgrx::{pg_guard, pg_sys};

use crate::error::Error;
use crate::message::warn;
use crate::other_database::channel::Channel;
use crate::spi::{Arg, Connection};
use crate::worker::process::{self, OnTerminate, Worker};
use crate::worker::remote_error::RemoteError;
use crate::worker::session;

/// The exported function of the worker.
pub const FUNCTION: &str = "pgmeta_database_supervise";

/// Interval at which the supervisor checks whether the caller has ended.
const PACE: Duration = Duration::from_millis(50);

/// Number of attempts. DROP DATABASE itself waits for some seconds.
const ATTEMPTS: usize = 3;

/// The name of a supervisor's database. No two sessions have the same process ID and start time.
const NAME: &str = "'pgmeta_scratch_' || a.pid || '_' || (EXTRACT(epoch FROM a.backend_start) * 1000000)::bigint";

#[pg_guard]
#[unsafe(no_mangle)]
pub extern "C-unwind" fn pgmeta_database_supervise(argument: pg_sys::Datum) {
    let Some(channel) = u32::try_from(argument.value()).ok().and_then(Channel::attach) else { return };
    let (database, role) = channel.login();
    process::login(database, role, OnTerminate::Notice);
    drop_leftovers();
    if is_over(&channel) {
        return;
    }
    if let Err(error) = supervise(&channel) {
        channel.set_fault(&error.encode());
    }
}

fn is_over(channel: &Channel) -> bool {
    channel.is_abandoned() || process::is_terminated()
}

fn supervise(channel: &Channel) -> Result<(), RemoteError> {
    let name = texts(&format!(
        "SELECT {NAME} AS text FROM pg_catalog.pg_stat_activity a WHERE a.pid = pg_catalog.pg_backend_pid()"
    ))?;
    let name = name.first().ok_or(Error::NoRow("name".to_owned())).map_err(RemoteError::from)?;
    channel.set_name(name);
    let is_new = channel.target().is_none();
    let result = if is_new { create(channel, name).and_then(|()| work(channel)) } else { work(channel) };
    if let Err(error) = &result {
        channel.set_fault(&error.encode());
    }
    channel.set_finished();
    // The caller gives the database another name, or gives it this one: known when its transaction has ended.
    while channel.is_decided_later() && !is_over(channel) {
        process::wait(PACE);
    }
    if is_new || channel.is_decided_later() { discard(name) } else { Ok(()) }
}

fn create(channel: &Channel, name: &str) -> Result<(), RemoteError> {
    session::run("SET default_transaction_read_only = off").map_err(|stopped| stopped.error)?;
    let create =
        session::transaction(|| Ok::<_, Error>(format!("{} ALLOW_CONNECTIONS false", create_statement(name)?)))?;
    let start = Instant::now();
    session::run(&create).map_err(|stopped| stopped.error)?;
    channel.set_creation(start.elapsed());
    let database = session::transaction(|| {
        let mut database = 0;
        let sql = "SELECT oid FROM pg_catalog.pg_database WHERE datname = $1";
        Connection::open()?.read(sql, &[Arg::Text(name)], &["oid"], |cells| {
            if let Cell::Oid(oid) = cells.next_cell()? {
                database = oid;
            }
            Ok(())
        })?;
        Ok(database)
    })?;
    channel.set_target(database);
    Ok(())
}

/// Starts the worker in the other database and waits for its end.
fn work(channel: &Channel) -> Result<(), RemoteError> {
    let kind = channel.kind();
    let worker = Worker::start(&process::Order {
        function: kind.function(),
        name: kind.worker(),
        kind: kind.worker(),
        argument: channel.handle(),
        extra: "",
    })?;
    while !worker.has_stopped() {
        // A worker that may commit is not stopped any more.
        if is_over(channel) && !channel.is_approved() {
            worker.end();
            break;
        }
        process::wait(PACE);
    }
    Ok(())
}

/// Drops a database with a temporary name. Tries FORCE first, which ends a worker that outlived its supervisor. A role without superuser
/// rights cannot end autovacuum that way; without FORCE the server ends autovacuum itself.
fn discard(name: &str) -> Result<(), RemoteError> {
    let mut result = Ok(());
    for force in [" WITH (FORCE)", ""].repeat(ATTEMPTS) {
        result = session::run(&format!("DROP DATABASE IF EXISTS {}{force}", ident(name)));
        if result.is_ok() {
            break;
        }
    }
    result.map_err(|stopped| stopped.error)
}

/// Drops databases with temporary names of this role whose supervisor died in a crash.
fn drop_leftovers() {
    let left = texts(&format!(
        "SELECT d.datname AS text FROM pg_catalog.pg_database d \
         WHERE d.datdba = CURRENT_USER::regrole \
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE d.datname = {NAME})"
    ));
    for name in left.unwrap_or_default().into_iter().filter(|name| is_temporary(name)) {
        if let Err(error) = discard(&name) {
            warn(&format!("could not drop the temporary database {name}: {}", error.message));
        }
    }
}

/// Returns whether a database with this name is treated as one that a supervisor left behind.
pub fn is_temporary(name: &str) -> bool {
    let numbers = name.strip_prefix("pgmeta_scratch_").and_then(|rest| rest.split_once('_'));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    numbers.is_some_and(|(pid, start)| is_number(pid) && is_number(start))
}

/// Returns the statement. The database has the encoding and locale of the caller's.
pub fn create_statement(name: &str) -> Result<String, Error> {
    // Columns that only some majors have, read by way of JSON.
    const LOCALE: &str = "SELECT pg_catalog.pg_encoding_to_char(d.encoding)::text AS encoding, d.datcollate::text AS collate, \
            d.datctype::text AS ctype, j.j ->> 'datlocprovider' AS provider, \
            COALESCE(j.j ->> 'datlocale', j.j ->> 'daticulocale') AS locale, j.j ->> 'daticurules' AS rules \
        FROM pg_catalog.pg_database d, pg_catalog.to_jsonb(d) j (j) WHERE d.datname = pg_catalog.current_database()";
    let columns = ["encoding", "collate", "ctype", "provider", "locale", "rules"];
    let mut sql = format!("CREATE DATABASE {} TEMPLATE template0", ident(name));
    Connection::open()?.read(LOCALE, &[], &columns, |cells| {
        let [encoding, collate, ctype, provider, locale, rules] = [(); 6].map(|()| text(cells));
        let (provider, locale) = (provider?, locale?);
        let (word, key) = match provider.as_deref() {
            Some("i") => (Some("icu"), "ICU_LOCALE"),
            Some("b") => (Some("builtin"), "BUILTIN_LOCALE"),
            _ => (None, "LOCALE"),
        };
        let options = [
            ("ENCODING", encoding?),
            ("LC_COLLATE", collate?),
            ("LC_CTYPE", ctype?),
            ("LOCALE_PROVIDER", word.map(str::to_owned)),
            (key, locale.filter(|_| word.is_some())),
            ("ICU_RULES", rules?),
        ];
        for (key, value) in options {
            if let Some(value) = value {
                sql.push_str(&format!(" {key} {}", literal(&value)));
            }
        }
        Ok(())
    })?;
    Ok(sql)
}

fn texts(sql: &str) -> Result<Vec<String>, RemoteError> {
    session::transaction(|| {
        let mut found = Vec::new();
        Connection::open()?.read(sql, &[], &["text"], |cells| {
            found.extend(text(cells)?);
            Ok(())
        })?;
        Ok(found)
    })
}

fn text(cells: &mut dyn Cells) -> Result<Option<String>, RowError> {
    match cells.next_cell()? {
        Cell::Null => Ok(None),
        Cell::Text(text) => Ok(Some(text.to_owned())),
        _ => Err(RowError::WrongType("text")),
    }
}
