//! One attempt to archive a partition, stage by stage: definition, scan, upload, manifest. The caller manages transactions
//! and records each stage.

use std::sync::Arc;
use std::time::Duration;

use pgmeta_archive::composite::Composite;
use pgmeta_archive::digest::RowDigest;
use pgmeta_archive::format::Format;
use pgmeta_archive::manifest::{Column, DataFile, Manifest, Properties, Slice, Values, version_of};
use pgmeta_archive::options::Options;
use pgmeta_archive::{FRAME, FileOptions, keys};

use crate::archive::errors::TransferError;
use crate::archive::policy::default_rows;
use crate::archive::policy::folder::folder;
use crate::archive::policy::slice::condition;
use crate::archive::policy::storage::{Purpose, Storage, failed};
use crate::archive::queries;
use crate::archive::records::{Begun, write_manifest};
use crate::archive::retire;
use crate::archive::transfer::partition::Partition;
use crate::archive::transfer::rows::{Read, Refusal, Rows};
use crate::archive::transfer::store_client::{StoreClient, remove};
use crate::archive::transfer::types::composites_of;
use crate::archive::transfer::upload::Uploader;
use crate::error::Error;
use crate::guc;
use crate::rights::require_readable;
use crate::server;
use crate::spi::Connection;

/// What to archive and how.
pub struct ArchiveRequest<'a> {
    pub partition: u32,
    /// The rows to archive, if not all.
    pub slice: Option<Slice>,
    pub storage: &'a str,
    pub options: &'a Options,
    pub policy: Option<&'a str>,
    pub ddl: Definition,
}

/// The definition of a table.
pub struct Definition {
    /// The SQL that creates it.
    pub text: String,
    /// Its further properties.
    pub properties: Option<Properties>,
}

/// A function that returns the definition of a table.
pub type DdlOf = fn(u32) -> Result<Definition, Error>;

/// An attempt that has not read any rows yet.
pub struct Attempt {
    pub partition: Partition,
    pub client: StoreClient,
    /// The prefix of the keys of all files. It is unique to the attempt.
    pub stem: String,
    slice: Option<Slice>,
    storage: String,
    server: ServerInfo,
}

/// Rows that were read and are being uploaded.
pub struct Scanned {
    rows: Rows,
    uploader: Uploader,
    read: Read,
    composites: Vec<Composite>,
    snapshot: Option<String>,
}

/// Rows that are stored.
pub struct StoredRows {
    rows: Rows,
    files: Vec<DataFile>,
    digest: RowDigest,
    values: Option<RowDigest>,
    composites: Vec<Composite>,
    snapshot: Option<String>,
}

/// A manifest that is stored.
pub struct Committed {
    pub manifest: Manifest,
    pub location: String,
    pub sha256: String,
}

impl Attempt {
    /// Reads the table, and returns an error if it cannot be archived.
    pub fn new(connection: &Connection, order: &ArchiveRequest<'_>) -> Result<Self, Error> {
        Self::of(connection, order, None)
    }

    /// Continues an attempt that an earlier transaction began with this stem.
    pub fn resume(connection: &Connection, order: &ArchiveRequest<'_>, stem: String) -> Result<Self, Error> {
        Self::of(connection, order, Some(stem))
    }

    fn of(connection: &Connection, order: &ArchiveRequest<'_>, begun: Option<String>) -> Result<Self, Error> {
        let timeout = order.options.upload_timeout.unwrap_or_else(guc::archive_upload_timeout);
        let storage =
            Storage::open_within(connection, order.storage, Purpose::Write, Duration::from_millis(timeout.into()))?;
        let mut partition = Partition::read(connection, order.partition)?;
        require_readable(partition.oid)?;
        let slice = order.slice.clone();
        if let Some(slice) = &slice {
            partition.rows = default_rows::count(connection, &partition, slice)?;
        }
        retire::check(connection, &partition, order.options)?;
        let server = queries::one::<ServerInfo>(connection, &[])?;
        let stem = match begun {
            Some(stem) => stem,
            None => {
                let folder = folder(connection, &partition, slice.as_ref(), order.options)?;
                keys::stem(&folder, &partition.name, &server.attempt)
            }
        };
        Ok(Self { partition, client: storage.client, stem, slice, storage: storage.name, server })
    }

