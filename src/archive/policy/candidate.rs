//! A partition, or rows of a DEFAULT partition, beyond the retention of a policy, and what earlier attempts did with it.
//! Which these are is decided in `candidates.rs` and `default_rows.rs`.

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
    /// Of a DEFAULT partition, the rows that are.
    pub slice: Option<Slice>,
    pub lower: Option<String>,
    pub upper: Option<String>,
    pub rows_estimate: Option<i64>,
    pub bytes: Option<i64>,
    pub state: Standing,
    pub blocked_by: Option<String>,
    /// Until then workers leave it alone, after a failure.
    pub waits_until: Option<String>,
    /// The archive that has its rows already, unless others have come since.
    pub stored: Option<i64>,
    /// Something was written to it since that one was stored: other rows, or none.
    pub written: bool,
    /// What the last attempt has failed of, as long as none has succeeded since.
    pub error: Option<String>,
}

impl Candidate {
    /// Returns whether there is something to do.
    pub fn is_due(&self) -> bool {
        self.state == Standing::Pending || (self.state == Standing::Archive(State::Stored) && self.written)
    }

    /// Returns what is to be done by its number: of a DEFAULT partition there may be several slices, of which those that are stored
    /// are known by their archives.
    pub fn task(&self) -> Task {
        Task { partition: self.partition, slice: self.slice.as_ref().map(|_| self.stored) }
    }
}

/// What a candidate is known by, as long as nobody has done it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task {
    pub partition: u32,
    /// Of a DEFAULT partition: the archive that has its rows, or none.
    slice: Option<Option<i64>>,
}

/// What earlier attempts have done with a partition.
#[derive(Debug, Default)]
pub struct Earlier {
    pub history: History,
    /// When a worker may try again, if that is to come.
    pub waits_until: Option<String>,
    /// The last archive that has its rows, and the server's count of its changes at that time.
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

/// Returns what has been done with whole partitions, or with slices of DEFAULT partitions. Restored and
/// interrupted archives do not count. Only failures of the policy's owner count: others may have failed for what they lack.
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
