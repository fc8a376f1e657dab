//! Which partitions of a policy are due, and what stands in the way: by the bounds of the first level whose key the
//! retention can be compared with, at every depth of the tree.

use std::collections::{BTreeMap, BTreeSet};

use pgmeta_archive::bound::{Bound, End, parse};
use pgmeta_archive::options::{Options, Retire};
use pgmeta_core::ident::ident;
use pgmeta_core::rows::take;
use rustc_hash::FxHashMap;

use crate::archive::policy::{Policy, Retention};
use crate::archive::record::{RUNNING, partition_here};
use crate::archive::retire::referencing;
use crate::error::Error;
use crate::guc::Pinned;
use crate::rights::{as_code_owner, as_extension_owner, reader};
use crate::spi::{Arg, Connection};

/// A partition that is beyond its retention.
#[derive(Debug)]
pub struct Candidate {
    pub partition: u32,
    pub lower: Option<String>,
    pub upper: Option<String>,
    pub rows_estimate: Option<i64>,
    pub bytes: Option<i64>,
    pub state: &'static str,
    pub blocked_by: Option<String>,
    /// Until then workers leave it alone, after a failure.
    pub waits_until: Option<String>,
}

/// What a level is partitioned by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Date,
    Timestamp,
    Timestamptz,
    Integer,
    Other,
}

impl Key {
    fn of(data_type: Option<&str>) -> Self {
        match data_type {
            Some("date") => Key::Date,
            Some("timestamp without time zone") => Key::Timestamp,
            Some("timestamp with time zone") => Key::Timestamptz,
            Some("smallint" | "integer" | "bigint") => Key::Integer,
            _ => Key::Other,
        }
    }

    fn is_comparable(self, retention: &Retention, options: &Options) -> bool {
        match retention {
            Retention::Keys(_) => self == Key::Integer && options.epoch.is_none(),
            Retention::Time(_) => match self {
                Key::Integer => options.epoch.is_some(),
                Key::Date | Key::Timestamp | Key::Timestamptz => true,
                Key::Other => false,
            },
        }
    }
}

struct Node {
    oid: u32,
    parent: Option<u32>,
    kind: String,
    unlogged: bool,
    pending: bool,
    bound: Option<String>,
    rows: Option<i64>,
    bytes: Option<i64>,
    key: Key,
    column: Option<String>,
    quoted: String,
}

/// A leaf, with the part of the tree whose bound decides.
struct Leaf<'a> {
    node: &'a Node,
    decides: &'a Node,
    key: Key,
    column: &'a str,
    lower: Option<String>,
    /// What must all be old: the upper bound, or the values of a list.
    values: Vec<String>,
    of_list: bool,
}

/// Returns whether any level of a table's tree has a key that the retention can be compared with.
pub fn has_comparable_key(parent: u32, retention: &Retention, options: &Options) -> Result<bool, Error> {
    let _pinned = Pinned::new();
    let tree = tree(&Connection::open()?, parent)?;
    Ok(tree.iter().any(|node| node.key.is_comparable(retention, options)))
}

