//! Prevents a DROP that would make archives unusable: of their storage, or of the extension with the records. Reads the
//! statement's parse tree before it runs: after it the extension's own event trigger may be dropped.

use std::ffi::CStr;

use pgrx::{PgList, PgSqlErrorCode, pg_sys};

use crate::archive::queries;
use crate::encoding;
use crate::error::{Error, first};
use crate::guc::{self, GucGuard};
use crate::locks::{self, Mode, Subject, Until};
use crate::rights::{OwnTables, as_extension_owner};
use crate::spi::{Arg, Connection, SnapshotGuard};

/// The objects that a statement drops, directly or by CASCADE.
#[derive(Debug, Default)]
pub struct Dropped {
    servers: Vec<String>,
    extensions: Vec<String>,
    schemas: Vec<String>,
    /// Roles whose objects are dropped.
    owners: Vec<u32>,
    cascade: bool,
}

impl Dropped {
    /// Reads the statement of an event trigger; `None` for other calls and statements.
    pub fn of(call: pg_sys::FunctionCallInfo) -> Option<Self> {
        // SAFETY: the server passes a valid call.
        unsafe {
            let statement = statement_of(call)?;
            match (*statement).type_ {
                pg_sys::NodeTag::T_DropStmt => Self::of_names(&*statement.cast::<pg_sys::DropStmt>()),
                pg_sys::NodeTag::T_DropOwnedStmt => {
                    let statement = &*statement.cast::<pg_sys::DropOwnedStmt>();
                    let owners = PgList::<pg_sys::Oid>::from_pg(pg_sys::roleSpecsToIds(statement.roles));
                    let owners = owners.iter_oid().map(|oid| oid.to_u32()).collect();
                    let cascade = statement.behavior == pg_sys::DropBehavior::DROP_CASCADE;
                    Some(Self { owners, cascade, ..Self::default() })
                }
                _ => None,
            }
        }
    }

    /// # Safety
    /// The statement must be one that the server has parsed.
    unsafe fn of_names(statement: &pg_sys::DropStmt) -> Option<Self> {
        // SAFETY: promised by the caller.
        let cascade = statement.behavior == pg_sys::DropBehavior::DROP_CASCADE;
        let dropped = Self { cascade, ..Self::default() };
        // SAFETY: these statements name their objects by strings.
        let names = || unsafe { names(statement.objects) };
        match statement.removeType {
            pg_sys::ObjectType::OBJECT_FOREIGN_SERVER => Some(Self { servers: names(), ..dropped }),
            pg_sys::ObjectType::OBJECT_EXTENSION => Some(Self { extensions: names(), ..dropped }),
            // Without CASCADE only an empty schema is dropped.
            pg_sys::ObjectType::OBJECT_SCHEMA if cascade => Some(Self { schemas: names(), ..dropped }),
            _ => None,
        }
    }

    /// Returns an error if archives would lose their storage or records, unless the setting allows it.
    pub fn require_harmless(&self) -> Result<(), Error> {
        if guc::allow_orphans() {
            return Ok(());
        }
        // The caller may be a superuser, and operators in its search_path must not run with its rights.
        let _pinned = GucGuard::search_path();
        let connection = Connection::open()?;
        // The effects of this transaction so far, and those that others have committed, count.
        let _snapshot = SnapshotGuard::committed();
        if OwnTables::find(&connection)?.is_none() {
            return Ok(());
        }
        let (takes_extension, storages) = (self.takes_extension(&connection)?, self.storages(&connection)?);
        let _owner = as_extension_owner(&connection)?;
        if takes_extension {
            let loss = Loss::of(&connection, None)?;
            if loss.archives > 0 {
                return Err(loss.refusal("cannot drop extension pgmeta because it has the records of archives"));
            }
        }
        if storages.is_empty() {
            return Ok(());
        }
        for DroppedStorage { oid, .. } in &storages {
            // Wait for sessions that are recording an archive in this storage.
            locks::wait(&connection, Subject::Storage(*oid), Mode::Exclusive, Until::TransactionEnd)?;
        }
        let _snapshot = SnapshotGuard::committed();
        let names: Vec<String> = storages.into_iter().map(|storage| storage.name).collect();
        let loss = Loss::of(&connection, Some(&names))?;
        if loss.archives + loss.policies > 0 {
            let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
            return Err(loss.refusal(&format!("cannot drop storage {} because archives need it", first(&quoted))));
        }
        Ok(())
    }

