//! Saved snapshots and lint profiles: accesses the tables of `sql/tables.sql` with the caller's rights. Does not use the
//! model: contents were checked before.

use std::collections::{BTreeMap, BTreeSet};

use pgmeta_core::cells::{Cell, Cells, RowError};
use pgmeta_core::ident;
use pgrx::PgSqlErrorCode;

use crate::error::Error;
use crate::guc::GucGuard;
use crate::jsonb::Document;
use crate::spi::{Arg, Connection};

/// Maximum number of names or versions in a hint.
const LISTED: usize = 20;

/// The prefix of a snapshot's name, if it could also name a schema.
const PREFIX: &str = "snapshot:";

/// A snapshot to save.
#[derive(Debug)]
pub struct NewSnapshot<'a> {
    pub name: &'a str,
    pub comment: Option<&'a str>,
    pub fingerprint: &'a str,
    pub server_version_num: u32,
    pub snapshot: &'a Document,
}

/// The privilege that a call requires.
#[derive(Clone, Copy)]
enum Access {
    Save,
    Load,
    Delete,
    ReadProfile,
}

/// Saves a snapshot; returns its version. Sessions that save under the same name wait for the row of the name, so that each
/// version number is used once.
pub fn save(saved: &NewSnapshot<'_>) -> Result<i64, Error> {
    const NEXT: &str = "INSERT INTO pgmeta.snapshot_names AS n (name, last_version) VALUES ($1, 1) \
        ON CONFLICT (name) DO UPDATE SET last_version = n.last_version + 1 RETURNING last_version";
    const INSERT: &str = "INSERT INTO pgmeta.saved_snapshots (name, version, comment, fingerprint, server_version_num, snapshot) \
        VALUES ($1, $2, $3, $4, $5, $6) RETURNING version";
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    allow(&connection, Access::Save)?;
    let name = Arg::Text(saved.name);
    let mut version = 0;
    connection.write(NEXT, &[name], &["last_version"], |cells| {
        version = int(cells, "last_version")?;
        Ok(())
    })?;
    let args = [
        name,
        Arg::Int(version),
        Arg::MaybeText(saved.comment),
        Arg::Text(saved.fingerprint),
        Arg::Int(saved.server_version_num.into()),
        Arg::Json(saved.snapshot),
    ];
    connection.write(INSERT, &args, &["version"], |_| Ok(()))?;
    Ok(version)
}

/// Returns a version of a saved snapshot, or the latest.
pub fn load(name: &str, version: Option<i64>) -> Result<Document, Error> {
    const LOAD: &str = "SELECT s.snapshot::text AS snapshot FROM pgmeta.saved_snapshots s WHERE s.name = $1 AND s.version = \
        COALESCE($2, (SELECT max(l.version) FROM pgmeta.saved_snapshots l WHERE l.name = $1))";
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    allow(&connection, Access::Load)?;
    let mut found = None;
    connection.read(LOAD, &[Arg::Text(name), Arg::MaybeInt(version)], &["snapshot"], |cells| {
        let Cell::Text(text) = cells.next_cell()? else {
            return Err(RowError::WrongType("snapshot"));
        };
        found = Some(Document::from_text(text.to_owned()));
        Ok(())
    })?;
    match found {
        Some(snapshot) => Ok(snapshot),
        None => Err(missing(&connection, name, version)?),
    }
}

/// Returns the saved snapshot that a text names: `NAME` for the latest version, or `NAME@VERSION`, both with an optional
/// prefix `snapshot:`.
pub fn named(text: &str) -> Result<Document, Error> {
    let (name, version) = address(text)?;
    load(name, version)
}

/// Returns whether a text names a saved snapshot that the caller may load.
pub fn is_saved(text: &str) -> Result<bool, Error> {
    let (name, _) = address(text)?;
    has_name(name)
}

/// Returns the stored options of a lint profile.
pub fn lint_profile(name: &str) -> Result<Option<Document>, Error> {
    const FIND: &str = "SELECT p.options::text AS options FROM pgmeta.lint_profiles p WHERE p.name = $1";
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    allow(&connection, Access::ReadProfile)?;
    Ok(connection.value::<String>(FIND, &[Arg::Text(name)], "options")?.map(Document::from_text))
}

/// Splits a text into name and version. The name itself may contain `@`.
fn address(text: &str) -> Result<(&str, Option<i64>), Error> {
    let name = text.strip_prefix(PREFIX).unwrap_or(text);
    let numbered = name.rsplit_once('@').and_then(|(name, version)| Some((name, version.parse().ok()?)));
    match numbered {
        Some((base, version)) if !has_name(name)? => Ok((base, Some(version))),
        _ => Ok((name, None)),
    }
}

