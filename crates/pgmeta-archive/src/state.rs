//! The states of an archive, and the events that lead from one to another. Accesses no table: code that records an event
//! checks here whether it can happen.

use std::fmt;
use std::str::FromStr;

/// The state of an archive, as in the column `state` of pgmeta.archives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// The rows are being read.
    Scanning,
    /// The rows are being read and sent to the storage.
    Uploading,
    /// The files and the manifest are stored, and are being read back.
    Verifying,
    /// The archive is verified. Its partition stays, or will be retired.
    Stored,
    /// The partition is being detached, dropped or moved, or its rows are being deleted.
    Retiring,
    /// The partition is no longer part of its table.
    Retired,
    /// The rows are in a table again.
    Restored,
    Failed,
    Cancelled,
    /// The files are being deleted.
    Deleting,
    Deleted,
}

/// What happens to an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// All rows were read; the storage does not have all of them yet.
    Read,
    /// The manifest was stored.
    Written,
    /// The files were read back and match.
    Proved,
    RetireStarted,
    /// The partition was retired, or does not exist any longer.
    Retired,
    /// Retiring, or the verification before it, failed and will be tried again.
    Postponed,
    Restored,
    Failed,
    Cancelled,
    DeleteStarted,
    Deleted,
}

/// An event that cannot happen to an archive in this state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("archive is {}, and cannot become {}", .from, .event.target())]
pub struct BadTransition {
    pub from: State,
    pub event: Event,
}

/// A text that is not a state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unrecognized archive state \"{0}\"")]
pub struct UnknownState(pub String);

impl State {
    pub const ALL: [State; 11] = [
        State::Scanning,
        State::Uploading,
        State::Verifying,
        State::Stored,
        State::Retiring,
        State::Retired,
        State::Restored,
        State::Failed,
        State::Cancelled,
        State::Deleting,
        State::Deleted,
    ];

    /// The states in which a session or a worker makes or retires the archive, in their order.
    pub const RUNNING: [State; 4] = [State::Scanning, State::Uploading, State::Verifying, State::Retiring];

    /// The states of an attempt whose rows are not all stored.
    pub const WRITING: [State; 2] = [State::Scanning, State::Uploading];

    /// The states of an attempt whose files are not verified yet.
    pub const UNPROVED: [State; 3] = [State::Scanning, State::Uploading, State::Verifying];

    /// The states of a verified archive whose rows may equal those of its partition.
    pub const PROVED: [State; 2] = [State::Stored, State::Retired];

    /// The states of an attempt that ended without an archive.
    pub const UNSUCCESSFUL: [State; 2] = [State::Failed, State::Cancelled];

    /// The states of an archive that is retired already.
    pub const SETTLED: [State; 2] = [State::Retired, State::Restored];

    pub const fn as_str(self) -> &'static str {
        match self {
            State::Scanning => "scanning",
            State::Uploading => "uploading",
            State::Verifying => "verifying",
            State::Stored => "stored",
            State::Retiring => "retiring",
            State::Retired => "retired",
            State::Restored => "restored",
            State::Failed => "failed",
            State::Cancelled => "cancelled",
            State::Deleting => "deleting",
            State::Deleted => "deleted",
        }
    }

    /// Returns whether a session or a worker makes or retires the archive. It may have died.
    pub fn is_running(self) -> bool {
        State::RUNNING.contains(&self)
    }

    /// Returns whether the attempt ended without an archive.
    pub fn is_unsuccessful(self) -> bool {
        State::UNSUCCESSFUL.contains(&self)
    }

    /// Returns the number of a running archive's state in the server's progress view; the first is 1.
    pub fn progress(self) -> Option<i64> {
        let at = State::RUNNING.iter().position(|state| *state == self)?;
        i64::try_from(at + 1).ok()
    }

    /// Returns whether an event can happen in this state.
    pub fn allows(self, event: Event) -> bool {
        event.sources().contains(&self)
    }

    /// Returns the state after an event.
    pub fn next(self, event: Event) -> Result<State, BadTransition> {
        if self.allows(event) { Ok(event.target()) } else { Err(BadTransition { from: self, event }) }
    }
}

impl Event {
    pub const ALL: [Event; 11] = [
        Event::Read,
        Event::Written,
        Event::Proved,
        Event::RetireStarted,
        Event::Retired,
        Event::Postponed,
        Event::Restored,
        Event::Failed,
        Event::Cancelled,
        Event::DeleteStarted,
        Event::Deleted,
    ];

