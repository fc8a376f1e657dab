//! One attempt to archive a partition, stage by stage: what it knows before it reads, the scan, what was written. Who calls
//! decides which transaction is which, and records it.

use std::sync::Arc;
use std::time::Duration;

use pgmeta_archive::digest::RowDigest;
use pgmeta_archive::manifest::{Column, DataFile, FORMAT_VERSION, Manifest};
use pgmeta_archive::options::Options;
use pgmeta_archive::template::{Names, default_template, escaped, fill};
use pgmeta_archive::{Batch, Layout, bound};
use pgmeta_core::rows::take;
use pgrx::PgSqlErrorCode;

use crate::archive::away::{Away, remove};
use crate::archive::partition::Partition;
use crate::archive::pipe::Pipe;
use crate::archive::record::{Begun, write_manifest};
use crate::archive::retire;
use crate::archive::rows::{Refusal, Rows};
use crate::archive::storage::{Purpose, Storage, failed};
use crate::error::Error;
use crate::guc;
use crate::rights::require_readable;
use crate::server;
use crate::spi::Connection;

/// What to archive, and how.
pub struct Order<'a> {
    pub partition: u32,
    pub storage: &'a str,
    pub options: &'a Options,
    pub policy: Option<&'a str>,
    /// The SQL that makes the table again.
    pub ddl: String,
}

/// Returns the SQL that makes a table.
pub type DdlOf = fn(u32) -> Result<String, Error>;

/// An attempt that may begin.
pub struct Attempt {
    pub partition: Partition,
    pub away: Away,
    /// What the keys of all its files begin with; no other attempt has the same.
    pub stem: String,
    storage: String,
    facts: Facts,
}

/// Rows that are read, and on their way to the storage.
pub struct Scanned {
    rows: Rows,
    pipe: Pipe,
    last: Batch,
}

/// Rows that are stored.
pub struct Written {
    rows: Rows,
    files: Vec<DataFile>,
    digest: RowDigest,
}

/// A manifest that is stored.
pub struct Committed {
    pub manifest: Manifest,
    pub location: String,
    pub sha256: String,
}

impl Attempt {
    /// Finds what there is to archive, and refuses what could not be.
    pub fn new(connection: &Connection, order: &Order<'_>) -> Result<Self, Error> {
        Self::of(connection, order, None)
    }

    /// An attempt that was begun in an earlier transaction, under this stem.
    pub fn begun_before(connection: &Connection, order: &Order<'_>, stem: String) -> Result<Self, Error> {
        Self::of(connection, order, Some(stem))
    }

    fn of(connection: &Connection, order: &Order<'_>, begun: Option<String>) -> Result<Self, Error> {
        let timeout = order.options.upload_timeout.unwrap_or_else(guc::archive_upload_timeout);
        let storage =
            Storage::open_within(connection, order.storage, Purpose::Write, Duration::from_millis(timeout.into()))?;
        let partition = Partition::read(connection, order.partition)?;
        require_readable(partition.oid)?;
        retire::check(connection, &partition, order.options)?;
        let facts = Facts::read(connection)?;
        let stem = begun.map_or_else(|| stem(&partition, order.options, &facts.attempt), Ok)?;
        Ok(Self { partition, away: storage.away, stem, storage: storage.name, facts })
    }

    /// Calls something with what is to be recorded.
    pub fn begun<T>(&self, order: &Order<'_>, record: impl FnOnce(&Begun<'_>) -> T) -> T {
        let partition = &self.partition;
        let parent = partition.parent.as_ref().map(|parent| parent.quoted());
        record(&Begun {
            policy: order.policy,
            partition: partition.oid,
            quoted: &partition.quoted(),
            parent: parent.as_deref(),
            parent_oid: partition.parent.as_ref().map(|parent| parent.oid),
            owner: Some((&partition.owner, partition.owner_oid)),
            bound: partition.bound.as_deref(),
            retire: order.options.retire.word(),
            storage: &self.storage,
            stem: &self.stem,
        })
    }

    /// Reads the rows; what a column's type in the files cannot hold makes the column text, and all is written anew.
    pub fn scan(&self, connection: &Connection, options: &Options) -> Result<Scanned, Error> {
        let mut as_text = Vec::new();
        loop {
            let rows = Rows::of(&self.partition, options.columns.as_deref(), options.format, &as_text)?;
            let rows = rows.in_groups(options.row_group_size);
            let layout = Layout {
                format: options.format,
                fields: Arc::clone(rows.fields()),
                compression: options.compression,
                level: options.compression_level,
                file_size: Some(options.file_size),
            };
            let pipe = Pipe::start(&self.away, &self.stem, layout).map_err(failed("create", &self.stem))?;
            match rows.batches(connection, |batch| pipe.send(batch)) {
                Ok(last) => return Ok(Scanned { rows, pipe, last }),
                Err(Refusal::Unfit(column)) => {
                    drop(pipe);
                    clear(&self.away, &self.stem)?;
                    as_text.push(column);
                }
                Err(Refusal::Error(error)) => return Err(error),
            }
        }
    }

    /// Waits until the rows are stored.
    pub fn store(&self, scanned: Scanned) -> Result<Written, Error> {
        let Scanned { rows, pipe, last } = scanned;
        let (files, digest) = pipe.finish(last).map_err(failed("write", &self.stem))?;
        Ok(Written { rows, files, digest })
    }

    /// Stores the manifest, which makes the files an archive.
    pub fn commit(&self, written: Written, order: &Order<'_>) -> Result<Committed, Error> {
        let Self { partition, facts, .. } = self;
        let Written { rows, files, digest } = written;
        let options = order.options;
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
            database: facts.database.clone(),
            encoding: rows.encoding(&facts.encoding).to_owned(),
            schema: partition.schema.clone(),
            partition: partition.name.clone(),
            parent: partition.parent.as_ref().map(|parent| parent.quoted()),
            bound: partition.bound.clone(),
            columns: columns.collect(),
            ddl: order.ddl.clone(),
            format: options.format,
            compression: options.compression,
            rows: digest.rows(),
            row_digest: digest.hex(),
            lsn: facts.lsn.clone(),
            written_at: facts.now.clone(),
            files,
        };
        let location = format!("{}.manifest.json", self.stem);
        let sha256 = write_manifest(&self.away, &location, &manifest)?;
        Ok(Committed { manifest, location, sha256 })
    }
}

/// Removes the files of an attempt.
pub fn clear(away: &Away, stem: &str) -> Result<(), Error> {
    let prefix = stem.to_owned();
    let gone = away.run(move |store| remove(&**store, &prefix));
    gone.map_err(failed("remove", stem))
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
