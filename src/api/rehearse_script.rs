//! Runs the statements of a script, measures each, and rolls all back. Judges nothing.

use pgmeta_core::plan::transactional_form;
use pgmeta_lint::{Action, Statement};
use serde_json::{Value, json};

use crate::catalog::EffectRecorder;
use crate::error::{Error, sqlstate};
use crate::executor::{execute_as_written, rolled_back};
use crate::spi::SnapshotGuard;

/// What a statement did.
#[derive(Clone, Debug, Default)]
pub struct Rehearsal {
    /// How long it took, in milliseconds. Absent: it was not run.
    duration: Option<f64>,
    /// The locks that it took: relation and mode. Absent: it was not run, or failed.
    pub locks: Option<Vec<String>>,
    /// The tables that it rewrote. Absent as `locks`.
    pub rewrites: Option<Vec<String>>,
    /// Why it was not run, or not as it is written.
    note: Option<&'static str>,
    /// The server's error.
    error: Option<String>,
}

impl Rehearsal {
    /// Returns what was measured, for the metadata of findings.
    pub fn facts(&self) -> impl Iterator<Item = (String, Value)> {
        let duration = self.duration.map(|duration| ("duration_ms", json!(duration)));
        let note = self.note.map(|note| ("note", json!(note)));
        let error = self.error.as_ref().map(|error| ("error", json!(error)));
        [duration, note, error].into_iter().flatten().map(|(name, value)| (name.to_owned(), value))
    }

    /// Returns what happened, as a sentence.
    pub fn detail(&self) -> String {
        match (self.duration, &self.error) {
            (_, Some(error)) => format!("The statement failed: {error}."),
            (Some(duration), None) => format!("The statement took {duration} ms."),
            (None, None) => format!("The statement was {}.", self.note.unwrap_or("not run")),
        }
    }
}

/// Runs the statements in order, each on what the earlier ones left, and rolls all back.
pub fn rehearse(script: &[Statement]) -> Result<Vec<Rehearsal>, Error> {
    rolled_back(|labels| {
        let mut recorder = EffectRecorder::start()?;
        let mut rehearsals = Vec::with_capacity(script.len());
        for statement in script {
            rehearsals.push(one(statement, &mut recorder)?);
            labels.release();
        }
        Ok(rehearsals)
    })
}

fn one(statement: &Statement, recorder: &mut EffectRecorder) -> Result<Rehearsal, Error> {
    let ends_transaction = |action: &Action| matches!(action, Action::Begin | Action::Commit | Action::Rollback);
    if statement.actions.iter().any(ends_transaction) {
        return Ok(Rehearsal { note: Some("not run: it begins or ends a transaction"), ..Rehearsal::default() });
    }
    // CONCURRENTLY in parentheses is one of several options.
    if statement.actions.iter().any(|action| matches!(action, Action::Reindex { concurrently: true, .. }))
        && statement.sql.contains('(')
    {
        return Ok(Rehearsal { note: Some("not run: it has CONCURRENTLY in parentheses"), ..Rehearsal::default() });
    }
    let plain = transactional_form(&statement.sql).filter(|_| statement.actions.iter().any(Action::is_concurrent));
    let note = plain.is_some().then_some("run without CONCURRENTLY");
    let sql = plain.as_deref().unwrap_or(&statement.sql);
    let (duration, result) = execute_as_written(sql);
    let duration = Some(duration);
    match result {
        Ok(()) => {
            let _snapshot = SnapshotGuard::new();
            let effects = recorder.record()?;
            let locks = effects.locks.into_iter().map(|(relation, mode)| format!("{relation}: {mode}")).collect();
            Ok(Rehearsal { duration, locks: Some(locks), rewrites: Some(effects.rewritten), note, error: None })
        }
        Err(Error::Server { code, message, .. }) => {
            let error = Some(format!("{}: {message}", sqlstate(code)));
            Ok(Rehearsal { duration, note, error, ..Rehearsal::default() })
        }
        // Savepoints, COPY from the client and the like.
        Err(Error::Spi(_)) => {
            Ok(Rehearsal { note: Some("not run: the server does not run it in a function"), ..Rehearsal::default() })
        }
        Err(other) => Err(other),
    }
}