/// Returns what is beyond its retention at a time, oldest first; `at` as PostgreSQL reads it.
pub fn candidates(policy: &Policy, at: &str) -> Result<Vec<Candidate>, Error> {
    let _pinned = Pinned::archiving();
    let connection = Connection::open()?;
    let tree = tree(&connection, policy.parent)?;
    let leaves = leaves(&tree, policy);
    let ages = ages(&connection, policy, &leaves, at)?;
    // The newest that stay, by the bounds that decide.
    let mut newest: BTreeMap<i64, u32> = BTreeMap::new();
    for (leaf, age) in leaves.iter().zip(&ages) {
        newest.insert(age.rank, leaf.decides.oid);
    }
    // Those without an end are newer than all others.
    let keep = (policy.options.keep_newest as usize).saturating_sub(endless(&tree, policy));
    let mut kept = BTreeSet::new();
    for &oid in newest.values() {
        if kept.len() >= keep {
            break;
        }
        kept.insert(oid);
    }
    let done = done(&connection, policy)?;
    let mut due: Vec<(&Leaf<'_>, &Age)> =
        leaves.iter().zip(&ages).filter(|(leaf, age)| age.expired && !kept.contains(&leaf.decides.oid)).collect();
    due.sort_by(|(a, age_a), (b, age_b)| age_b.rank.cmp(&age_a.rank).then_with(|| a.node.quoted.cmp(&b.node.quoted)));
    due.into_iter().map(|(leaf, _)| candidate(&connection, policy, leaf, &done)).collect()
}

fn candidate(
    connection: &Connection,
    policy: &Policy,
    leaf: &Leaf<'_>,
    done: &FxHashMap<u32, Done>,
) -> Result<Candidate, Error> {
    let node = leaf.node;
    let done = done.get(&node.oid);
    let mut blocked_by = match node {
        Node { kind, .. } if kind == "f" => Some("it is a foreign table".to_owned()),
        Node { pending: true, .. } => Some("it is pending detach: FINALIZE it".to_owned()),
        Node { unlogged: true, .. } => Some("it is unlogged".to_owned()),
        _ => None,
    };
    if blocked_by.is_none() && policy.options.retire != Retire::Keep {
        let names = referencing(connection, node.oid)?;
        blocked_by = (!names.is_empty()).then(|| format!("foreign keys reference it: {}", names.join(", ")));
    }
    let nothing = Done::default();
    let Done { state: last_state, failures, last, waits_until } = done.unwrap_or(&nothing);
    let state = match last_state.as_str() {
        "stored" | "retired" => "stored",
        running if let Some(word) = RUNNING.iter().find(|word| **word == running) => word,
        "cancelled" => {
            blocked_by = Some("it was cancelled: pgmeta_archive_retry tries again".to_owned());
            "cancelled"
        }
        "held" => {
            blocked_by = Some("it was restored: pgmeta_archive_retry archives it again".to_owned());
            "restored"
        }
        _ if blocked_by.is_some() => "blocked",
        _ if *failures >= i64::from(policy.options.max_attempts) => {
            blocked_by = Some(format!("it failed {failures} times, at last: {last}"));
            "failed"
        }
        _ => "pending",
    };
    Ok(Candidate {
        partition: node.oid,
        lower: leaf.lower.clone(),
        upper: leaf.values.last().cloned(),
        rows_estimate: node.rows.filter(|rows| *rows >= 0),
        bytes: node.bytes,
        state,
        blocked_by,
        waits_until: waits_until.clone(),
    })
}

fn tree(connection: &Connection, parent: u32) -> Result<Vec<Node>, Error> {
    const TREE: &str = "WITH RECURSIVE tree AS ( \
            SELECT $1::oid AS oid, NULL::oid AS parent, false AS pending \
            UNION ALL SELECT i.inhrelid, i.inhparent, i.inhdetachpending FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid) \
        SELECT t.oid, t.parent, c.relkind::text AS kind, c.relpersistence = 'u' AS unlogged, t.pending, \
            pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS bound, c.reltuples::int8 AS rows, \
            CASE WHEN c.relkind = 'r' THEN pg_catalog.pg_table_size(c.oid) END AS bytes, \
            pg_catalog.format_type(a.atttypid, NULL) AS key, a.attname AS column_name, c.oid::regclass::text AS quoted \
        FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid \
        LEFT JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = c.oid AND p.partstrat IN ('r', 'l') \
        LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0] AND a.attnum > 0";
    let names =
        ["oid", "parent", "kind", "unlogged", "pending", "bound", "rows", "bytes", "key", "column_name", "quoted"];
    let mut nodes = Vec::new();
    connection.read(TREE, &[Arg::Int(parent.into())], &names, |cells| {
        nodes.push(Node {
            oid: take(cells, "oid")?,
            parent: take(cells, "parent")?,
            kind: take(cells, "kind")?,
            unlogged: take(cells, "unlogged")?,
            pending: take(cells, "pending")?,
            bound: take(cells, "bound")?,
            rows: take(cells, "rows")?,
            bytes: take(cells, "bytes")?,
            key: Key::of(take::<Option<String>>(cells, "key")?.as_deref()),
            column: take(cells, "column_name")?,
            quoted: take(cells, "quoted")?,
        });
        Ok(())
    })?;
    Ok(nodes)
}

/// Returns how many partitions take all that comes after some value.
fn endless(tree: &[Node], policy: &Policy) -> usize {
    let decide: BTreeSet<u32> = tree
        .iter()
        .filter(|node| node.key.is_comparable(&policy.retention, &policy.options))
        .map(|node| node.oid)
        .collect();
    let open = |node: &&Node| {
        let bound = node.bound.as_deref().and_then(parse);
        matches!(bound, Some(Bound::Range { upper: End::Open, .. }))
            && node.parent.is_some_and(|parent| decide.contains(&parent))
    };
    tree.iter().filter(open).count()
}

/// Returns the leaves that age: not those of DEFAULT and of bounds without an end.
fn leaves<'a>(tree: &'a [Node], policy: &Policy) -> Vec<Leaf<'a>> {
    let by_oid: FxHashMap<u32, &Node> = tree.iter().map(|node| (node.oid, node)).collect();
    let leaf = |node: &'a Node| {
        let mut decides = node;
        loop {
            let above = *by_oid.get(&decides.parent?)?;
            if above.key.is_comparable(&policy.retention, &policy.options) {
                let (lower, values, of_list) = match parse(decides.bound.as_deref()?)? {
                    Bound::Range { lower, upper: End::Value(upper) } => {
                        let lower = if let End::Value(lower) = lower { Some(lower) } else { None };
                        (lower, vec![upper], false)
                    }
                    Bound::List(values) => (None, values.into_iter().collect::<Option<Vec<_>>>()?, true),
                    Bound::Range { .. } | Bound::Hash | Bound::Default => return None,
                };
                let column = above.column.as_deref()?;
                return Some(Leaf { node, decides, key: above.key, column, lower, values, of_list });
            }
            decides = above;
        }
    };
    tree.iter().filter(|node| node.kind != "p" && node.parent.is_some()).filter_map(leaf).collect()
}

