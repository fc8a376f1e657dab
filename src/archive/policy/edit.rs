//! Creates, changes, pauses and drops policies, and checks their options. `mod.rs` reads them.

use pgmeta_archive::options::{Options, Retire};
use pgrx::PgSqlErrorCode;
use serde_json::Value;

use crate::archive::errors::PolicyError;
use crate::archive::policy::candidates::require_comparable_key;
use crate::archive::policy::health::probe;
use crate::archive::policy::storage::{Storage, hold};
use crate::archive::policy::{Policy, Retention, default_rows, exists, folder, missing, read_options, schedule};
use crate::archive::queries;
use crate::archive::records::run_as::Owner;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::rights::{self, as_extension_owner, user_name};
use crate::server;
use crate::spi::{Arg, Connection};

/// Removes the option `probe`, which belongs to the call and not to the policy.
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

/// Creates a policy.
pub fn create(name: &str, parent: u32, storage: &str, retention: &Retention, options: &str) -> Result<(), Error> {
    if name.is_empty() {
        return Err(Error::BadArgument { name: "name", value: String::new(), hint: "Name the policy.".into() });
    }
    let (options, wants_probe) = take_probe(options)?;
    let read = read_options(&options)?;
    let _pinned = GucGuard::new();
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

/// Changes the given options of a policy; null restores the default.
pub fn alter(name: &str, changes: Value) -> Result<(), Error> {
    require_own(name)?;
    let policy = Policy::find(name)?;
    let _pinned = GucGuard::new();
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
    let _pinned = GucGuard::new();
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
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    if !exists(&connection, name)? {
        return Err(missing(name));
    }
    require_own(name)?;
    let _owner = as_extension_owner(&connection)?;
    queries::change(&connection, sql, args).map(std::mem::drop)
}

query! {
    struct PolicyParent = "policy_parent" {
        name: String,
        partitioned: bool,
        own: bool,
    }
}

/// Checks that the parent is a partitioned table with the caller as owner.
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

/// Checks options that depend on each other or on the table.
fn check(
    connection: &Connection,
    parent: u32,
    storage: &str,
    retention: &Retention,
    options: &Options,
) -> Result<(), Error> {
    Storage::open(connection, storage)?;
    schedule::check(connection, options)?;
    folder::check(connection, parent, options)?;
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
