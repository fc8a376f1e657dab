//! Executes the steps of a plan in the caller's transaction, to keep their effects or to roll them back. Runs code over existing rows as
//! its owner. The only file that runs the statements of plans.

use std::time::{Duration, Instant};

use pgmeta_core::model::ObjectKey;
use pgmeta_core::plan::{Code, LockLevel, Step};
use pgrx::pg_sys;
use serde_json::{Map, Value, json};

use crate::archive;
use crate::catalog;
use crate::compat;
use crate::error::Error;
use crate::guc::Pinned;
use crate::rights;
use crate::spi::{Latest, attempt, count_within, execute_within, undone};

/// The result of a statement.
pub struct Execution {
    /// How long it took, in milliseconds.
    pub duration: f64,
    /// By column, how many values it has changed so that they would not come back, or null where they cannot be counted;
    /// `None` where it converts nothing.
    pub values_changed: Option<Value>,
    pub result: Result<(), Error>,
}

/// Runs one statement with the step's timeouts.
pub fn execute(step: &Step, sql: &str) -> Execution {
    if step.statement.is_note() {
        return Execution { duration: 0.0, values_changed: None, result: Ok(()) };
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
    Execution { duration, values_changed, result }
}

/// Counts the values that a statement is about to change: there and back again they are others. An error in this does not
/// concern the statement.
fn count(step: &Step) -> Result<Option<Value>, Error> {
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
    Ok(Some(Value::Object(columns)))
}

/// Finds as whom a statement is run: what it is about is locked first, so that the name stays the same table's, and its owner's.
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
            let _latest = Latest::new();
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

/// Locks a relation whose owner's rights the caller has, and returns the owner. Who lacks them gets the server's own error.
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

/// Runs steps for their results, and rolls them back.
pub fn rolled_back<T>(run: impl FnOnce(&EnumLabels) -> Result<T, Error>) -> Result<T, Error> {
    let labels = EnumLabels { free: !compat::has_new_labels() };
    let result = undone(|| run(&labels));
    labels.release();
    result
}

/// Labels that a rehearsal adds to enum types. The plan commits them before they are used, which a rehearsal cannot.
/// It may use them all the same: the indexes that it builds go with it, and no plan writes rows into others.
pub struct EnumLabels {
    /// The transaction had added none itself, which must stay unused.
    free: bool,
}

impl EnumLabels {
    pub fn release(&self) {
        if self.free && compat::has_new_labels() {
            compat::forget_new_labels();
        }
    }
}
