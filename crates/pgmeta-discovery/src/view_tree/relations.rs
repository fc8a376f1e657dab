//! The relations that parse trees refer to by OID, as the catalog has them. `src/catalog` fills them in.

use std::collections::{BTreeMap, BTreeSet};

use pgmeta_core::ident::Name;

/// A column of a relation.
#[derive(Clone, Debug, PartialEq)]
pub struct RelationColumn {
    /// The number of the column, which trees refer to.
    pub number: i16,
    /// The name of the column.
    pub name: Name,
    /// Whether no row of the relation itself has a null: NOT NULL is enforced, for all rows, and the type is not composite, whose
    /// values may consist of nulls.
    pub never_null: bool,
    /// Whether this is also so for the rows of its children and partitions.
    pub never_null_in_children: bool,
}

/// A relation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Relation {
    /// The schema of the relation.
    pub schema: Name,
    /// The name of the relation.
    pub name: Name,
    /// Whether it is a materialized view: its rows were stored at some time in the past.
    pub is_stored: bool,
    /// The parse tree of a view or materialized view. Absent: it is something else, or the tree could not be read.
    pub tree: Option<String>,
    /// The columns, in order, without those that were dropped.
    pub columns: Vec<RelationColumn>,
}

/// Relations by OID.
pub type Relations = BTreeMap<u32, Relation>;

/// The field of trees that has the OID of a relation.
const FIELD: &str = ":relid ";

/// Returns the OIDs of the relations that a tree refers to.
pub fn relations_in(tree: &str) -> BTreeSet<u32> {
    let oids = tree.match_indices(FIELD).filter_map(|(at, _)| {
        let rest = &tree[at + FIELD.len()..];
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest[..end].parse().ok()
    });
    oids.filter(|&oid| oid > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations_are_found_by_their_field() {
        let tree =
            "({QUERY :rtable ({RTE :rtekind 0 :relid 16403 :relkind r} {RTE :rtekind 1 :relid 0} {RTE :relid 16403})})";
        assert_eq!(relations_in(tree), BTreeSet::from([16403]));
        assert!(relations_in("").is_empty());
    }
}
