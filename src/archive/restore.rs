//! Bringing an archive back into a table of its own: everything or nothing, and only if what is stored is proved before
//! and what is restored is proved afterwards.

use std::sync::Arc;

use pgmeta_archive::contents;
use pgmeta_archive::format::Format;
use pgmeta_archive::manifest::Manifest;
use pgmeta_core::ident::{ident, literal, qualified};
use pgmeta_core::rows::take;
use pgrx::PgSqlErrorCode;
use serde::Deserialize;

use crate::archive::access::require_reader;
use crate::archive::copy::copy_from;
use crate::archive::inlet::Inlet;
use crate::archive::partition::{Parent, Partition};
use crate::archive::record::{Place, Stored, manifest_of, restored};
use crate::archive::retire::{attach, lock_parent, oid_of};
use crate::archive::rows::{digest_of, require_proof};
use crate::archive::storage::{Purpose, failed};
use crate::error::Error;
use crate::guc::Pinned;
use crate::rights::{self, as_code_owner};
use crate::server;
use crate::spi::{Arg, Connection, Latest, execute_within};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Restore {
    /// The new table, as SQL writes its name; without it, or as `original`, the partition's own.
    pub into: Option<String>,
    /// Whether it becomes a partition again.
    pub attach: bool,
    /// Whether the policy is to leave such a partition alone.
    pub hold: bool,
}

impl Default for Restore {
    fn default() -> Self {
        Self { into: None, attach: false, hold: true }
    }
}

/// Restores an archive and returns the table's OID. Code that comes in with the rows, of the parent that the table is like or of its
/// columns' types, is run as its owner.
pub fn restore(id: i64, options: &Restore) -> Result<u32, Error> {
    server::require_writable(c"pgmeta_archive_restore()");
    let stored = {
        let _pinned = Pinned::new();
        require_reader(&Connection::open()?, id)?;
        manifest_of(id, Purpose::Read)?
    };
    require_proof(&stored)?;
    let manifest = Arc::new(stored.manifest()?);
    let other = options.into.as_deref().filter(|name| *name != "original");
    let table = match other {
        Some(name) => name_of(name)?,
        None => qualified(&manifest.schema, &manifest.partition),
    };
    let parent = if options.attach { Some(parent_of(&manifest)?) } else { None };
    create(&manifest, &table, parent.as_ref().map(|(parent, _)| parent))?;
    let oid = {
        let _pinned = Pinned::archiving();
        let _latest = Latest::new();
        oid_of(&Connection::open()?, &table)?
    };
    let code = match &parent {
        Some((_, owner)) => {
            // For good: what it does to its own table while rows come in is its own affair.
            if *owner != rights::user() {
                rights::give(oid, *owner);
            }
            Some(*owner)
        }
        None => owner_of_types(oid)?,
    };
    let incoming = Incoming { stored: &stored, manifest: &manifest, oid, computes: options.attach, code };
    incoming.load(&table)?;
    prove_restored(&manifest, oid)?;
    if let (Some((parent, _)), Some(bound)) = (&parent, &manifest.bound) {
        let _pinned = Pinned::running(0);
        let _latest = Latest::new();
        attach(parent, &Partition::read(&Connection::open()?, oid)?, bound)?;
    }
    let _pinned = Pinned::new();
    let place = Place { table: &table, oid, is_original: other.is_none(), held: options.attach && options.hold };
    restored(&Connection::open()?, id, &place)?;
    Ok(oid)
}

/// Finds the table that a restored one becomes a partition of, with its owner; it stays what it is until the end.
fn parent_of(manifest: &Manifest) -> Result<(Parent, u32), Error> {
    let Some(quoted) = &manifest.parent else {
        return Err(Error::from_parts(
            PgSqlErrorCode::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            "what was archived was not a partition",
            "Restore it without the option attach.",
        ));
    };
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    let oid = oid_of(&connection, quoted)?;
    let names = parts_of(&connection, quoted)?;
    let [Some(schema), Some(name)] = names.as_slice() else { return Err(Error::Spi(0)) };
    let parent = Parent { oid, schema: schema.clone(), name: name.clone() };
    let owner = lock_parent(&parent)?;
    Ok((parent, owner))
}

