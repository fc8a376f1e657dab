//! Checks for problems that would prevent archiving: for one policy, and for all storages and policies.

use std::io::{self, Read, Write};

use pgmeta_archive::options::{DefaultRows, Retire};
use pgmeta_archive::standing::Standing;
use pgmeta_archive::state::State;
use pgmeta_archive::store::Store;

use crate::archive::errors::StorageAccessError;
use crate::archive::policy::candidate::Candidate;
use crate::archive::policy::candidates::{candidates, require_comparable_key};
use crate::archive::policy::default_rows;
use crate::archive::policy::folder;
use crate::archive::policy::storage::Storage;
use crate::archive::policy::{Listed, Policy, exists, listed};
use crate::archive::queries;
use crate::archive::records::run_as::Owner;
use crate::archive::retire::referencing;
use crate::error::{Error, first};
use crate::guc::{self, GucGuard};
use crate::rights::as_extension_owner;
use crate::server;
use crate::spi::{Arg, Connection};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Ok,
    Warn,
    Fail,
}

impl Status {
    pub fn word(self) -> &'static str {
        match self {
            Status::Ok => "ok",
            Status::Warn => "warn",
            Status::Fail => "fail",
        }
    }
}

/// The result of a check.
#[derive(Debug)]
pub struct Finding {
    pub name: String,
    pub status: Status,
    pub detail: Option<String>,
    pub hint: Option<String>,
}

impl Finding {
    fn ok(name: &str) -> Self {
        Self { name: name.to_owned(), status: Status::Ok, detail: None, hint: None }
    }

    fn of(name: &str, status: Status, detail: impl Into<String>, hint: &str) -> Self {
        let hint = (!hint.is_empty()).then(|| hint.to_owned());
        Self { name: name.to_owned(), status, detail: Some(detail.into()), hint }
    }

    fn result(name: &str, result: Result<(), Error>) -> Self {
        match result {
            Ok(()) => Self::ok(name),
            Err(error) => Self::of(name, Status::Fail, error.to_string(), error.hint().unwrap_or_default().as_str()),
        }
    }
}

/// Checks everything that a policy needs. Privileges are checked for the caller.
pub fn validate(name: &str) -> Result<Vec<Finding>, Error> {
    let _pinned = GucGuard::archiving();
    let connection = Connection::open()?;
    let policy = match Policy::find(name) {
        Ok(policy) => policy,
        // An unknown policy is an error of the caller; a missing table or wrong options are findings.
        Err(error) if exists(&connection, name)? => return Ok(vec![Finding::result("policy", Err(error))]),
        Err(error) => return Err(error),
    };
    let mut findings = vec![Finding::ok("policy"), Finding::result("owner", require_owner(&connection, name))];
    let key = require_comparable_key(policy.parent, &policy.retention, &policy.options);
    let comparable = key.is_ok();
    findings.push(Finding::result("partition key", key));
    if policy.options.default_rows == DefaultRows::Archive {
        let supported = default_rows::require_supported(&connection, policy.parent, &policy.retention, &policy.options);
        findings.push(Finding::result("default rows", supported));
    }
    findings.push(Finding::result("path template", folder::check(&connection, policy.parent, &policy.options)));
    findings.push(Finding::result("storage", probe(&connection, &policy.storage)));
    findings.push(rights(&connection, &policy)?);
    if policy.options.retire != Retire::Keep {
        let names = referencing(&connection, policy.parent)?;
        findings.push(match names.is_empty() {
            true => Finding::ok("foreign keys"),
            false => Finding::of(
                "foreign keys",
                Status::Fail,
                format!("foreign keys reference the table: {}", names.join(", ")),
                "Its partitions can be archived with retire \"keep\" only, or drop the foreign keys.",
            ),
        });
    }
    if policy.options.schedule.is_some() {
        findings.push(match guc::archive_databases().contains(&database(&connection)?) {
            true => Finding::ok("schedule"),
            false => Finding::of(
                "schedule",
                Status::Warn,
                "nothing starts the workers of schedules in this database",
                "Set shared_preload_libraries = 'pgmeta' and pgmeta.archive_databases, and restart the server.",
            ),
        });
    }
    if comparable {
        findings.push(match candidates(&policy, "now") {
            Ok(due) => failures("candidates", &due).unwrap_or_else(|| Finding::ok("candidates")),
            Err(error) => Finding::result("candidates", Err(error)),
        });
    }
    Ok(findings)
}