    /// Returns the states in which the event can happen.
    pub const fn sources(self) -> &'static [State] {
        use State::*;
        match self {
            Event::Read => &[Scanning],
            // An attempt in the session's own transaction does not record the end of reading.
            Event::Written => &[Scanning, Uploading],
            Event::Proved => &[Verifying],
            // A worker resumes the work of another; a partition that was attached again is retired again.
            Event::RetireStarted => &[Stored, Retiring, Retired],
            Event::Retired => &[Stored, Retiring, Retired],
            Event::Postponed => &[Stored, Retiring, Retired],
            // A restore verifies all files first.
            Event::Restored => &[Verifying, Stored, Retiring, Retired, Restored],
            // An archive fails if the rows change before it is retired, or if its files are damaged.
            Event::Failed => &[Scanning, Uploading, Verifying, Stored, Retiring],
            // Cancelling a failed attempt prevents further ones.
            Event::Cancelled => &[Scanning, Uploading, Verifying, Retiring, Failed],
            Event::DeleteStarted => &[Stored, Retired, Restored],
            Event::Deleted => &[Deleting],
        }
    }

    /// Returns the state that the event leads to.
    pub const fn target(self) -> State {
        match self {
            Event::Read => State::Uploading,
            Event::Written => State::Verifying,
            Event::Proved | Event::Postponed => State::Stored,
            Event::RetireStarted => State::Retiring,
            Event::Retired => State::Retired,
            Event::Restored => State::Restored,
            Event::Failed => State::Failed,
            Event::Cancelled => State::Cancelled,
            Event::DeleteStarted => State::Deleting,
            Event::Deleted => State::Deleted,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for State {
    type Err = UnknownState;

    fn from_str(word: &str) -> Result<Self, UnknownState> {
        State::ALL.into_iter().find(|state| state.as_str() == word).ok_or_else(|| UnknownState(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All pairs: a row for each state, a column for each event; `-` where the event cannot happen.
    #[test]
    fn events_happen_only_in_their_source_states() {
        const EVENTS: [Event; 11] = Event::ALL;
        #[rustfmt::skip]
        const TABLE: [(State, [&str; 11]); 11] = [
            //                  Read         Written      Proved    RetireStarted Retired    Postponed Restored    Failed    Cancelled    DeleteStarted Deleted
            (State::Scanning,  ["uploading", "verifying", "-",      "-",          "-",       "-",      "-",        "failed", "cancelled", "-",          "-"]),
            (State::Uploading, ["-",         "verifying", "-",      "-",          "-",       "-",      "-",        "failed", "cancelled", "-",          "-"]),
            (State::Verifying, ["-",         "-",         "stored", "-",          "-",       "-",      "restored", "failed", "cancelled", "-",          "-"]),
            (State::Stored,    ["-",         "-",         "-",      "retiring",   "retired", "stored", "restored", "failed", "-",         "deleting",   "-"]),
            (State::Retiring,  ["-",         "-",         "-",      "retiring",   "retired", "stored", "restored", "failed", "cancelled", "-",          "-"]),
            (State::Retired,   ["-",         "-",         "-",      "retiring",   "retired", "stored", "restored", "-",      "-",         "deleting",   "-"]),
            (State::Restored,  ["-",         "-",         "-",      "-",          "-",       "-",      "restored", "-",      "-",         "deleting",   "-"]),
            (State::Failed,    ["-",         "-",         "-",      "-",          "-",       "-",      "-",        "-",      "cancelled", "-",          "-"]),
            (State::Cancelled, ["-",         "-",         "-",      "-",          "-",       "-",      "-",        "-",      "-",         "-",          "-"]),
            (State::Deleting,  ["-",         "-",         "-",      "-",          "-",       "-",      "-",        "-",      "-",         "-",          "deleted"]),
            (State::Deleted,   ["-",         "-",         "-",      "-",          "-",       "-",      "-",        "-",      "-",         "-",          "-"]),
        ];
        assert_eq!(TABLE.map(|(state, _)| state), State::ALL);
        for (state, row) in TABLE {
            for (event, word) in EVENTS.into_iter().zip(row) {
                let expected = word.parse().map_err(|_| BadTransition { from: state, event });
                assert_eq!(state.next(event), expected, "{state:?}, {event:?}");
            }
        }
    }

    #[test]
    fn states_are_parsed_from_their_words() {
        for state in State::ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
        }
        assert_eq!("held".parse::<State>(), Err(UnknownState("held".to_owned())));
        let bad = BadTransition { from: State::Deleted, event: Event::Proved };
        assert_eq!(bad.to_string(), "archive is deleted, and cannot become stored");
    }

    /// Each running state can fail and be cancelled, so that it can always be ended. Ended states are not running.
    #[test]
    fn running_states_can_fail_and_be_cancelled() {
        for state in State::ALL {
            if state.is_running() {
                assert!(state.allows(Event::Failed) && state.allows(Event::Cancelled), "{state:?}");
            }
            assert_eq!(state.progress().is_some(), state.is_running());
            assert!(!(state.is_unsuccessful() && state.is_running()));
        }
        assert_eq!(State::Retiring.progress(), Some(4));
    }
}