    /// Returns whether the extension is dropped: by itself, with its schema, or with its owner's objects. The server checks
    /// the privileges.
    fn takes_extension(&self, connection: &Connection) -> Result<bool, Error> {
        let args = [
            Arg::Texts(&self.extensions),
            Arg::Texts(&self.schemas),
            Arg::Oids(&self.owners),
            Arg::Int(self.cascade.into()),
        ];
        let found: Option<bool> = queries::optional_value(connection, sql!("dropped_extension"), &args, "found")?;
        Ok(found.is_some())
    }

    /// Returns the storages that the statement drops.
    fn storages(&self, connection: &Connection) -> Result<Vec<DroppedStorage>, Error> {
        queries::rows(connection, &[Arg::Texts(&self.servers), Arg::Oids(&self.owners)])
    }
}

query! {
    struct DroppedStorage = "dropped_storages" {
        name: String,
        oid: u32,
    }
}

/// Returns the statement that an event trigger is called for.
///
/// # Safety
/// The call must be the server's.
pub unsafe fn statement_of(call: pg_sys::FunctionCallInfo) -> Option<*mut pg_sys::Node> {
    // SAFETY: promised by the caller. Event triggers come with a context that has the statement.
    unsafe {
        let context = (*call).context;
        if context.is_null() || (*context).type_ != pg_sys::NodeTag::T_EventTriggerData {
            return None;
        }
        let statement = (*context.cast::<pg_sys::EventTriggerData>()).parsetree;
        (!statement.is_null()).then_some(statement)
    }
}

/// Returns the name in a parse tree node.
///
/// # Safety
/// It must be a string node of the parser.
pub unsafe fn name_of(node: *mut std::ffi::c_void) -> String {
    // SAFETY: promised by the caller; the server prints a list with one name as that name.
    unsafe {
        let one = pg_sys::lappend(std::ptr::null_mut(), node);
        let name = CStr::from_ptr(pg_sys::NameListToString(one));
        let shown = encoding::decode_marked(name.to_bytes()).into_owned();
        // A name with invalid characters cannot belong to pgmeta.
        encoding::take_marked();
        shown
    }
}

/// Returns the names in a list.
///
/// # Safety
/// It must be a list of string nodes of the parser.
unsafe fn names(list: *mut pg_sys::List) -> Vec<String> {
    // SAFETY: promised by the caller.
    unsafe { PgList::<std::ffi::c_void>::from_pg(list).iter_ptr().map(|node| name_of(node)).collect() }
}

query! {
    /// The archives and policies that would lose their storage or records.
    struct Loss = "orphans" {
        policies: i64,
        /// Archives with stored files.
        archives: i64,
        /// Archives whose partition does not exist any longer.
        only: i64,
    }
}

impl Loss {
    /// `storages`: the dropped storages; `None`: all archives.
    fn of(connection: &Connection, storages: Option<&[String]>) -> Result<Self, Error> {
        queries::one(connection, &[Arg::Texts(storages.unwrap_or_default()), Arg::Int(storages.is_none().into())])
    }

    fn refusal(&self, why: &str) -> Error {
        let counted = |count: i64, one: &str, many: &str| match count {
            1 => format!("1 {one}"),
            count => format!("{count} {many}"),
        };
        let (policies, archives) =
            (counted(self.policies, "policy", "policies"), counted(self.archives, "archive", "archives"));
        let detail = match self.only {
            0 => format!("{policies} and {archives} would be lost."),
            1 => format!("{policies} and {archives} would be lost, 1 of them with rows that are nowhere else."),
            only => format!("{policies} and {archives} would be lost, {only} of them with rows that are nowhere else."),
        };
        Error::Remote {
            code: PgSqlErrorCode::ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST,
            message: why.to_owned(),
            detail: Some(detail),
            hint: Some(
                "pgmeta_archive_policy_drop and pgmeta_archive_delete take away what is not needed. After SET pgmeta.allow_orphans = on it \
                is dropped all the same and the files stay: pgmeta_archive_adopt finds them again by their manifests."
                    .into(),
            ),
        }
    }
}
