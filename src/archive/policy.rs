//! Policies: what is archived when, and how. Their table is read and written with its owner's rights.

use pgmeta_archive::options::{Options, OptionsError, Retire};
use pgrx::{PgLogLevel, PgSqlErrorCode};
use serde_json::Value;

use crate::archive::check::probe;
use crate::archive::default_rows;
use crate::archive::due::require_comparable_key;
use crate::archive::errors::PolicyError;
use crate::archive::owner::Owner;
use crate::archive::path;
use crate::archive::queries;
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
        if let Ok(keys) = text.trim().parse() {
            return Ok(Retention::Keys(keys));
        }
        let _pinned = Pinned::new();
        let connection = Connection::open()?;
        match attempt(|| queries::value::<String>(&connection, sql!("interval_text"), &[Arg::Text(text)], "text")) {
            Ok(interval) => Ok(Retention::Time(interval)),
            Err(_) => Err(Error::BadArgument {
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

query! {
    struct PolicyRow = "policy" {
        id: i32,
        parent: u32,
        schema: Option<String>,
        name: Option<String>,
        storage: String,
        retention: Option<String>,
        retention_keys: Option<i64>,
        options: String,
        paused: bool,
    }
}

impl Policy {
    pub fn find(name: &str) -> Result<Self, Error> {
        let _pinned = Pinned::new();
        let connection = Connection::open()?;
        let owner = as_extension_owner(&connection)?;
        let found: Option<PolicyRow> = queries::optional(&connection, &[Arg::Text(name)])?;
        std::mem::drop(owner);
        let row = found.ok_or_else(|| missing(name))?;
        let (Some(parent_schema), Some(parent_name)) = (row.schema, row.name) else {
            return Err(Error::Missing {
                what: format!("the table of policy \"{name}\""),
                hint: "It was dropped: pgmeta_archive_policy_drop drops the policy.".into(),
                code: PgSqlErrorCode::ERRCODE_UNDEFINED_TABLE,
            });
        };
        let retention = match row.retention {
            Some(interval) => Retention::Time(interval),
            None => Retention::Keys(row.retention_keys.unwrap_or_default()),
        };
        Ok(Self {
            id: row.id,
            name: name.to_owned(),
            parent: row.parent,
            parent_schema,
            parent_name,
            storage: row.storage,
            retention,
            options: read_options(&row.options)?,
            paused: row.paused,
        })
    }
}

pub fn missing(name: &str) -> Error {
    Error::Missing {
        what: format!("policy \"{name}\""),
        hint: "The table pgmeta.archive_policies lists them.".into(),
        code: PgSqlErrorCode::ERRCODE_UNDEFINED_OBJECT,
    }
}

query! {
    pub struct Listed = "policies" {
        pub name: String,
        pub paused: bool,
    }
}

/// Returns all policies, or the one that is named, by name.
pub fn listed(connection: &Connection, policy: Option<&str>) -> Result<Vec<Listed>, Error> {
    let _owner = as_extension_owner(connection)?;
    queries::rows(connection, &[Arg::MaybeText(policy)])
}

/// Returns the names of policies that are not paused and whose owner is able to run them: all, or the one that is named.
pub fn served(policy: Option<&str>) -> Result<Vec<String>, Error> {
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    let found = listed(&connection, policy)?;
    match (policy, found.as_slice()) {
        (Some(name), []) => return Err(missing(name)),
        (Some(name), [Listed { paused: true, .. }]) => tell(
            PgLogLevel::NOTICE,
            PgSqlErrorCode::ERRCODE_SUCCESSFUL_COMPLETION,
            format!("policy \"{name}\" is paused, skipping"),
        ),
        _ => {}
    }
    let mut able = Vec::new();
    for Listed { name, .. } in found.into_iter().filter(|listed| !listed.paused) {
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
        other => PolicyError::Options(other).into(),
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
        return Err(PolicyError::Exists(name.to_owned()).into());
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
    queries::change(&connection, sql!("insert_policy"), &args).map(std::mem::drop)
}

/// Changes options of a policy, those that are named; null brings the default back.
pub fn alter(name: &str, changes: Value) -> Result<(), Error> {
    require_own(name)?;
    let policy = Policy::find(name)?;
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    let owner = as_extension_owner(&connection)?;
    let text: Option<String> =
        queries::optional_value(&connection, sql!("policy_options"), &[Arg::Text(name)], "options")?;
    std::mem::drop(owner);
    let mut options: Value = serde_json::from_str(&text.ok_or_else(|| missing(name))?)?;
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
    let args = [Arg::Text(name), Arg::Text(&text)];
    queries::change(&connection, sql!("set_policy_options"), &args).map(std::mem::drop)
}

fn require_own(name: &str) -> Result<(), Error> {
    let _pinned = Pinned::new();
    let owner = Owner::find(&Connection::open()?, name)?;
    owner.map_or(Ok(()), |owner| owner.require_rights())
}

pub fn drop(name: &str) -> Result<(), Error> {
    one(name, sql!("delete_policy"), &[Arg::Text(name)])
}

pub fn set_paused(name: &str, paused: bool) -> Result<(), Error> {
    let word = if paused { "paused" } else { "" };
    let args = [Arg::Text(name), Arg::Text(word)];
    one(name, sql!("set_policy_paused"), &args)
}

fn one(name: &str, sql: &str, args: &[Arg<'_>]) -> Result<(), Error> {
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    if !exists(&connection, name)? {
        return Err(missing(name));
    }
    require_own(name)?;
    let _owner = as_extension_owner(&connection)?;
    queries::change(&connection, sql, args).map(std::mem::drop)
}

/// Returns whether there is a policy of a name, whatever it says.
pub fn exists(connection: &Connection, name: &str) -> Result<bool, Error> {
    let _owner = as_extension_owner(connection)?;
    let found: Option<bool> = queries::optional_value(connection, sql!("policy_exists"), &[Arg::Text(name)], "found")?;
    Ok(found.is_some())
}

query! {
    struct PolicyParent = "policy_parent" {
        name: String,
        partitioned: bool,
        own: bool,
    }
}

/// The parent is a partitioned table of the caller's.
fn check_parent(connection: &Connection, parent: u32) -> Result<(), Error> {
    let found: Option<PolicyParent> = queries::optional(connection, &[Arg::Int(parent.into())])?;
    match found {
        None => Err(Error::Missing {
            what: format!("relation with OID {parent}"),
            hint: String::new(),
            code: PgSqlErrorCode::ERRCODE_UNDEFINED_TABLE,
        }),
        Some(PolicyParent { name, partitioned: false, .. }) => Err(PolicyError::NotPartitioned(name).into()),
        Some(PolicyParent { name, own: false, .. }) => Err(Error::Denied {
            action: format!("make a policy for {name}"),
            hint: "The rights of the table's owner are required.".into(),
        }),
        Some(_) => Ok(()),
    }
}

query! {
    struct PolicyChecks = "policy_checks" {
        zone: bool,
        schema: bool,
        positive: bool,
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
    Storage::open(connection, storage)?;
    schedule::check(connection, options)?;
    path::check(connection, parent, options)?;
    let interval = match retention {
        Retention::Time(interval) => Some(interval.as_str()),
        Retention::Keys(_) => None,
    };
    let args = [Arg::Text(&options.time_zone), Arg::MaybeText(options.move_to.as_deref()), Arg::MaybeText(interval)];
    let PolicyChecks { zone, schema, positive } = queries::one(connection, &args)?;
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
