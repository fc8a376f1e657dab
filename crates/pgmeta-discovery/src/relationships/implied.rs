//! Relations that no foreign key declares, but names and types imply. Guesses: only on request.

use std::collections::BTreeMap;

use pgmeta_core::ident::Name;
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Column, ModelIndex, Table};
use rustc_hash::{FxHashMap, FxHashSet};

use super::declared::is_unique;
use super::plural::plurals;
use super::relationship::{Cardinality, Kind, Relationship};
use super::strategy::{Strategies, Strategy};
use super::unique_keys::unique_keys;

/// Keys that so many tables have that their name implies nothing.
const NAMES_WITHOUT_MEANING: [&str; 1] = ["id"];

/// What names the key of another table.
const SUFFIX: &str = "_id";

/// A key of one column.
struct Key<'m> {
    table: &'m Table,
    column: &'m Column,
}

/// The keys of one column, by the names under which they are looked for.
#[derive(Default)]
struct Keys<'m> {
    all: Vec<Key<'m>>,
    primary_by_table: FxHashMap<&'m str, Vec<usize>>,
    by_column: BTreeMap<&'m str, Vec<usize>>,
}

impl<'m> Keys<'m> {
    fn of(index: &ModelIndex<'m>) -> Self {
        let mut keys = Self::default();
        for table in index.model().tables.iter().filter(|table| is_whole(table)) {
            check();
            for unique in unique_keys(index, table) {
                let [name] = unique.columns.as_slice() else { continue };
                let Some(column) = index.column(table, name) else { continue };
                let at = keys.all.len();
                keys.all.push(Key { table, column });
                keys.by_column.entry(&column.name).or_default().push(at);
                if unique.primary {
                    keys.primary_by_table.entry(&table.name).or_default().push(at);
                }
            }
        }
        keys
    }

    /// Returns the primary key of the table with one of these names: of one in the same schema, else of the only one.
    fn of_table(&self, names: &[String], table: &Table, column: &Column) -> Option<&Key<'m>> {
        let keys = names.iter().filter_map(|name| self.primary_by_table.get(name.as_str())).flatten();
        let others = keys.map(|&at| &self.all[at]).filter(|key| is_other(key, table, column));
        only(&others.collect::<Vec<_>>(), table)
    }

    /// Returns the key with the name and type of the column. That of a table which the column is named after comes before
    /// others.
    fn of_column(&self, table: &Table, column: &Column) -> Option<&Key<'m>> {
        let name = &*column.name;
        if NAMES_WITHOUT_MEANING.contains(&name) || is_named_after(name, table) {
            return None;
        }
        let keys = self.by_column.get(name).into_iter().flatten().map(|&at| &self.all[at]);
        let is_own_key = keys.clone().any(|key| std::ptr::eq(key.table, table));
        let others: Vec<&Key<'m>> = keys.filter(|key| is_other(key, table, column)).collect();
        let named: Vec<&Key<'m>> = others.iter().copied().filter(|key| is_named_after(name, key.table)).collect();
        match named.is_empty() {
            false => only(&named, table),
            // Of two tables with the same key, only a name can show which one refers to the other.
            true if is_own_key => None,
            true => only(&others, table),
        }
    }
}

/// Returns whether rows are of the table itself, not of one that it is a partition of.
fn is_whole(table: &Table) -> bool {
    table.partition_of.is_none()
}

fn is_other(key: &Key<'_>, table: &Table, column: &Column) -> bool {
    !std::ptr::eq(key.table, table) && key.column.data_type == column.data_type
}

/// Returns the only key in the schema of the table, or else the only key. Of several none is the right one.
fn only<'k, 'm>(keys: &[&'k Key<'m>], table: &Table) -> Option<&'k Key<'m>> {
    let in_schema: Vec<&&Key<'_>> = keys.iter().filter(|key| key.table.schema == table.schema).collect();
    let candidates = if in_schema.is_empty() { keys.iter().collect() } else { in_schema };
    let (first, others) = candidates.split_first()?;
    // A table can have a column as two keys.
    others.iter().all(|other| std::ptr::eq(other.table, first.table)).then_some(**first)
}

