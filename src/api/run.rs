//! Running a plan from the live schema to a target in the caller's transaction: to undo it, or to keep it. The only
//! place that lets statements of a plan loose.

use std::time::{Duration, Instant};

use pgmeta_core::diff::{diff, rename};
use pgmeta_core::model::{Model, ObjectKey};
use pgmeta_core::plan::{self, Code, LockLevel, Options, Step};
use pgrx::pg_sys;
use serde_json::{Map, Value, json};

use crate::api::live::live;
use crate::api::plan::{parse_options, read};
use crate::api::side::snapshot;
use crate::archive;
use crate::compat;
use crate::document::{Document, Given, JsonB};
use crate::error::{Error, first};
use crate::guc::Pinned;
use crate::rights;
use crate::server;
use crate::spi::{Arg, Connection, Latest, attempt, count_within, execute_within, undone};

/// A plan that is about to run.
pub struct Job {
    target: Model,
    pub options: Options,
    pub steps: Vec<Step>,
}

impl Job {
    /// Plans the way from what is there now.
    pub fn new(function: &'static str, target: Given, options: Option<Document>) -> Result<Self, Error> {
        server::require_writable(function)?;
        let options = parse_options(options)?;
        let target = read(&snapshot("target", target)?, &options)?;
        let _latest = Latest::new();
        let mut live = live(&target, &options)?;
        let renames = rename(&mut live, &target, &options.renames)?;
        let steps = plan::plan(&live, &target, &renames, &options)?;
        Ok(Self { target, options, steps })
    }

    /// Returns in words what still differs from the target, apart from what the options leave alone.
    pub fn differences(&self) -> Result<Option<String>, Error> {
        let _latest = Latest::new();
        let after = live(&self.target, &self.options)?;
        let changes = diff(&after, &self.target);
        let texts: Vec<String> =
            changes.iter().filter_map(|change| plan::describe_unplanned(change, &self.options)).collect();
        if texts.is_empty() {
            return Ok(None);
        }
        Ok(Some(first(&texts)))
    }
}

/// The result of a statement.
pub struct Ran {
    /// How long it took, in milliseconds.
    pub duration: f64,
    /// By column, how many values it has changed so that they would not come back, or null where they cannot be counted;
    /// `None` where it converts nothing.
    pub values_changed: Option<JsonB>,
    pub result: Result<(), Error>,
}

/// Runs one statement with the step's timeouts. Code that it runs over rows that are there is run as its owner, not as whoever
/// runs the plan.
pub fn run(step: &Step, sql: &str) -> Ran {
    if step.statement.is_note() {
        return Ran { duration: 0.0, values_changed: None, result: Ok(()) };
    }
    let pinned = Pinned::running(step.lock_timeout_ms);
    let begun = Instant::now();
    let limit = step.statement_timeout_ms;
    let (mut counting, mut values_changed) = (Duration::ZERO, None);
    // Waiting for the lock is a part of the statement.
    let owner = attempt(|| code_owner(step));
    let result = owner.and_then(|owner| {
        let _code = owner.and_then(rights::as_code_owner);
        // Who may not change the table runs no code of its owner.
        if owner.is_some() {
            let begun = Instant::now();
            values_changed = count(step)?;
            counting = begun.elapsed();
        }
        execute_within(sql, limit)
    });
    let taken = begun.elapsed().saturating_sub(counting);
    // The grantors of privileges: the next statements are theirs.
    if result.is_ok()
        && ["SET SESSION AUTHORIZATION ", "RESET SESSION AUTHORIZATION"].iter().any(|set| sql.starts_with(set))
    {
        pinned.keep();
    }
    // In whole microseconds: more is noise.
    let duration = (taken.as_secs_f64() * 1_000_000.0).round() / 1_000.0;
    let values_changed = values_changed.filter(|_| result.is_ok());
    Ran { duration, values_changed, result }
}

/// Counts the values that a statement is about to change: there and back again they are others. An error in this does not
/// concern the statement.
fn count(step: &Step) -> Result<Option<JsonB>, Error> {
    if step.statement.counts.is_empty() {
        return Ok(None);
    }
    let _whole = Pinned::whole_tables();
    let mut columns = Map::new();
    for count in &step.statement.counts {
        let changed = match count_within(&count.sql(), step.statement_timeout_ms) {
            Ok(changed) => json!(changed),
            Err(Error::Server { .. }) => Value::Null,
            Err(other) => return Err(other),
        };
        columns.insert(count.column.to_string(), changed);
    }
    Ok(Some(JsonB(Value::Object(columns))))
}

