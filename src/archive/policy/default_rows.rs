//! Finds due rows of a DEFAULT partition, for the option `default_rows`: all rows before the end of the retention that are
//! in no archive yet, as one slice. They are not divided further: a DEFAULT partition has no interval of its own, its
//! siblings may have any, and each run ends at its own date. Reads keys; changes nothing.

use pgmeta_archive::bound::{Bound, parse};
use pgmeta_archive::manifest::Slice;
use pgmeta_archive::options::{DefaultRows, Options};
use pgmeta_archive::standing::{History, Last};
use pgmeta_archive::state::State;
use pgmeta_core::ident::{ident, qualified};

use crate::archive::errors::PolicyError;
use crate::archive::policy::candidate::{Candidate, Earlier, earlier};
use crate::archive::policy::partition_key::Key;
use crate::archive::policy::partition_tree::{Node, blocked, tree};
use crate::archive::policy::slice::condition;
use crate::archive::policy::{Policy, Retention};
use crate::archive::queries::{self, RecordedState};
use crate::archive::transfer::partition::Partition;
use crate::error::Error;
use crate::rights::{as_code_owner, as_extension_owner, reader};
use crate::spi::{Arg, Connection};

query! {
    struct DefaultPartition = "default_partition" {
        name: String,
        key: String,
        simple: bool,
        odd: bool,
        partition: String,
    }
}

/// Returns an error if slices of the DEFAULT partition are not possible: the key must be a range of one column.
pub fn require_supported(
    connection: &Connection,
    parent: u32,
    retention: &Retention,
    options: &Options,
) -> Result<(), Error> {
    if options.default_rows == DefaultRows::Keep {
        return Ok(());
    }
    let found: Option<DefaultPartition> = queries::optional(connection, &[Arg::Int(parent.into())])?;
    let Some(DefaultPartition { name, key, simple, odd, partition }) = found else { return Ok(()) };
    let top = tree(connection, parent)?.into_iter().find(|node| node.oid == parent);
    let comparable = top.is_some_and(|top| top.key.is_comparable(retention, options));
    if !simple || !comparable {
        return Err(PolicyError::DefaultRowsKey { table: name, key }.into());
    }
    if odd {
        return Err(PolicyError::DefaultRowsPartition { partition }.into());
    }
    Ok(())
}

query! {
    /// A slice that an archive has or had.
    struct Known = "default_slices" {
        id: i64,
        column: String,
        lower: String,
        upper: String,
        state: RecordedState,
        held: bool,
        /// Whether its rows were deleted from the table.
        gone: bool,
        changes: Option<i64>,
    }
}

impl Known {
    fn last(&self) -> Last {
        Last { state: self.state.0, held: self.held }
    }

    fn slice(&self) -> Slice {
        Slice { column: self.column.clone(), lower: self.lower.clone(), upper: self.upper.clone() }
    }

    fn is_running(&self) -> bool {
        !self.held && self.state.0.is_running()
    }

    /// Returns whether the rows of the slice are in the table, and belong to the archive or are excluded.
    fn covers(&self) -> bool {
        self.held
            || match self.state.0 {
                State::Stored | State::Cancelled => true,
                State::Deleting | State::Deleted => !self.gone,
                state => state.is_running(),
            }
    }
}

/// Returns the candidates of a DEFAULT partition: stored slices that still exist, and due rows.
pub fn candidates(connection: &Connection, policy: &Policy, nodes: &[Node], at: &str) -> Result<Vec<Candidate>, Error> {
    if policy.options.default_rows == DefaultRows::Keep {
        return Ok(Vec::new());
    }
    let is_default = |node: &&Node| {
        node.parent == Some(policy.parent) && node.bound.as_deref().and_then(parse) == Some(Bound::Default)
    };
    let top = nodes.iter().find(|node| node.oid == policy.parent);
    let (Some(node), Some(Node { key, column: Some(column), .. })) = (nodes.iter().find(is_default), top) else {
        return Ok(Vec::new());
    };
    let Earlier { history, waits_until, .. } = earlier(connection, policy, true)?.remove(&node.oid).unwrap_or_default();
    let known = known(connection, policy, node.oid)?;
    let mut blocked_by = blocked(connection, policy, node)?;
    if node.kind == "p" {
        blocked_by = Some("it is a partitioned table: its rows are in none of its own".to_owned());
    }
    let of = |slice: Option<Slice>, rows: Option<i64>, known: Option<&Known>| {
        let history = History { last: known.map(Known::last), ..history.clone() };
        let (state, blocked_by) = history.standing(&policy.options, blocked_by.clone());
        Candidate {
            partition: node.oid,
            lower: slice.as_ref().map(|slice| slice.lower.clone()),
            upper: slice.as_ref().map(|slice| slice.upper.clone()),
            slice,
            rows_estimate: rows,
            bytes: None,
            state,
            blocked_by,
            waits_until: waits_until.clone(),
            stored: known
                .filter(|known| known.last() == Last { state: State::Stored, held: false })
                .map(|known| known.id),
            written: known.is_some_and(|known| known.changes != node.changes),
            error: history.error,
        }
    };
    if node.kind != "r" {
        return Ok(vec![of(None, None, None)]);
    }
    let covering: Vec<&Known> = known.iter().filter(|known| known.covers()).collect();
    let mut found: Vec<Candidate> = covering.iter().map(|known| of(Some(known.slice()), None, Some(known))).collect();
    // Only one slice of a table is processed at a time.
    if covering.iter().any(|known| known.is_running()) {
        return Ok(found);
    }
    let table = Partition::read(connection, node.oid)?;
    let covered: Vec<Slice> = covering.iter().map(|known| known.slice()).collect();
    if let Some((slice, rows)) = fresh(connection, policy, &table, (*key, column), &covered, at)? {
        found.push(of(Some(slice), Some(rows), None));
    }
    Ok(found)
}

