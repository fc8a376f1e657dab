//! Running a plan from the live schema to a target in the caller's transaction: to undo it, or to keep it. The only
//! place that lets statements of a plan loose.

use std::time::Instant;

use pgmeta_core::diff::{Change, ChangeKind, diff, rename};
use pgmeta_core::model::{Model, ObjectKey, ObjectKind};
use pgmeta_core::plan::{self, Code, Hazard, LockLevel, Options, Step};
use pgrx::pg_sys;
use serde_json::Value;

use crate::api::live::live;
use crate::api::plan::{parse_options, read};
use crate::archive;
use crate::compat;
use crate::document::Document;
use crate::error::{Error, first};
use crate::guc::Pinned;
use crate::rights;
use crate::server;
use crate::spi::{Arg, Connection, Latest, attempt, execute_within, undone};

/// A plan that is about to run.
pub struct Job {
    target: Model,
    pub options: Options,
    pub steps: Vec<Step>,
}

impl Job {
    /// Plans the way from what is there now.
    pub fn new(function: &'static str, target: &Document, options: Option<Document>) -> Result<Self, Error> {
        if server::is_read_only() {
            return Err(Error::ReadOnly(function));
        }
        let options = parse_options(options)?;
        if let Some(word) = options.allow_hazards.iter().find(|word| Hazard::from_word(word).is_none()) {
            return Err(Error::UnknownHazard(word.clone()));
        }
        let target = read(target, &options)?;
        let _latest = Latest::new();
        let mut live = live(&target, &options)?;
        let renames = rename(&mut live, &target, &options.renames)?;
        let steps = plan::plan(&live, &target, &renames, &options);
        Ok(Self { target, options, steps })
    }

    /// Returns in words what still differs from the target, apart from what the options leave alone.
    pub fn differences(&self) -> Result<Option<String>, Error> {
        let _latest = Latest::new();
        let after = live(&self.target, &self.options)?;
        let changes = diff(&after, &self.target);
        let texts: Vec<String> = changes.iter().filter_map(|change| self.text(change)).collect();
        if texts.is_empty() {
            return Ok(None);
        }
        Ok(Some(first(&texts)))
    }

    fn text(&self, change: &Change<'_>) -> Option<String> {
        if change.key.kind == ObjectKind::DefaultPrivileges && !self.options.privileges {
            return None;
        }
        match change.kind {
            ChangeKind::Create => Some(format!("{} is missing", change.key)),
            ChangeKind::Drop => self.options.drops.then(|| format!("{} is left", change.key)),
            ChangeKind::Alter => {
                let Value::Object(detail) = change.detail() else { return None };
                let differs = |(name, sides): &(&String, &Value)| self.differs(name, sides);
                let names: Vec<&str> = detail.iter().filter(differs).map(|(name, _)| name.as_str()).collect();
                (!names.is_empty()).then(|| format!("{} differs in {}", change.key, names.join(" and ")))
            }
        }
    }

    /// Returns whether an attribute differs in what the options do not leave alone.
    fn differs(&self, name: &str, sides: &Value) -> bool {
        if self.ignores(name) {
            return false;
        }
        let [mut old, mut new] = ["old", "new"].map(|side| sides.get(side).cloned().unwrap_or_default());
        self.strip(&mut old);
        self.strip(&mut new);
        if let (false, Value::Array(olds), Value::Array(news)) = (self.options.drops, &mut old, &new) {
            // Columns and the like, which are left with the rest.
            let names: Vec<Option<&Value>> = news.iter().map(|element| element.get("name")).collect();
            olds.retain(|element| element.get("name").is_none() || names.contains(&element.get("name")));
        }
        old != new
    }

    fn strip(&self, value: &mut Value) {
        match value {
            Value::Object(attributes) => {
                attributes.retain(|name, _| !self.ignores(name));
                attributes.values_mut().for_each(|value| self.strip(value));
            }
            Value::Array(elements) => elements.iter_mut().for_each(|element| self.strip(element)),
            _ => {}
        }
    }

    fn ignores(&self, attribute: &str) -> bool {
        let Options { owner, privileges, comments, security_labels, tablespaces, .. } = self.options;
        match attribute {
            "owner" => !owner,
            "privileges" => !privileges,
            "comment" => !comments,
            "security_labels" => !security_labels,
            "tablespace" => !tablespaces,
            _ => false,
        }
    }
}

/// Runs one statement with the step's timeouts and returns how long it took, in milliseconds. Code that it runs over rows that are
/// there is run as its owner, not as whoever runs the plan.
pub fn run(step: &Step, sql: &str) -> (f64, Result<(), Error>) {
    let pinned = Pinned::running(step.lock_timeout_ms);
    let begun = Instant::now();
    let limit = step.statement_timeout_ms;
    // Waiting for the lock is a part of the statement.
    let owner = attempt(|| code_owner(step));
    let result = owner.and_then(|owner| {
        let _code = owner.and_then(rights::as_code_owner);
        execute_within(sql, limit)
    });
    // The grantors of privileges: the next statements are theirs.
    if result.is_ok()
        && ["SET SESSION AUTHORIZATION ", "RESET SESSION AUTHORIZATION"].iter().any(|set| sql.starts_with(set))
    {
        pinned.keep();
    }
    // In whole microseconds: more is noise.
    ((begun.elapsed().as_secs_f64() * 1_000_000.0).round() / 1_000.0, result)
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
        Some(Code::Anew { owner, schema }) => {
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

/// Runs something for what it tells, and undoes it.
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