/// Checks all storages and policies, and the results of earlier runs.
pub fn health() -> Result<Vec<Finding>, Error> {
    let _pinned = GucGuard::archiving();
    let connection = Connection::open()?;
    let mut findings = Vec::new();
    findings.push(match server::is_in_recovery() {
        false => Finding::ok("server"),
        true => Finding::of("server", Status::Warn, "the server is a standby: it archives nothing", ""),
    });
    let names: Vec<String> = queries::values(&connection, sql!("storages"), &[], "name")?;
    for name in names {
        // The probe writes a file, which a standby cannot do.
        if !server::is_in_recovery() {
            findings.push(Finding::result(&format!("storage {name}"), probe(&connection, &name)));
        }
    }
    findings.append(&mut without_storage(&connection)?);
    let unfinished = unfinished_count(&connection)?;
    if unfinished > 0 {
        findings.push(Finding::of(
            "workers",
            Status::Warn,
            format!("{unfinished} archives were left unfinished by workers that have ended"),
            "pgmeta_archive_start goes on with them.",
        ));
    }
    for Listed { name, paused } in listed(&connection, None)? {
        findings.push(match require_owner(&connection, &name) {
            Ok(()) => state_of(&name, paused),
            Err(error) => Finding::result(&format!("policy {name}"), Err(error)),
        });
    }
    Ok(findings)
}

query! {
    struct MissingStorage = "missing_storages" {
        storage: String,
        policies: Vec<String>,
        archives: Vec<String>,
    }
}

/// Returns findings for archives and policies without their storage: it was dropped, or renamed while the event trigger was
/// disabled.
fn without_storage(connection: &Connection) -> Result<Vec<Finding>, Error> {
    let listed = |what: &str, names: Vec<String>| (!names.is_empty()).then(|| format!("{what} {}", first(&names)));
    let _owner = as_extension_owner(connection)?;
    let rows: Vec<MissingStorage> = queries::rows(connection, &[])?;
    let finding = |MissingStorage { storage, policies, archives }: MissingStorage| {
        let needed = [listed("of archives", archives), listed("of policies", policies)];
        let needed: Vec<String> = needed.into_iter().flatten().collect();
        Finding::of(
            &format!("storage {storage}"),
            Status::Fail,
            format!("storage \"{storage}\" does not exist, and is that {}", needed.join(" and ")),
            "CREATE SERVER with this name and the URL that it had; where it has another name now, ALTER SERVER … RENAME TO gives this one back.",
        )
    };
    Ok(rows.into_iter().map(finding).collect())
}

/// Returns an error if the policy's owner cannot run it.
fn require_owner(connection: &Connection, policy: &str) -> Result<(), Error> {
    Owner::find(connection, policy)?.map_or(Ok(()), |owner| owner.require_able().map(drop))
}

fn database(connection: &Connection) -> Result<String, Error> {
    queries::value(connection, sql!("current_database"), &[], "name")
}

/// Returns the number of archives in a running state without a process.
fn unfinished_count(connection: &Connection) -> Result<i64, Error> {
    let _owner = as_extension_owner(connection)?;
    queries::value(connection, sql!("unfinished_count"), &[], "count")
}

