//! Retires a partition whose archive is verified: detaches, moves or drops it, under locks that protect its rows, and only
//! if these are the archived ones. Readers and writers of the rest of the table are blocked for a moment only. Never uses
//! CASCADE.

pub mod settle;
pub mod table_locks;

use pgmeta_archive::bound;
use pgmeta_archive::manifest::Manifest;
use pgmeta_archive::options::{Options, Retire};
use pgmeta_core::ident::ident;
use pgrx::pg_sys;

use crate::archive::errors::RetireError;
use crate::archive::policy::slice;
use crate::archive::queries;
use crate::archive::retire::table_locks::{Patience, require_nobody_waits};
use crate::archive::transfer::partition::{Parent, Partition};
use crate::archive::transfer::rows::digest_of;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::rights::{self, CodePath, as_code_owner_within, code_path, has_role, owner_of, user};
use crate::spi::{Arg, Connection, SnapshotGuard, execute_within};

/// Returns an error before any row is read if the partition could not be retired afterwards.
pub fn check(connection: &Connection, partition: &Partition, options: &Options) -> Result<(), Error> {
    if options.retire == Retire::Keep {
        return Ok(());
    }
    if partition.parent.is_none() {
        return Err(RetireError::NotPartition(partition.quoted()).into());
    }
    let above = partition.parent.as_ref().map(|parent| owner_of(parent.oid)).transpose()?;
    if ![Some(partition.owner_oid), above].into_iter().flatten().all(has_role) {
        return Err(Error::Denied {
            action: format!("retire {}", partition.quoted()),
            hint: "The rights of the owners of the partition and of its parent are required; retire \"keep\" requires SELECT only.".into(),
        });
    }
    match referencing(connection, partition.oid)?.as_slice() {
        [] => Ok(()),
        names => Err(RetireError::Referenced { table: partition.quoted(), keys: names.to_vec() }.into()),
    }
}

/// Returns the foreign keys that reference a partition or a table above it.
pub fn referencing(connection: &Connection, partition: u32) -> Result<Vec<String>, Error> {
    queries::values(connection, sql!("referencing_keys"), &[Arg::Int(partition.into())], "name")
}

/// Detaches a partition in the caller's transaction, under the necessary locks, and disposes of it. For a slice, deletes
/// the rows.
pub fn retire(partition: &Partition, options: &Options, manifest: &Manifest) -> Result<(), Error> {
    if manifest.slice.is_some() {
        return delete_rows(partition, options, manifest);
    }
    let Some(parent) = &partition.parent else { return Ok(()) };
    let (parent, table) = (parent.quoted(), partition.quoted());
    let patience = Patience::new(options);
    patience.retry(|| {
        // Lock the parent before the partition, as everybody does. One session retires at a time. While the rows are
        // compared, readers and writers of other partitions continue.
        patience.lock(&parent, "SHARE UPDATE EXCLUSIVE")?;
        patience.lock(&table, "SHARE")?;
        require_unchanged(partition, options, manifest)?;
        patience.lock(&parent, "ACCESS EXCLUSIVE")?;
        patience.lock(&table, "ACCESS EXCLUSIVE")?;
        change(&patience, &format!("ALTER TABLE {parent} DETACH PARTITION {table}"))?;
        dispose(partition, options, &patience)
    })
}

/// Deletes exactly the archived rows from their DEFAULT partition, or none. Writers to this partition are blocked
/// meanwhile; readers and writers of other partitions are not.
/// writes to other partitions, and all readers, are not blocked.
fn delete_rows(partition: &Partition, options: &Options, manifest: &Manifest) -> Result<(), Error> {
    let table = partition.quoted();
    let patience = Patience::new(options);
    patience.retry(|| {
        patience.lock(&table, "SHARE ROW EXCLUSIVE")?;
        let now = {
            let _pinned = GucGuard::archiving();
            let _snapshot = SnapshotGuard::committed();
            Partition::read(&Connection::open()?, partition.oid)?
        };
        if now.quoted() != table || now.parent.is_none() || now.bound.as_deref() != Some("DEFAULT") {
            return Err(RetireError::NotDefault(table.clone()).into());
        }
        require_unchanged(&now, options, manifest)?;
        let condition = slice::archived(&now, manifest)?.ok_or_else(|| RetireError::NotDefault(table.clone()))?;
        // The triggers contain code of the owner.
        let path = code_path(now.owner_oid, options.search_path.as_deref())?;
        let _pinned = GucGuard::running(patience.turn());
        let connection = Connection::open()?;
        let _code = as_code_owner_within(now.owner_oid, path.as_ref());
        let delete = queries::fill(sql!("delete_rows"), &[("table", &table), ("condition", &condition)])?;
        let deleted = connection.changed(&delete, &[])?;
        if u64::try_from(deleted).is_ok_and(|deleted| deleted == manifest.rows) {
            return Ok(());
        }
        Err(RetireError::RowsNotDeleted { table: table.clone(), archived: manifest.rows, deleted }.into())
    })
}

/// Drops or moves a detached partition if its rows are unchanged; in the caller's transaction.
pub fn finish(partition: &Partition, options: &Options, manifest: &Manifest) -> Result<(), Error> {
    let patience = Patience::new(options);
    patience.retry(|| {
        patience.lock(&partition.quoted(), "ACCESS EXCLUSIVE")?;
        require_unchanged(partition, options, manifest)?;
        dispose(partition, options, &patience)
    })
}

