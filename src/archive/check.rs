//! What would keep archives from being made, found before they are: of one policy, and of all there is.

use std::io::{self, Read, Write};

use pgmeta_archive::options::{DefaultRows, Retire};
use pgmeta_archive::store::Store;
use pgmeta_core::cells::take;

use crate::archive::default_rows;
use crate::archive::due::{Candidate, candidates, require_comparable_key};
use crate::archive::owner::Owner;
use crate::archive::path;
use crate::archive::policy::{Policy, exists};
use crate::archive::retire::referencing;
use crate::archive::storage::{Storage, failed};
use crate::error::{Error, first};
use crate::guc::{self, Pinned};
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

/// What one check has found.
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

/// Checks all that a policy needs. What only its caller lacks is found for the caller.
pub fn validate(name: &str) -> Result<Vec<Finding>, Error> {
    let _pinned = Pinned::archiving();
    let connection = Connection::open()?;
    let policy = match Policy::find(name) {
        Ok(policy) => policy,
        // That there is none is the caller's mistake; that its table is gone or its options are is the policy's.
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
    findings.push(Finding::result("path template", path::check(&connection, policy.parent, &policy.options)));
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
    const STORAGES: &str = "SELECT s.srvname AS name FROM pg_catalog.pg_foreign_server s \
        JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw WHERE w.fdwname = 'pgmeta_storage' ORDER BY 1";
    const POLICIES: &str = "SELECT p.name, p.paused FROM pgmeta.archive_policies p ORDER BY 1";
    let _pinned = Pinned::archiving();
    let connection = Connection::open()?;
    let mut findings = Vec::new();
    findings.push(match server::is_in_recovery() {
        false => Finding::ok("server"),
        true => Finding::of("server", Status::Warn, "the server is a standby: it archives nothing", ""),
    });
    let mut names: Vec<String> = Vec::new();
    connection.read(STORAGES, &[], &["name"], |cells| {
        names.push(take(cells, "name")?);
        Ok(())
    })?;
    for name in names {
        // A probe writes, if only for a moment.
        if !server::is_in_recovery() {
            findings.push(Finding::result(&format!("storage {name}"), probe(&connection, &name)));
        }
    }
    findings.append(&mut without_storage(&connection)?);
    let owner = as_extension_owner(&connection)?;
    let mut policies: Vec<(String, bool)> = Vec::new();
    connection.read(POLICIES, &[], &["name", "paused"], |cells| {
        policies.push((take(cells, "name")?, take(cells, "paused")?));
        Ok(())
    })?;
    drop(owner);
    let left = left(&connection)?;
    if left > 0 {
        findings.push(Finding::of(
            "workers",
            Status::Warn,
            format!("{left} archives were left unfinished by workers that have ended"),
            "pgmeta_archive_start goes on with them.",
        ));
    }
    for (name, paused) in policies {
        findings.push(match require_owner(&connection, &name) {
            Ok(()) => state_of(&name, paused),
            Err(error) => Finding::result(&format!("policy {name}"), Err(error)),
        });
    }
    Ok(findings)
}

/// Names the archives and policies whose storage is not there any more: dropped, or renamed while the event trigger could not see it.
fn without_storage(connection: &Connection) -> Result<Vec<Finding>, Error> {
    const FIND: &str = "SELECT n.storage, ARRAY(SELECT pg_catalog.format('\"%s\"', p.name) FROM pgmeta.archive_policies p \
                WHERE p.storage = n.storage ORDER BY p.name) AS policies, \
            ARRAY(SELECT r.id::text FROM pgmeta.archive_records r WHERE r.storage = n.storage AND r.location IS NOT NULL ORDER BY r.id) AS archives \
        FROM (SELECT p.storage FROM pgmeta.archive_policies p UNION SELECT r.storage FROM pgmeta.archive_records r WHERE r.location IS NOT NULL) n \
        WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_foreign_server s JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw \
            WHERE s.srvname = n.storage AND w.fdwname = 'pgmeta_storage') ORDER BY 1";
    let listed = |what: &str, names: Vec<Option<String>>| -> Option<String> {
        let names: Vec<String> = names.into_iter().flatten().collect();
        (!names.is_empty()).then(|| format!("{what} {}", first(&names)))
    };
    let _owner = as_extension_owner(connection)?;
    let mut findings = Vec::new();
    connection.read(FIND, &[], &["storage", "policies", "archives"], |cells| {
        let storage: String = take(cells, "storage")?;
        let policies = listed("of policies", take(cells, "policies")?);
        let archives = listed("of archives", take(cells, "archives")?);
        let needed: Vec<String> = archives.into_iter().chain(policies).collect();
        findings.push(Finding::of(
            &format!("storage {storage}"),
            Status::Fail,
            format!("storage \"{storage}\" does not exist, and is that {}", needed.join(" and ")),
            "CREATE SERVER with this name and the URL that it had; where it has another name now, ALTER SERVER … RENAME TO gives this one back.",
        ));
        Ok(())
    })?;
    Ok(findings)
}

/// Raises why a policy's owner cannot run it.
fn require_owner(connection: &Connection, policy: &str) -> Result<(), Error> {
    Owner::find(connection, policy)?.map_or(Ok(()), |owner| owner.require_able().map(drop))
}

fn database(connection: &Connection) -> Result<String, Error> {
    Ok(connection.value("SELECT pg_catalog.current_database()::text AS name", &[], "name")?.unwrap_or_default())
}

/// Returns how many archives are in a state that somebody should be at, and nobody is.
fn left(connection: &Connection) -> Result<i64, Error> {
    const COUNT: &str = "SELECT pg_catalog.count(*) AS count FROM pgmeta.archive_records r \
        WHERE r.state IN ('scanning', 'uploading', 'verifying', 'retiring') \
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.pid = r.pid)";
    let _owner = as_extension_owner(connection)?;
    Ok(connection.value(COUNT, &[], "count")?.unwrap_or_default())
}

/// Returns how a policy is getting on.
fn state_of(name: &str, paused: bool) -> Finding {
    let title = format!("policy {name}");
    let due = match Policy::find(name).and_then(|policy| candidates(&policy, "now")) {
        Ok(due) => due,
        Err(error) => return Finding::result(&title, Err(error)),
    };
    let count = |state: &str| due.iter().filter(|candidate| candidate.state == state).count();
    let (failed, blocked, pending) = (count("failed"), count("blocked"), count("pending"));
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

/// Returns what attempts have failed of, where none has succeeded since.
fn failures(title: &str, due: &[Candidate]) -> Option<Finding> {
    let failing: Vec<&str> = due.iter().filter_map(|candidate| candidate.error.as_deref()).collect();
    let detail = format!("{} partitions could not be archived or retired: {}", failing.len(), failing.first()?);
    let hint = "pgmeta.archives has each error. When its reason is gone, pgmeta_archive_retry_all takes back what was set aside.";
    Some(Finding::of(title, Status::Fail, detail, hint))
}

/// Returns whether the caller may read the partitions, and retire them where that is wanted.
fn rights(connection: &Connection, policy: &Policy) -> Result<Finding, Error> {
    const RIGHTS: &str = "WITH RECURSIVE tree AS (SELECT $1::oid AS oid \
            UNION ALL SELECT i.inhrelid FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid) \
        SELECT COALESCE((SELECT c.oid::regclass::text FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid \
                WHERE c.relkind = 'r' AND NOT pg_catalog.has_table_privilege(c.oid, 'SELECT') ORDER BY 1 LIMIT 1), '') AS unreadable, \
            COALESCE((SELECT c.oid::regclass::text FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid \
                WHERE NOT pg_catalog.pg_has_role(c.relowner, 'USAGE') ORDER BY 1 LIMIT 1), '') AS others";
    let (mut unreadable, mut others) = (String::new(), String::new());
    connection.read(RIGHTS, &[Arg::Int(policy.parent.into())], &["unreadable", "others"], |cells| {
        (unreadable, others) = (take(cells, "unreadable")?, take(cells, "others")?);
        Ok(())
    })?;
    Ok(if !unreadable.is_empty() {
        Finding::of("privileges", Status::Fail, format!("you may not read {unreadable}"), "GRANT SELECT on it.")
    } else if policy.options.retire != Retire::Keep && !others.is_empty() {
        let detail = format!("you are not the owner of {others}, and cannot retire it");
        Finding::of("privileges", Status::Fail, detail, "Run the policy as the owner, or a member of the role.")
    } else {
        Finding::ok("privileges")
    })
}

/// Writes, reads, and deletes an object, which must not be written twice.
pub fn probe(connection: &Connection, storage: &str) -> Result<(), Error> {
    const NAME: &str = "SELECT pg_catalog.gen_random_uuid()::text AS name";
    const TEXT: &[u8] = b"pgmeta";
    let name: String = connection.value(NAME, &[], "name")?.unwrap_or_default();
    let Storage { away, folder, .. } = Storage::open(connection, storage)?;
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
        let hint = folder.as_deref().and_then(|folder| folder_hint(folder, &error));
        let error = failed(action, storage)(error);
        match hint {
            Some(hint) => Error::from_parts(error.code(), &error.to_string(), &hint),
            None => error,
        }
    };
    let outcome =
        away.run(move |store| Ok::<_, io::Error>(ask(&**store))).map_err(|error| failed("ask storage", error))?;
    let wrong = |what: &str| Err(failed("trust storage", io::Error::other(what.to_owned())));
    match outcome.map_err(|(action, error): (&'static str, io::Error)| failed(action, error))? {
        (true, _) => wrong("it lets an object be written twice"),
        (false, false) => wrong("it returns other bytes than were written"),
        (false, true) => Ok(()),
    }
}

/// Returns what makes a folder that files can be written to.
fn folder_hint(folder: &str, error: &io::Error) -> Option<String> {
    match error.kind() {
        io::ErrorKind::NotFound => Some(format!(
            "mkdir -p '{folder}', and chown it to the operating system user that the server runs as. The option {{\"probe\": false}} makes a policy before its storage."
        )),
        io::ErrorKind::PermissionDenied => {
            Some(format!("chown '{folder}' to the operating system user that the server runs as."))
        }
        _ => None,
    }
}
