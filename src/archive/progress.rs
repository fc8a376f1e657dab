//! How far an archive has come, where `pgmeta.archive_progress` and pg_stat_progress_copy show it.

use pgrx::pg_sys;

/// What is being done.
#[derive(Clone, Copy, Debug)]
pub enum Phase {
    Scanning = 1,
    Uploading,
    Verifying,
    Retiring,
}

/// The server's own columns, of COPY.
const BYTES: i32 = 0;
const BYTES_TOTAL: i32 = 1;
const ROWS: i32 = 2;
const COMMAND: i32 = 4;
const TYPE: i32 = 5;
/// COPY leaves the rest to us: the phase, the archive, and how many rows there are about.
const PHASE: i32 = 10;
const ARCHIVE: i32 = 11;
const ROWS_TOTAL: i32 = 12;

/// COPY TO, and a callback.
const COPY_TO: i64 = 2;
const CALLBACK: i64 = 4;

/// While this lives, others see it.
pub struct Progress;

impl Progress {
    /// `archive`: 0 where it has no number yet.
    pub fn start(table: u32, archive: i64, bytes: i64, rows: i64) -> Self {
        // SAFETY: writes to this session's entry of shared memory.
        unsafe {
            pg_sys::pgstat_progress_start_command(pg_sys::ProgressCommandType::PROGRESS_COMMAND_COPY, table.into());
        }
        for (at, value) in [
            (COMMAND, COPY_TO),
            (TYPE, CALLBACK),
            (ARCHIVE, archive),
            (BYTES_TOTAL, bytes),
            (ROWS_TOTAL, rows),
            (PHASE, Phase::Scanning as i64),
        ] {
            set(at, value);
        }
        Self
    }

    pub fn phase(&self, phase: Phase) {
        set(PHASE, phase as i64);
    }
}

/// Says how much has been written.
pub fn written(rows: u64, bytes: u64) {
    set(ROWS, i64::try_from(rows).unwrap_or(i64::MAX));
    set(BYTES, i64::try_from(bytes).unwrap_or(i64::MAX));
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