/// Returns a finding about the state of a policy.
fn state_of(name: &str, paused: bool) -> Finding {
    let title = format!("policy {name}");
    let due = match Policy::find(name).and_then(|policy| candidates(&policy, "now")) {
        Ok(due) => due,
        Err(error) => return Finding::result(&title, Err(error)),
    };
    let count = |state: Standing| due.iter().filter(|candidate| candidate.state == state).count();
    let (failed, blocked, pending) =
        (count(Standing::Archive(State::Failed)), count(Standing::Blocked), count(Standing::Pending));
    let detail = format!("{pending} pending, {blocked} blocked, {failed} failed");
    let hint = "pgmeta_archive_candidates shows each partition, and what stands in the way.";
    if let Some(failing) = failures(&title, &due) {
        return Finding { detail: failing.detail.map(|errors| format!("{detail}; {errors}")), ..failing };
    }
    match (failed, blocked) {
        (0, 0) if paused => Finding::of(&title, Status::Warn, format!("paused; {detail}"), ""),
        (0, 0) => Finding { detail: Some(detail), ..Finding::ok(&title) },
        (0, _) => Finding::of(&title, Status::Warn, detail, hint),
        _ => Finding::of(&title, Status::Fail, detail, hint),
    }
}

/// Returns a finding about candidates whose last attempt failed.
fn failures(title: &str, due: &[Candidate]) -> Option<Finding> {
    let failing: Vec<&str> = due.iter().filter_map(|candidate| candidate.error.as_deref()).collect();
    let detail = format!("{} partitions could not be archived or retired: {}", failing.len(), failing.first()?);
    let hint = "pgmeta.archives has each error. When its reason is gone, pgmeta_archive_retry_all takes back what was set aside.";
    Some(Finding::of(title, Status::Fail, detail, hint))
}

query! {
    struct TreePrivileges = "tree_privileges" {
        unreadable: String,
        others: String,
    }
}

/// Returns a finding about the caller's privileges to read the partitions, and to retire them if the policy does.
fn rights(connection: &Connection, policy: &Policy) -> Result<Finding, Error> {
    let TreePrivileges { unreadable, others } = queries::one(connection, &[Arg::Int(policy.parent.into())])?;
    Ok(if !unreadable.is_empty() {
        Finding::of("privileges", Status::Fail, format!("you may not read {unreadable}"), "GRANT SELECT on it.")
    } else if policy.options.retire != Retire::Keep && !others.is_empty() {
        let detail = format!("you are not the owner of {others}, and cannot retire it");
        Finding::of("privileges", Status::Fail, detail, "Run the policy as the owner, or a member of the role.")
    } else {
        Finding::ok("privileges")
    })
}

/// Writes, reads and deletes an object, and checks that it cannot be written twice.
pub fn probe(connection: &Connection, storage: &str) -> Result<(), Error> {
    const TEXT: &[u8] = b"pgmeta";
    let name: String = queries::value(connection, sql!("random_name"), &[], "name")?;
    let Storage { client, folder, .. } = Storage::open(connection, storage)?;
    let path = format!(".pgmeta-probe-{name}");
    let ask = move |store: &dyn Store| {
        let write = || {
            let mut object = store.create(&path)?;
            object.write_all(TEXT)?;
            object.commit()
        };
        write().map_err(|error| ("write to storage", error))?;
        let again = write().is_ok();
        let mut read = Vec::new();
        let back = store.open(&path).and_then(|mut object| object.read_to_end(&mut read));
        store.delete(&path).map_err(|error| ("delete from storage", error))?;
        back.map_err(|error| ("read from storage", error))?;
        Ok((again, read == TEXT))
    };
    let failed = |action: &'static str, error: io::Error| {
        Error::from(StorageAccessError::io(action, storage, error).in_folder(folder.clone()))
    };
    let outcome =
        client.run(move |store| Ok::<_, io::Error>(ask(&**store))).map_err(|error| failed("ask storage", error))?;
    match outcome.map_err(|(action, error): (&'static str, io::Error)| failed(action, error))? {
        (true, _) => Err(StorageAccessError::Overwrites(storage.to_owned()).into()),
        (false, false) => Err(StorageAccessError::OtherBytes(storage.to_owned()).into()),
        (false, true) => Ok(()),
    }
}
