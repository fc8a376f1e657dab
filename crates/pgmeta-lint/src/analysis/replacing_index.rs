//! Whether one index does what another one does: the question behind duplicate and redundant indexes.

use pgmeta_core::interrupt::check;
use pgmeta_core::model::{ModelIndex, Table};

use crate::analysis::{IndexView, Key, index_views};
use crate::context::Context;

/// What an index is to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Likeness {
    /// They have the same keys, and store the same columns.
    Same,
    /// The other one has the same first keys and more, or stores more columns.
    Prefix,
}

/// Returns whether `other` serves all searches that `index` serves, and how. Uniqueness is not compared. Null order does not count
/// for columns that are never null, nor does the direction where all keys are reversed: an index is read in both.
fn likeness(index: &IndexView<'_>, other: &IndexView<'_>, table: Option<&Table>) -> Option<Likeness> {
    let is_nullable = |key: &Key<'_>| {
        let column = key.column.and_then(|name| table?.columns.iter().find(|own| &*own.name == name));
        column.is_none_or(|column| column.not_null.is_none())
    };
    if index.method != other.method || index.predicate != other.predicate || index.keys.len() > other.keys.len() {
        return None;
    }
    let ordered = index.method == "btree";
    let pairs = || index.keys.iter().zip(&other.keys);
    let same = |reversed: bool| {
        pairs().all(|(own, other)| {
            let direction = (own.is_descending != other.is_descending) == reversed;
            let nulls = (own.nulls_first != other.nulls_first) == reversed || !is_nullable(own);
            value(own) == value(other) && (!ordered || (direction && nulls))
        })
    };
    if !same(false) && !same(true) {
        return None;
    }
    let stores_all_of = |one: &IndexView<'_>, other: &IndexView<'_>| {
        let is_key = |column: &str| one.keys.iter().any(|key| key.column == Some(column));
        other.include.iter().all(|column| one.include.contains(column) || is_key(column))
    };
    if !stores_all_of(other, index) {
        return None;
    }
    let same_length = index.keys.len() == other.keys.len();
    match (same_length, stores_all_of(index, other)) {
        // Somebody has chosen how each of them is stored.
        (true, true) => (index.options == other.options).then_some(Likeness::Same),
        // An index of another method does not search by its first keys alone.
        _ if ordered => Some(Likeness::Prefix),
        _ => None,
    }
}

/// An index that another one replaces.
#[derive(Clone, Debug)]
pub(crate) struct Replaceable<'m> {
    pub index: IndexView<'m>,
    pub by: IndexView<'m>,
    pub likeness: Likeness,
}

/// Returns the indexes of a table that others replace, each once: duplicates first, of which the most useful one stays. Parts of
/// partitioned indexes are replaced with these, and what enforces more than its twin is not replaced.
fn replaceable<'m>(index: &'m ModelIndex<'m>, schema: &'m str, table: &'m str) -> Vec<Replaceable<'m>> {
    let known = index.table(schema, table);
    let mut views = index_views(index, schema, table);
    views.sort_by(|one, other| use_of(one).cmp(&use_of(other)).then_with(|| one.name.cmp(other.name)));
    let mut found: Vec<Replaceable<'m>> = Vec::new();
    for (at, own) in views.iter().enumerate().filter(|(_, own)| !own.is_attached) {
        check();
        let twin = views[..at]
            .iter()
            .find(|other| enforces(other, own) && likeness(own, other, known) == Some(Likeness::Same));
        found.extend(twin.map(|by| Replaceable { index: own.clone(), by: by.clone(), likeness: Likeness::Same }));
    }
    for own in views.iter().filter(|own| !own.is_attached && !own.unique && !own.is_marked()) {
        check();
        if found.iter().any(|twin| twin.index.name == own.name) {
            continue;
        }
        let longer = views.iter().filter(|other| likeness(own, other, known) == Some(Likeness::Prefix));
        let longer = longer.max_by_key(|other| (other.keys.len(), other.include.len(), std::cmp::Reverse(other.name)));
        found.extend(longer.map(|by| Replaceable { index: own.clone(), by: by.clone(), likeness: Likeness::Prefix }));
    }
    found
}

/// Returns the indexes of all tables and materialized views that others replace.
pub(crate) fn replaceable_of_all<'m>(cx: &Context<'m>) -> impl Iterator<Item = Replaceable<'m>> + use<'m> {
    let index = cx.index;
    let tables = cx.tables().map(|own| (&*own.schema, &*own.name));
    let views = cx.model.materialized_views.iter().map(|own| (&*own.schema, &*own.name));
    tables.chain(views).flat_map(move |(schema, name)| replaceable(index, schema, name))
}