/// Returns whose code the types of a table's columns run when values come in; `None` where there is none of others'. That takes a
/// caller with that role's rights: code that finds the caller's temporary tables, say, would otherwise lend them.
fn owner_of_types(table: u32) -> Result<Option<u32>, Error> {
    // Domains, elements, attributes and subtypes are read by the input functions of the types above them; only domains have
    // code that is no superuser's.
    const OWNERS: &str = "WITH RECURSIVE parts AS ( \
            SELECT a.atttypid AS oid FROM pg_catalog.pg_attribute a WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped \
            UNION SELECT p.oid FROM parts t, LATERAL ( \
                SELECT y.typbasetype FROM pg_catalog.pg_type y WHERE y.oid = t.oid AND y.typbasetype <> 0 \
                UNION ALL SELECT y.typelem FROM pg_catalog.pg_type y WHERE y.oid = t.oid AND y.typelem <> 0 \
                UNION ALL SELECT a.atttypid FROM pg_catalog.pg_type y JOIN pg_catalog.pg_attribute a ON a.attrelid = y.typrelid \
                    WHERE y.oid = t.oid AND y.typrelid <> 0 AND a.attnum > 0 AND NOT a.attisdropped \
                UNION ALL SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid OR r.rngmultitypid = t.oid \
            ) AS p (oid)) \
        SELECT DISTINCT y.typowner AS owner FROM parts t JOIN pg_catalog.pg_type y ON y.oid = t.oid \
        WHERE EXISTS (SELECT FROM pg_catalog.pg_constraint c WHERE c.contypid = y.oid)";
    let _pinned = Pinned::new();
    let _latest = Latest::new();
    let connection = Connection::open()?;
    let mut owners: Vec<u32> = Vec::new();
    connection.read(OWNERS, &[Arg::Int(table.into())], &["owner"], |cells| {
        owners.push(take(cells, "owner")?);
        Ok(())
    })?;
    let denied = |hint: String| Err(Error::Denied { action: "run the checks of the columns' domains".into(), hint });
    match owners.as_slice() {
        [] => Ok(None),
        &[owner] if rights::has_role(owner) => Ok(Some(owner)),
        [_] => denied("The domains belong to another role: restore it as a member of that role.".into()),
        _ => denied(
            "The domains belong to several roles. Restore it with the option attach, or make them one role's.".into(),
        ),
    }
}

/// Makes the table: like the parent that it is to be a partition of, otherwise of the archive's own columns. It has no rows yet.
fn create(manifest: &Manifest, table: &str, parent: Option<&Parent>) -> Result<(), Error> {
    let sql = match parent {
        Some(parent) => format!(
            "CREATE TABLE {table} (LIKE {} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING STORAGE)",
            parent.quoted()
        ),
        None => {
            let columns: Vec<String> =
                manifest.columns.iter().map(|column| format!("{} {}", ident(&column.name), column.data_type)).collect();
            format!("CREATE TABLE {table} ({})", columns.join(", "))
        }
    };
    let _pinned = Pinned::running(0);
    execute_within(&sql, 0)
}

/// Returns the parts of a name, as SQL reads it.
fn parts_of(connection: &Connection, name: &str) -> Result<Vec<Option<String>>, Error> {
    const PARSE: &str = "SELECT pg_catalog.parse_ident($1) AS names";
    Ok(connection.value(PARSE, &[Arg::Text(name)], "names")?.unwrap_or_default())
}

/// Reads the name of a table as SQL does; without a schema it is in the caller's first.
fn name_of(text: &str) -> Result<String, Error> {
    const SCHEMA: &str = "SELECT pg_catalog.current_schema()::text AS schema";
    let schema: Option<String> = Connection::open()?.value(SCHEMA, &[], "schema")?.flatten();
    let wrong = || Error::BadArgument {
        name: "option into",
        value: text.to_owned(),
        hint: "Name a new table with its schema: \"archive.events_2024\".".into(),
    };
    let _pinned = Pinned::new();
    let names = parts_of(&Connection::open()?, text)?;
    match (names.as_slice(), schema) {
        ([Some(schema), Some(name)], _) => Ok(qualified(schema, name)),
        ([Some(name)], Some(schema)) => Ok(qualified(&schema, name)),
        _ => Err(wrong()),
    }
}

/// Rows on their way into a new table.
struct Incoming<'a> {
    stored: &'a Stored,
    manifest: &'a Arc<Manifest>,
    oid: u32,
    /// The table generates columns itself.
    computes: bool,
    /// The role whose code the rows run.
    code: Option<u32>,
}

