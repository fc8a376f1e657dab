//! Retires a partition whose archive is verified: it is detached, moved or dropped under locks that keep its rows
//! as they are, and only where these are the archived ones. Who reads or writes the rest of the table is kept off for a moment
//! only. Never CASCADE.

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
use crate::guc::Pinned;
use crate::rights::{self, CodePath, as_code_owner_within, code_path, has_role, owner_of, user};
use crate::spi::{Arg, Connection, Latest, execute_within};

/// Refuses before anything is read what could not be retired afterwards.
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

/// Takes a partition off its parent, in the caller's transaction, under the locks that it needs; of an archive of a slice, the rows are
/// deleted.
pub fn retire(partition: &Partition, options: &Options, manifest: &Manifest) -> Result<(), Error> {
    if manifest.slice.is_some() {
        return delete_rows(partition, options, manifest);
    }
    let Some(parent) = &partition.parent else { return Ok(()) };
    let (parent, table) = (parent.quoted(), partition.quoted());
    let patience = Patience::new(options);
    patience.retry(|| {
        // Parent before partition, as all others take them. One session retires at a time; readers, and writers elsewhere, go
        // on while the rows are read.
        patience.lock(&parent, "SHARE UPDATE EXCLUSIVE")?;
        patience.lock(&table, "SHARE")?;
        require_unchanged(partition, options, manifest)?;
        patience.lock(&parent, "ACCESS EXCLUSIVE")?;
        patience.lock(&table, "ACCESS EXCLUSIVE")?;
        change(&patience, &format!("ALTER TABLE {parent} DETACH PARTITION {table}"))?;
        dispose(partition, options, &patience)
    })
}

/// Deletes the archived rows from their DEFAULT partition: those alone, and all of them, or none. Nobody writes to it meanwhile; who
/// writes to other partitions, and all readers, are not blocked.
fn delete_rows(partition: &Partition, options: &Options, manifest: &Manifest) -> Result<(), Error> {
    let table = partition.quoted();
    let patience = Patience::new(options);
    patience.retry(|| {
        patience.lock(&table, "SHARE ROW EXCLUSIVE")?;
        let now = {
            let _pinned = Pinned::archiving();
            let _latest = Latest::committed();
            Partition::read(&Connection::open()?, partition.oid)?
        };
        if now.quoted() != table || now.parent.is_none() || now.bound.as_deref() != Some("DEFAULT") {
            return Err(RetireError::NotDefault(table.clone()).into());
        }
        require_unchanged(&now, options, manifest)?;
        let condition = slice::archived(&now, manifest)?.ok_or_else(|| RetireError::NotDefault(table.clone()))?;
        // Its triggers are the owner's code.
        let path = code_path(now.owner_oid, options.search_path.as_deref())?;
        let _pinned = Pinned::running(patience.turn());
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

/// Compares what the partition has now with what was archived.
pub fn require_unchanged(partition: &Partition, options: &Options, manifest: &Manifest) -> Result<(), Error> {
    let _pinned = Pinned::archiving();
    // What was committed between the reading and the lock counts, whatever the transaction's isolation.
    let _latest = Latest::committed();
    let connection = Connection::open()?;
    let changed = |what: &'static str| Error::from(RetireError::Changed { table: partition.quoted(), what });
    // Nobody has kept others from changing the table meanwhile.
    let now = partition.with_columns_of_now(&connection)?;
    let names = |name: &String| manifest.columns.iter().any(|column| column.name == *name);
    let stored = now.stored_columns(options.columns.as_deref())?;
    let is_there = |name: &str| now.columns.iter().any(|column| column.name == name);
    if !stored.iter().all(|column| names(&column.name)) || !manifest.columns.iter().all(|column| is_there(&column.name))
    {
        return Err(changed("columns"));
    }
    // Of a slice whose rows stay, those that came later are to be archived with the others; of one whose rows go, they stay.
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

/// Makes a table a partition, as the owner of its parent: whose expressions of the key are evaluated for each row.
pub fn attach(parent: &Parent, table: &Partition, bound: &str, path: Option<&CodePath>) -> Result<(), Error> {
    let above = lock_parent(parent)?;
    // Values of bounds are expressions to the server, which evaluates them as whoever attaches.
    if !bound::is_printed(bound) {
        return Err(RetireError::Bound(table.quoted()).into());
    }
    // Where nobody's code is run, the table may be another's than the parent. Indexes are built as the table's owner in any case.
    let owner = match table.owner_oid == above {
        true => above,
        false if key_evaluates(parent.oid)? => return Err(attached_by_another(&table.quoted(), &parent.quoted())),
        false => user(),
    };
    let _code = as_code_owner_within(owner, path);
    execute_within(&format!("ALTER TABLE {} ATTACH PARTITION {} {bound}", parent.quoted(), table.quoted()), 0)
}

/// Locks a partitioned table that the caller has the rights of, and returns its owner.
pub fn lock_parent(parent: &Parent) -> Result<u32, Error> {
    let denied = || Error::Denied {
        action: format!("attach a partition to {}", parent.quoted()),
        hint: "The rights of the table's owner are required; without the option attach the table is the caller's."
            .into(),
    };
    // Who has no rights on it cannot lock it either.
    if !has_role(owner_of(parent.oid)?) {
        return Err(denied());
    }
    let locked = rights::lock(&parent.schema, &parent.name, pg_sys::ShareUpdateExclusiveLock)?;
    let owner = owner_of(parent.oid)?;
    if locked == Some(parent.oid) && has_role(owner) { Ok(owner) } else { Err(denied()) }
}

/// Returns whether attaching a partition evaluates what is not the server's own: expressions of keys, types of others, foreign keys.
pub fn key_evaluates(parent: u32) -> Result<bool, Error> {
    // Rows are checked against the bounds of all levels above, and foreign keys compare them by casts.
    queries::value(&Connection::open()?, sql!("key_evaluates"), &[Arg::Int(parent.into())], "found")
}

/// The server wants one role that owns both tables, and the parent's expressions are to run as no other than its owner.
pub fn attached_by_another(table: &str, parent: &str) -> Error {
    Error::Denied {
        action: format!("attach {table} to {parent}"),
        hint: "Attaching runs code of the parent's owner (keys with expressions, foreign keys), and the table belongs to another role: ALTER TABLE … OWNER TO.".into(),
    }
}

/// Returns the OID of a table, as SQL writes its name.
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

/// Runs a statement that may take locks on further tables, such as those that foreign keys refer to.
fn change(patience: &Patience, statement: &str) -> Result<(), Error> {
    require_nobody_waits()?;
    let _pinned = Pinned::running(patience.turn());
    patience.wait(|| execute_within(statement, 0))
}

/// Makes a partition again of what was detached, waiting for locks as long as the options say.
pub fn attach_again(parent: &Parent, table: &Partition, bound: &str, options: &Options) -> Result<(), Error> {
    let patience = Patience::new(options);
    patience.retry(|| {
        let _pinned = Pinned::running(patience.turn());
        patience.wait(|| attach(parent, table, bound, None))
    })
}
