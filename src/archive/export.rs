//! Archiving one partition, in the caller's transaction: read, stored, proved, recorded, and only then retired. What is
//! stored goes where the call or its transaction fails.

use std::rc::Rc;

use pgmeta_archive::manifest::{Column, FORMAT_VERSION, Manifest};
use pgmeta_archive::options::{Options, Retire};
use pgmeta_archive::store::Store;
use pgmeta_archive::template::{Names, default_template, escaped, fill};
use pgmeta_archive::{Batches, Sink, bound};
use pgmeta_core::rows::take;
use pgrx::{PgSqlErrorCode, PgXactCallbackEvent, register_xact_callback};

use crate::archive::partition::Partition;
use crate::archive::pipe::Pipe;
use crate::archive::record::{self, New, Stored, write_manifest};
use crate::archive::retire;
use crate::archive::rows::{Rows, require_proof};
use crate::archive::storage::{Storage, failed};
use crate::error::Error;
use crate::guc::Pinned;
use crate::server;
use crate::spi::{Arg, Connection};

/// What to archive, and how.
pub struct Order<'a> {
    pub partition: u32,
    pub storage: &'a str,
    pub options: &'a Options,
    pub policy: Option<&'a str>,
    /// The SQL that makes the table again.
    pub ddl: String,
}

/// Archives a partition and returns the archive's number.
pub fn archive(order: Order<'_>) -> Result<i64, Error> {
    server::require_writable(c"pgmeta_archive()");
    let Order { options, .. } = order;
    let pinned = Pinned::archiving();
    let connection = Connection::open()?;
    let storage = Storage::open(&connection, order.storage)?;
    lock(&connection, order.partition)?;
    let partition = Partition::read(&connection, order.partition)?;
    retire::check(&connection, &partition, options)?;
    let rows = Rows::of(&partition, options.columns.as_deref(), options.format)?;

    let store: Rc<dyn Store> = storage.store().into();
    let facts = Facts::read(&connection)?;
    let stem = stem(&partition, options, &facts.attempt)?;
    let key = format!("{stem}.{}{}", options.format.extension(), options.compression.suffix());
    let mut kept = Kept::new(&store);
    kept.add(&key);
    let (format, compression) = (options.format, options.compression);
    let sink = Sink::create(&*store, key.clone(), compression, options.compression_level);
    let pipe = sink.and_then(Pipe::start).map_err(failed("create", &key))?;
    let mut batches = Batches::new(format);
    rows.visit(&connection, |columns| {
        if let Some(batch) = batches.add(columns) {
            pipe.send(batch);
        }
    })?;
    let (last, digest) = batches.finish();
    let file = pipe.finish(last, digest.rows()).map_err(failed("write", &key))?;

    let columns = partition.stored_columns(options.columns.as_deref(), format)?;
    let columns = columns.into_iter().map(|column| Column {
        name: column.name.clone(),
        data_type: column.data_type.clone(),
        generated: column.generated,
    });
    let manifest = Manifest {
        format_version: FORMAT_VERSION,
        pgmeta_version: env!("CARGO_PKG_VERSION").to_owned(),
        server_version_num: server::version_num(),
        database: facts.database,
        schema: partition.schema.clone(),
        partition: partition.name.clone(),
        parent: partition.parent.as_ref().map(|parent| parent.quoted()),
        bound: partition.bound.clone(),
        columns: columns.collect(),
        ddl: order.ddl,
        format,
        compression,
        rows: digest.rows(),
        row_digest: digest.hex(),
        lsn: facts.lsn,
        written_at: facts.now,
        files: vec![file],
    };
    let location = format!("{stem}.manifest.json");
    kept.add(&location);
    let sha256 = write_manifest(&*store, &location, &manifest)?;
    let quoted = partition.quoted();
    let new = New {
        policy: order.policy,
        partition: partition.oid,
        quoted: &quoted,
        retire: options.retire.word(),
        storage: &storage.name,
        location: &location,
        sha256: &sha256,
        manifest: &manifest,
    };
    let id = record::stored(&connection, &new)?;
    require_proof(&Stored { partition: partition.oid, location, sha256, store: storage.store() })?;
    drop(connection);
    drop(pinned);
    if options.retire != Retire::Keep {
        retire::retire(&partition, options, &rows, &manifest)?;
        let _pinned = Pinned::new();
        record::becomes(&Connection::open()?, id, "retired", Some(options.retire.word()))?;
    }
    kept.until_abort();
    Ok(id)
}