fn has_name(name: &str) -> Result<bool, Error> {
    const FIND: &str = "SELECT true AS found FROM pgmeta.saved_snapshots s WHERE s.name = $1 LIMIT 1";
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    match allow(&connection, Access::Load) {
        Ok(()) => Ok(connection.value::<bool>(FIND, &[Arg::Text(name)], "found")?.is_some()),
        Err(Error::Denied { .. }) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Deletes a version, or all; returns the number of deleted versions.
pub fn delete(name: &str, version: Option<i64>) -> Result<i64, Error> {
    const DELETE: &str = "WITH gone AS (DELETE FROM pgmeta.saved_snapshots s WHERE s.name = $1 AND s.version = COALESCE($2, s.version) \
        RETURNING s.version) SELECT count(*) AS count FROM gone";
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    allow(&connection, Access::Delete)?;
    let mut count = 0;
    connection.write(DELETE, &[Arg::Text(name), Arg::MaybeInt(version)], &["count"], |cells| {
        count = int(cells, "count")?;
        Ok(())
    })?;
    if count == 0 { Err(missing(&connection, name, version)?) } else { Ok(count) }
}

/// Returns an error with the necessary GRANT, which the server's own message lacks.
fn allow(connection: &Connection, access: Access) -> Result<(), Error> {
    // Names of tables are resolved only if the caller may use the schema. One row per privilege: a list would check for any
    // of them.
    const ALLOWED: &str = "SELECT CASE WHEN pg_catalog.has_schema_privilege('pgmeta', 'USAGE') THEN \
        (SELECT bool_and(pg_catalog.has_table_privilege(w.relation, w.privilege)) FROM unnest($1, $2) AS w (relation, privilege)) \
        ELSE false END AS allowed";
    const NAMES: &str = "pgmeta.snapshot_names";
    const SNAPSHOTS: &str = "pgmeta.saved_snapshots";
    let (action, wanted, grant): (_, &[(&str, &str)], _) = match access {
        Access::Save => (
            "save snapshots",
            &[(NAMES, "SELECT"), (NAMES, "INSERT"), (NAMES, "UPDATE"), (SNAPSHOTS, "SELECT"), (SNAPSHOTS, "INSERT")],
            "SELECT, INSERT, UPDATE on pgmeta.snapshot_names and SELECT, INSERT on pgmeta.saved_snapshots",
        ),
        Access::Load => ("load snapshots", &[(SNAPSHOTS, "SELECT")], "SELECT on pgmeta.saved_snapshots"),
        Access::Delete => (
            "delete snapshots",
            &[(SNAPSHOTS, "SELECT"), (SNAPSHOTS, "DELETE")],
            "SELECT, DELETE on pgmeta.saved_snapshots",
        ),
        Access::ReadProfile => {
            ("read lint profiles", &[("pgmeta.lint_profiles", "SELECT")], "SELECT on pgmeta.lint_profiles")
        }
    };
    let relations: Vec<String> = wanted.iter().map(|(relation, _)| (*relation).to_owned()).collect();
    let privileges: Vec<String> = wanted.iter().map(|(_, privilege)| (*privilege).to_owned()).collect();
    let mut allowed = false;
    connection.read(ALLOWED, &[Arg::Texts(&relations), Arg::Texts(&privileges)], &["allowed"], |cells| {
        allowed = matches!(cells.next_cell()?, Cell::Bool(true));
        Ok(())
    })?;
    let hint = format!("The role needs USAGE on schema pgmeta, and {grant}.");
    if allowed { Ok(()) } else { Err(Error::Denied { action: action.to_owned(), hint }) }
}

/// Returns the error for a missing name or version, with the existing ones.
fn missing(connection: &Connection, name: &str, version: Option<i64>) -> Result<Error, Error> {
    const KNOWN: &str = "SELECT name, version FROM pgmeta.saved_snapshots";
    let mut known: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
    connection.read(KNOWN, &[], &["name", "version"], |cells| {
        let Cell::Text(name) = cells.next_cell()? else {
            return Err(RowError::WrongType("name"));
        };
        let name = name.to_owned();
        known.entry(name).or_default().insert(int(cells, "version")?);
        Ok(())
    })?;
    let quoted = ident::ident(name);
    let (what, hint) = match (version, known.get(name)) {
        (Some(version), Some(versions)) => {
            let listed = list(versions.iter().rev().map(i64::to_string));
            (format!("version {version} of saved snapshot {quoted}"), format!("Its versions are: {listed}."))
        }
        _ if known.is_empty() => {
            (format!("saved snapshot {quoted}"), "No snapshot is saved. Call pgmeta_snapshot_save.".to_owned())
        }
        _ => {
            let listed = list(known.keys().map(|name| ident::ident(name)));
            (format!("saved snapshot {quoted}"), format!("Saved snapshots are: {listed}."))
        }
    };
    Ok(Error::Missing { what, hint, code: PgSqlErrorCode::ERRCODE_UNDEFINED_OBJECT })
}

fn list(items: impl ExactSizeIterator<Item = String>) -> String {
    let more = if items.len() > LISTED { ", …" } else { "" };
    let listed: Vec<String> = items.take(LISTED).collect();
    format!("{}{more}", listed.join(", "))
}

fn int(cells: &mut dyn Cells, name: &'static str) -> Result<i64, RowError> {
    match cells.next_cell()? {
        Cell::Int(value) => Ok(value),
        _ => Err(RowError::WrongType(name)),
    }
}
