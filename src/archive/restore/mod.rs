//! Restores an archive into a table: completely or not at all. Verifies the stored files before, and the restored rows
//! afterwards.

mod changed_types;
mod column_map;
mod parent;
mod properties;
mod rows_back;
mod shape;
mod table;
mod table_owner;

use std::sync::Arc;

use pgmeta_archive::contents;
use pgmeta_archive::format::Format;
use pgmeta_archive::manifest::Manifest;
use pgmeta_core::ident::qualified;
use serde::Deserialize;

use crate::archive::errors::RestoreError;
use crate::archive::policy::storage::Purpose;
use crate::archive::records::access::require_reader;
use crate::archive::records::{Place, Stored, is_adopted, manifest_of, set_restored};
use crate::archive::restore::table_owner::TableOwner;
use crate::archive::retire::{attach, oid_of};
use crate::archive::transfer::copy_from::copy_from;
use crate::archive::transfer::download::Downloader;
use crate::archive::transfer::partition::Partition;
use crate::archive::transfer::rows::digest_of;
use crate::archive::transfer::verify::require_proof;
use crate::archive::transfer::version_1::{insert, insertion};
use crate::error::Error;
use crate::guc::GucGuard;
use crate::message::warn;
use crate::rights::{self, Code, CodePath, as_code_owner_within};
use crate::server;
use crate::spi::{Connection, SnapshotGuard, execute_within};

pub use properties::{PropertyGroup, PropertyStatement, PropertyStatements, PropertyStatementsOf};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Restore {
    /// The name of the new table as SQL. Without it, or as `original`: the partition's own name.
    pub into: Option<String>,
    /// Whether to attach the table as a partition.
    pub attach: bool,
    /// The partitioned table to attach it to, as SQL; by default the archive's own.
    pub parent: Option<String>,
    /// Whether the policy must not archive the partition again.
    pub hold: bool,
    /// The search_path, after pg_catalog, of functions that the table and its types call.
    pub search_path: Option<String>,
    /// Whether to restore the partition's properties; by default yes, unless the archive was adopted.
    pub properties: Option<bool>,
}

impl Default for Restore {
    fn default() -> Self {
        Self { into: None, attach: false, parent: None, hold: true, search_path: None, properties: None }
    }
}

/// Restores an archive; returns the table's OID. Code that the rows run, of the parent or of the columns' types, runs as
/// the owner of that code.
pub fn restore(id: i64, options: &Restore, property_statements: PropertyStatementsOf) -> Result<u32, Error> {
    server::require_writable("pgmeta_archive_restore")?;
    let path = options.search_path.as_deref().map(CodePath::parse).transpose()?;
    if options.parent.is_some() && !options.attach {
        return Err(Error::BadArgument {
            name: "option parent",
            value: options.parent.clone().unwrap_or_default(),
            hint: "It names what the table is attached to: set attach to true, or leave it out.".into(),
        });
    }
    let stored = {
        let _pinned = GucGuard::new();
        require_reader(&Connection::open()?, id)?;
        manifest_of(id, Purpose::Read)?
    };
    require_proof(&stored)?;
    let manifest = Arc::new(stored.manifest()?);
    let other = options.into.as_deref().filter(|name| *name != "original");
    // Rows of a DEFAULT partition are inserted into their table.
    let comes_back = manifest.slice.is_some() && other.is_none();
    if manifest.slice.is_some() && options.attach && !comes_back {
        return Err(Error::BadArgument {
            name: "option attach",
            value: "true".into(),
            hint: format!(
                "Archive {id} has rows of a DEFAULT partition, and is none: leave out attach, or leave out into."
            ),
        });
    }
    let parent = match options.attach || comes_back {
        true => Some(parent::find(id, &manifest, options.parent.as_deref())?),
        false => None,
    };
    let changed_types = changed_types::find(&manifest)?;
    let table = match (other, &parent) {
        (Some(name), _) => table::name_of(name)?,
        (None, Some(found)) if comes_back => {
            rows_back::require_gone(id, &found.parent)?;
            rows_back::beside(&found.parent, id)
        }
        (None, _) => qualified(&manifest.schema, &manifest.partition),
    };
    table::create(&manifest, &table)?;
    let oid = {
        let _pinned = GucGuard::archiving();
        let _snapshot = SnapshotGuard::new();
        oid_of(&Connection::open()?, &table)?
    };
    let of_types = match &parent {
        Some(_) => None,
        None => table::owner_of_types(oid)?,
    };
    if let Some(types) = &changed_types {
        types.create_temporary_types(oid, &table)?;
    }
    let code = match &parent {
        Some(parent::Found { owner, .. }) => {
            // Permanently: the owner's code may change its own table while rows are loaded.
            if *owner != rights::user() {
                rights::give(oid, *owner);
            }
            Some(*owner)
        }
        None => of_types,
    };
    let path = path.as_ref();
    let incoming = Incoming { stored: &stored, manifest: &manifest, oid, code, path };
    incoming.load(&table)?;
    prove_restored(id, &manifest, oid)?;
    if let Some(types) = &changed_types {
        types.convert_values(oid, &table, code)?;
    }
    if let (Some(found), true) = (&parent, comes_back) {
        let owner = TableOwner { role: found.owner, path };
        shape::reshape((oid, &table), found, &manifest, &owner)?;
        let default = rows_back::put_back((oid, &table), &found.parent, &manifest, &owner)?;
        let into = found.parent.quoted();
        let _pinned = GucGuard::new();
        let place = Place { table: &into, oid: default, is_original: true, held: options.hold };
        set_restored(&Connection::open()?, id, &place)?;
        return Ok(found.parent.oid);
    }
    if let Some(found) = &parent {
        let owner = TableOwner { role: found.owner, path };
        let renamed = become_partition((oid, &table), found, &manifest, &owner)?;
        if wants_properties(id, &table, options.properties)? {
            let had = (manifest.properties.as_ref(), renamed.as_slice());
            properties::restore_properties(id, (oid, &table), had, path, property_statements)?;
        }
    }
    let _pinned = GucGuard::new();
    let place = Place { table: &table, oid, is_original: other.is_none(), held: options.attach && options.hold };
    set_restored(&Connection::open()?, id, &place)?;
    Ok(oid)
}