impl Incoming<'_> {
    /// Puts the rows of all files into the table.
    fn load(&self, table: &str) -> Result<(), Error> {
        // COPY asks for no rights, as it is called; INSERT does.
        let other = self.code.filter(|code| self.manifest.format == Format::Jsonl && *code != rights::user());
        let grants = match other {
            Some(role) if !self.computes => Some(role_name(role)?),
            _ => None,
        };
        let change = |sql: String| {
            let _pinned = Pinned::running(0);
            execute_within(&sql, 0)
        };
        if let Some(role) = &grants {
            change(format!("GRANT INSERT ON {table} TO {role}"))?;
        }
        {
            let _pinned = Pinned::archiving();
            let _latest = Latest::new();
            self.rows(&Connection::open()?)?;
        }
        grants.map_or(Ok(()), |role| change(format!("REVOKE INSERT ON {table} FROM {role}")))
    }

    fn rows(&self, connection: &Connection) -> Result<(), Error> {
        let Self { stored, manifest, oid, computes, code } = *self;
        let own = manifest.columns.iter().filter(|column| !(computes && column.generated));
        let names: Vec<String> = own.map(|column| column.name.clone()).collect();
        let act = || code.and_then(as_code_owner);
        for file in &manifest.files {
            let (expected, of, wanted) = (Arc::clone(manifest), file.clone(), names.clone());
            let inlet = Inlet::start(&stored.away, move |store, hand| contents(store, &expected, &of, &wanted, hand));
            let mut inlet = inlet.map_err(failed("read", &file.key))?;
            let mut next = || inlet.next_batch().map_err(|error| damaged(&file.key, &error.to_string()));
            let format = match manifest.format {
                Format::Csv | Format::Parquet => c"csv",
                Format::Binary => c"binary",
                Format::Jsonl => {
                    let sql = insertion(connection, oid, &names, &manifest.encoding)?;
                    while let Some(batch) = next()? {
                        insert(connection, &sql, &batch, act)?;
                    }
                    continue;
                }
            };
            let _code = act();
            copy_from(oid, &names, (format, &manifest.encoding), &mut next)?;
        }
        Ok(())
    }
}

/// Returns the name of a role, as SQL writes it.
fn role_name(role: u32) -> Result<String, Error> {
    const NAME: &str = "SELECT pg_catalog.quote_ident(pg_catalog.pg_get_userbyid($1::oid)) AS name";
    let _pinned = Pinned::new();
    Ok(Connection::open()?.value(NAME, &[Arg::Int(role.into())], "name")?.unwrap_or_default())
}

fn damaged(key: &str, what: &str) -> Error {
    let message = format!("stored file \"{key}\" is damaged: {what}");
    Error::from_parts(PgSqlErrorCode::ERRCODE_DATA_CORRUPTED, &message, "")
}

fn insert<G: 'static>(connection: &Connection, sql: &str, batch: &[u8], act: impl FnMut() -> G) -> Result<(), Error> {
    let mut lines = Vec::new();
    let mut rest = batch;
    while let Some(length) = Format::Jsonl.record(rest, true) {
        lines.push(&rest[..length]);
        rest = &rest[length..];
    }
    connection.change_as(sql, &[Arg::Blobs(&lines)], act)
}

/// Returns the statement that adds a batch of JSON documents.
fn insertion(connection: &Connection, oid: u32, names: &[String], encoding: &str) -> Result<String, Error> {
    const NAME: &str = "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name FROM pg_catalog.pg_class c \
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $1::oid";
    let table: String = connection.value(NAME, &[Arg::Int(oid.into())], "name")?.unwrap_or_default();
    let names: Vec<String> = names.iter().map(|name| ident(name)).collect();
    let values: Vec<String> = names.iter().map(|name| format!("r.{name}")).collect();
    Ok(format!(
        "INSERT INTO {table} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM pg_catalog.unnest($1) AS l (line), \
        pg_catalog.json_populate_record(NULL::{table}, \
        pg_catalog.convert_from(l.line, {})::pg_catalog.json) AS r",
        names.join(", "),
        values.join(", "),
        literal(encoding)
    ))
}

/// Compares what was restored with what was archived.
fn prove_restored(manifest: &Manifest, oid: u32) -> Result<(), Error> {
    let _pinned = Pinned::archiving();
    let _latest = Latest::new();
    let connection = Connection::open()?;
    let partition = Partition::read(&connection, oid)?;
    let found = digest_of(&connection, &partition, manifest)?;
    if found.rows() == manifest.rows && found.hex() == manifest.row_digest {
        return Ok(());
    }
    let table = literal(&partition.quoted());
    Err(Error::from_parts(
        PgSqlErrorCode::ERRCODE_DATA_EXCEPTION,
        &format!("what was restored into {table} is not what was archived"),
        "Nothing was restored. A type whose text has changed since, or a trigger, may be the reason.",
    ))
}
