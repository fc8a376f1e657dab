//! Reports the progress of an archive in `pgmeta.archive_progress` and pg_stat_progress_copy.

use std::cell::Cell;

use pgmeta_archive::state::State;
use pgrx::pg_sys;

/// Parameters of the server's own progress columns for COPY.
const BYTES: i32 = 0;
const BYTES_TOTAL: i32 = 1;
const ROWS: i32 = 2;
const COMMAND: i32 = 4;
const TYPE: i32 = 5;
/// Parameters that COPY does not use: the state, the archive's ID, and the estimated number of rows.
const PHASE: i32 = 10;
const ARCHIVE: i32 = 11;
const ROWS_TOTAL: i32 = 12;

/// The values for COPY TO, and for a callback as its destination.
const COPY_TO: i64 = 2;
const CALLBACK: i64 = 4;

thread_local! {
    /// Rows and bytes written so far.
    static WRITTEN: Cell<(i64, i64)> = const { Cell::new((0, 0)) };
}

/// Shows the progress of an archive to other sessions until it is dropped.
pub struct Progress {
    table: u32,
    archive: i64,
    bytes: i64,
    rows: i64,
}

impl Progress {
    /// `archive`: 0 before the archive has an ID.
    pub fn start(table: u32, archive: i64, bytes: i64, rows: i64) -> Self {
        WRITTEN.set((0, 0));
        let progress = Self { table, archive, bytes, rows };
        progress.phase(State::Scanning);
        progress
    }

    /// Writes all parameters again: the rollback of a subtransaction has cleared them.
    pub fn phase(&self, phase: State) {
        let (written, written_bytes) = WRITTEN.get();
        // SAFETY: writes to this session's entry of shared memory.
        unsafe {
            pg_sys::pgstat_progress_start_command(
                pg_sys::ProgressCommandType::PROGRESS_COMMAND_COPY,
                self.table.into(),
            );
        }
        for (at, value) in [
            (COMMAND, COPY_TO),
            (TYPE, CALLBACK),
            (ARCHIVE, self.archive),
            (BYTES, written_bytes),
            (BYTES_TOTAL, self.bytes),
            (ROWS, written),
            (ROWS_TOTAL, self.rows),
            (PHASE, phase.progress().unwrap_or_default()),
        ] {
            set(at, value);
        }
    }
}

/// Estimates the number of rows of a table as the planner does, by its present size and statistics. `None` if the table is
/// locked. Must be called in a transaction.
pub fn estimate(table: u32) -> Option<i64> {
    let mode = pg_sys::AccessShareLock as pg_sys::LOCKMODE;
    let (mut pages, mut tuples, mut visible) = (0, 0.0, 0.0);
    // SAFETY: the relation is open and locked while it is read; a missing one is NULL.
    unsafe {
        if !pg_sys::ConditionalLockRelationOid(table.into(), mode) {
            return None;
        }
        let relation = pg_sys::try_relation_open(table.into(), pg_sys::NoLock as pg_sys::LOCKMODE);
        if !relation.is_null() {
            let widths = std::ptr::null_mut();
            pg_sys::estimate_rel_size(relation, widths, &raw mut pages, &raw mut tuples, &raw mut visible);
            pg_sys::relation_close(relation, pg_sys::NoLock as pg_sys::LOCKMODE);
        }
        pg_sys::UnlockRelationOid(table.into(), mode);
    }
    Some(tuples as i64)
}

/// Reports the number of rows and bytes written.
pub fn written(rows: u64, bytes: u64) {
    let (rows, bytes) = (i64::try_from(rows).unwrap_or(i64::MAX), i64::try_from(bytes).unwrap_or(i64::MAX));
    WRITTEN.set((rows, bytes));
    set(ROWS, rows);
    set(BYTES, bytes);
}

fn set(at: i32, value: i64) {
    // SAFETY: as above.
    unsafe { pg_sys::pgstat_progress_update_param(at, value) };
}

impl Drop for Progress {
    fn drop(&mut self) {
        // SAFETY: as above; raises nothing.
        unsafe { pg_sys::pgstat_progress_end_command() };
    }
}