/// Compares the present rows of the partition with the archived ones.
pub fn require_unchanged(partition: &Partition, options: &Options, manifest: &Manifest) -> Result<(), Error> {
    let _pinned = GucGuard::archiving();
    // Rows that were committed between reading and locking count at every isolation level.
    let _snapshot = SnapshotGuard::committed();
    let connection = Connection::open()?;
    let changed = |what: &'static str| Error::from(RetireError::Changed { table: partition.quoted(), what });
    // The columns may have been altered before the lock.
    let now = partition.with_columns_of_now(&connection)?;
    let names = |name: &String| manifest.columns.iter().any(|column| column.name == *name);
    let stored = now.stored_columns(options.columns.as_deref())?;
    let is_there = |name: &str| now.columns.iter().any(|column| column.name == name);
    if !stored.iter().all(|column| names(&column.name)) || !manifest.columns.iter().all(|column| is_there(&column.name))
    {
        return Err(changed("columns"));
    }
    // If the rows of a slice stay, later rows must be archived with them. If they are deleted, later rows stay.
    let condition = match options.retire {
        Retire::Keep => slice::now(&now, manifest)?,
        _ => slice::archived(&now, manifest)?,
    };
    let found = digest_of(&connection, &now, manifest, condition.as_deref())?;
    if found.rows() == manifest.rows && found.hex() == manifest.table_digest() {
        return Ok(());
    }
    Err(changed("rows"))
}

/// Attaches a table as a partition. Runs as the owner of the parent: expressions in its key are evaluated for each row.
pub fn attach(parent: &Parent, table: &Partition, bound: &str, path: Option<&CodePath>) -> Result<(), Error> {
    let above = lock_parent(parent)?;
    // The server evaluates values of bounds as expressions, as the role that attaches.
    if !bound::is_printed(bound) {
        return Err(RetireError::Bound(table.quoted()).into());
    }
    // If no code runs, the table and the parent may have different owners. Indexes are always built as the table's owner.
    let owner = match table.owner_oid == above {
        true => above,
        false if key_evaluates(parent.oid)? => return Err(attached_by_another(&table.quoted(), &parent.quoted())),
        false => user(),
    };
    let _code = as_code_owner_within(owner, path);
    execute_within(&format!("ALTER TABLE {} ATTACH PARTITION {} {bound}", parent.quoted(), table.quoted()), 0)
}

/// Locks a partitioned table and returns its owner. The caller must have the owner's rights.
pub fn lock_parent(parent: &Parent) -> Result<u32, Error> {
    let denied = || Error::Denied {
        action: format!("attach a partition to {}", parent.quoted()),
        hint: "The rights of the table's owner are required; without the option attach the table is the caller's."
            .into(),
    };
    // A role without rights on the table must not lock it.
    if !has_role(owner_of(parent.oid)?) {
        return Err(denied());
    }
    let locked = rights::lock(&parent.schema, &parent.name, pg_sys::ShareUpdateExclusiveLock)?;
    let owner = owner_of(parent.oid)?;
    if locked == Some(parent.oid) && has_role(owner) { Ok(owner) } else { Err(denied()) }
}

/// Returns whether attaching a partition runs code that is not the server's own: expressions in keys, types of other roles,
/// foreign keys.
pub fn key_evaluates(parent: u32) -> Result<bool, Error> {
    // Rows are checked against the bounds of all ancestors. Foreign keys compare them by casts.
    queries::value(&Connection::open()?, sql!("key_evaluates"), &[Arg::Int(parent.into())], "found")
}

/// Returns the error: the server requires one role that owns both tables, and the parent's expressions must run as its
/// owner.
pub fn attached_by_another(table: &str, parent: &str) -> Error {
    Error::Denied {
        action: format!("attach {table} to {parent}"),
        hint: "Attaching runs code of the parent's owner (keys with expressions, foreign keys), and the table belongs to another role: ALTER TABLE … OWNER TO.".into(),
    }
}

/// Returns the OID of a table by its name as SQL.
pub fn oid_of(connection: &Connection, table: &str) -> Result<u32, Error> {
    queries::value(connection, sql!("table_oid"), &[Arg::Text(table)], "oid")
}

fn dispose(partition: &Partition, options: &Options, patience: &Patience) -> Result<(), Error> {
    let table = partition.quoted();
    match (options.retire, &options.move_to) {
        (Retire::Drop, _) => change(patience, &format!("DROP TABLE {table}")),
        (Retire::Move, Some(schema)) => change(patience, &format!("ALTER TABLE {table} SET SCHEMA {}", ident(schema))),
        _ => Ok(()),
    }
}

/// Runs a statement that may lock further tables, such as those that foreign keys reference.
fn change(patience: &Patience, statement: &str) -> Result<(), Error> {
    require_nobody_waits()?;
    let _pinned = GucGuard::running(patience.turn());
    patience.wait(|| execute_within(statement, 0))
}

/// Attaches a detached partition again. Waits for locks as the options say.
pub fn attach_again(parent: &Parent, table: &Partition, bound: &str, options: &Options) -> Result<(), Error> {
    let patience = Patience::new(options);
    patience.retry(|| {
        let _pinned = GucGuard::running(patience.turn());
        patience.wait(|| attach(parent, table, bound, None))
    })
}
