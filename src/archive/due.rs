//! Which partitions of a policy are due, and what stands in the way: by the bounds of the first level whose key the
//! retention can be compared with, at every depth of the tree.

use std::collections::{BTreeMap, BTreeSet};

use pgmeta_archive::bound::{Bound, End, parse};
use pgmeta_archive::manifest::Slice;
use pgmeta_archive::options::{Options, Retire};
use pgmeta_core::cells::take;
use pgmeta_core::ident::ident;
use pgrx::PgSqlErrorCode;
use rustc_hash::FxHashMap;

use crate::archive::default_rows;
use crate::archive::key::{Key, Unit};
use crate::archive::policy::{Policy, Retention, names};
use crate::archive::record::{RUNNING, partition_here};
use crate::archive::retire::referencing;
use crate::error::Error;
use crate::guc::Pinned;
use crate::message::warn;
use crate::rights::{as_code_owner, as_extension_owner, reader};
use crate::spi::{Arg, Connection, attempt};

/// A partition that is beyond its retention.
#[derive(Debug)]
pub struct Candidate {
    pub partition: u32,
    /// Of a DEFAULT partition, the rows that are.
    pub slice: Option<Slice>,
    pub lower: Option<String>,
    pub upper: Option<String>,
    pub rows_estimate: Option<i64>,
    pub bytes: Option<i64>,
    pub state: &'static str,
    pub blocked_by: Option<String>,
    /// Until then workers leave it alone, after a failure.
    pub waits_until: Option<String>,
    /// The archive that has its rows already, unless others have come since.
    pub stored: Option<i64>,
    /// Something was written to it since that one was stored: other rows, or none.
    pub written: bool,
    /// What the last attempt has failed of, as long as none has succeeded since.
    pub error: Option<String>,
}

impl Candidate {
    /// Returns whether there is something to do.
    pub fn is_due(&self) -> bool {
        self.state == "pending" || (self.state == "stored" && self.written)
    }

    /// Returns what is to be done by its number: of a DEFAULT partition there may be several slices, of which those that are stored
    /// are known by their archives.
    pub fn task(&self) -> Task {
        Task { partition: self.partition, slice: self.slice.as_ref().map(|_| self.stored) }
    }
}

/// What a candidate is known by, as long as nobody has done it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task {
    pub partition: u32,
    /// Of a DEFAULT partition: the archive that has its rows, or none.
    slice: Option<Option<i64>>,
}

pub struct Node {
    pub oid: u32,
    pub parent: Option<u32>,
    pub kind: String,
    unlogged: bool,
    pending: bool,
    pub bound: Option<String>,
    rows: Option<i64>,
    bytes: Option<i64>,
    /// As the server counts what is written to it.
    pub changes: Option<i64>,
    pub key: Key,
    pub column: Option<String>,
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
    /// Rows may have these values, or come before the next: those of a list, and where further columns of the key tell.
    reached: bool,
}

/// Refuses a table of which no level has a key that the retention can be compared with.
pub fn require_comparable_key(parent: u32, retention: &Retention, options: &Options) -> Result<(), Error> {
    const KEY: &str = "SELECT pg_catalog.format('%s of %s', pg_catalog.pg_get_partkeydef($1::oid), $1::oid::pg_catalog.regclass) AS key";
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    if tree(&connection, parent)?.iter().any(|node| node.key.is_comparable(retention, options)) {
        return Ok(());
    }
    let key: String = connection.value(KEY, &[Arg::Int(parent.into())], "key")?.unwrap_or_default();
    let (what, hint) = match retention {
        Retention::Time(_) => (
            "a retention by time",
            "An interval is for keys of date and time, for domains over them, and for date_trunc of a timestamp; with the option epoch \
             for integers (s, ms, us) and for UUIDs of version 7 (uuid7).",
        ),
        Retention::Keys(_) => {
            ("a number of keys", "A number is for integer keys that are no time: leave out the option epoch.")
        }
    };
    let message = format!("the partition key {key} cannot be compared with {what}");
    Err(Error::from_parts(PgSqlErrorCode::ERRCODE_INVALID_PARAMETER_VALUE, &message, hint))
}

