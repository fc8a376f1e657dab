//! Finds the candidates of a policy, and the reasons that block them. A partition's age is determined at the first level
//! whose key can be compared with the retention, at any depth of the tree.

use std::collections::{BTreeMap, BTreeSet};

use pgmeta_archive::bound::{Bound, End, parse};
use pgmeta_archive::options::Options;
use pgmeta_core::cells::take;
use pgmeta_core::ident::ident;
use rustc_hash::FxHashMap;

use crate::archive::errors::PolicyError;
use crate::archive::policy::candidate::{Candidate, Earlier, earlier};
use crate::archive::policy::default_rows;
use crate::archive::policy::partition_key::{Key, Unit};
use crate::archive::policy::partition_tree::{Node, blocked, tree};
use crate::archive::policy::{Policy, Retention, listed};
use crate::archive::queries;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::message::warn;
use crate::rights::{as_code_owner, reader};
use crate::spi::{Arg, Connection, attempt};

/// A leaf partition, and the level whose bound determines its age.
struct Leaf<'a> {
    node: &'a Node,
    decides: &'a Node,
    key: Key,
    column: &'a str,
    lower: Option<String>,
    /// The values that must be older than the retention: the upper bound, or all values of a list.
    values: Vec<String>,
    /// Whether rows may have these values themselves: always in a list; in a range, if the key has further columns.
    reached: bool,
}

/// Returns an error if no level of a table has a key that can be compared with the retention.
pub fn require_comparable_key(parent: u32, retention: &Retention, options: &Options) -> Result<(), Error> {
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    if tree(&connection, parent)?.iter().any(|node| node.key.is_comparable(retention, options)) {
        return Ok(());
    }
    let key: String = queries::value(&connection, sql!("partition_key"), &[Arg::Int(parent.into())], "key")?;
    Err(PolicyError::Key { key, by_time: matches!(retention, Retention::Time(_)) }.into())
}

/// Returns the candidates of one policy, or of all, with the policies' names. A broken policy does not hide the others.
pub fn candidates_of(policy: Option<&str>, at: &str) -> Result<Vec<(String, Candidate)>, Error> {
    let names = match policy {
        Some(name) => vec![name.to_owned()],
        None => {
            let _pinned = GucGuard::new();
            listed(&Connection::open()?, None)?.into_iter().map(|listed| listed.name).collect()
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

/// Returns the candidates at a time, oldest first; `at` is text that PostgreSQL reads.
pub fn candidates(policy: &Policy, at: &str) -> Result<Vec<Candidate>, Error> {
    let _pinned = GucGuard::archiving();
    let connection = Connection::open()?;
    let tree = tree(&connection, policy.parent)?;
    let leaves = leaves(&tree, policy);
    let ages = ages(&connection, policy, &leaves, at)?;
    // The newest partitions to keep, by level.
    let mut newest: BTreeMap<i64, u32> = BTreeMap::new();
    for (leaf, age) in leaves.iter().zip(&ages) {
        newest.insert(age.rank, leaf.decides.oid);
    }
    // Partitions without an upper bound are newer than all others.
    let keep = (policy.options.keep_newest as usize).saturating_sub(endless(&tree, policy));
    let mut kept = BTreeSet::new();
    for &oid in newest.values() {
        if kept.len() >= keep {
            break;
        }
        kept.insert(oid);
    }
    let earlier = earlier(&connection, policy, false)?;
    let mut due: Vec<(&Leaf<'_>, &Age)> =
        leaves.iter().zip(&ages).filter(|(leaf, age)| age.expired && !kept.contains(&leaf.decides.oid)).collect();
    due.sort_by(|(a, age_a), (b, age_b)| age_b.rank.cmp(&age_a.rank).then_with(|| a.node.quoted.cmp(&b.node.quoted)));
    let mut found: Vec<Candidate> =
        due.into_iter().map(|(leaf, _)| candidate(&connection, policy, leaf, &earlier)).collect::<Result<_, _>>()?;
    found.extend(default_rows::candidates(&connection, policy, &tree, at)?);
    Ok(found)
}

fn candidate(
    connection: &Connection,
    policy: &Policy,
    leaf: &Leaf<'_>,
    earlier: &FxHashMap<u32, Earlier>,
) -> Result<Candidate, Error> {
    let node = leaf.node;
    let nothing = Earlier::default();
    let earlier = earlier.get(&node.oid).unwrap_or(&nothing);
    let (state, blocked_by) = earlier.history.standing(&policy.options, blocked(connection, policy, node)?);
    Ok(Candidate {
        partition: node.oid,
        slice: None,
        lower: leaf.lower.clone(),
        upper: leaf.values.last().cloned(),
        rows_estimate: node.rows.filter(|rows| *rows >= 0),
        bytes: node.bytes,
        state,
        blocked_by,
        waits_until: earlier.waits_until.clone(),
        stored: earlier.stored,
        // After a crash the server has no counters: then the rows are compared.
        written: earlier.changes.is_some_and(|changes| node.changes != Some(changes)),
        error: earlier.history.error.clone(),
    })
}

/// Returns the number of partitions without an upper limit.
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

/// Returns the leaf partitions that age: not DEFAULT, and not those without an upper bound.
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

/// The age of a leaf partition.
struct Age {
    expired: bool,
    /// 1 for the newest.
    rank: i64,
}

fn ages(connection: &Connection, policy: &Policy, leaves: &[Leaf<'_>], at: &str) -> Result<Vec<Age>, Error> {
    let mut ages: Vec<Age> = leaves.iter().map(|_| Age { expired: true, rank: i64::MAX }).collect();
    // All levels usually have the same key type. If not, the values of each type are compared separately.
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

/// Returns SQL by which the server compares values with the end of the retention.
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
                // A day has passed when the next one begins.
                Key::Date => {
                    "(v.value::date + CASE WHEN v.kind = 'reached' THEN 1 ELSE 0 END)::timestamp AT TIME ZONE $3".into()
                }
                // Likewise the unit of a truncated value has passed when the next one begins.
                Key::Truncated(Unit { name, interval }) => format!(
                    "(pg_catalog.date_trunc('{name}', v.value::timestamp) + CASE WHEN v.kind = 'reached' \
                        OR pg_catalog.date_trunc('{name}', v.value::timestamp) <> v.value::timestamp \
                        THEN interval '{interval}' ELSE interval '0' END) AT TIME ZONE $3"
                ),
                // UUIDs of one millisecond have passed when the next millisecond begins.
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
            let greatest = queries::fill(sql!("greatest_key"), &[("column", &ident(column)), ("parent", &parent)])?;
            ("v.value::numeric".into(), format!("{greatest} - $3::numeric"), vec![Arg::Int(*count)])
        }
    };
    let whole = match key {
        Key::Date | Key::Truncated(_) | Key::Uuid => "true",
        _ => "v.kind = 'range'",
    };
    let sql = queries::fill(sql!("partition_ages"), &[("whole", whole), ("value", &value), ("limit", &limit)])?;
    // The greatest key is read from the table.
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
