//! Archiving one partition, in the caller's transaction: read, stored, proved, recorded, and only then retired. What is
//! stored goes where the call or its transaction fails.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use pgmeta_archive::digest::RowDigest;
use pgmeta_archive::manifest::{Column, DataFile, FORMAT_VERSION, Manifest};
use pgmeta_archive::options::{Options, Retire};
use pgmeta_archive::template::{Names, default_template, escaped, fill};
use pgmeta_archive::{Layout, bound};
use pgmeta_core::rows::take;
use pgrx::{PgSqlErrorCode, PgXactCallbackEvent, XactCallbackReceipt, register_xact_callback};

use crate::archive::away::Away;
use crate::archive::partition::Partition;
use crate::archive::pipe::Pipe;
use crate::archive::record::{self, New, Stored, write_manifest};
use crate::archive::retire;
use crate::archive::rows::{Refusal, Rows, require_proof};
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
    let timeout = Duration::from_millis(options.upload_timeout.into());
    let storage = Storage::open_within(&connection, order.storage, timeout)?;
    lock(&connection, order.partition)?;
    let partition = Partition::read(&connection, order.partition)?;
    retire::check(&connection, &partition, options)?;
    let facts = Facts::read(&connection)?;
    let stem = stem(&partition, options, &facts.attempt)?;
    let away = storage.away;
    let mut kept = Kept::new(&away);
    kept.add(&stem);
    let (rows, files, digest) = write(&connection, &away, &partition, options, &stem)?;

    let stored = partition.stored_columns(options.columns.as_deref(), options.format)?;
    let columns = stored.into_iter().zip(rows.fields().iter()).map(|(column, field)| Column {
        name: column.name.clone(),
        data_type: column.data_type.clone(),
        generated: column.generated,
        kind: field.kind,
    });
    let manifest = Manifest {
        format_version: FORMAT_VERSION,
        pgmeta_version: env!("CARGO_PKG_VERSION").to_owned(),
        server_version_num: server::version_num(),
        database: facts.database,
        encoding: facts.encoding,
        schema: partition.schema.clone(),
        partition: partition.name.clone(),
        parent: partition.parent.as_ref().map(|parent| parent.quoted()),
        bound: partition.bound.clone(),
        columns: columns.collect(),
        ddl: order.ddl,
        format: options.format,
        compression: options.compression,
        rows: digest.rows(),
        row_digest: digest.hex(),
        lsn: facts.lsn,
        written_at: facts.now,
        files,
    };
    let location = format!("{stem}.manifest.json");
    let sha256 = write_manifest(&away, &location, &manifest)?;
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
    require_proof(&Stored { partition: partition.oid, location, sha256, away })?;
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

/// Writes the rows; what a column's type in the files cannot hold makes the column text, and all is written anew.
fn write(
    connection: &Connection,
    away: &Away,
    partition: &Partition,
    options: &Options,
    stem: &str,
) -> Result<(Rows, Vec<DataFile>, RowDigest), Error> {
    let mut as_text = Vec::new();
    loop {
        let rows = Rows::of(partition, options.columns.as_deref(), options.format, &as_text)?;
        let rows = rows.in_groups(options.row_group_size);
        let layout = Layout {
            format: options.format,
            fields: Arc::clone(rows.fields()),
            compression: options.compression,
            level: options.compression_level,
            file_size: Some(options.file_size),
        };
        let pipe = Pipe::start(away, stem, layout).map_err(failed("create", stem))?;
        match rows.batches(connection, |batch| pipe.send(batch)) {
            Ok(last) => {
                let (files, digest) = pipe.finish(last).map_err(failed("write", stem))?;
                return Ok((rows, files, digest));
            }
            Err(Refusal::Unfit(column)) => {
                drop(pipe);
                clear(away, stem)?;
                as_text.push(column);
            }
            Err(Refusal::Error(error)) => return Err(error),
        }
    }
}

/// Removes the files of an attempt.
fn clear(away: &Away, stem: &str) -> Result<(), Error> {
    let prefix = stem.to_owned();
    let gone = away.run(move |store| store.list(&prefix)?.iter().try_for_each(|key| store.delete(key)));
    gone.map_err(failed("remove", stem))
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
    encoding: String,
}

impl Facts {
    fn read(connection: &Connection) -> Result<Self, Error> {
        const FACTS: &str = "SELECT pg_catalog.current_database()::text AS database, pg_catalog.pg_current_wal_lsn()::text AS lsn, \
            pg_catalog.clock_timestamp()::text AS now, pg_catalog.left(pg_catalog.gen_random_uuid()::text, 13) AS attempt, pg_catalog.getdatabaseencoding()::text AS encoding";
        let mut facts = None;
        connection.read(FACTS, &[], &["database", "lsn", "now", "attempt", "encoding"], |cells| {
            let (database, lsn, now) = (take(cells, "database")?, take(cells, "lsn")?, take(cells, "now")?);
            let attempt = take(cells, "attempt")?;
            facts = Some(Self { database, lsn, now, attempt, encoding: take(cells, "encoding")? });
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

/// Files that go again unless all ends well: if the call fails, if its transaction does, or the session.
struct Kept {
    files: Rc<Files>,
    on_abort: Option<XactCallbackReceipt>,
}

struct Files {
    away: Away,
    stems: RefCell<Vec<String>>,
}

impl Kept {
    fn new(away: &Away) -> Self {
        let files = Rc::new(Files { away: away.clone(), stems: RefCell::default() });
        let gone = std::panic::AssertUnwindSafe(Rc::clone(&files));
        let on_abort = register_xact_callback(PgXactCallbackEvent::Abort, move || {
            let gone = &gone;
            gone.0.remove();
        });
        Self { files, on_abort: Some(on_abort) }
    }

    fn add(&mut self, stem: &str) {
        self.files.stems.borrow_mut().push(stem.to_owned());
    }

    /// From here on it is the transaction that must end well.
    fn until_abort(mut self) {
        self.on_abort = None;
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if let Some(on_abort) = self.on_abort.take() {
            on_abort.unregister_callback();
            self.files.remove();
        }
    }
}

impl Files {
    /// What was never written is not there; what cannot be removed has no manifest that is recorded.
    fn remove(&self) {
        let stems = self.stems.take();
        self.away.last(move |store| {
            for key in stems.iter().flat_map(|stem| store.list(stem).unwrap_or_default()) {
                drop(store.delete(&key));
            }
        });
    }
}
