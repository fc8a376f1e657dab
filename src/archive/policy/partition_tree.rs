//! A partitioned table with all of its partitions, and the conditions that block a partition. Compares nothing with a
//! retention.

use pgmeta_archive::options::Retire;

use crate::archive::policy::Policy;
use crate::archive::policy::partition_key::Key;
use crate::archive::queries;
use crate::archive::retire::referencing;
use crate::error::Error;
use crate::spi::{Arg, Connection};

pub struct Node {
    pub oid: u32,
    pub parent: Option<u32>,
    pub kind: String,
    pub unlogged: bool,
    pub pending: bool,
    pub bound: Option<String>,
    pub rows: Option<i64>,
    pub bytes: Option<i64>,
    /// The server's counter of changes.
    pub changes: Option<i64>,
    pub key: Key,
    pub column: Option<String>,
    pub quoted: String,
}

/// Returns the condition that blocks archiving or retiring a partition, if any.
pub fn blocked(connection: &Connection, policy: &Policy, node: &Node) -> Result<Option<String>, Error> {
    let of_itself = match node {
        Node { kind, .. } if kind == "f" => Some("it is a foreign table".to_owned()),
        Node { pending: true, .. } => {
            Some("it is pending detach: run ALTER TABLE … DETACH PARTITION … FINALIZE".to_owned())
        }
        Node { unlogged: true, .. } => Some("it is unlogged".to_owned()),
        _ => None,
    };
    if of_itself.is_some() || policy.options.retire == Retire::Keep {
        return Ok(of_itself);
    }
    let names = referencing(connection, node.oid)?;
    Ok((!names.is_empty()).then(|| format!("foreign keys reference it: {}", names.join(", "))))
}

query! {
    struct TreeNode = "partition_tree" {
        oid: u32,
        parent: Option<u32>,
        kind: String,
        unlogged: bool,
        pending: bool,
        bound: Option<String>,
        rows: Option<i64>,
        bytes: Option<i64>,
        changes: Option<i64>,
        key: Option<String>,
        unit: Option<String>,
        column_name: Option<String>,
        quoted: String,
    }
}

/// Returns a partitioned table and all of its partitions.
pub fn tree(connection: &Connection, parent: u32) -> Result<Vec<Node>, Error> {
    let rows: Vec<TreeNode> = queries::rows(connection, &[Arg::Int(parent.into())])?;
    let node = |row: TreeNode| Node {
        oid: row.oid,
        parent: row.parent,
        kind: row.kind,
        unlogged: row.unlogged,
        pending: row.pending,
        bound: row.bound,
        rows: row.rows,
        bytes: row.bytes,
        changes: row.changes,
        key: Key::of(row.key.as_deref(), row.unit.as_deref()),
        column: row.column_name,
        quoted: row.quoted,
    };
    Ok(rows.into_iter().map(node).collect())
}
