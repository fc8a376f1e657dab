//! Runs SQL with the rights of another role: the owner of pgmeta's tables, or the owner of a table whose code a statement
//! runs. No other module switches roles. Meanwhile names are resolved in pg_catalog only, and the session is in a
//! security-restricted operation, as in VACUUM and REINDEX.

use core::ffi::c_int;
use std::ffi::{CStr, CString};

use pgmeta_core::cells::take;
use pgmeta_core::ident::{ident_list, qualified};
use pgrx::{PgSqlErrorCode, pg_sys};

use crate::encoding;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::spi::Connection;

/// Acts as another role until it is dropped. After an error, the abort of the (sub)transaction restores the caller.
pub struct Acting {
    user: pg_sys::Oid,
    context: c_int,
    _pinned: GucGuard,
}

impl Acting {
    fn new(role: u32) -> Self {
        let pinned = GucGuard::search_path();
        let (mut user, mut context) = (pg_sys::InvalidOid, 0);
        // The owner's own policies, and FORCE ROW LEVEL SECURITY, must not hide rows of the table from the owner.
        let flags =
            pg_sys::SECURITY_LOCAL_USERID_CHANGE | pg_sys::SECURITY_RESTRICTED_OPERATION | pg_sys::SECURITY_NOFORCE_RLS;
        // SAFETY: as the server's VACUUM does; drop or the abort restores the former state.
        unsafe {
            pg_sys::GetUserIdAndSecContext(&raw mut user, &raw mut context);
            pg_sys::SetUserIdAndSecContext(role.into(), context | flags as c_int);
        }
        Self { user, context, _pinned: pinned }
    }
}

impl Drop for Acting {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            // SAFETY: the values that `new` read.
            unsafe { pg_sys::SetUserIdAndSecContext(self.user, self.context) };
        }
    }
}

/// The tables of archives. They are verified to belong to the extension: a user could create tables with these names.
#[derive(Clone, Copy, Debug)]
pub struct OwnTables {
    owner: u32,
    pub records: u32,
    pub policies: u32,
}

impl OwnTables {
    /// Finds the tables; `None` if the extension does not exist, or other relations have these names.
    pub fn find(connection: &Connection) -> Result<Option<Self>, Error> {
        const FIND: &str = "SELECT pg_catalog.min(c.relowner) AS owner, \
                pg_catalog.max(c.oid) FILTER (WHERE c.relname = 'archive_records') AS records, \
                pg_catalog.max(c.oid) FILTER (WHERE c.relname = 'archive_policies') AS policies \
            FROM pg_catalog.pg_extension e \
            JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.refobjid = e.oid \
                AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype = 'e' \
            JOIN pg_catalog.pg_class c ON c.oid = d.objid AND c.relkind = 'r' \
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'pgmeta' \
            WHERE e.extname = 'pgmeta' \
                AND c.relname IN ('archive_policies', 'archive_records', 'archive_stored_files', 'archive_state_changes') \
            HAVING pg_catalog.count(*) = 4 AND pg_catalog.min(c.relowner) = pg_catalog.max(c.relowner)";
        let _pinned = GucGuard::search_path();
        let mut found = None;
        connection.read(FIND, &[], &["owner", "records", "policies"], |cells| {
            let owner = take(cells, "owner")?;
            let (records, policies) = (take(cells, "records")?, take(cells, "policies")?);
            found = Some(Self { owner, records, policies });
            Ok(())
        })?;
        Ok(found)
    }

    pub fn require(connection: &Connection) -> Result<Self, Error> {
        Self::find(connection)?.ok_or_else(|| Error::NoTables)
    }
}

/// Acts as the owner of pgmeta's tables. Callers have no privileges on these tables, so they cannot forge records.
pub fn as_extension_owner(connection: &Connection) -> Result<Acting, Error> {
    let owner = OwnTables::require(connection)?.owner;
    Ok(Acting::new(owner))
}

/// Acts as the owner of a table or type while its code runs: casts, checks, defaults, expressions, triggers, input
/// functions. This code must not get the caller's rights. Does nothing if the caller is the owner. Grants nothing: the
/// caller's privileges must be checked before.
pub fn as_code_owner(owner: u32) -> Option<Acting> {
    (owner != user()).then(|| Acting::new(owner))
}

/// The search_path, after pg_catalog, for code of a table's owner. The caller passes it and must have that role's rights.
#[derive(Clone, Debug)]
pub struct CodePath(CString);