/// Returns whether a column begins with the name of a table, in the singular or as it is: `customer_no` and `customers`.
fn is_named_after(column: &str, table: &Table) -> bool {
    let ends = column.match_indices('_').map(|(at, _)| at).chain([column.len()]);
    ends.into_iter().any(|end| {
        let stem = &column[..end];
        *table.name == *stem || plurals(stem).iter().any(|plural| *table.name == **plural)
    })
}

/// Returns the virtual relationships that the strategies find: for each column without a foreign key the first one.
pub fn implied(index: &ModelIndex<'_>, strategies: &Strategies) -> Vec<Relationship> {
    let keys = Keys::of(index);
    let mut found = Vec::new();
    for table in index.model().tables.iter().filter(|table| is_whole(table)) {
        let declared: FxHashSet<&Name> =
            index.foreign_keys(&table.schema, &table.name).iter().flat_map(|own| &own.columns).collect();
        for column in table.columns.iter().filter(|column| !declared.contains(&column.name)) {
            check();
            let target = strategies.iter().find_map(|strategy| {
                let stem = column.name.strip_suffix(SUFFIX);
                let key = match strategy {
                    Strategy::IdSuffix => keys.of_table(&[stem?.to_owned()], table, column),
                    Strategy::Rails => keys.of_table(&plurals(stem?), table, column),
                    Strategy::SameName => keys.of_column(table, column),
                };
                Some((strategy, key?))
            });
            found.extend(target.map(|(strategy, key)| relationship(index, table, column, strategy, key)));
        }
    }
    found
}