    /// Passes the data to record about the start of the attempt to `record`.
    pub fn begun<T>(&self, order: &ArchiveRequest<'_>, record: impl FnOnce(&Begun<'_>) -> T) -> T {
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
            slice: self.slice.as_ref(),
            retire: order.options.retire.word(),
            storage: &self.storage,
            stem: &self.stem,
            changes: partition.changes,
        })
    }

    /// Reads the rows. If the type of a column cannot hold a value, the column becomes text and all rows are written again.
    pub fn scan(&self, connection: &Connection, options: &Options) -> Result<Scanned, Error> {
        let condition = self.slice.as_ref().map(|slice| condition(&self.partition, slice)).transpose()?;
        // The snapshot in which the rows are read.
        let snapshot = match &condition {
            Some(_) => Some(queries::value(connection, sql!("current_snapshot"), &[], "snapshot")?),
            None => None,
        };
        let mut as_text = Vec::new();
        let composites = || composites_of(connection, self.partition.oid, options.columns.as_deref());
        let before = composites()?;
        loop {
            let rows =
                Rows::of(&self.partition, options.columns.as_deref(), options.format, options.parquet_types, &as_text)?;
            let rows = rows.only(condition.as_deref()).for_files(options);
            let file_options = FileOptions {
                format: options.format,
                fields: Arc::clone(rows.fields()),
                compression: options.compression,
                level: options.compression_level,
                // Each thread needs memory for a frame and its compressed form.
                threads: guc::archive_compress_threads().min(guc::archive_memory() / (4 * FRAME)).max(1),
                file_size: Some(options.file_size),
            };
            let uploader =
                Uploader::start(&self.client, &self.stem, file_options).map_err(failed("create", &self.stem))?;
            match rows.batches(connection, |batch| uploader.send(batch)) {
                Ok(read) if composites()? == before => {
                    return Ok(Scanned { rows, uploader, read, composites: before, snapshot });
                }
                Ok(_) => {
                    return Err(TransferError::TypesChanged { table: self.partition.quoted() }.into());
                }
                Err(Refusal::NeedsText(column)) => {
                    drop(uploader);
                    delete_files(&self.client, &self.stem)?;
                    as_text.push(column);
                }
                Err(Refusal::Error(error)) => return Err(error),
            }
        }
    }

    /// Waits until all rows are stored.
    pub fn store(&self, scanned: Scanned) -> Result<StoredRows, Error> {
        let Scanned { rows, uploader, read: Read { last, values }, composites, snapshot } = scanned;
        let (files, digest) = uploader.finish(last).map_err(failed("write", &self.stem))?;
        Ok(StoredRows { rows, files, digest, values, composites, snapshot })
    }

    /// Stores the manifest. From then on the files are an archive.
    pub fn commit(&self, written: StoredRows, order: &ArchiveRequest<'_>) -> Result<Committed, Error> {
        let Self { partition, server, slice, .. } = self;
        let StoredRows { rows, files, digest, values, composites, snapshot } = written;
        let options = order.options;
        let stored = partition.stored_columns(options.columns.as_deref())?;
        let columns = stored.into_iter().zip(rows.fields().iter()).map(|(column, field)| Column {
            name: column.name.clone(),
            data_type: column.data_type.clone(),
            generated: column.generated,
            kind: field.kind,
            field_id: field.id,
        });
        let manifest = Manifest {
            format_version: version_of(slice.as_ref()),
            pgmeta_version: env!("CARGO_PKG_VERSION").to_owned(),
            server_version_num: server::version_num(),
            database: server.database.clone(),
            encoding: rows.encoding(&server.encoding).to_owned(),
            schema: partition.schema.clone(),
            partition: partition.name.clone(),
            parent: partition.parent.as_ref().map(|parent| parent.quoted()),
            bound: partition.bound.clone(),
            slice: slice.clone(),
            snapshot,
            columns: columns.collect(),
            composites,
            ddl: order.ddl.text.clone(),
            properties: order.ddl.properties.clone(),
            format: options.format,
            compression: options.compression,
            parquet_types: (options.format == Format::Parquet).then_some(options.parquet_types),
            rows: digest.rows(),
            row_digest: digest.hex(),
            values: values.map(|digest| Values { columns: rows.proved(), digest: digest.hex() }),
            lsn: server.lsn.clone(),
            written_at: server.now.clone(),
            files,
        };
        let location = keys::manifest(&self.stem);
        let sha256 = write_manifest(&self.client, &location, &manifest)?;
        Ok(Committed { manifest, location, sha256 })
    }
}

/// Deletes the files of an attempt.
pub fn delete_files(client: &StoreClient, stem: &str) -> Result<(), Error> {
    let prefix = stem.to_owned();
    let gone = client.run(move |store| remove(&**store, &prefix));
    gone.map_err(failed("remove", stem))
}

query! {
    struct ServerInfo = "server_facts" {
        database: String,
        lsn: String,
        now: String,
        attempt: String,
        encoding: String,
    }
}