impl CodePath {
    /// Reads a list of schemas as `SET search_path` does. The temporary schema is searched last, so that the code does not
    /// use a temporary object by mistake.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let wrong = |hint: &str| Error::BadArgument {
            name: "option search_path",
            value: text.to_owned(),
            hint: hint.to_owned(),
        };
        let schemas =
            split(text)?.ok_or_else(|| wrong("It is a list of schemas as in SET search_path: \"app, public\"."))?;
        if schemas.iter().any(|schema| schema.starts_with("pg_temp")) {
            return Err(wrong("The temporary schema is searched last, whatever the option says."));
        }
        let names = ["pg_catalog"].into_iter().chain(schemas.iter().map(String::as_str)).chain(["pg_temp"]);
        Ok(Self(encoding::c_string(&ident_list(names))?))
    }
}

/// Returns the names in a list with commas; `None` if it is malformed.
fn split(text: &str) -> Result<Option<Vec<String>>, Error> {
    let text = encoding::c_string(text)?;
    // SAFETY: the server modifies a copy, into which the names point.
    unsafe {
        let mut list = std::ptr::null_mut();
        let copy = pg_sys::pstrdup(text.as_ptr());
        if !pg_sys::SplitIdentifierString(copy, b',' as core::ffi::c_char, &raw mut list) {
            return Ok(None);
        }
        let count = if list.is_null() { 0 } else { usize::try_from((*list).length).unwrap_or(0) };
        let name = |at| CStr::from_ptr((*(*list).elements.add(at)).ptr_value.cast());
        Ok(Some((0..count).map(|at| encoding::decode_marked(name(at).to_bytes()).into_owned()).collect()))
    }
}

/// Reads the search_path for code of a role. The caller must have the role's rights: objects in this path run as the role.
pub fn code_path(owner: u32, text: Option<&str>) -> Result<Option<CodePath>, Error> {
    let Some(text) = text else { return Ok(None) };
    if !has_role(owner) {
        return Err(Error::Denied {
            action: "choose where functions of another role's table look names up".into(),
            hint: "The option search_path requires the privileges of the table's owner.".into(),
        });
    }
    CodePath::parse(text).map(Some)
}

/// A role whose code runs, and the search_path of the code. Fields are dropped in this order.
pub struct Code {
    _path: Option<GucGuard>,
    _acting: Option<Acting>,
}

/// Like [`as_code_owner`], with a search_path for the code.
pub fn as_code_owner_within(owner: u32, path: Option<&CodePath>) -> Code {
    let acting = as_code_owner(owner);
    Code { _path: path.map(|path| GucGuard::path(&path.0)), _acting: acting }
}

/// Returns the role that reads a table's rows. The caller must have the privilege, and policies must not hide rows. Locks
/// the table, so that its name and owner do not change until the end of the transaction.
pub fn reader(schema: &str, name: &str, table: u32) -> Result<u32, Error> {
    let found = lock(schema, name, pg_sys::AccessShareLock)?;
    if found != Some(table) {
        return Err(Error::OtherTable(qualified(schema, name)));
    }
    require_readable(table)?;
    owner_of(table)
}

/// Locks a relation by name until the end of the transaction; returns its OID. The name cannot be given to another relation
/// meanwhile. The caller must have the right to lock it.
pub fn lock(schema: &str, name: &str, mode: u32) -> Result<Option<u32>, Error> {
    let (schema, name) = (encoding::c_string(schema)?, encoding::c_string(name)?);
    // SAFETY: the names outlive the call, which resolves them again after each wait; a missing relation is not an error.
    let oid = unsafe {
        let range = pg_sys::makeRangeVar(schema.as_ptr().cast_mut(), name.as_ptr().cast_mut(), -1);
        let missing_ok = pg_sys::RVROption::RVR_MISSING_OK;
        pg_sys::RangeVarGetRelidExtended(range, mode as c_int, missing_ok, None, std::ptr::null_mut())
    };
    Ok((oid != pg_sys::InvalidOid).then(|| oid.to_u32()))
}

/// Raises the server's own error if the caller may not read all rows and columns of a table.
pub fn require_readable(table: u32) -> Result<(), Error> {
    if !may_select(table) {
        return Err(Error::Denied {
            action: format!("read {}", name_of(table)),
            hint: "SELECT privilege on the table, or on all of its columns, is required.".into(),
        });
    }
    // SAFETY: the table exists. If policies would hide rows and row_security is off, the server raises an error.
    unsafe { pg_sys::check_enable_rls(table.into(), pg_sys::InvalidOid, false) };
    Ok(())
}

