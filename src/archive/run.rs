//! What `pgmeta_archive_run` does between its commits: it begins an attempt, makes the archive, says how it ended; and clears
//! away what sessions before it have left. The order of these is the procedure's, in `sql/archive.sql`.

use pgmeta_core::rows::take;

use crate::archive::attempt::{Attempt, DdlOf, Order};
use crate::archive::due::{Candidate, candidates};
use crate::archive::export::{self, make};
use crate::archive::own::as_owner;
use crate::archive::policy::Policy;
use crate::archive::record::{self, Ending, Left};
use crate::archive::storage::Storage;
use crate::error::Error;
use crate::guc::Pinned;
use crate::server;
use crate::spi::{Arg, Connection, Latest};

/// Records the beginning of an attempt and returns its number; none where there is nothing to do any more, or somebody else
/// is at it. It holds the partition's lock until the transaction ends.
pub fn begin(partition: u32, policy: &str, ddl_of: DdlOf) -> Result<Option<i64>, Error> {
    server::require_writable(c"pgmeta_archive_run()");
    if !lock(partition)? {
        return Ok(None);
    }
    // As it is now that nobody else is at it.
    let _latest = Latest::committed();
    let policy = Policy::find(policy)?;
    let is_due = |due: &Candidate| due.partition == partition && due.state == "pending";
    if policy.paused || !candidates(&policy, "now")?.iter().any(is_due) {
        return Ok(None);
    }
    let order = order(partition, &policy, ddl_of)?;
    let _pinned = Pinned::archiving();
    let connection = Connection::open()?;
    let attempt = Attempt::new(&connection, &order)?;
    attempt.begun(&order, |begun| record::begin(&connection, begun)).map(Some)
}

/// Keeps others from a partition until the transaction ends; returns false where one is at it.
pub fn lock(partition: u32) -> Result<bool, Error> {
    let _pinned = Pinned::new();
    export::lock(&Connection::open()?, partition)
}

/// Makes the archive of an attempt that this session has begun; returns false where somebody else has ended it since.
pub fn make_begun(id: i64, ddl_of: DdlOf) -> Result<bool, Error> {
    let begun = {
        let _latest = Latest::committed();
        match begun(id)? {
            Some(begun) => begun,
            None => return Ok(false),
        }
    };
    let policy = Policy::find(&begun.policy)?;
    let order = order(begun.partition, &policy, ddl_of)?;
    let attempt = {
        let _pinned = Pinned::archiving();
        Attempt::begun_before(&Connection::open()?, &order, begun.stem)?
    };
    make(id, &attempt, &order)?;
    Ok(true)
}

/// Records that an attempt of this session has come to nothing. Its files are gone, or will be cleared away by the next.
pub fn ended(id: i64, message: &str, sqlstate: &str) -> Result<(), Error> {
    let _pinned = Pinned::new();
    if begun(id)?.is_none() {
        return Ok(());
    }
    record::ended(&Connection::open()?, id, &Ending { state: "failed", message, sqlstate: sqlstate.to_owned() })
}

/// Ends what sessions and workers that died were at before anything was retired, and removes the files of attempts that came
/// to nothing. What was being retired is for a worker to go on with.
pub fn clear(policy: &str) -> Result<(), Error> {
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    let mut locked = Vec::new();
    for left in record::left(&connection, policy, false)? {
        if lock(left.partition)? {
            locked.push(left.id);
        }
    }
    let left = {
        let _latest = Latest::committed();
        record::left(&connection, policy, false)?
    };
    for Left { id, state, storage, stem, .. } in left.into_iter().filter(|left| locked.contains(&left.id)) {
        match state.as_str() {
            "retiring" => continue,
            "failed" | "cancelled" => {}
            _ => {
                let message = "the session that was at it ended before its work was done";
                record::ended(&connection, id, &Ending { state: "failed", message, sqlstate: "55000".to_owned() })?;
            }
        }
        // A storage that does not answer is asked again by the next.
        if stem.is_none_or(|stem| Storage::open(&connection, &storage).is_ok_and(|storage| storage.away.sweep(&stem))) {
            record::collected(&connection, id)?;
        }
    }
    Ok(())
}

fn order(partition: u32, policy: &Policy, ddl_of: DdlOf) -> Result<Order<'_>, Error> {
    let Policy { name, storage, options, .. } = policy;
    Ok(Order { partition, storage, options, policy: Some(name), ddl: ddl_of(partition)? })
}

/// An attempt of this session that has not ended.
struct Begun {
    partition: u32,
    policy: String,
    stem: String,
}

fn begun(id: i64) -> Result<Option<Begun>, Error> {
    const FIND: &str = "SELECT r.partition_oid AS partition, r.policy, r.stem FROM pgmeta.archive_records r \
        WHERE r.id = $1 AND r.state = 'scanning' AND r.pid = $2::int AND r.policy IS NOT NULL AND r.stem IS NOT NULL";
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    let _owner = as_owner(&connection)?;
    let args = [Arg::Int(id), Arg::Int(server::own_pid().into())];
    let mut found = None;
    connection.read(FIND, &args, &["partition", "policy", "stem"], |cells| {
        let (partition, policy) = (take(cells, "partition")?, take(cells, "policy")?);
        found = Some(Begun { partition, policy, stem: take(cells, "stem")? });
        Ok(())
    })?;
    Ok(found)
}
