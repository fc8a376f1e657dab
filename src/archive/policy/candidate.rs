//! A candidate: a partition, or rows of a DEFAULT partition, beyond the retention of a policy, with the results of earlier
//! attempts. `candidates.rs` and `default_rows.rs` find candidates.

use pgmeta_archive::manifest::Slice;
use pgmeta_archive::standing::{History, Last, Standing};
use pgmeta_archive::state::State;
use rustc_hash::FxHashMap;

use crate::archive::policy::Policy;
use crate::archive::queries::{self, RecordedState};
use crate::error::Error;
use crate::rights::as_extension_owner;
use crate::spi::{Arg, Connection};

/// A partition that is beyond its retention.
#[derive(Debug)]
pub struct Candidate {
    pub partition: u32,
    /// The rows beyond the retention, if it is a DEFAULT partition.
    pub slice: Option<Slice>,
    pub lower: Option<String>,
    pub upper: Option<String>,
    pub rows_estimate: Option<i64>,
    pub bytes: Option<i64>,
    pub state: Standing,
    pub blocked_by: Option<String>,
    /// Workers skip the candidate until this time, after a failure.
    pub waits_until: Option<String>,
    /// The archive that has its rows, unless rows were added since.
    pub stored: Option<i64>,
    /// Whether the partition was written to since that archive.
    pub written: bool,
    /// The error of the last attempt, if none has succeeded since.
    pub error: Option<String>,
}

impl Candidate {
    /// Returns whether the candidate must be archived or retired.
    pub fn is_due(&self) -> bool {
        self.state == Standing::Pending || (self.state == Standing::Archive(State::Stored) && self.written)
    }

    /// Returns the key of the candidate. A DEFAULT partition can have several slices: stored ones are identified by their
    /// archive.
    pub fn task(&self) -> Task {
        Task { partition: self.partition, slice: self.slice.as_ref().map(|_| self.stored) }
    }
}

/// Identifies a candidate until it is archived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task {
    pub partition: u32,
    /// For a DEFAULT partition: the archive that has the rows, or none.
    slice: Option<Option<i64>>,
}

/// The results of earlier attempts for a partition.
#[derive(Debug, Default)]
pub struct Earlier {
    pub history: History,
    /// The earliest time of the next attempt, if it is in the future.
    pub waits_until: Option<String>,
    /// The last archive that has its rows, and the server's change counter at that time.
    pub stored: Option<i64>,
    pub changes: Option<i64>,
}

query! {
    struct PartitionHistory = "partition_histories" {
        partition: u32,
        state: Option<RecordedState>,
        held: Option<bool>,
        failures: i64,
        lost: i64,
        error: Option<String>,
        waits_until: Option<String>,
        stored: Option<i64>,
        changes: Option<i64>,
    }
}

/// Returns the history of whole partitions, or of slices of DEFAULT partitions. Restored and interrupted archives do not
/// count, nor do failures of roles other than the policy's owner: these may lack privileges.
pub fn earlier(connection: &Connection, policy: &Policy, slices: bool) -> Result<FxHashMap<u32, Earlier>, Error> {
    let _owner = as_extension_owner(connection)?;
    let args = [Arg::Text(&policy.name), Arg::Int(slices.into())];
    let rows: Vec<PartitionHistory> = queries::rows(connection, &args)?;
    let earlier = |row: PartitionHistory| {
        let last = row.state.zip(row.held).map(|(state, held)| Last { state: state.0, held });
        let history = History { last, failures: row.failures, lost: row.lost, error: row.error };
        (row.partition, Earlier { history, waits_until: row.waits_until, stored: row.stored, changes: row.changes })
    };
    Ok(rows.into_iter().map(earlier).collect())
}
