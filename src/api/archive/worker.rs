//! Functions that start and cancel workers, and the entry points of workers.

use pgrx::bgworkers::BackgroundWorker;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::archive::properties::definition_of;
use crate::archive;
use crate::encoding::Text;
use crate::guc;
use crate::message::tell;
use crate::worker::process::{self, OnTerminate, login};

/// Starts background workers that archive due partitions; returns their process IDs.
#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_archive_start(
    policy: default!(Option<Text>, "NULL"),
    workers: default!(Option<i32>, "NULL"),
) -> Result<SetOfIterator<'static, i32>, ErrorReport> {
    Ok(SetOfIterator::new(archive::start(policy.as_deref(), workers)?))
}

/// Cancels the work on an archive.
#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_archive_cancel(id: Option<i64>) -> Result<(), ErrorReport> {
    Ok(id.map_or(Ok(()), archive::cancel)?)
}

/// Registers a scheduler for each configured database, which the server starts.
pub fn register_schedule() {
    for database in guc::archive_databases() {
        process::register(&process::Order {
            function: "pgmeta_archive_schedule",
            name: &format!("pgmeta archive schedule: {database}"),
            kind: "pgmeta archive schedule",
            argument: 0,
            extra: &database,
        });
    }
}

/// The entry point of a scheduler. Its argument is the database.
#[pg_guard]
#[unsafe(no_mangle)]
pub extern "C-unwind" fn pgmeta_archive_schedule(_argument: pg_sys::Datum) {
    let database = BackgroundWorker::get_extra().to_owned();
    process::login_as_server(&database);
    archive::run_schedule();
}

/// The entry point of a worker. Its argument contains database, role and policy.
#[pg_guard]
#[unsafe(no_mangle)]
pub extern "C-unwind" fn pgmeta_archive_work(argument: pg_sys::Datum) {
    let extra = BackgroundWorker::get_extra().to_owned();
    let Some((role, policy)) = extra.split_once(' ') else { return };
    let (Ok(database), Ok(role)) = (u32::try_from(argument.value()), role.parse()) else { return };
    login(database, role, OnTerminate::Cancel);
    if let Err(error) = archive::work(policy, definition_of) {
        let message = format!("pgmeta archive: {{\"policy\":{policy:?},\"error\":{:?}}}", error.message);
        tell(PgLogLevel::LOG, error.code, message);
    }
}