/// Returns whether the caller may read an existing table, apart from its policies.
fn may_select(table: u32) -> bool {
    let mode = pg_sys::AclMode::from(pg_sys::ACL_SELECT);
    let is_ok = |result: pg_sys::AclResult::Type| result == pg_sys::AclResult::ACLCHECK_OK;
    // SAFETY: a missing relation has no privileges.
    unsafe {
        pg_sys::get_rel_relkind(table.into()) != 0
            && (is_ok(pg_sys::pg_class_aclcheck(table.into(), pg_sys::GetUserId(), mode))
                || is_ok(pg_sys::pg_attribute_aclcheck_all(
                    table.into(),
                    pg_sys::GetUserId(),
                    mode,
                    pg_sys::AclMaskHow::ACLMASK_ALL,
                )))
    }
}

/// Returns whether the caller may read all rows of an existing table.
pub fn may_read_all(table: u32) -> bool {
    const ROWS_ARE_HIDDEN: c_int = 2;
    // SAFETY: the table exists, and no error is raised.
    may_select(table) && unsafe { pg_sys::check_enable_rls(table.into(), pg_sys::InvalidOid, true) } != ROWS_ARE_HIDDEN
}

/// Returns whether the caller has the rights of a role.
pub fn has_role(role: u32) -> bool {
    // SAFETY: a role that does not exist has no members; superusers have the rights of all.
    unsafe { pg_sys::has_privs_of_role(pg_sys::GetUserId(), role.into()) }
}

/// Returns whether the caller is a superuser.
pub fn is_superuser() -> bool {
    // SAFETY: looks up this session's role.
    unsafe { pg_sys::superuser() }
}

/// Returns the role that the caller acts as.
pub fn user() -> u32 {
    // SAFETY: a variable of this session.
    unsafe { pg_sys::GetUserId().to_u32() }
}

/// Returns the name of the role that the caller acts as.
pub fn user_name(connection: &Connection) -> Result<String, Error> {
    let sql = "SELECT CURRENT_USER::pg_catalog.text AS name";
    connection.one(sql, &[], "name")
}

/// Returns the present owner of a relation, whatever the snapshot shows.
pub fn owner_of(relation: u32) -> Result<u32, Error> {
    // SAFETY: the tuple is released after its attribute, which is never NULL, was copied.
    let owner = unsafe {
        let key = pg_sys::Datum::from(pg_sys::Oid::from(relation));
        let tuple = pg_sys::SearchSysCache1(pg_sys::SysCacheIdentifier::RELOID as c_int, key);
        (!tuple.is_null()).then(|| {
            let (mut is_null, at) = (false, pg_sys::Anum_pg_class_relowner as pg_sys::AttrNumber);
            let cache = pg_sys::SysCacheIdentifier::RELOID as c_int;
            let owner = pg_sys::SysCacheGetAttr(cache, tuple, at, &raw mut is_null);
            pg_sys::ReleaseSysCache(tuple);
            owner.value() as u32
        })
    };
    owner.ok_or_else(|| Error::Missing {
        what: format!("relation with OID {relation}"),
        hint: String::new(),
        code: PgSqlErrorCode::ERRCODE_UNDEFINED_TABLE,
    })
}

/// Changes the owner of a table that this call created: to the owner of the table of which it becomes a partition. The
/// caller must have the rights of that role.
pub fn give(relation: u32, role: u32) {
    let lock = pg_sys::AccessExclusiveLock as pg_sys::LOCKMODE;
    // SAFETY: `recursing` skips the checks of ownership, which require that the caller can become the role.
    unsafe {
        pg_sys::ATExecChangeOwner(relation.into(), role.into(), true, lock);
        pg_sys::CommandCounterIncrement();
    }
}

fn name_of(table: u32) -> String {
    // SAFETY: returns NULL for a missing relation.
    let name = unsafe { pg_sys::get_rel_name(table.into()) };
    if name.is_null() {
        return format!("relation with OID {table}");
    }
    // SAFETY: a C string of the server.
    let name = unsafe { CStr::from_ptr(name) };
    format!("\"{}\"", encoding::decode_marked(name.to_bytes()))
}
