//! Starts workers: chooses the policies, the number of workers and the role that they log in as.

use crate::archive::policy::{Policy, served};
use crate::archive::records::run_as::Owner;
use crate::error::Error;
use crate::guc::{self, GucGuard};
use crate::message::warn;
use crate::server;
use crate::spi::Connection;
use crate::worker::admission::admit;
use crate::worker::process::Order;

/// The exported function that workers run.
pub const FUNCTION: &str = "pgmeta_archive_work";

/// The `backend_type` of workers in `pg_stat_activity`.
pub const KIND: &str = "pgmeta archive";

/// Maximum number of workers of a policy.
const MOST: u32 = 64;

/// Maximum length of a policy's name: a worker gets its role and policy in less than 128 bytes.
const LONGEST: usize = 90;

/// Returns the `application_name` of a policy's workers, which has at most 63 bytes.
pub fn application(policy: &str) -> String {
    let mut name = format!("{KIND}: {policy}");
    while name.len() > 63 {
        name.pop();
    }
    name
}

/// Starts workers for a policy, or for all that are not paused; returns their process IDs.
pub fn start(policy: Option<&str>, workers: Option<i32>) -> Result<Vec<i32>, Error> {
    server::require_primary("pgmeta_archive_start")?;
    let workers = workers.map(|workers| {
        u32::try_from(workers).ok().filter(|workers| (1..=MOST).contains(workers)).ok_or_else(|| Error::BadArgument {
            name: "workers",
            value: workers.to_string(),
            hint: format!("Pass a number from 1 to {MOST}."),
        })
    });
    let workers = workers.transpose()?;
    let mut wanted = Vec::new();
    for (name, owner) in owners(policy)? {
        let found = match workers {
            Some(count) => Ok(count),
            None => Policy::find(&name).map(|found| found.options.workers.unwrap_or_else(guc::archive_workers)),
        };
        match found {
            Ok(count) => wanted.push((name, owner, count)),
            // A policy whose table does not exist must not prevent the others from starting.
            Err(error) if policy.is_none() => warn(&format!("policy \"{name}\" is not started: {error}")),
            Err(error) => return Err(error),
        }
    }
    let admission = admit(wanted.iter().map(|(.., count)| count).sum())?;
    let mut pids = Vec::new();
    for (name, owner, count) in wanted {
        for _ in 0..count {
            let worker = admission.start(&Order {
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

/// Returns the policies to start, with their owners.
fn owners(policy: Option<&str>) -> Result<Vec<(String, u32)>, Error> {
    let served = served(policy)?;
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    let mut owners = Vec::with_capacity(served.len());
    for name in served {
        let Some(owner) = Owner::find(&connection, &name)? else { continue };
        let able = owner.require_able().and_then(|owner| match name.len() {
            0..=LONGEST => Ok(owner),
            _ => Err(Error::BadArgument {
                name: "policy",
                value: name.clone(),
                hint: format!("Workers take policies whose names have {LONGEST} bytes at most."),
            }),
        });
        match able {
            Ok(owner) => owners.push((name, owner)),
            // A policy that cannot start must not prevent the others from starting.
            Err(error) if policy.is_none() => warn(&format!("policy \"{name}\" is not started: {error}")),
            Err(error) => return Err(error),
        }
    }
    Ok(owners)
}
