//! The caller's side: checks the script and the rights, and waits for the model.

use pgmeta_core::model::Model;
use pgmeta_core::psql::{self, Refusal};
use pgrx::PgSqlErrorCode;

use crate::error::Error;
use crate::message::warn;
use crate::other_database::{Kind, Place, Run, Task, may_call};
use crate::scratch::loader;
use crate::server;
use crate::worker::remote_error::RemoteError;

/// Returns the model that an SQL script creates in an empty database.
pub fn model_of(text: &str) -> Result<Model, Error> {
    let text = psql::without_commands(text).map_err(refused)?;
    server::require_writable("pgmeta_snapshot_from_sql")?;
    may_call("load SQL into a scratch database", true)?;
    let run = Run::start(Task { kind: Kind::Scratch, place: Place::Temporary, text: &text })?;
    let answer = run.answer()?;
    run.end()?;
    let fault = run.fault();
    drop(run);
    match answer.as_deref().and_then(<[u8]>::split_first) {
        Some((&loader::MODEL, model)) => {
            if let Some(fault) = fault {
                warn(&format!("could not drop the scratch database: {}", fault.message));
            }
            Ok(Model::from_value(serde_json::from_slice(model)?)?)
        }
        Some((&loader::ERROR, error)) => Err(RemoteError::decode(error).map_or(Error::WorkerEnded, Error::from)),
        _ => Err(fault.map_or(Error::WorkerEnded, Error::from)),
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