fn relationship(
    index: &ModelIndex<'_>,
    table: &Table,
    column: &Column,
    strategy: Strategy,
    key: &Key<'_>,
) -> Relationship {
    let columns = vec![column.name.clone()];
    let is_unique = is_unique(index, table, &columns);
    Relationship {
        name: Name::from(format!("{}_{}_fkey", table.name, column.name)),
        kind: if is_unique { Kind::OneToOne } else { Kind::OneToMany },
        schema: table.schema.clone(),
        table_name: table.name.clone(),
        columns,
        parent_schema: key.table.schema.clone(),
        parent_table: key.table.name.clone(),
        parent_columns: vec![key.column.name.clone()],
        cardinality: Cardinality::of(is_unique, false),
        // Nothing requires that a row has its parent.
        parent_cardinality: Cardinality::ZeroOrOne,
        through: None,
        implied: true,
        strategy: Some(strategy),
        cycle: None,
        on_delete: None,
        on_update: None,
        deferrable: None,
        validated: None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::relationships::relationships;
    use crate::sample::Sample;

    fn found(sample: Sample) -> Vec<String> {
        let model = sample.model();
        let all = relationships(&ModelIndex::of(&model), &Strategies::all());
        let text = |own: &Relationship| {
            let strategy = own.strategy.map_or("declared", Strategy::word);
            let child = format!("{}.{}({})", own.schema, own.table_name, own.columns.join(","));
            let parent = format!("{}.{}({})", own.parent_schema, own.parent_table, own.parent_columns.join(","));
            format!("{child} {parent} {strategy}")
        };
        all.iter().map(text).collect()
    }

    fn keyed(sample: Sample, table: &str, column: &str) -> Sample {
        let name = column.split(' ').next().unwrap_or_default();
        sample.table(table, &[column]).primary_key(table, &[name])
    }

    #[test]
    fn each_strategy_matches_its_names() {
        let sample = keyed(Sample::new(), "customer", "id integer!");
        let sample = keyed(keyed(sample, "order_lines", "id bigint!"), "books", "isbn text!");
        let sample = sample.table("t", &["customer_id integer", "order_line_id bigint", "isbn text", "note text"]);
        let all = [
            "s.t(customer_id) s.customer(id) id_suffix",
            "s.t(isbn) s.books(isbn) same_name",
            "s.t(order_line_id) s.order_lines(id) rails",
        ];
        assert_eq!(found(sample), all);
    }

    #[test]
    fn types_must_match() {
        let sample = keyed(keyed(Sample::new(), "customer", "id integer!"), "books", "isbn text!");
        assert!(found(sample.table("t", &["customer_id bigint", "isbn character varying(20)"])).is_empty());
    }

    #[test]
    fn a_column_with_a_foreign_key_has_its_relation() {
        let sample = keyed(keyed(Sample::new(), "customer", "id integer!"), "account", "id integer!");
        let sample = sample.table("t", &["customer_id integer"]).foreign_key("t", &["customer_id"], "account", &["id"]);
        assert_eq!(found(sample), ["s.t(customer_id) s.account(id) declared"]);
    }

    /// The first table by name with such a key is another one.
    #[test]
    fn the_best_name_wins_over_the_first() {
        let sample = keyed(Sample::new(), "account_flags", "customer_no integer!");
        let sample = keyed(sample, "customers", "customer_no integer!").table("t", &["customer_no integer"]);
        let expected = [
            "s.account_flags(customer_no) s.customers(customer_no) same_name",
            "s.t(customer_no) s.customers(customer_no) same_name",
        ];
        assert_eq!(found(sample), expected);
    }

    #[test]
    fn several_candidates_without_a_best_name_imply_nothing() {
        let sample = keyed(keyed(Sample::new(), "currencies", "code text!"), "languages", "code text!");
        assert!(found(sample.table("t", &["code text"])).is_empty());
    }

    #[test]
    fn the_same_schema_precedes_the_only_other_one() {
        let two = keyed(keyed(Sample::new(), "a.users", "id integer!"), "b.users", "id integer!");
        let sample = two.table("b.t", &["user_id integer"]).table("c.t", &["user_id integer"]);
        assert_eq!(found(sample), ["b.t(user_id) b.users(id) rails"]);
        let sample = keyed(Sample::new(), "a.users", "id integer!").table("c.t", &["user_id integer"]);
        assert_eq!(found(sample), ["c.t(user_id) a.users(id) rails"]);
    }

    #[test]
    fn id_columns_and_own_tables_imply_nothing() {
        let sample = keyed(Sample::new(), "users", "id integer!").table("t", &["id integer"]);
        assert!(found(sample).is_empty());
        let own = Sample::new().table("users", &["id integer!", "user_id integer"]).primary_key("users", &["id"]);
        assert!(found(own).is_empty());
    }

    #[test]
    fn partitions_have_no_implied_relationships() {
        let sample = keyed(Sample::new(), "users", "id integer!")
            .table_with("t", &["user_id integer"], serde_json::json!({"partition_by": "RANGE (user_id)"}))
            .partition("t1", "t", &["user_id integer"]);
        assert_eq!(found(sample), ["s.t(user_id) s.users(id) rails"]);
    }

    #[test]
    fn a_virtual_relationship_guarantees_nothing() {
        let sample = keyed(Sample::new(), "users", "id integer!").table("t", &["user_id integer!"]);
        let model = sample.unique("t", &["user_id"]).model();
        let strategies: Strategies = serde_json::from_value(serde_json::json!(["rails"])).unwrap();
        let all = relationships(&ModelIndex::of(&model), &strategies);
        let [own] = all.as_slice() else { panic!("{all:?}") };
        assert_eq!((own.kind, &*own.name), (Kind::OneToOne, "t_user_id_fkey"));
        assert_eq!((own.cardinality, own.parent_cardinality), (Cardinality::ZeroOrOne, Cardinality::ZeroOrOne));
        assert!(own.implied && own.on_delete.is_none() && own.validated.is_none());
    }
}
