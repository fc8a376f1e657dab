//! The loader: runs the script in the scratch database, reads the model and sends it.

use std::ffi::CStr;

use pgmeta_core::psql::{line_of, statement_start};
use pgrx::{pg_guard, pg_sys};

use crate::catalog::{self, Scope};
use crate::error::Error;
use crate::guc;
use crate::other_database::Channel;
use crate::scratch::guard;
use crate::server::own_pid;
use crate::worker::process::{self, OnTerminate};
use crate::worker::remote_error::RemoteError;
use crate::worker::session::{self, Stopped};

/// The first byte of a successful answer.
pub const MODEL: u8 = b'+';
pub const ERROR: u8 = b'-';

/// Settings that the role's or database's own must not override. The database is temporary, so commits need not wait for
/// the disk.
const BEFORE: &str = "SET default_transaction_read_only = off; SET synchronous_commit = off; \
    SET standard_conforming_strings = on; SET backslash_quote = safe_encoding";

/// Maximum length of an excerpt of a line.
const LONGEST: usize = 120;

#[pg_guard]
#[unsafe(no_mangle)]
pub extern "C-unwind" fn pgmeta_scratch_load(argument: pg_sys::Datum) {
    let Some(channel) = u32::try_from(argument.value()).ok().and_then(Channel::attach) else { return };
    channel.set_worker(own_pid());
    let search_path = process::login(channel.target().unwrap_or_default(), channel.login().1, OnTerminate::End);
    let answer = match load(channel.text(), &search_path) {
        Ok(model) => [&[MODEL], model.as_bytes()].concat(),
        Err(error) => [&[ERROR], &*error.encode()].concat(),
    };
    drop_subscriptions();
    channel.send(&answer);
}

fn load(text: &str, search_path: &CStr) -> Result<String, RemoteError> {
    session::run(BEFORE).map_err(|stopped| stopped.error)?;
    // Only the script uses the search_path of the role.
    guc::set_worker_path(search_path);
    guard::raise();
    let loaded = session::run(text);
    guard::lower();
    // Roles and settings from the script must not affect the following queries.
    let forgotten = session::run("DISCARD ALL").map_err(|stopped| stopped.error);
    guc::pin_worker();
    loaded.map_err(|stopped| with_place(text, stopped))?;
    forgotten?;
    let scope = Scope::of_schemas(None, false);
    session::transaction(|| Ok::<_, Error>(catalog::read(&scope)?.model.to_json()?))
}

/// Adds the line of the script to an error.
fn with_place(text: &str, stopped: Stopped) -> RemoteError {
    let Stopped { mut error, at } = stopped;
    if let Some(at) = at {
        let at = statement_start(text, at);
        let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let line: String = text[start..].lines().next().unwrap_or_default().trim().chars().take(LONGEST).collect();
        let place = format!("Line {}: {line}", line_of(text, at));
        error.detail = Some(error.detail.map_or(place.clone(), |detail| format!("{place}\n{detail}")));
    }
    error
}

/// Drops subscriptions, which would prevent DROP DATABASE. They have no replication slots, because they never connected.
fn drop_subscriptions() {
    let _ = session::run(
        "DO $$ DECLARE s name; BEGIN \
           FOR s IN SELECT subname FROM pg_catalog.pg_subscription WHERE subdbid = \
             (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) LOOP \
             EXECUTE pg_catalog.format('ALTER SUBSCRIPTION %I DISABLE', s); \
             EXECUTE pg_catalog.format('ALTER SUBSCRIPTION %I SET (slot_name = NONE)', s); \
             EXECUTE pg_catalog.format('DROP SUBSCRIPTION %I', s); \
           END LOOP; END $$",
    );
}
