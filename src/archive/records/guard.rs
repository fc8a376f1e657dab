//! What a DROP would take from archives without a word: the storage that their files are in, or the records that say where. Knows
//! statements by their parse trees, before they are run; after the statement the extension's own event trigger would be dropped.

use std::ffi::CStr;

use pgrx::{PgList, PgSqlErrorCode, pg_sys};

use crate::archive::queries;
use crate::encoding;
use crate::error::{Error, first};
use crate::guc::{self, Pinned};
use crate::locks::{self, Mode, Subject, Until};
use crate::rights::{OwnTables, as_extension_owner};
use crate::spi::{Arg, Connection, Latest};

/// What a statement names to be dropped, directly or with all that depends on it.
#[derive(Debug, Default)]
pub struct Dropped {
    servers: Vec<String>,
    extensions: Vec<String>,
    schemas: Vec<String>,
    /// All that these roles own.
    owners: Vec<u32>,
    cascade: bool,
}

impl Dropped {
    /// Reads the statement that an event trigger is called for; `None` where it is another call, or another statement.
    pub fn of(call: pg_sys::FunctionCallInfo) -> Option<Self> {
        // SAFETY: the server's own.
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
        // SAFETY: what these statements name are strings.
        let names = || unsafe { names(statement.objects) };
        match statement.removeType {
            pg_sys::ObjectType::OBJECT_FOREIGN_SERVER => Some(Self { servers: names(), ..dropped }),
            pg_sys::ObjectType::OBJECT_EXTENSION => Some(Self { extensions: names(), ..dropped }),
            // Without CASCADE only an empty schema is dropped.
            pg_sys::ObjectType::OBJECT_SCHEMA if cascade => Some(Self { schemas: names(), ..dropped }),
            _ => None,
        }
    }

    /// Raises what archives would lose, unless the caller has said that they may.
    pub fn require_harmless(&self) -> Result<(), Error> {
        if guc::allow_orphans() {
            return Ok(());
        }
        // Whoever drops something may have rights that operators of others must not get.
        let _pinned = Pinned::search_path();
        let connection = Connection::open()?;
        // What this transaction has done so far counts, and what others have committed.
        let _latest = Latest::committed();
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
            // What others are about to record of it is waited for.
            locks::wait(&connection, Subject::Storage(*oid), Mode::Exclusive, Until::TransactionEnd)?;
        }
        let _latest = Latest::committed();
        let names: Vec<String> = storages.into_iter().map(|storage| storage.name).collect();
        let loss = Loss::of(&connection, Some(&names))?;
        if loss.archives + loss.policies > 0 {
            let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
            return Err(loss.refusal(&format!("cannot drop storage {} because archives need it", first(&quoted))));
        }
        Ok(())
    }

    /// Returns whether the extension is dropped: itself, with its schema, or with its owner's objects. The server refuses
    /// callers who may not drop it.
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

    /// Returns the storages that go.
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

/// Returns a name that a statement has.
///
/// # Safety
/// It must be a string of the parser's.
pub unsafe fn name_of(node: *mut std::ffi::c_void) -> String {
    // SAFETY: promised by the caller; the server prints a list of one name as that name.
    unsafe {
        let one = pg_sys::lappend(std::ptr::null_mut(), node);
        let name = CStr::from_ptr(pg_sys::NameListToString(one));
        let shown = encoding::decode_marked(name.to_bytes()).into_owned();
        // An invalid name cannot be one of pgmeta's.
        encoding::take_marked();
        shown
    }
}

/// Returns the names of a list.
///
/// # Safety
/// It must be a list of strings of the parser's.
unsafe fn names(list: *mut pg_sys::List) -> Vec<String> {
    // SAFETY: promised by the caller.
    unsafe { PgList::<std::ffi::c_void>::from_pg(list).iter_ptr().map(|node| name_of(node)).collect() }
}

query! {
    /// What would be lost.
    struct Loss = "orphans" {
        policies: i64,
        /// Those that hold something.
        archives: i64,
        /// Of these, whose partitions are gone.
        only: i64,
    }
}

impl Loss {
    /// `storages`: those that go; all archives where it is the extension.
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
        Error::Relayed {
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