/// Finds as whom a statement is run: what it is about is locked first, so that the name stays the same table's, and its owner's.
fn code_owner(step: &Step) -> Result<Option<u32>, Error> {
    let statement = &step.statement;
    match statement.code() {
        None => Ok(None),
        Some(Code::Table(table)) => locked_owner(&table, mode(statement.lock)),
        Some(Code::Domain(domain)) => {
            let _latest = Latest::new();
            let owner = domain_owner(&Connection::open()?, &domain)?;
            Ok(owner.filter(|owner| rights::has_role(*owner)))
        }
        Some(Code::Partition { parent, table }) => {
            let above = locked_owner(&parent, pg_sys::ShareUpdateExclusiveLock)?;
            let Some(above) = above else { return Ok(None) };
            let own = locked_owner(&table, pg_sys::AccessExclusiveLock)?;
            if own == Some(above) {
                return Ok(Some(above));
            }
            let _latest = Latest::new();
            match found(&parent)? {
                Some(oid) if !archive::key_evaluates(oid)? => Ok(None),
                _ => Err(archive::attached_by_another(&table.to_string(), &parent.to_string())),
            }
        }
        Some(Code::Recreated { owner, schema }) => {
            let _latest = Latest::new();
            let owner = role_that_may_create(&Connection::open()?, &owner, &schema)?;
            Ok(owner.filter(|owner| rights::has_role(*owner)))
        }
    }
}

/// Locks a relation whose owner's rights the caller has, and returns the owner. Who lacks them gets the server's own error.
fn locked_owner(key: &ObjectKey, mode: u32) -> Result<Option<u32>, Error> {
    let Some(oid) = found(key)? else { return Ok(None) };
    if !rights::has_role(rights::owner_of(oid)?) {
        return Ok(None);
    }
    let [schema, name] = &*key.names else { return Ok(None) };
    let Some(oid) = rights::lock(schema, name, mode)? else { return Ok(None) };
    Ok(Some(rights::owner_of(oid)?).filter(|owner| rights::has_role(*owner)))
}

fn mode(lock: Option<LockLevel>) -> u32 {
    match lock {
        None | Some(LockLevel::AccessShare | LockLevel::RowShare | LockLevel::RowExclusive) => pg_sys::AccessShareLock,
        Some(LockLevel::ShareUpdateExclusive) => pg_sys::ShareUpdateExclusiveLock,
        Some(LockLevel::Share) => pg_sys::ShareLock,
        Some(LockLevel::ShareRowExclusive) => pg_sys::ShareRowExclusiveLock,
        Some(LockLevel::Exclusive) => pg_sys::ExclusiveLock,
        Some(LockLevel::AccessExclusive) => pg_sys::AccessExclusiveLock,
    }
}

/// Returns the number of a relation.
fn found(key: &ObjectKey) -> Result<Option<u32>, Error> {
    const FIND: &str = "SELECT c.oid FROM pg_catalog.pg_class c \
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2";
    let _latest = Latest::new();
    let names: Vec<Arg<'_>> = key.names.iter().map(|name| Arg::Text(name)).collect();
    Connection::open()?.value(FIND, &names, "oid")
}

fn domain_owner(connection: &Connection, key: &ObjectKey) -> Result<Option<u32>, Error> {
    const FIND: &str = "SELECT t.typowner AS owner FROM pg_catalog.pg_type t \
        JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = $1 AND t.typname = $2";
    let names: Vec<Arg<'_>> = key.names.iter().map(|name| Arg::Text(name)).collect();
    connection.value(FIND, &names, "owner")
}

/// Returns a role that may make objects in a schema.
fn role_that_may_create(connection: &Connection, role: &str, schema: &str) -> Result<Option<u32>, Error> {
    const FIND: &str = "SELECT r.oid FROM pg_catalog.pg_roles r, pg_catalog.pg_namespace n WHERE r.rolname = $1 AND n.nspname = $2 \
        AND pg_catalog.has_schema_privilege(r.oid, n.oid, 'USAGE') AND pg_catalog.has_schema_privilege(r.oid, n.oid, 'CREATE')";
    connection.value(FIND, &[Arg::Text(role), Arg::Text(schema)], "oid")
}

/// Runs something for its result, and rolls it back.
pub fn for_show<T>(run: impl FnOnce(&Labels) -> Result<T, Error>) -> Result<T, Error> {
    let labels = Labels { free: !compat::has_new_labels() };
    let result = undone(|| run(&labels));
    labels.release();
    result
}

/// Labels that a rehearsal adds to enum types. The plan commits them before they are used, which a rehearsal cannot.
/// It may use them all the same: the indexes that it builds go with it, and no plan writes rows into others.
pub struct Labels {
    /// The transaction had added none itself, which must stay unused.
    free: bool,
}

impl Labels {
    pub fn release(&self) {
        if self.free && compat::has_new_labels() {
            compat::forget_new_labels();
        }
    }
}
