//! Policies: what is archived when, and how. Their table is read and written with its owner's rights.

use pgmeta_archive::options::{Options, OptionsError, Retire};
use pgmeta_core::cells::take;
use pgrx::{PgLogLevel, PgSqlErrorCode};
use serde_json::Value;

use crate::archive::check::probe;
use crate::archive::default_rows;
use crate::archive::due::require_comparable_key;
use crate::archive::owner::Owner;
use crate::archive::path;
use crate::archive::schedule;
use crate::archive::storage::{Storage, hold};
use crate::error::Error;
use crate::guc::Pinned;
use crate::message::{tell, warn};
use crate::rights::{self, as_extension_owner, user_name};
use crate::server;
use crate::spi::{Arg, Connection, attempt};

/// How long partitions stay.
#[derive(Clone, Debug)]
pub enum Retention {
    /// As PostgreSQL prints intervals.
    Time(String),
    /// The distance to the greatest key.
    Keys(i64),
}

impl Retention {
    /// Reads a text: a whole number is one of keys, all else an interval.
    pub fn from_text(text: &str) -> Result<Self, Error> {
        const READ: &str = "SELECT $1::interval::text AS text";
        if let Ok(keys) = text.trim().parse() {
            return Ok(Retention::Keys(keys));
        }
        let _pinned = Pinned::new();
        let connection = Connection::open()?;
        match attempt(|| connection.value::<String>(READ, &[Arg::Text(text)], "text")) {
            Ok(Some(interval)) => Ok(Retention::Time(interval)),
            _ => Err(Error::BadArgument {
                name: "retention",
                value: text.to_owned(),
                hint: "Pass an interval, such as '6 months', or for integer keys a number, such as 1000000.".into(),
            }),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Policy {
    /// What locks know it by.
    pub id: i32,
    pub name: String,
    pub parent: u32,
    pub parent_schema: String,
    pub parent_name: String,
    pub storage: String,
    pub retention: Retention,
    pub options: Options,
    pub paused: bool,
}

impl Policy {
    pub fn find(name: &str) -> Result<Self, Error> {
        const FIND: &str = "SELECT p.id, p.parent::oid AS parent, n.nspname AS schema, c.relname AS name, p.storage, \
                p.retention::text AS retention, p.retention_keys, p.options::text AS options, p.paused \
            FROM pgmeta.archive_policies p LEFT JOIN pg_catalog.pg_class c ON c.oid = p.parent \
            LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE p.name = $1";
        let _pinned = Pinned::new();
        let names = ["id", "parent", "schema", "name", "storage", "retention", "retention_keys", "options", "paused"];
        let mut found = None;
        let connection = Connection::open()?;
        let owner = as_extension_owner(&connection)?;
        connection.read(FIND, &[Arg::Text(name)], &names, |cells| {
            let (id, parent): (i32, u32) = (take(cells, "id")?, take(cells, "parent")?);
            let table: (Option<String>, Option<String>) = (take(cells, "schema")?, take(cells, "name")?);
            let storage: String = take(cells, "storage")?;
            let kept: (Option<String>, Option<i64>) = (take(cells, "retention")?, take(cells, "retention_keys")?);
            let options: String = take(cells, "options")?;
            found = Some(((id, parent), table, storage, kept, (options, take(cells, "paused")?)));
            Ok(())
        })?;
        std::mem::drop(owner);
        let Some(((id, parent), table, storage, kept, (options, paused))) = found else { return Err(missing(name)) };
        let (Some(parent_schema), Some(parent_name)) = table else {
            return Err(Error::Missing {
                what: format!("the table of policy \"{name}\""),
                hint: "It was dropped: pgmeta_archive_policy_drop drops the policy.".into(),
                code: PgSqlErrorCode::ERRCODE_UNDEFINED_TABLE,
            });
        };
        let retention = match kept {
            (Some(interval), _) => Retention::Time(interval),
            (None, keys) => Retention::Keys(keys.unwrap_or_default()),
        };
        let options = read_options(&options)?;
        Ok(Self { id, name: name.to_owned(), parent, parent_schema, parent_name, storage, retention, options, paused })
    }
}

pub fn missing(name: &str) -> Error {
    Error::Missing {
        what: format!("policy \"{name}\""),
        hint: "The table pgmeta.archive_policies lists them.".into(),
        code: PgSqlErrorCode::ERRCODE_UNDEFINED_OBJECT,
    }
}

/// Returns the names of all policies, in order.
pub fn names(connection: &Connection) -> Result<Vec<String>, Error> {
    const NAMES: &str = "SELECT p.name FROM pgmeta.archive_policies p ORDER BY p.name";
    let _owner = as_extension_owner(connection)?;
    let mut names = Vec::new();
    connection.read(NAMES, &[], &["name"], |cells| {
        names.push(take(cells, "name")?);
        Ok(())
    })?;
    Ok(names)
}

/// Returns the names of policies that are not paused and whose owner is able to run them: all, or the one that is named.
pub fn served(policy: Option<&str>) -> Result<Vec<String>, Error> {
    const FIND: &str =
        "SELECT p.name, p.paused FROM pgmeta.archive_policies p WHERE p.name = $1 OR $1 IS NULL ORDER BY p.name";
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    let owner = as_extension_owner(&connection)?;
    let mut found: Vec<(String, bool)> = Vec::new();
    connection.read(FIND, &[Arg::MaybeText(policy)], &["name", "paused"], |cells| {
        found.push((take(cells, "name")?, take(cells, "paused")?));
        Ok(())
    })?;
    match (policy, found.as_slice()) {
        (Some(name), []) => return Err(missing(name)),
        (Some(name), [(_, true)]) => tell(
            PgLogLevel::NOTICE,
            PgSqlErrorCode::ERRCODE_SUCCESSFUL_COMPLETION,
            format!("policy \"{name}\" is paused, skipping"),
        ),
        _ => {}
    }
    std::mem::drop(owner);
    let mut able = Vec::new();
    for (name, _) in found.into_iter().filter(|(_, paused)| !paused) {
        let Some(owner) = Owner::find(&connection, &name)? else { continue };
        owner.adopt(&connection)?;
        match owner.require_able() {
            Ok(_) => able.push(name),
            // One whose owner is gone does not keep the others from being run.
            Err(error) if policy.is_none() => warn(&format!("policy \"{name}\" is not run: {error}")),
            Err(error) => return Err(error),
        }
    }
    Ok(able)
}

/// Reads the options of policies and of `pgmeta_archive`.
pub fn read_options(text: &str) -> Result<Options, Error> {
    Options::from_json(text).map_err(|error| match error {
        OptionsError::Json(error) => Error::Options(error),
        OptionsError::Twice(_) => {
            Error::from_parts(PgSqlErrorCode::ERRCODE_DUPLICATE_COLUMN, &format!("invalid options: {error}"), "")
        }
        other => Error::from_parts(
            PgSqlErrorCode::ERRCODE_INVALID_PARAMETER_VALUE,
            &format!("invalid options: {other}"),
            "docs/archive.md describes each option.",
        ),
    })
}

/// Removes `probe`, an option of the call and not of the policy, from the others.
fn take_probe(text: &str) -> Result<(String, bool), Error> {
    let Ok(Value::Object(mut options)) = serde_json::from_str(text) else { return Ok((text.to_owned(), true)) };
    match options.remove("probe") {
        None => Ok((text.to_owned(), true)),
        Some(Value::Bool(wanted)) => Ok((Value::Object(options).to_string(), wanted)),
        Some(other) => Err(Error::BadArgument {
            name: "option probe",
            value: other.to_string(),
            hint: "Pass true, or false to make a policy whose storage is not there yet.".into(),
        }),
    }
}

/// Makes a policy.
pub fn create(name: &str, parent: u32, storage: &str, retention: &Retention, options: &str) -> Result<(), Error> {
    const INSERT: &str = "INSERT INTO pgmeta.archive_policies (name, parent, storage, retention, retention_keys, options, owner, owner_oid, origin) \
        VALUES ($1, $2::oid::regclass, $3, $4::interval, $5, $6::jsonb, $7, $8::oid, $9)";
    if name.is_empty() {
        return Err(Error::BadArgument { name: "name", value: String::new(), hint: "Name the policy.".into() });
    }
    let (options, wants_probe) = take_probe(options)?;
    let read = read_options(&options)?;
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    check_parent(&connection, parent)?;
    check(&connection, parent, storage, retention, &read)?;
    if exists(&connection, name)? {
        return Err(Error::from_parts(
            PgSqlErrorCode::ERRCODE_DUPLICATE_OBJECT,
            &format!("policy \"{name}\" already exists"),
            "pgmeta_archive_policy_alter changes it.",
        ));
    }
    if wants_probe {
        probe(&connection, storage)?;
    }
    hold(&connection, storage)?;
    let (by, origin) = (user_name(&connection)?, server::origin());
    let (interval, keys) = match retention {
        Retention::Time(interval) => (Some(interval.as_str()), None),
        Retention::Keys(keys) => (None, Some(*keys)),
    };
    let args = [
        Arg::Text(name),
        Arg::Int(parent.into()),
        Arg::Text(storage),
        Arg::MaybeText(interval),
        Arg::MaybeInt(keys),
        Arg::Text(&options),
        Arg::Text(&by),
        Arg::Int(rights::user().into()),
        Arg::Text(&origin),
    ];
    let _owner = as_extension_owner(&connection)?;
    connection.change(INSERT, &args)
}

/// Changes options of a policy, those that are named; null brings the default back.
pub fn alter(name: &str, changes: Value) -> Result<(), Error> {
    const UPDATE: &str = "UPDATE pgmeta.archive_policies SET options = $2::jsonb WHERE name = $1";
    require_own(name)?;
    const OPTIONS: &str = "SELECT options::text AS options FROM pgmeta.archive_policies WHERE name = $1";
    let policy = Policy::find(name)?;
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    let owner = as_extension_owner(&connection)?;
    let text: String = connection.value(OPTIONS, &[Arg::Text(name)], "options")?.unwrap_or_default();
    std::mem::drop(owner);
    let mut options: Value = serde_json::from_str(&text)?;
    if let (Value::Object(options), Value::Object(changes)) = (&mut options, changes) {
        for (name, value) in changes {
            if value.is_null() {
                options.remove(&name);
            } else {
                options.insert(name, value);
            }
        }
    }
    let text = options.to_string();
    check(&connection, policy.parent, &policy.storage, &policy.retention, &read_options(&text)?)?;
    let _owner = as_extension_owner(&connection)?;
    connection.change(UPDATE, &[Arg::Text(name), Arg::Text(&text)])
}

fn require_own(name: &str) -> Result<(), Error> {
    let _pinned = Pinned::new();
    let owner = Owner::find(&Connection::open()?, name)?;
    owner.map_or(Ok(()), |owner| owner.require_rights())
}

pub fn drop(name: &str) -> Result<(), Error> {
    one(name, "DELETE FROM pgmeta.archive_policies WHERE name = $1", &[Arg::Text(name)])
}

pub fn set_paused(name: &str, paused: bool) -> Result<(), Error> {
    let word = if paused { "paused" } else { "" };
    let args = [Arg::Text(name), Arg::Text(word)];
    one(name, "UPDATE pgmeta.archive_policies SET paused = $2 <> '' WHERE name = $1", &args)
}

fn one(name: &str, sql: &str, args: &[Arg<'_>]) -> Result<(), Error> {
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    if !exists(&connection, name)? {
        return Err(missing(name));
    }
    require_own(name)?;
    let _owner = as_extension_owner(&connection)?;
    connection.change(sql, args)
}

/// Returns whether there is a policy of a name, whatever it says.
pub fn exists(connection: &Connection, name: &str) -> Result<bool, Error> {
    const EXISTS: &str = "SELECT true AS found FROM pgmeta.archive_policies WHERE name = $1";
    let _owner = as_extension_owner(connection)?;
    let mut found = false;
    connection.read(EXISTS, &[Arg::Text(name)], &["found"], |_| {
        found = true;
        Ok(())
    })?;
    Ok(found)
}

/// The parent is a partitioned table of the caller's.
fn check_parent(connection: &Connection, parent: u32) -> Result<(), Error> {
    const FACTS: &str = "SELECT c.oid::regclass::text AS name, c.relkind = 'p' AS partitioned, \
        pg_catalog.pg_has_role(c.relowner, 'USAGE') AS own FROM pg_catalog.pg_class c WHERE c.oid = $1::oid";
    let mut found = None;
    connection.read(FACTS, &[Arg::Int(parent.into())], &["name", "partitioned", "own"], |cells| {
        found =
            Some((take::<String>(cells, "name")?, take::<bool>(cells, "partitioned")?, take::<bool>(cells, "own")?));
        Ok(())
    })?;
    match found {
        None => Err(Error::Missing {
            what: format!("relation with OID {parent}"),
            hint: String::new(),
            code: PgSqlErrorCode::ERRCODE_UNDEFINED_TABLE,
        }),
        Some((name, false, _)) => Err(Error::from_parts(
            PgSqlErrorCode::ERRCODE_WRONG_OBJECT_TYPE,
            &format!("{name} is not a partitioned table"),
            "A policy archives the partitions of a table; pgmeta_archive archives a single one.",
        )),
        Some((name, true, false)) => Err(Error::Denied {
            action: format!("make a policy for {name}"),
            hint: "It takes the rights of the table's owner.".into(),
        }),
        Some((_, true, true)) => Ok(()),
    }
}

/// Checks what a policy says together.
fn check(
    connection: &Connection,
    parent: u32,
    storage: &str,
    retention: &Retention,
    options: &Options,
) -> Result<(), Error> {
    const ZONE: &str = "SELECT EXISTS (SELECT FROM pg_catalog.pg_timezone_names WHERE name = $1) AS zone, \
        $2::text IS NULL OR pg_catalog.to_regnamespace(pg_catalog.quote_ident($2)) IS NOT NULL AS schema, \
        COALESCE($3::interval > '0'::interval, true) AS positive";
    Storage::open(connection, storage)?;
    schedule::check(connection, options)?;
    path::check(connection, parent, options)?;
    let interval = match retention {
        Retention::Time(interval) => Some(interval.as_str()),
        Retention::Keys(_) => None,
    };
    let args = [Arg::Text(&options.time_zone), Arg::MaybeText(options.move_to.as_deref()), Arg::MaybeText(interval)];
    let (mut zone, mut schema, mut positive) = (false, false, false);
    connection.read(ZONE, &args, &["zone", "schema", "positive"], |cells| {
        (zone, schema, positive) = (take(cells, "zone")?, take(cells, "schema")?, take(cells, "positive")?);
        Ok(())
    })?;
    if !zone {
        return Err(Error::BadArgument {
            name: "option time_zone",
            value: options.time_zone.clone(),
            hint: "The view pg_timezone_names lists the names.".into(),
        });
    }
    if let (Retire::Move, Some(name), false) = (options.retire, &options.move_to, schema) {
        let hint = "CREATE SCHEMA makes it.".to_owned();
        return Err(Error::MissingSchemas { names: vec![name.clone()], hint });
    }
    let wrong = |value: String, hint: &str| Error::BadArgument { name: "retention", value, hint: hint.into() };
    match retention {
        Retention::Time(interval) if !positive => return Err(wrong(interval.clone(), "Pass a time above 0.")),
        Retention::Keys(keys) if *keys < 0 => return Err(wrong(keys.to_string(), "Pass a number of keys, 0 or more.")),
        _ => {}
    }
    require_comparable_key(parent, retention, options)?;
    default_rows::require_supported(connection, parent, retention, options)
}
