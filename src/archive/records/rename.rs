//! Updates archives and policies when their storage is renamed. They refer to it by name, so that the reference is valid in
//! another database after pg_dump.

use pgrx::pg_sys;

use crate::archive::errors::StorageAccessError;
use crate::archive::queries;
use crate::archive::records::guard::{name_of, statement_of};
use crate::error::Error;
use crate::guc::GucGuard;
use crate::locks::{self, Mode, Subject, Until};
use crate::rights::{OwnTables, as_extension_owner};
use crate::spi::{Arg, Connection, SnapshotGuard};

/// A renamed server, by its old name.
#[derive(Debug)]
pub struct Renamed(String);

query! {
    struct RenamedStorage = "renamed_storage" {
        oid: u32,
        name: String,
    }
}

impl Renamed {
    /// Reads the statement of an event trigger; `None` for other calls and statements.
    pub fn of(call: pg_sys::FunctionCallInfo) -> Option<Self> {
        // SAFETY: the server passes a valid call; this statement names its object by a string.
        unsafe {
            let statement = statement_of(call)?;
            if (*statement).type_ != pg_sys::NodeTag::T_RenameStmt {
                return None;
            }
            let statement = &*statement.cast::<pg_sys::RenameStmt>();
            let is_server = statement.renameType == pg_sys::ObjectType::OBJECT_FOREIGN_SERVER;
            is_server.then(|| Self(name_of(statement.object.cast())))
        }
    }

    /// Updates policies and archives to the storage's new name, after the server has been renamed.
    pub fn follow(&self) -> Result<(), Error> {
        let _pinned = GucGuard::search_path();
        let connection = Connection::open()?;
        let found: Option<RenamedStorage> = {
            let _snapshot = SnapshotGuard::committed();
            if OwnTables::find(&connection)?.is_none() {
                return Ok(());
            }
            queries::optional(&connection, &[])?
        };
        let Some(RenamedStorage { oid: server, name }) = found else { return Ok(()) };
        // Wait for sessions that are recording the old name.
        locks::wait(&connection, Subject::Storage(server), Mode::Exclusive, Until::TransactionEnd)?;
        let _owner = as_extension_owner(&connection)?;
        let args = [Arg::Text(&self.0), Arg::Text(&name)];
        queries::change(&connection, sql!("rename_policy_storage"), &args)?;
        queries::change(&connection, sql!("rename_archive_storage"), &args)?;
        // Some isolation levels do not show rows that were committed since the transaction began.
        let _snapshot = SnapshotGuard::committed();
        if queries::value(&connection, sql!("uses_storage"), &args[..1], "found")? {
            return Err(StorageAccessError::RecordedMeanwhile(self.0.clone()).into());
        }
        Ok(())
    }
}