/// Keeps others from archiving the same table until the transaction ends.
fn lock(connection: &Connection, partition: u32) -> Result<(), Error> {
    // "pgm" and "A" as a number: locks of other programs have other first keys.
    const LOCK: &str = "SELECT pg_catalog.pg_try_advisory_xact_lock(1885826369, $1::oid::int4) AS locked";
    let mut locked = false;
    connection.read(LOCK, &[Arg::Int(partition.into())], &["locked"], |cells| {
        locked = take(cells, "locked")?;
        Ok(())
    })?;
    if locked {
        return Ok(());
    }
    Err(Error::from_parts(
        PgSqlErrorCode::ERRCODE_LOCK_NOT_AVAILABLE,
        "the partition is being archived by another session",
        "Wait for it to end; pgmeta.archives shows what it has done.",
    ))
}

struct Facts {
    database: String,
    lsn: String,
    now: String,
    attempt: String,
}

impl Facts {
    fn read(connection: &Connection) -> Result<Self, Error> {
        const FACTS: &str = "SELECT pg_catalog.current_database()::text AS database, pg_catalog.pg_current_wal_lsn()::text AS lsn, \
            pg_catalog.clock_timestamp()::text AS now, pg_catalog.left(pg_catalog.gen_random_uuid()::text, 13) AS attempt";
        let mut facts = None;
        connection.read(FACTS, &[], &["database", "lsn", "now", "attempt"], |cells| {
            let database = take(cells, "database")?;
            let lsn = take(cells, "lsn")?;
            facts = Some(Self { database, lsn, now: take(cells, "now")?, attempt: take(cells, "attempt")? });
            Ok(())
        })?;
        facts.ok_or(Error::Spi(0))
    }
}

/// Returns the path of an archive's files without their endings; no other attempt has the same.
fn stem(partition: &Partition, options: &Options, attempt: &str) -> Result<String, Error> {
    let lower = partition.bound.as_deref().and_then(bound::parse).and_then(|bound| match bound {
        bound::Bound::Range { lower: bound::End::Value(lower), .. } => Some(lower),
        _ => None,
    });
    let parent = partition.parent.as_ref();
    let names = Names {
        schema: parent.map_or(&partition.schema, |parent| &parent.schema),
        table: parent.map_or(&partition.name, |parent| &parent.name),
        partition: &partition.name,
        lower: lower.as_deref(),
    };
    let template = options.path_template.as_deref().unwrap_or(default_template(&names));
    let folder = fill(template, &names).map_err(|error| {
        Error::from_parts(
            PgSqlErrorCode::ERRCODE_INVALID_PARAMETER_VALUE,
            &error.to_string(),
            "Partitions by time have a date: others take a path_template without one.",
        )
    })?;
    let separator = if folder.is_empty() { "" } else { "/" };
    Ok(format!("{folder}{separator}{}-{attempt}", escaped(&partition.name)))
}

/// Files that go again unless all ends well.
struct Kept {
    store: Rc<dyn Store>,
    keys: Vec<String>,
}

impl Kept {
    fn new(store: &Rc<dyn Store>) -> Self {
        Self { store: Rc::clone(store), keys: Vec::new() }
    }

    fn add(&mut self, key: &str) {
        self.keys.push(key.to_owned());
    }

    /// From here on it is the transaction that must end well.
    fn until_abort(mut self) {
        let (store, keys) = (Rc::clone(&self.store), std::mem::take(&mut self.keys));
        let gone = std::panic::AssertUnwindSafe(move || remove(&*store, &keys));
        register_xact_callback(PgXactCallbackEvent::Abort, move || {
            let gone = &gone;
            (gone.0)();
        });
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        remove(&*self.store, &self.keys);
    }
}

fn remove(store: &dyn Store, keys: &[String]) {
    for key in keys {
        // What was never written is not there; what cannot be removed has no manifest that is recorded.
        let _ = store.delete(key);
    }
}