/// Returns the slices of a partition in archives of the policy, each with its newest archive, in order.
fn known(connection: &Connection, policy: &Policy, partition: u32) -> Result<Vec<Known>, Error> {
    let _owner = as_extension_owner(connection)?;
    queries::rows(connection, &[Arg::Text(&policy.name), Arg::Int(partition.into())])
}

/// Returns the first slice of due rows outside of the known slices, and its number of rows. It ends where the next known
/// slice begins.
fn fresh(
    connection: &Connection,
    policy: &Policy,
    table: &Partition,
    (key, column): (Key, &str),
    covered: &[Slice],
    at: &str,
) -> Result<Option<(Slice, i64)>, Error> {
    let Some(limit) = limit(connection, policy, (key, column), at)? else { return Ok(None) };
    let Some(data_type) = key.data_type() else { return Ok(None) };
    let _reader = as_code_owner(reader(&table.schema, &table.name, table.oid)?);
    let (quoted, name) = (table.quoted(), ident(column));
    let mut free = format!("r.{name} < $1::pg_catalog.{data_type}");
    for slice in covered {
        free += &format!(" AND NOT ({})", condition(table, slice)?);
    }
    let first = queries::fill(sql!("first_key"), &[("column", &name), ("table", &quoted), ("condition", &free)])?;
    let Some(lower): Option<String> = connection.value(&first, &[Arg::Text(&limit)], "lower")? else { return Ok(None) };
    let next = queries::fill(sql!("next_key"), &[("type", data_type)])?;
    let ends: Vec<String> = covered.iter().map(|slice| slice.lower.clone()).chain([limit]).collect();
    let upper: Option<String> = connection.value(&next, &[Arg::Texts(&ends), Arg::Text(&lower)], "upper")?;
    let Some(upper) = upper else { return Ok(None) };
    let slice = Slice { column: column.to_owned(), lower, upper };
    let rows = count(connection, table, &slice)?;
    Ok(Some((slice, rows)))
}

/// Returns the number of rows in a slice.
pub fn count(connection: &Connection, table: &Partition, slice: &Slice) -> Result<i64, Error> {
    let values = [("table", &*table.quoted()), ("condition", &*condition(table, slice)?)];
    connection.one(&queries::fill(sql!("slice_rows"), &values)?, &[], "count")
}

/// Returns the key at which the retention ends, as text; rows before it are due. `None` if the table has no keys.
fn limit(
    connection: &Connection,
    policy: &Policy,
    (key, column): (Key, &str),
    at: &str,
) -> Result<Option<String>, Error> {
    let retention = match &policy.retention {
        Retention::Keys(count) => {
            let parent = qualified(&policy.parent_schema, &policy.parent_name);
            let _reader = as_code_owner(reader(&policy.parent_schema, &policy.parent_name, policy.parent)?);
            let sql = queries::fill(sql!("key_limit"), &[("column", &ident(column)), ("parent", &parent)])?;
            return connection.one(&sql, &[Arg::Int(*count)], "value");
        }
        Retention::Time(retention) => retention,
    };
    let local = "(($1::timestamptz AT TIME ZONE $2) - $3::interval)";
    let seconds = format!("pg_catalog.date_part('epoch', {local} AT TIME ZONE $2)::numeric");
    let value = match key {
        // The last moment of the day must be older.
        Key::Date => format!("{local}::date"),
        Key::Timestamp => local.to_owned(),
        Key::Timestamptz => format!("{local} AT TIME ZONE $2"),
        Key::Integer => {
            let per_second = policy.options.epoch.map_or(1, |epoch| epoch.per_second());
            format!("pg_catalog.ceil({seconds} * {per_second})::int8")
        }
        Key::Uuid => format!(
            "(pg_catalog.lpad(pg_catalog.to_hex(GREATEST(pg_catalog.floor({seconds} * 1000), 0)::int8), 12, '0') || pg_catalog.repeat('0', 20))::uuid"
        ),
        Key::Truncated(_) | Key::Other => return Ok(None),
    };
    let args = [Arg::Text(at), Arg::Text(&policy.options.time_zone), Arg::Text(retention)];
    connection.one(&queries::fill(sql!("time_limit"), &[("value", &value)])?, &args, "value")
}
