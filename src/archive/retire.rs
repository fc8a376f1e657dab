//! What becomes of a partition whose archive is proved: it is detached, moved or dropped under locks that keep its rows
//! as they are, and only where these are the archived ones. Who reads or writes the rest of the table is kept off for a moment
//! only. Never CASCADE.

use pgmeta_archive::manifest::Manifest;
use pgmeta_archive::options::{Options, Retire};
use pgmeta_core::ident::ident;
use pgmeta_core::rows::take;
use pgrx::{PgSqlErrorCode, pg_sys};

use crate::archive::partition::{Parent, Partition};
use crate::archive::rows::digest_of;
use crate::error::Error;
use crate::guc::{self, Pinned};
use crate::rights::{self, as_code_owner, has_role, owner_of, user};
use crate::server;
use crate::spi::{Arg, Connection, Latest, execute_within};

/// Refuses before anything is read what could not be retired afterwards.
pub fn check(connection: &Connection, partition: &Partition, options: &Options) -> Result<(), Error> {
    if options.retire == Retire::Keep {
        return Ok(());
    }
    if partition.parent.is_none() {
        return Err(Error::from_parts(
            PgSqlErrorCode::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            &format!("{} is not a partition", partition.quoted()),
            "Only partitions are retired; other tables are archived with retire \"keep\".",
        ));
    }
    let above = partition.parent.as_ref().map(|parent| owner_of(parent.oid)).transpose()?;
    if ![Some(partition.owner_oid), above].into_iter().flatten().all(has_role) {
        return Err(Error::Denied {
            action: format!("retire {}", partition.quoted()),
            hint: "It takes the rights of the owner of the partition and of its parent; retire \"keep\" takes SELECT only.".into(),
        });
    }
    match referencing(connection, partition.oid)?.as_slice() {
        [] => Ok(()),
        names => Err(Error::from_parts(
            PgSqlErrorCode::ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST,
            &format!("{} is referenced by foreign keys: {}", partition.quoted(), names.join(", ")),
            "Archive it with retire \"keep\", or drop the foreign keys before.",
        )),
    }
}

/// Returns the foreign keys that reference a partition or a table above it.
pub fn referencing(connection: &Connection, partition: u32) -> Result<Vec<String>, Error> {
    const FIND: &str = "SELECT pg_catalog.format('%I on %s', c.conname, c.conrelid::regclass) AS name FROM pg_catalog.pg_constraint c \
        WHERE c.contype = 'f' AND c.conparentid = 0 AND c.confrelid IN ( \
            SELECT $1::oid UNION ALL SELECT a.relid FROM pg_catalog.pg_partition_ancestors($1::oid::regclass) a) \
        ORDER BY 1";
    let mut names = Vec::new();
    connection.read(FIND, &[Arg::Int(partition.into())], &["name"], |cells| {
        names.push(take(cells, "name")?);
        Ok(())
    })?;
    Ok(names)
}

/// Takes a partition off its parent, in the caller's transaction, under the locks that it needs.
pub fn retire(partition: &Partition, options: &Options, manifest: &Manifest) -> Result<(), Error> {
    let Some(parent) = &partition.parent else { return Ok(()) };
    let table = partition.quoted();
    // Parent before partition, as all others take them. One session retires at a time; readers, and writers elsewhere, go on while
    // the rows are read.
    lock(&parent.quoted(), "SHARE UPDATE EXCLUSIVE", options)?;
    lock(&table, "SHARE", options)?;
    require_unchanged(partition, manifest)?;
    require_nobody_waits(partition)?;
    lock(&parent.quoted(), "ACCESS EXCLUSIVE", options)?;
    lock(&table, "ACCESS EXCLUSIVE", options)?;
    {
        let _pinned = Pinned::running(timeout(options));
        execute_within(&format!("ALTER TABLE {} DETACH PARTITION {table}", parent.quoted()), 0)?;
    }
    dispose(partition, options)
}

/// Ends what a detached partition is to become of, where it has the archived rows still; in the caller's transaction.
pub fn finish(partition: &Partition, options: &Options, manifest: &Manifest) -> Result<(), Error> {
    lock(&partition.quoted(), "ACCESS EXCLUSIVE", options)?;
    require_unchanged(partition, manifest)?;
    dispose(partition, options)
}

/// Compares what the partition has now with what was archived.
pub fn require_unchanged(partition: &Partition, manifest: &Manifest) -> Result<(), Error> {
    let _pinned = Pinned::archiving();
    // What was committed between the reading and the lock counts, whatever the transaction's isolation.
    let _latest = Latest::committed();
    let now = digest_of(&Connection::open()?, partition, manifest)?;
    if now.rows() == manifest.rows && now.hex() == manifest.row_digest {
        return Ok(());
    }
    Err(Error::from_parts(
        PgSqlErrorCode::ERRCODE_T_R_SERIALIZATION_FAILURE,
        &format!("the rows of {} have changed since they were read", partition.quoted()),
        "Nothing was retired or recorded. Try again.",
    ))
}