/// How old a leaf is.
struct Age {
    expired: bool,
    /// 1 for the newest.
    rank: i64,
}

fn ages(connection: &Connection, policy: &Policy, leaves: &[Leaf<'_>], at: &str) -> Result<Vec<Age>, Error> {
    let mut ages: Vec<Age> = leaves.iter().map(|_| Age { expired: true, rank: i64::MAX }).collect();
    // All levels that decide have one key type as a rule; where not, each is compared by its own.
    for key in [Key::Date, Key::Timestamp, Key::Timestamptz, Key::Integer] {
        let mut owners = Vec::new();
        let (mut values, mut kinds) = (Vec::new(), Vec::new());
        for (at, leaf) in leaves.iter().enumerate().filter(|(_, leaf)| leaf.key == key) {
            for value in &leaf.values {
                owners.push(at);
                values.push(value.clone());
                kinds.push(if leaf.of_list { "list" } else { "range" }.to_owned());
            }
        }
        let Some(&first) = owners.first() else { continue };
        let column = leaves[first].column;
        compare(connection, policy, (key, column), &values, &kinds, at, &mut |row, expired, rank| {
            if let Some(age) = owners.get(row).and_then(|&owner| ages.get_mut(owner)) {
                age.expired &= expired;
                age.rank = age.rank.min(rank);
            }
        })?;
    }
    Ok(ages)
}

/// Has the server compare values with the end of the retention.
fn compare(
    connection: &Connection,
    policy: &Policy,
    (key, column): (Key, &str),
    values: &[String],
    kinds: &[String],
    at: &str,
    visit: &mut dyn FnMut(usize, bool, i64),
) -> Result<(), Error> {
    let zone = Arg::Text(&policy.options.time_zone);
    let (value, limit, args): (String, String, Vec<Arg<'_>>) = match &policy.retention {
        Retention::Time(retention) => {
            let value = match key {
                // A day of a list is over when the next one begins.
                Key::Date => {
                    "(v.value::date + CASE WHEN v.kind = 'list' THEN 1 ELSE 0 END)::timestamp AT TIME ZONE $3".into()
                }
                Key::Timestamp => "v.value::timestamp AT TIME ZONE $3".into(),
                Key::Timestamptz => "v.value::timestamptz".into(),
                Key::Integer | Key::Other => {
                    let per_second = policy.options.epoch.map_or(1, |epoch| epoch.per_second());
                    format!("pg_catalog.to_timestamp(v.value::float8 / {per_second})")
                }
            };
            let limit = "(($4::timestamptz AT TIME ZONE $3) - $5::interval) AT TIME ZONE $3".to_owned();
            (value, limit, vec![zone, Arg::Text(at), Arg::Text(retention)])
        }
        Retention::Keys(count) => {
            let parent = pgmeta_core::ident::ident_list([&policy.parent_schema]) + "." + &ident(&policy.parent_name);
            let limit = format!("(SELECT pg_catalog.max({})::numeric FROM {parent}) - $3::numeric", ident(column));
            ("v.value::numeric".into(), limit, vec![Arg::Int(*count)])
        }
    };
    let whole = if key == Key::Date { "true" } else { "v.kind = 'range'" };
    let sql = format!(
        "SELECT v.at AS at, COALESCE(CASE WHEN {whole} THEN v.value <= l.value ELSE v.value < l.value END, false) AS expired, \
            pg_catalog.rank() OVER (ORDER BY v.value DESC) AS rank \
        FROM (SELECT v.at, v.kind, {value} AS value FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) \
            WITH ORDINALITY AS v (value, kind, at)) AS v, (SELECT {limit} AS value) AS l"
    );
    // The greatest key is read from the table itself.
    let _reader = match &policy.retention {
        Retention::Keys(_) => as_code_owner(reader(&policy.parent_schema, &policy.parent_name, policy.parent)?),
        Retention::Time(_) => None,
    };
    let args: Vec<Arg<'_>> = [Arg::Texts(values), Arg::Texts(kinds)].into_iter().chain(args).collect();
    connection.read(&sql, &args, &["at", "expired", "rank"], |cells| {
        let at: i64 = take(cells, "at")?;
        let (expired, rank) = (take(cells, "expired")?, take(cells, "rank")?);
        visit(usize::try_from(at - 1).unwrap_or(usize::MAX), expired, rank);
        Ok(())
    })
}

/// What earlier attempts have done with a partition.
#[derive(Default)]
struct Done {
    /// Of the last one that counts.
    state: String,
    failures: i64,
    last: String,
    /// When a worker may try again, if that is to come.
    waits_until: Option<String>,
}

fn done(connection: &Connection, policy: &Policy) -> Result<FxHashMap<u32, Done>, Error> {
    // What is undone by a restore, and what was interrupted, is as if it had not been. Failures count that the policy's owner had:
    // others may have failed for what they lack.
    let query = format!(
        "SELECT {} AS partition, \
            COALESCE((pg_catalog.array_agg(CASE WHEN r.held THEN 'held' ELSE r.state END ORDER BY r.id DESC) FILTER (WHERE r.class IS DISTINCT FROM 'interrupted' OR r.state = 'cancelled'))[1], '') AS state, \
            pg_catalog.count(*) FILTER (WHERE r.state = 'failed' AND r.class IS DISTINCT FROM 'interrupted' AND r.archived_by = p.owner) AS failures, \
            COALESCE((pg_catalog.array_agg(r.error ORDER BY r.id DESC) FILTER (WHERE r.state = 'failed'))[1], '') AS last, \
            (pg_catalog.max(r.next_try_at) FILTER (WHERE r.state = 'failed' AND r.class IS DISTINCT FROM 'interrupted' \
                AND r.archived_by = p.owner AND r.next_try_at > pg_catalog.clock_timestamp()))::text AS waits \
        FROM pgmeta.archive_records r JOIN pgmeta.archive_policies p ON p.name = r.policy WHERE r.policy = $1 GROUP BY 1",
        partition_here()
    );
    let _owner = as_extension_owner(connection)?;
    let names = ["partition", "state", "failures", "last", "waits"];
    let mut done = FxHashMap::default();
    connection.read(&query, &[Arg::Text(&policy.name)], &names, |cells| {
        let partition: u32 = take(cells, "partition")?;
        let (state, failures) = (take(cells, "state")?, take(cells, "failures")?);
        let last = take(cells, "last")?;
        done.insert(partition, Done { state, failures, last, waits_until: take(cells, "waits")? });
        Ok(())
    })?;
    Ok(done)
}
