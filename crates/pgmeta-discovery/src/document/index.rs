//! Indexes in the document, those behind constraints included, with their use.

use pgmeta_core::ident::{Name, qualified};
use pgmeta_core::lexer::code;
use pgmeta_core::model::{Constraint, ConstraintKind, Index, ModelIndex, RelationName};
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Serialize;

use crate::statistics::{IndexStatistics, Statistics};

/// An index.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct IndexEntry {
    /// The name of the index.
    pub name: Name,
    /// The access method, such as `btree`.
    pub method: Name,
    /// The key, in order: names of columns, and expressions as SQL. An exclusion constraint has its key in its expression.
    pub columns: Vec<String>,
    /// The columns that the index stores besides the key (INCLUDE).
    pub include: Vec<Name>,
    /// Whether it is a unique index.
    pub unique: bool,
    /// Whether it is the primary key's.
    pub primary_key: bool,
    /// Whether nulls are equal to each other.
    pub nulls_not_distinct: bool,
    /// The constraint that it is behind. Absent: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constraint: Option<Name>,
    /// The condition of a partial index, as SQL. Absent: all rows are indexed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predicate: Option<String>,
    /// The index of the partitioned table that it is part of, as `schema.index`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_of: Option<String>,
    /// The comment on the index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// How often it was scanned. Absent, like what follows, without statistics.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scans: Option<i64>,
    /// The number of entries that scans returned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tuples_read: Option<i64>,
    /// The number of rows of the table that simple index scans fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tuples_fetched: Option<i64>,
    /// The size on disk in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<i64>,
    /// Since when it has not been used: the last scan, or, if none was counted, the time when the counters began. Absent: not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unused_since: Option<String>,
}

/// Statistics of indexes by name.
#[derive(Debug, Default)]
pub struct Usage<'s> {
    since: Option<&'s str>,
    by_name: FxHashMap<(&'s str, &'s str), &'s IndexStatistics>,
}

impl<'s> Usage<'s> {
    pub fn of(statistics: Option<&'s Statistics>) -> Self {
        let Some(statistics) = statistics else { return Self::default() };
        let by_name = statistics.indexes.iter().map(|own| ((&*own.schema, &*own.name), own)).collect();
        Self { since: statistics.since.as_deref(), by_name }
    }

    fn add_to(&self, schema: &str, mut entry: IndexEntry) -> IndexEntry {
        if let Some(own) = self.by_name.get(&(schema, &*entry.name)) {
            entry.scans = Some(own.scans);
            entry.tuples_read = Some(own.tuples_read);
            entry.tuples_fetched = Some(own.tuples_fetched);
            entry.bytes = Some(own.bytes);
            let began = self.since.filter(|_| own.scans == 0);
            entry.unused_since = own.last_scan.as_deref().or(began).map(str::to_owned);
        }
        entry
    }
}

/// Returns the indexes of a table or materialized view, by name.
pub fn indexes(index: &ModelIndex<'_>, schema: &str, relation: &str, usage: &Usage<'_>) -> Vec<IndexEntry> {
    let plain = index.indexes_of(schema, relation).iter().map(|own| plain(own));
    let behind = index.constraints_of(schema, relation).iter().filter_map(|own| behind(own));
    let mut found: Vec<IndexEntry> = plain.chain(behind).map(|entry| usage.add_to(schema, entry)).collect();
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

fn plain(own: &Index) -> IndexEntry {
    let keys = own.columns.iter().map(|key| match (&key.column, &key.expression) {
        (Some(column), _) => column.to_string(),
        (None, Some(expression)) => expression.clone(),
        (None, None) => String::new(),
    });
    IndexEntry {
        name: own.name.clone(),
        method: own.method.clone(),
        columns: keys.collect(),
        include: own.include.clone(),
        unique: own.unique,
        nulls_not_distinct: own.nulls_not_distinct,
        predicate: own.predicate.clone(),
        part_of: own.attached_to.as_ref().map(text),
        comment: own.comment.clone(),
        ..IndexEntry::default()
    }
}

fn behind(own: &Constraint) -> Option<IndexEntry> {
    let behind = own.index.as_ref()?;
    Some(IndexEntry {
        name: own.name.clone(),
        method: Name::from(method_behind(own)),
        columns: own.columns.iter().map(ToString::to_string).collect(),
        include: behind.include.clone(),
        unique: matches!(own.kind, ConstraintKind::PrimaryKey | ConstraintKind::Unique),
        primary_key: own.kind == ConstraintKind::PrimaryKey,
        nulls_not_distinct: behind.nulls_not_distinct,
        predicate: own.expression.as_deref().filter(|_| own.excludes()).and_then(predicate_behind),
        constraint: Some(own.name.clone()),
        part_of: behind.attached_to.as_ref().map(text),
        comment: behind.comment.clone(),
        ..IndexEntry::default()
    })
}

/// Returns the access method of the index behind a constraint. An exclusion constraint names it in its definition; a key WITHOUT
/// OVERLAPS can have one only, and other keys another.
fn method_behind(own: &Constraint) -> &str {
    let definition = own.expression.as_deref().and_then(|text| text.strip_prefix("EXCLUDE USING "));
    match definition.and_then(|rest| rest.split(' ').next()) {
        Some(method) => method,
        None if own.period => "gist",
        None => "btree",
    }
}

/// Returns the condition of the index behind an exclusion constraint, from `… WHERE (condition) …` in its definition.
fn predicate_behind(definition: &str) -> Option<String> {
    let (mut depth, mut start) = (0_usize, None);
    for (at, byte) in code(definition) {
        match byte {
            b'W' if depth == 0 && definition[at..].starts_with("WHERE (") => start = Some(at + "WHERE (".len()),
            b'(' => depth += 1,
            b')' => {
                depth = depth.saturating_sub(1);
                if let Some(start) = start.filter(|_| depth == 0) {
                    return Some(definition[start..at].to_owned());
                }
            }
            _ => {}
        }
    }
    None
}

fn text(name: &RelationName) -> String {
    qualified(&name.schema, &name.name)
}

#[cfg(test)]
mod tests {
    use super::predicate_behind;

    #[test]
    fn the_condition_of_an_exclusion_constraint_is_in_its_definition() {
        let definition = "EXCLUDE USING gist (c WITH &&, f(' WHERE (') WITH =) WHERE ((a > ')'::text)) DEFERRABLE";
        assert_eq!(predicate_behind(definition).as_deref(), Some("(a > ')'::text)"));
        assert_eq!(predicate_behind("EXCLUDE USING gist (c WITH &&)"), None);
    }
}
