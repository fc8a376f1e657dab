//! The state of a partition beyond its retention: what earlier attempts did, and what happens next. Reads no records: the
//! caller does.

use crate::options::{Options, Retire};
use crate::state::State;

/// Number of consecutive workers that died while they archived a partition after which the policy skips it.
const LOST: i64 = 5;

/// The value of the column `state` of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The partition will be archived.
    Pending,
    /// A condition prevents archiving or retiring.
    Blocked,
    /// The state of the partition's last archive or attempt.
    Archive(State),
}

impl Standing {
    pub const fn as_str(self) -> &'static str {
        match self {
            Standing::Pending => "pending",
            Standing::Blocked => "blocked",
            Standing::Archive(state) => state.as_str(),
        }
    }
}

/// The last archive of a partition. Some do not count: the query of the history excludes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Last {
    pub state: State,
    /// Whether the rows were restored to stay.
    pub held: bool,
}

/// The results of earlier attempts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// `None`: no archive counts.
    pub last: Option<Last>,
    /// Number of failures since the last success.
    pub failures: i64,
    /// Number of workers that died while they archived the partition, since the last other result.
    pub lost: i64,
    /// The error of the last failure, if it counts.
    pub error: Option<String>,
}

impl History {
    /// Returns the state of a candidate, and the reason why it is not archived.
    pub fn standing(&self, options: &Options, blocked_by: Option<String>) -> (Standing, Option<String>) {
        let because = |why: &str| Some(why.to_owned());
        let Self { last, failures, lost, error } = self;
        let at = Standing::Archive;
        match last {
            Some(Last { held: true, .. }) => {
                return (at(State::Restored), because("it was restored: pgmeta_archive_retry archives it again"));
            }
            Some(Last { state, .. }) => match state {
                // The archive is retired and the partition exists: it was attached again.
                State::Stored | State::Retired if options.retire == Retire::Keep => {
                    return (at(State::Stored), blocked_by);
                }
                State::Scanning | State::Uploading | State::Verifying | State::Retiring => {
                    return (at(*state), blocked_by);
                }
                State::Cancelled => {
                    return (at(State::Cancelled), because("it was cancelled: pgmeta_archive_retry tries again"));
                }
                State::Deleting | State::Deleted => {
                    let why = "its archive was deleted: pgmeta_archive_retry archives it again";
                    return (at(State::Deleted), because(why));
                }
                State::Stored | State::Retired | State::Restored | State::Failed => {}
            },
            None => {}
        }
        let max_attempts = i64::from(options.max_attempts);
        if blocked_by.is_some() {
            (Standing::Blocked, blocked_by)
        } else if *failures >= max_attempts {
            let error = error.as_deref().unwrap_or_default();
            (at(State::Failed), Some(format!("it failed {failures} times, at last: {error}")))
        } else if *lost >= LOST.max(max_attempts) {
            // A partition that crashes the server each time must not be tried for ever.
            (at(State::Failed), Some(format!("workers terminated unexpectedly {lost} times in a row")))
        } else {
            (Standing::Pending, None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(state: State) -> History {
        History { last: Some(Last { state, held: false }), ..History::default() }
    }

    fn standing(history: &History, retire: Retire, blocked_by: Option<&str>) -> (&'static str, Option<String>) {
        let options = Options { retire, max_attempts: 3, ..Options::default() };
        let (standing, blocked_by) = history.standing(&options, blocked_by.map(str::to_owned));
        (standing.as_str(), blocked_by)
    }

    #[test]
    fn the_last_archive_determines_the_standing() {
        let plain = |state, retire| standing(&history(state), retire, None).0;
        for (state, keep, drop) in [
            (State::Scanning, "scanning", "scanning"),
            (State::Uploading, "uploading", "uploading"),
            (State::Verifying, "verifying", "verifying"),
            (State::Stored, "stored", "pending"),
            (State::Retiring, "retiring", "retiring"),
            (State::Retired, "stored", "pending"),
            (State::Restored, "pending", "pending"),
            (State::Failed, "pending", "pending"),
            (State::Cancelled, "cancelled", "cancelled"),
            (State::Deleting, "deleted", "deleted"),
            (State::Deleted, "deleted", "deleted"),
        ] {
            assert_eq!((plain(state, Retire::Keep), plain(state, Retire::Drop)), (keep, drop), "{state:?}");
        }
        assert_eq!(standing(&History::default(), Retire::Drop, None), ("pending", None));
        let held = History { last: Some(Last { state: State::Restored, held: true }), ..History::default() };
        assert_eq!(standing(&held, Retire::Keep, None).0, "restored");
    }

    #[test]
    fn a_blocker_is_reported_unless_the_state_has_a_reason() {
        let why = Some("it is unlogged");
        assert_eq!(standing(&History::default(), Retire::Keep, why), ("blocked", why.map(str::to_owned)));
        assert_eq!(standing(&history(State::Stored), Retire::Keep, why), ("stored", why.map(str::to_owned)));
        let (state, reason) = standing(&history(State::Cancelled), Retire::Keep, why);
        assert_eq!(
            (state, reason.as_deref()),
            ("cancelled", Some("it was cancelled: pgmeta_archive_retry tries again"))
        );
    }

    #[test]
    fn attempts_are_limited() {
        let mut failed = History { failures: 2, error: Some("disk full".into()), ..history(State::Failed) };
        assert_eq!(standing(&failed, Retire::Keep, None), ("pending", None));
        failed.failures = 3;
        let reason = Some("it failed 3 times, at last: disk full".to_owned());
        assert_eq!(standing(&failed, Retire::Keep, None), ("failed", reason));
        let lost = |lost| standing(&History { lost, ..history(State::Failed) }, Retire::Keep, None).0;
        assert_eq!((lost(4), lost(5)), ("pending", "failed"));
    }
}
