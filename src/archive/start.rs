//! Starting workers: which, how many, and as whom they log in.

use pgmeta_core::rows::take;
use pgrx::PgSqlErrorCode;

use crate::archive::own::as_owner;
use crate::archive::policy::{Policy, served};
use crate::error::Error;
use crate::guc::{self, Pinned};
use crate::server;
use crate::spi::{Arg, Connection};
use crate::worker::process::{Order, Worker};

/// The function of a worker, by the name that the library exports.
pub const FUNCTION: &str = "pgmeta_archive_work";

/// What workers are called in `pg_stat_activity`.
pub const KIND: &str = "pgmeta archive";

/// A worker is told its role and policy in less than 128 bytes.
const LONGEST: usize = 90;

/// Returns what a policy's workers are called: names have 63 bytes at most.
pub fn application(policy: &str) -> String {
    let mut name = format!("{KIND}: {policy}");
    while name.len() > 63 {
        name.pop();
    }
    name
}

/// Starts workers for a policy, or for all that are not paused; returns the numbers of their processes.
pub fn start(policy: Option<&str>, workers: Option<i32>) -> Result<Vec<i32>, Error> {
    server::require_primary(c"pgmeta_archive_start()");
    let workers = workers.map(|workers| {
        u32::try_from(workers).ok().filter(|workers| *workers > 0).ok_or_else(|| Error::BadArgument {
            name: "workers",
            value: workers.to_string(),
            hint: "Pass a number of 1 or more.".into(),
        })
    });
    let workers = workers.transpose()?;
    let mut pids = Vec::new();
    for (name, owner) in owners(policy)? {
        let count = match workers {
            Some(count) => count,
            None => Policy::find(&name)?.options.workers.unwrap_or_else(guc::archive_workers),
        };
        for _ in 0..count {
            let worker = Worker::start(&Order {
                function: FUNCTION,
                name: &application(&name),
                kind: KIND,
                argument: server::own_database(),
                extra: &format!("{owner} {name}"),
            })?;
            pids.extend(worker.pid());
        }
    }
    Ok(pids)
}

/// Returns policies with their owners, who must be able to log in.
fn owners(policy: Option<&str>) -> Result<Vec<(String, u32)>, Error> {
    const FIND: &str = "SELECT p.name, r.oid AS owner, COALESCE(r.rolcanlogin, false) AS login, p.owner::text AS role \
        FROM pgmeta.archive_policies p LEFT JOIN pg_catalog.pg_roles r ON r.rolname = p.owner \
        WHERE p.name = ANY ($1) ORDER BY p.name";
    let served = served(policy)?;
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    let _owner = as_owner(&connection)?;
    let mut found: Vec<(String, Option<u32>, bool, String)> = Vec::new();
    connection.read(FIND, &[Arg::Texts(&served)], &["name", "owner", "login", "role"], |cells| {
        let (name, owner): (String, Option<u32>) = (take(cells, "name")?, take(cells, "owner")?);
        let login: bool = take(cells, "login")?;
        found.push((name, owner, login, take(cells, "role")?));
        Ok(())
    })?;
    let of = |(name, owner, login, role): (String, Option<u32>, bool, String)| match owner {
        Some(owner) if login && name.len() <= LONGEST => Ok((name, owner)),
        Some(_) if login => Err(Error::BadArgument {
            name: "policy",
            value: name,
            hint: format!("Workers take policies whose names have {LONGEST} bytes at most."),
        }),
        _ => Err(Error::from_parts(
            PgSqlErrorCode::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            &format!("role \"{role}\", the owner of policy \"{name}\", cannot log in"),
            "Workers are sessions of the policy's owner: ALTER ROLE … LOGIN, or make the policy as another role.",
        )),
    };
    found.into_iter().map(of).collect()
}