/// Returns how useful an index is beyond its searches: the least is the most useful.
fn use_of(index: &IndexView<'_>) -> u8 {
    match () {
        () if index.is_primary() => 0,
        () if index.constraint().is_some() => 1,
        () if index.is_attached => 2,
        () if index.is_marked() => 3,
        () if index.unique => 4,
        () => 5,
    }
}

/// Returns whether an index enforces all that another one enforces.
fn enforces(index: &IndexView<'_>, other: &IndexView<'_>) -> bool {
    let is_deferrable = |index: &IndexView<'_>| index.constraint().is_some_and(|own| own.deferrable);
    !other.unique
        || (index.unique
            && (index.nulls_not_distinct || !other.nulls_not_distinct)
            && (!is_deferrable(index) || is_deferrable(other)))
}

/// Returns a key without its order.
fn value<'m>(key: &Key<'m>) -> Key<'m> {
    Key { is_descending: false, nulls_first: false, ..*key }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use pgmeta_core::model::{Column, Index, IndexColumn, NotNull, Setting};

    use super::*;

    /// Reads `a b- | c`: keys, descending ones with a dash, and stored columns.
    fn index(text: &str) -> Index {
        let (keys, include) = text.split_once('|').unwrap_or((text, ""));
        let key = |word: &str| IndexColumn {
            column: Some(word.trim_end_matches('-').into()),
            descending: word.ends_with('-'),
            ..IndexColumn::default()
        };
        Index {
            method: "btree".into(),
            columns: keys.split_whitespace().map(key).collect(),
            include: include.split_whitespace().map(Into::into).collect(),
            ..Index::default()
        }
    }

    fn compare(one: &Index, other: &Index) -> Option<Likeness> {
        likeness(&IndexView::of_index(one), &IndexView::of_index(other), None)
    }

    #[test]
    fn indexes_are_compared_by_their_use() {
        for (one, other, expected) in [
            ("a", "a", Some(Likeness::Same)),
            ("a", "a-", Some(Likeness::Same)),
            ("a b-", "a- b", Some(Likeness::Same)),
            ("a b", "a b-", None),
            ("a", "a b", Some(Likeness::Prefix)),
            ("a-", "a b", Some(Likeness::Prefix)),
            ("b", "a b", None),
            ("a b", "a", None),
            ("a b", "b a", None),
            ("a", "a | b", Some(Likeness::Prefix)),
            ("a | b", "a", None),
            ("a | b", "a b", Some(Likeness::Prefix)),
            ("a | b c", "a | c b", Some(Likeness::Same)),
            ("a", "a | a", Some(Likeness::Same)),
            ("a | a", "a", Some(Likeness::Same)),
        ] {
            assert_eq!(compare(&index(one), &index(other)), expected, "{one} beside {other}");
        }
    }

    #[test]
    fn differences_that_prevent_a_replacement_are_found() {
        let changed = |change: fn(&mut Index)| {
            let mut other = index("a");
            change(&mut other);
            compare(&index("a"), &other)
        };
        assert_eq!(changed(|own| own.method = "hash".into()), None);
        assert_eq!(changed(|own| own.predicate = Some("(a > 0)".into())), None);
        assert_eq!(changed(|own| own.columns[0].operator_class = Some("text_pattern_ops".into())), None);
        assert_eq!(changed(|own| own.columns[0].collation = Some("pg_catalog.\"C\"".into())), None);
        let setting = || vec![Setting { name: "fillfactor".into(), value: "50".into() }];
        let mut other = index("a");
        other.options = setting();
        assert_eq!(compare(&index("a"), &other), None);
        other = index("a b");
        other.options = setting();
        assert_eq!(compare(&index("a"), &other), Some(Likeness::Prefix));
        other = index("a");
        other.columns[0].operator_class_options = setting();
        assert_eq!(compare(&index("a"), &other), None);
        assert_eq!(changed(|own| own.unique = true), Some(Likeness::Same));
    }

    #[test]
    fn null_order_counts_for_columns_with_nulls() {
        let mut first = index("a");
        first.columns[0].nulls = pgmeta_core::model::NullsOrder::First;
        let column = |not_null| Column { name: "a".into(), not_null, ..Column::default() };
        let table = |not_null| Table { columns: vec![Box::new(column(not_null))], ..Table::default() };
        let plain = index("a");
        let compare = |table: &Table| likeness(&IndexView::of_index(&plain), &IndexView::of_index(&first), Some(table));
        assert_eq!(compare(&table(None)), None);
        assert_eq!(compare(&table(Some(Box::<NotNull>::default()))), Some(Likeness::Same));
    }
}
