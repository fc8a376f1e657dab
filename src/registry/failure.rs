//! Records a deployment that failed: the caller's transaction is rolled back, so a background worker writes the row. Nothing is
//! recorded if the transaction itself created the definition: then that is rolled back, too.

use std::time::{Duration, Instant};

use pgrx::{pg_guard, pg_sys};
use serde_json::Value;

use crate::error::Error;
use crate::interrupt;
use crate::other_database::{Channel, Kind, Place, Task};
use crate::registry::store::change;
use crate::server;
use crate::spi::Arg;
use crate::worker::admission::admit;
use crate::worker::process::{self, OnTerminate};
use crate::worker::session;

/// The exported function of the worker.
const FUNCTION: &str = "pgmeta_registry_record_failure";

/// How long the caller waits for the row.
const PATIENCE: Duration = Duration::from_secs(10);

const INSERT: &str = "INSERT INTO pgmeta_registry.deployments (definition, action, from_version, to_version, target, role, \
        started_at, duration_ms, steps, error, sqlstate, detail) \
    SELECT r.* FROM jsonb_to_record($1::jsonb) AS r (definition uuid, action text, from_version integer, to_version integer, target text, \
        role name, started_at timestamptz, duration_ms float8, steps integer, error text, sqlstate text, detail text)";

/// Inserts a row of `deployments`: its columns as a JSON object.
pub fn insert(row: &Value) -> Result<(), Error> {
    change(INSERT, &[Arg::Text(&row.to_string())]).map(std::mem::drop)
}

/// The same in a transaction of its own.
pub fn insert_apart(row: &Value) -> Result<(), Error> {
    let text = row.to_string();
    let channel =
        Channel::create(Task { kind: Kind::Deployment, place: Place::Existing(server::own_database()), text: &text })?;
    let admission = admit(1)?;
    let worker = admission.start(&process::Order {
        function: FUNCTION,
        name: "pgmeta registry",
        kind: "pgmeta registry",
        argument: channel.handle(),
        extra: "",
    })?;
    drop(admission);
    let start = Instant::now();
    while !worker.has_stopped() && start.elapsed() < PATIENCE {
        process::wait(Duration::from_millis(5));
        interrupt::look();
    }
    channel.close();
    Ok(())
}

#[pg_guard]
#[unsafe(no_mangle)]
pub extern "C-unwind" fn pgmeta_registry_record_failure(argument: pg_sys::Datum) {
    let Some(channel) = u32::try_from(argument.value()).ok().and_then(Channel::attach) else { return };
    // The bootstrap superuser: the caller may not have the attribute LOGIN. The statement is the constant above.
    process::login(channel.login().0, 0, OnTerminate::End);
    let Ok(row) = serde_json::from_str::<Value>(channel.text()) else { return };
    let _ = session::run("SET default_transaction_read_only = off");
    let _ = session::transaction(|| insert(&row));
}
