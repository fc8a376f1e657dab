//! Runs the steps of a plan in the caller's transaction, for good or to roll them back. Code that runs over existing rows
//! runs as the table's owner. No other file runs statements of plans.

use std::time::{Duration, Instant};

use pgmeta_core::model::ObjectKey;
use pgmeta_core::plan::{Code, LockLevel, Step};
use pgrx::pg_sys;
use serde_json::{Map, Value, json};

use crate::archive;
use crate::catalog;
use crate::compat;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::rights;
use crate::spi::{SnapshotGuard, attempt, count_within, execute_within, run_and_roll_back};

/// The result of running a statement.
pub struct Execution {
    /// The duration in milliseconds.
    pub duration: f64,
    /// By column, the number of values that the conversion changed irreversibly, or null if they cannot be counted; `None`
    /// if the statement converts nothing.
    pub values_changed: Option<Value>,
    pub result: Result<(), Error>,
}

/// Runs one statement with the step's timeouts.
pub fn execute(step: &Step, sql: &str) -> Execution {
    if step.statement.is_note() {
        return Execution { duration: 0.0, values_changed: None, result: Ok(()) };
    }
    let pinned = GucGuard::running(step.lock_timeout_ms);
    let begun = Instant::now();
    let limit = step.statement_timeout_ms;
    let (mut counting, mut values_changed) = (Duration::ZERO, None);
    // The wait for the lock counts as part of the statement.
    let owner = attempt(|| code_owner(step));
    let result = owner.and_then(|owner| {
        let _code = owner.and_then(rights::as_code_owner);
        // A caller without the right to change the table must not run code as its owner.
        if owner.is_some() {
            let begun = Instant::now();
            values_changed = count(step)?;
            counting = begun.elapsed();
        }
        execute_within(sql, limit)
    });
    let taken = begun.elapsed().saturating_sub(counting);
    // These statements set the grantor of privileges for the next ones.
    if result.is_ok()
        && ["SET SESSION AUTHORIZATION ", "RESET SESSION AUTHORIZATION"].iter().any(|set| sql.starts_with(set))
    {
        pinned.keep();
    }
    let duration = milliseconds(taken);
    let values_changed = values_changed.filter(|_| result.is_ok());
    Execution { duration, values_changed, result }
}

/// Runs a statement of a script with the settings and the rights of the caller. Returns how long it took, in milliseconds.
pub fn execute_as_written(sql: &str) -> (f64, Result<(), Error>) {
    let begun = Instant::now();
    let result = execute_within(sql, 0);
    (milliseconds(begun.elapsed()), result)
}

/// Returns a duration in milliseconds, rounded to microseconds.
pub fn milliseconds(taken: Duration) -> f64 {
    (taken.as_secs_f64() * 1_000_000.0).round() / 1_000.0
}

/// Counts the values that a conversion would change: those that differ after a conversion there and back. Its errors do not
/// fail the statement.
fn count(step: &Step) -> Result<Option<Value>, Error> {
    if step.statement.counts.is_empty() {
        return Ok(None);
    }
    let _whole = GucGuard::whole_tables();
    let mut columns = Map::new();
    for count in &step.statement.counts {
        let changed = match count_within(&count.sql(), step.statement_timeout_ms) {
            Ok(changed) => json!(changed),
            Err(Error::Server { .. }) => Value::Null,
            Err(other) => return Err(other),
        };
        columns.insert(count.column.to_string(), changed);
    }
    Ok(Some(Value::Object(columns)))
}

/// Returns the role as which a statement runs. Locks the object first, so that its name and owner cannot change.
fn code_owner(step: &Step) -> Result<Option<u32>, Error> {
    let statement = &step.statement;
    match statement.code() {
        None => Ok(None),
        Some(Code::Table(table)) => locked_owner(&table, mode(statement.lock)),
        Some(Code::Domain(domain)) => Ok(catalog::domain_owner(&domain)?.filter(|owner| rights::has_role(*owner))),
        Some(Code::Partition { parent, table }) => {
            let above = locked_owner(&parent, pg_sys::ShareUpdateExclusiveLock)?;
            let Some(above) = above else { return Ok(None) };
            let own = locked_owner(&table, pg_sys::AccessExclusiveLock)?;
            if own == Some(above) {
                return Ok(Some(above));
            }
            let _snapshot = SnapshotGuard::new();
            match catalog::relation(&parent)? {
                Some(oid) if !archive::key_evaluates(oid)? => Ok(None),
                _ => Err(archive::attached_by_another(&table.to_string(), &parent.to_string())),
            }
        }
        Some(Code::Recreated { owner, schema }) => {
            Ok(catalog::creator(&owner, &schema)?.filter(|owner| rights::has_role(*owner)))
        }
    }
}

/// Locks a relation and returns its owner, if the caller has the owner's rights. Otherwise the statement itself raises the
/// server's error.
fn locked_owner(key: &ObjectKey, mode: u32) -> Result<Option<u32>, Error> {
    let Some(oid) = catalog::relation(key)? else { return Ok(None) };
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

/// Runs steps, returns the result, and rolls them back.
pub fn rolled_back<T>(run: impl FnOnce(&EnumLabels) -> Result<T, Error>) -> Result<T, Error> {
    let labels = EnumLabels { free: !compat::has_new_labels() };
    let result = run_and_roll_back(|| run(&labels));
    labels.release();
    result
}

/// Labels that a rehearsal adds to enum types. A plan commits them before their use, which a rehearsal cannot do. It may
/// use them nevertheless: indexes that it builds are rolled back, and plans write no rows into other indexes.
pub struct EnumLabels {
    /// Whether the transaction had added no labels itself: these must stay unusable.
    free: bool,
}

impl EnumLabels {
    pub fn release(&self) {
        if self.free && compat::has_new_labels() {
            compat::forget_new_labels();
        }
    }
}
