//! Policies: which partitions are archived, when and how. Their table is accessed with its owner's rights.

pub mod candidate;
pub mod candidates;
pub mod default_rows;
pub mod edit;
pub mod folder;
pub mod health;
pub mod partition_key;
pub mod partition_tree;
pub mod schedule;
pub mod slice;
pub mod storage;

use pgmeta_archive::options::{Options, OptionsError};
use pgmeta_core::cells::RowError;
use pgrx::{PgLogLevel, PgSqlErrorCode};

use crate::archive::errors::PolicyError;
use crate::archive::queries;
use crate::archive::records::run_as::Owner;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::message::{tell, warn};
use crate::rights::as_extension_owner;
use crate::spi::{Arg, Connection, attempt};

/// How long partitions are kept.
#[derive(Clone, Debug)]
pub enum Retention {
    /// An interval as PostgreSQL prints it.
    Time(String),
    /// A distance from the greatest key.
    Keys(i64),
}

impl Retention {
    /// Reads a text: a whole number is a distance of keys, anything else an interval.
    pub fn from_text(text: &str) -> Result<Self, Error> {
        if let Ok(keys) = text.trim().parse() {
            return Ok(Retention::Keys(keys));
        }
        let _pinned = GucGuard::new();
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
    /// Identifies the policy in locks.
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
        let _pinned = GucGuard::new();
        let connection = Connection::open()?;
        let owner = as_extension_owner(&connection)?;
        let found: Option<PolicyRow> = queries::optional(&connection, &[Arg::Text(name)])?;
        drop(owner);
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
            None => Retention::Keys(row.retention_keys.ok_or(RowError::UnexpectedNull("retention_keys"))?),
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

/// Returns all policies, or one, sorted by name.
pub fn listed(connection: &Connection, policy: Option<&str>) -> Result<Vec<Listed>, Error> {
    let _owner = as_extension_owner(connection)?;
    queries::rows(connection, &[Arg::MaybeText(policy)])
}

/// Returns the names of policies that are not paused and whose owner can run them: all, or one.
pub fn served(policy: Option<&str>) -> Result<Vec<String>, Error> {
    let _pinned = GucGuard::new();
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
            // A policy whose owner is missing must not prevent the others.
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

/// Returns whether a policy exists, even with wrong options.
pub fn exists(connection: &Connection, name: &str) -> Result<bool, Error> {
    let _owner = as_extension_owner(connection)?;
    let found: Option<bool> = queries::optional_value(connection, sql!("policy_exists"), &[Arg::Text(name)], "found")?;
    Ok(found.is_some())
}