/// Returns what is due of a policy, or of all, with the policies' names. One that is broken does not hide the others.
pub fn candidates_of(policy: Option<&str>, at: &str) -> Result<Vec<(String, Candidate)>, Error> {
    let names = match policy {
        Some(name) => vec![name.to_owned()],
        None => {
            let _pinned = Pinned::new();
            names(&Connection::open()?)?
        }
    };
    let mut found = Vec::new();
    for name in names {
        let find = || candidates(&Policy::find(&name)?, at);
        let due = match policy {
            Some(_) => find(),
            None => attempt(find),
        };
        match due {
            Ok(due) => found.extend(due.into_iter().map(|candidate| (name.clone(), candidate))),
            Err(error) if policy.is_none() => {
                warn(&format!("could not find what is due of policy \"{name}\": {error}"));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(found)
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
    let done = done(&connection, policy, false)?;
    let mut due: Vec<(&Leaf<'_>, &Age)> =
        leaves.iter().zip(&ages).filter(|(leaf, age)| age.expired && !kept.contains(&leaf.decides.oid)).collect();
    due.sort_by(|(a, age_a), (b, age_b)| age_b.rank.cmp(&age_a.rank).then_with(|| a.node.quoted.cmp(&b.node.quoted)));
    let mut found: Vec<Candidate> =
        due.into_iter().map(|(leaf, _)| candidate(&connection, policy, leaf, &done)).collect::<Result<_, _>>()?;
    found.extend(default_rows::candidates(&connection, policy, &tree, at)?);
    Ok(found)
}

fn candidate(
    connection: &Connection,
    policy: &Policy,
    leaf: &Leaf<'_>,
    done: &FxHashMap<u32, Done>,
) -> Result<Candidate, Error> {
    let node = leaf.node;
    let nothing = Done::default();
    let done = done.get(&node.oid).unwrap_or(&nothing);
    let (state, blocked_by) = standing(policy, &done.state, done, blocked(connection, policy, node)?);
    Ok(Candidate {
        partition: node.oid,
        slice: None,
        lower: leaf.lower.clone(),
        upper: leaf.values.last().cloned(),
        rows_estimate: node.rows.filter(|rows| *rows >= 0),
        bytes: node.bytes,
        state,
        blocked_by,
        waits_until: done.waits_until.clone(),
        stored: done.stored,
        // The server forgets its counts in a crash: then the rows tell.
        written: done.changes.is_some_and(|changes| node.changes != Some(changes)),
        error: (!done.last.is_empty()).then(|| done.last.clone()),
    })
}

/// Returns what about a partition keeps it from being archived, or retired.
pub fn blocked(connection: &Connection, policy: &Policy, node: &Node) -> Result<Option<String>, Error> {
    let of_itself = match node {
        Node { kind, .. } if kind == "f" => Some("it is a foreign table".to_owned()),
        Node { pending: true, .. } => Some("it is pending detach: FINALIZE it".to_owned()),
        Node { unlogged: true, .. } => Some("it is unlogged".to_owned()),
        _ => None,
    };
    if of_itself.is_some() || policy.options.retire == Retire::Keep {
        return Ok(of_itself);
    }
    let names = referencing(connection, node.oid)?;
    Ok((!names.is_empty()).then(|| format!("foreign keys reference it: {}", names.join(", "))))
}

/// Returns the state of what is beyond its retention, and what stands in the way; `last`: its last archive.
pub fn standing(
    policy: &Policy,
    last: &str,
    done: &Done,
    blocked_by: Option<String>,
) -> (&'static str, Option<String>) {
    let Done { failures, lost, last: error, .. } = done;
    let because = |why: &str| Some(why.to_owned());
    match last {
        // What is retired and a partition again was attached again.
        "stored" | "retired" if policy.options.retire == Retire::Keep => ("stored", blocked_by),
        running if let Some(word) = RUNNING.iter().find(|word| **word == running) => (word, blocked_by),
        "cancelled" => ("cancelled", because("it was cancelled: pgmeta_archive_retry tries again")),
        "deleting" | "deleted" => {
            ("deleted", because("its archive was deleted: pgmeta_archive_retry archives it again"))
        }
        "held" => ("restored", because("it was restored: pgmeta_archive_retry archives it again")),
        _ if blocked_by.is_some() => ("blocked", blocked_by),
        _ if *failures >= i64::from(policy.options.max_attempts) => {
            ("failed", Some(format!("it failed {failures} times, at last: {error}")))
        }
        // What always takes the server down with it is not tried for ever.
        _ if *lost >= LOST.max(i64::from(policy.options.max_attempts)) => {
            ("failed", Some(format!("workers ended {lost} times in a row while they were at it")))
        }
        _ => ("pending", None),
    }
}

/// Returns a partitioned table with all that is below it.
pub fn tree(connection: &Connection, parent: u32) -> Result<Vec<Node>, Error> {
    const TREE: &str = r#"WITH RECURSIVE tree AS (
            SELECT $1::oid AS oid, NULL::oid AS parent, false AS pending
            UNION ALL SELECT i.inhrelid, i.inhparent, i.inhdetachpending FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid)
        SELECT t.oid, t.parent, c.relkind::text AS kind, c.relpersistence = 'u' AS unlogged, t.pending,
            pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS bound, c.reltuples::int8 AS rows,
            CASE WHEN c.relkind = 'r' THEN pg_catalog.pg_table_size(c.oid) END AS bytes,
            CASE WHEN c.relkind = 'r' THEN pg_catalog.pg_stat_get_tuples_inserted(c.oid) + pg_catalog.pg_stat_get_tuples_updated(c.oid)
                + pg_catalog.pg_stat_get_tuples_deleted(c.oid) END AS changes,
            (WITH RECURSIVE base AS (SELECT a.atttypid AS oid UNION ALL SELECT y.typbasetype FROM base b
                    JOIN pg_catalog.pg_type y ON y.oid = b.oid WHERE y.typtype = 'd')
                SELECT pg_catalog.format_type(b.oid, NULL) FROM base b JOIN pg_catalog.pg_type y ON y.oid = b.oid
                WHERE y.typtype <> 'd') AS key,
            e.parts[1] AS unit, a.attname AS column_name, c.oid::regclass::text AS quoted
        FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid
        LEFT JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = c.oid AND p.partstrat IN ('r', 'l')
        LEFT JOIN LATERAL (SELECT pg_catalog.regexp_match(pg_catalog.pg_get_expr(p.partexprs, p.partrelid),
            '^date_trunc\(''([a-z]+)''::text, ([a-z_][a-z0-9_]*|"(?:[^"]|"")+")\)') AS parts) e ON p.partattrs[0] = 0
        LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            AND CASE WHEN p.partattrs[0] = 0 THEN pg_catalog.quote_ident(a.attname) = e.parts[2] ELSE a.attnum = p.partattrs[0] END"#;
    let names = [
        "oid",
        "parent",
        "kind",
        "unlogged",
        "pending",
        "bound",
        "rows",
        "bytes",
        "changes",
        "key",
        "unit",
        "column_name",
        "quoted",
    ];
    let mut nodes = Vec::new();
    connection.read(TREE, &[Arg::Int(parent.into())], &names, |cells| {
        let (oid, parent) = (take(cells, "oid")?, take(cells, "parent")?);
        let (kind, unlogged, pending) = (take(cells, "kind")?, take(cells, "unlogged")?, take(cells, "pending")?);
        let (bound, rows, bytes) = (take(cells, "bound")?, take(cells, "rows")?, take(cells, "bytes")?);
        let changes = take(cells, "changes")?;
        let (data_type, unit): (Option<String>, Option<String>) = (take(cells, "key")?, take(cells, "unit")?);
        let key = Key::of(data_type.as_deref(), unit.as_deref());
        let (column, quoted) = (take(cells, "column_name")?, take(cells, "quoted")?);
        nodes.push(Node { oid, parent, kind, unlogged, pending, bound, rows, bytes, changes, key, column, quoted });
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
                let (lower, values, reached) = match parse(decides.bound.as_deref()?)? {
                    Bound::Range { lower, upper: End::Value(upper), reached } => {
                        let lower = if let End::Value(lower) = lower { Some(lower) } else { None };
                        (lower, vec![upper], reached)
                    }
                    Bound::List(values) => (None, values.into_iter().collect::<Option<Vec<_>>>()?, true),
                    Bound::Range { .. } | Bound::Hash | Bound::Default => return None,
                };
                let column = above.column.as_deref()?;
                return Some(Leaf { node, decides, key: above.key, column, lower, values, reached });
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
    for key in leaves.iter().map(|leaf| leaf.key).collect::<BTreeSet<Key>>() {
        let mut owners = Vec::new();
        let (mut values, mut kinds) = (Vec::new(), Vec::new());
        for (at, leaf) in leaves.iter().enumerate().filter(|(_, leaf)| leaf.key == key) {
            for value in &leaf.values {
                owners.push(at);
                values.push(value.clone());
                kinds.push(if leaf.reached { "reached" } else { "range" }.to_owned());
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
                // A day that rows have is over when the next one begins.
                Key::Date => {
                    "(v.value::date + CASE WHEN v.kind = 'reached' THEN 1 ELSE 0 END)::timestamp AT TIME ZONE $3".into()
                }
                // And so is what was cut down to the same value.
                Key::Truncated(Unit { name, interval }) => format!(
                    "(pg_catalog.date_trunc('{name}', v.value::timestamp) + CASE WHEN v.kind = 'reached' \
                        OR pg_catalog.date_trunc('{name}', v.value::timestamp) <> v.value::timestamp \
                        THEN interval '{interval}' ELSE interval '0' END) AT TIME ZONE $3"
                ),
                // The first of a millisecond is the least that comes after all of the one before.
                Key::Uuid => "pg_catalog.to_timestamp((('x' || pg_catalog.left(pg_catalog.replace(v.value, '-', ''), 12))::bit(48)::int8 \
                        + CASE WHEN v.kind = 'range' AND pg_catalog.right(pg_catalog.replace(v.value, '-', ''), 20) <= '70008000000000000000' \
                            THEN 0 ELSE 1 END)::float8 / 1000)"
                    .into(),
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
    let whole = match key {
        Key::Date | Key::Truncated(_) | Key::Uuid => "true",
        _ => "v.kind = 'range'",
    };
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

/// Number of consecutive workers that died while they archived a partition after which the policy skips it.
const LOST: i64 = 5;

/// What earlier attempts have done with a partition.
#[derive(Default)]
pub struct Done {
    /// Of the last one that counts.
    state: String,
    failures: i64,
    /// Number of workers that died while they archived it, since its last other result.
    lost: i64,
    /// The error of the last failure, if that counts.
    pub last: String,
    /// When a worker may try again, if that is to come.
    pub waits_until: Option<String>,
    /// The last archive that has its rows, and the server's count of its changes at that time.
    stored: Option<i64>,
    changes: Option<i64>,
}

/// Returns what has been done with whole partitions, or with slices of DEFAULT partitions.
pub fn done(connection: &Connection, policy: &Policy, slices: bool) -> Result<FxHashMap<u32, Done>, Error> {
    // Restored and interrupted archives do not count. Only failures of the policy's owner count:
    // others may have failed for what they lack.
    let query = format!(
        "SELECT r.partition, \
            COALESCE((pg_catalog.array_agg(CASE WHEN r.held THEN 'held' ELSE r.state END ORDER BY r.id DESC) FILTER (WHERE r.ended <> 'interrupted' OR r.state = 'cancelled'))[1], '') AS state, \
            pg_catalog.count(*) FILTER (WHERE r.fails AND r.id > r.success) AS failures, \
            pg_catalog.count(*) FILTER (WHERE r.ended = 'lost' AND NOT r.waived AND r.id > r.other) AS lost, \
            COALESCE((pg_catalog.array_agg(r.error ORDER BY r.id DESC) FILTER (WHERE r.id > r.success \
                AND (r.fails OR r.state = 'stored') AND r.error IS NOT NULL))[1], '') AS last, \
            (pg_catalog.max(r.next_try_at) FILTER (WHERE (r.fails OR r.ended = 'lost' OR r.state = 'stored') AND NOT r.waived \
                AND r.next_try_at > pg_catalog.clock_timestamp()))::text AS waits, \
            (pg_catalog.array_agg(r.id ORDER BY r.id DESC) FILTER (WHERE r.state IN ('stored', 'retired')))[1] AS stored, \
            (pg_catalog.array_agg(r.changes ORDER BY r.id DESC) FILTER (WHERE r.state IN ('stored', 'retired')))[1] AS changes \
        FROM (SELECT {} AS partition, r.id, r.held, r.state, r.error, r.next_try_at, r.changes, r.waived, \
                COALESCE(r.class, '') AS ended, r.state = 'failed' AND NOT r.waived AND r.archived_by = p.owner \
                    AND COALESCE(r.class, '') NOT IN ('interrupted', 'lost') AS fails, \
                COALESCE(pg_catalog.max(r.id) FILTER (WHERE r.class IS DISTINCT FROM 'lost') OVER same, 0) AS other, \
                COALESCE(pg_catalog.max(r.id) FILTER (WHERE r.state = 'retired' OR r.state = 'stored' AND r.error IS NULL) OVER same, 0) AS success \
            FROM pgmeta.archive_records r JOIN pgmeta.archive_policies p ON p.name = r.policy WHERE r.policy = $1 AND (r.upper IS NOT NULL) = ($2 <> 0) \
            WINDOW same AS (PARTITION BY {})) AS r GROUP BY 1",
        partition_here(),
        partition_here()
    );
    let _owner = as_extension_owner(connection)?;
    let names = ["partition", "state", "failures", "lost", "last", "waits", "stored", "changes"];
    let mut done = FxHashMap::default();
    connection.read(&query, &[Arg::Text(&policy.name), Arg::Int(slices.into())], &names, |cells| {
        let partition: u32 = take(cells, "partition")?;
        let (state, failures, lost) = (take(cells, "state")?, take(cells, "failures")?, take(cells, "lost")?);
        let (last, waits_until) = (take(cells, "last")?, take(cells, "waits")?);
        let (stored, changes) = (take(cells, "stored")?, take(cells, "changes")?);
        done.insert(partition, Done { state, failures, lost, last, waits_until, stored, changes });
        Ok(())
    })?;
    Ok(done)
}
