//! Starting workers: which, how many, and as whom they log in.

use crate::archive::owner::Owner;
use crate::archive::policy::{Policy, served};
use crate::error::Error;
use crate::guc::{self, Pinned};
use crate::server;
use crate::spi::Connection;
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
        match start_for(&name, owner, workers) {
            Ok(started) => pids.extend(started),
            // One whose table is gone does not keep the others from being started.
            Err(error) if policy.is_none() => pgrx::warning!("policy \"{name}\" is not started: {error}"),
            Err(error) => return Err(error),
        }
    }
    Ok(pids)
}

fn start_for(name: &str, owner: u32, workers: Option<u32>) -> Result<Vec<i32>, Error> {
    let count = match workers {
        Some(count) => count,
        None => Policy::find(name)?.options.workers.unwrap_or_else(guc::archive_workers),
    };
    let mut pids = Vec::new();
    for _ in 0..count {
        let worker = Worker::start(&Order {
            function: FUNCTION,
            name: &application(name),
            kind: KIND,
            argument: server::own_database(),
            extra: &format!("{owner} {name}"),
        })?;
        pids.extend(worker.pid());
    }
    Ok(pids)
}

/// Returns the policies to serve with their owners.
fn owners(policy: Option<&str>) -> Result<Vec<(String, u32)>, Error> {
    let served = served(policy)?;
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    let mut owners = Vec::with_capacity(served.len());
    for name in served {
        let Some(owner) = Owner::find(&connection, &name)? else { continue };
        let owner = owner.require_able()?;
        if name.len() > LONGEST {
            return Err(Error::BadArgument {
                name: "policy",
                value: name,
                hint: format!("Workers take policies whose names have {LONGEST} bytes at most."),
            });
        }
        owners.push((name, owner));
    }
    Ok(owners)
}
