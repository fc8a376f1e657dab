//! The caller's side: checks, starts the supervisor, waits for the answer, and cleans up.

use std::time::{Duration, Instant};

use pgmeta_core::cells::{Cell, Cells};
use pgmeta_core::model::Model;
use pgmeta_core::psql::{self, Refusal};
use pgrx::{PgSqlErrorCode, check_for_interrupts};

use crate::error::Error;
use crate::guc::GucGuard;
use crate::message::warn;
use crate::scratch::channel::{Channel, Poll};
use crate::scratch::{loader, supervisor};
use crate::server;
use crate::spi::Connection;
use crate::worker::admission::admit;
use crate::worker::process::{self, Worker};
use crate::worker::remote_error::RemoteError;

/// Interval at which a waiting caller checks the supervisor.
const PACE: Duration = Duration::from_secs(1);

/// How long a cancelled caller waits until the database is dropped. If it returns earlier, the supervisor drops it later.
const PATIENCE: Duration = Duration::from_secs(10);

/// Returns the model that an SQL script creates in an empty database.
pub fn model_of(text: &str) -> Result<Model, Error> {
    let text = psql::without_commands(text).map_err(refused)?;
    server::require_writable("pgmeta_snapshot_from_sql")?;
    may_call()?;
    let channel = Channel::create(&text)?;
    // The supervisor and the loader, which it starts.
    let admission = admit(2)?;
    let worker = admission.start(&process::Order {
        function: supervisor::FUNCTION,
        name: "pgmeta scratch supervisor",
        kind: "pgmeta scratch",
        argument: channel.handle(),
        extra: "",
    })?;
    drop(admission);
    let run = Run { channel: &channel, worker };
    let answer = run.wait();
    drop(run);
    let fault = channel.fault();
    channel.close();
    match answer.as_deref().and_then(<[u8]>::split_first) {
        Some((&loader::MODEL, model)) => {
            if let Some(fault) = fault.as_deref().and_then(RemoteError::decode) {
                warn(&format!("could not drop the scratch database: {}", fault.message));
            }
            Ok(Model::from_value(serde_json::from_slice(model)?)?)
        }
        Some((&loader::ERROR, error)) => Err(RemoteError::decode(error).map_or(Error::WorkerEnded, Error::from)),
        _ => Err(fault.as_deref().and_then(RemoteError::decode).map_or(Error::WorkerEnded, Error::from)),
    }
}

/// A running supervisor.
struct Run<'a> {
    channel: &'a Channel,
    worker: Worker,
}

impl Run<'_> {
    /// Receives the answer, and waits until the supervisor has dropped the database and ended.
    fn wait(&self) -> Option<Vec<u8>> {
        let receiver = self.channel.receiver();
        let mut answer = None;
        let mut is_open = true;
        loop {
            // Checked before the queue, so that a message sent before the end is not missed.
            let has_stopped = self.worker.has_stopped();
            if is_open {
                match receiver.poll() {
                    Poll::Message(message) => answer = Some(message),
                    Poll::Nothing => {}
                    Poll::Closed => is_open = false,
                }
            }
            if has_stopped {
                return answer;
            }
            process::wait(PACE);
            check_for_interrupts!();
        }
    }
}

impl Drop for Run<'_> {
    /// After a cancel: stops the supervisor, and waits while it cleans up.
    fn drop(&mut self) {
        self.channel.abandon();
        let start = Instant::now();
        while !self.worker.has_stopped() && start.elapsed() < PATIENCE {
            process::wait(Duration::from_millis(20));
        }
    }
}

/// Checks the conditions under which the workers would fail.
fn may_call() -> Result<(), Error> {
    const FACTS: &str = "SELECT r.rolcreatedb OR r.rolsuper AS creates, r.rolcanlogin AS logs_in \
        FROM pg_catalog.pg_roles r WHERE r.rolname = CURRENT_USER";
    let _pinned = GucGuard::new();
    let (mut creates, mut logs_in) = (false, false);
    Connection::open()?.read(FACTS, &[], &["creates", "logs_in"], |cells| {
        creates = matches!(cells.next_cell()?, Cell::Bool(true));
        logs_in = matches!(cells.next_cell()?, Cell::Bool(true));
        Ok(())
    })?;
    let denied =
        |hint: &str| Err(Error::Denied { action: "load SQL into a scratch database".into(), hint: hint.into() });
    match (creates, logs_in) {
        (true, true) => Ok(()),
        (false, _) => denied("The attribute CREATEDB is required, because the script runs in a separate database."),
        (true, false) => denied("The attribute LOGIN is required, because background workers log in as the role."),
    }
}

fn refused(refusal: Refusal) -> Error {
    let hint = match &refusal {
        Refusal::Command { command, .. } if command == "." => {
            "The line ends the data of COPY. Omit data with pg_dump --schema-only."
        }
        Refusal::Command { .. } => "Remove the command. Only \\restrict and \\unrestrict are ignored.",
        Refusal::CopyData { .. } => "Omit data with pg_dump --schema-only.",
    };
    Error::Remote {
        code: PgSqlErrorCode::ERRCODE_FEATURE_NOT_SUPPORTED,
        detail: Some(format!("Line {}.", refusal.line())),
        message: refusal.to_string(),
        hint: Some(hint.to_owned()),
    }
}