/// Makes a table a partition, as the owner of its parent: whose expressions of the key are evaluated for each row.
pub fn attach(parent: &Parent, table: &Partition, bound: &str) -> Result<(), Error> {
    let above = lock_parent(parent)?;
    // Where the key has no expressions, nobody's code is run, and the table may be another's than the parent.
    let owner = match key_evaluates(parent.oid)? {
        true if table.owner_oid == above => above,
        true => return Err(attached_by_another(&table.quoted(), &parent.quoted())),
        false => user(),
    };
    let _code = as_code_owner(owner);
    execute_within(&format!("ALTER TABLE {} ATTACH PARTITION {} {bound}", parent.quoted(), table.quoted()), 0)
}

/// Locks a partitioned table that the caller has the rights of, and returns its owner.
pub fn lock_parent(parent: &Parent) -> Result<u32, Error> {
    let denied = || Error::Denied {
        action: format!("attach a partition to {}", parent.quoted()),
        hint: "It takes the rights of the table's owner; without the option attach the table is the caller's.".into(),
    };
    // Who has no rights on it cannot lock it either.
    if !has_role(owner_of(parent.oid)?) {
        return Err(denied());
    }
    let locked = rights::lock(&parent.schema, &parent.name, pg_sys::ShareUpdateExclusiveLock)?;
    let owner = owner_of(parent.oid)?;
    if locked == Some(parent.oid) && has_role(owner) { Ok(owner) } else { Err(denied()) }
}

/// Returns whether attaching a partition evaluates what is not the server's own: expressions of keys, or types of others.
pub fn key_evaluates(parent: u32) -> Result<bool, Error> {
    const FIND: &str = "SELECT p.partexprs IS NOT NULL OR EXISTS (SELECT FROM pg_catalog.pg_attribute a \
            WHERE a.attrelid = p.partrelid AND a.attnum = ANY (p.partattrs) AND a.atttypid >= 16384) AS found \
        FROM pg_catalog.pg_partitioned_table p WHERE p.partrelid = $1::oid";
    Ok(Connection::open()?.value(FIND, &[Arg::Int(parent.into())], "found")?.unwrap_or(true))
}

/// The server wants one role that owns both tables, and the parent's expressions are to run as no other than its owner.
pub fn attached_by_another(table: &str, parent: &str) -> Error {
    Error::Denied {
        action: format!("attach {table} to {parent}"),
        hint: "The parent's key has expressions, and the table belongs to another role: ALTER TABLE … OWNER TO.".into(),
    }
}

/// Returns the OID of a table, as SQL writes its name.
pub fn oid_of(connection: &Connection, table: &str) -> Result<u32, Error> {
    Ok(connection.value("SELECT $1::regclass::oid AS oid", &[Arg::Text(table)], "oid")?.unwrap_or_default())
}

fn dispose(partition: &Partition, options: &Options) -> Result<(), Error> {
    let table = partition.quoted();
    let _pinned = Pinned::running(timeout(options));
    match (options.retire, &options.move_to) {
        (Retire::Drop, _) => execute_within(&format!("DROP TABLE {table}"), 0),
        (Retire::Move, Some(schema)) => execute_within(&format!("ALTER TABLE {table} SET SCHEMA {}", ident(schema)), 0),
        _ => Ok(()),
    }
}

/// Refuses where somebody waits for the partition, and holds the parent: waiting for the parent would be a deadlock, of which
/// they could be the victim.
fn require_nobody_waits(partition: &Partition) -> Result<(), Error> {
    const WAIT: &str = "SELECT EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE l.relation = $1::oid AND NOT l.granted \
        AND l.database = $2::oid) AS waits";
    let _pinned = Pinned::new();
    let args = [Arg::Int(partition.oid.into()), Arg::Int(server::own_database().into())];
    let waits: bool = Connection::open()?.value(WAIT, &args, "waits")?.unwrap_or_default();
    if !waits {
        return Ok(());
    }
    Err(Error::from_parts(
        PgSqlErrorCode::ERRCODE_LOCK_NOT_AVAILABLE,
        &format!("others wait to write to {}", partition.quoted()),
        "Try again when nobody writes to it.",
    ))
}

fn lock(table: &str, mode: &str, options: &Options) -> Result<(), Error> {
    let _pinned = Pinned::running(timeout(options));
    execute_within(&format!("LOCK TABLE ONLY {table} IN {mode} MODE"), 0)
}

/// Returns how long to wait for locks, in milliseconds.
pub fn timeout(options: &Options) -> i32 {
    i32::try_from(options.lock_timeout.unwrap_or_else(guc::archive_lock_timeout)).unwrap_or(i32::MAX)
}