/// Returns whether to restore the properties of a partition. The author of an adopted manifest could create triggers,
/// grants and row filters: the caller must say that he trusts the manifest.
fn wants_properties(id: i64, table: &str, wanted: Option<bool>) -> Result<bool, Error> {
    if let Some(wanted) = wanted {
        return Ok(wanted);
    }
    let _pinned = GucGuard::new();
    let adopted = is_adopted(&Connection::open()?, id)?;
    if adopted {
        warn(&format!(
            "{table} has nothing of its own but its rows: archive {id} was adopted, and the option properties true says that whoever writes to its storage is trusted"
        ));
    }
    Ok(!adopted)
}

/// Alters a table to match its parent and attaches it; returns its renamed columns.
fn become_partition(
    (oid, table): (u32, &str),
    found: &parent::Found,
    manifest: &Manifest,
    owner: &TableOwner<'_>,
) -> Result<Vec<(String, String)>, Error> {
    let renamed = shape::reshape((oid, table), found, manifest, owner)?;
    if let Some(bound) = &manifest.bound {
        let _pinned = GucGuard::running(0);
        let _snapshot = SnapshotGuard::new();
        let table = Partition::read(&Connection::open()?, oid)?;
        attach(&found.parent, &table, bound, owner.path).map_err(shape::hinted)?;
    }
    Ok(renamed)
}

/// The load of rows into a new table.
struct Incoming<'a> {
    stored: &'a Stored,
    manifest: &'a Arc<Manifest>,
    oid: u32,
    /// The role as which code of the table runs.
    code: Option<u32>,
    /// The search_path of that code.
    path: Option<&'a CodePath>,
}

impl Incoming<'_> {
    /// Loads the rows of all files into the table.
    fn load(&self, table: &str) -> Result<(), Error> {
        // COPY, as called here, checks no privileges; INSERT does.
        let other = self.code.filter(|code| self.inserts() && *code != rights::user());
        let grants = match other {
            Some(role) if rights::owner_of(self.oid)? != role => Some(table::role_name(role)?),
            _ => None,
        };
        let change = |sql: String| {
            let _pinned = GucGuard::running(0);
            execute_within(&sql, 0)
        };
        if let Some(role) = &grants {
            change(format!("GRANT INSERT ON {table} TO {role}"))?;
        }
        {
            let _pinned = GucGuard::archiving();
            let _snapshot = SnapshotGuard::new();
            self.rows(&Connection::open()?)?;
        }
        grants.map_or(Ok(()), |role| change(format!("REVOKE INSERT ON {table} FROM {role}")))
    }

    /// Switches to the role as which the code runs, until the result is dropped.
    fn act(&self) -> Option<Code> {
        let owner = self.code.or_else(|| self.path.map(|_| rights::user()));
        owner.map(|owner| as_code_owner_within(owner, self.path))
    }

    /// Returns whether rows are loaded by INSERT; otherwise COPY loads them.
    fn inserts(&self) -> bool {
        self.manifest.format == Format::Jsonl && !self.manifest.has_typed_lines()
    }

    fn rows(&self, connection: &Connection) -> Result<(), Error> {
        let Self { stored, manifest, oid, .. } = *self;
        let names: Vec<String> = manifest.columns.iter().map(|column| column.name.clone()).collect();
        let act = || self.act();
        for file in &manifest.files {
            let (expected, of, wanted) = (Arc::clone(manifest), file.clone(), names.clone());
            let mut downloader = Downloader::start(&stored.client, &file.key, move |store, hand| {
                contents(store, &expected, &of, &wanted, hand)
            })?;
            let mut next = || downloader.next_batch();
            let format = match manifest.format {
                Format::Binary => c"binary",
                Format::Jsonl if self.inserts() => {
                    let sql = insertion(connection, oid, &names, &manifest.encoding)?;
                    while let Some(batch) = next()? {
                        insert(connection, &sql, &batch, act)?;
                    }
                    continue;
                }
                Format::Csv | Format::Jsonl | Format::Parquet => c"csv",
            };
            let _code = act();
            copy_from(oid, &names, (format, &manifest.encoding), &mut next)?;
        }
        Ok(())
    }
}

/// Compares the restored rows with the archived ones.
fn prove_restored(id: i64, manifest: &Manifest, oid: u32) -> Result<(), Error> {
    let _pinned = GucGuard::archiving();
    let _snapshot = SnapshotGuard::new();
    let connection = Connection::open()?;
    let partition = Partition::read(&connection, oid)?;
    let found = digest_of(&connection, &partition, manifest, None)?;
    if found.rows() == manifest.rows && found.hex() == manifest.table_digest() {
        return Ok(());
    }
    Err(RestoreError::OtherRows { id, table: partition.quoted() }.into())
}
