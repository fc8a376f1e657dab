//! Junction tables: tables whose rows link rows of two others, which makes these many-to-many.

use pgmeta_core::ident::{Name, qualified};
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Constraint, ForeignKey, ModelIndex, Table};

use super::relationship::{Cardinality, Kind, Relationship};
use super::unique_keys::{UniqueKey, unique_keys};

/// A foreign key of a junction table.
#[derive(Clone, Copy)]
struct Leg<'m> {
    columns: &'m [Name],
    key: &'m ForeignKey,
}

/// Returns one many-to-many relationship for each pair of foreign keys that a junction table links. The side whose columns come
/// first in the junction table is the relationship's table, the other one its parent.
pub fn junctions(index: &ModelIndex<'_>) -> Vec<Relationship> {
    let mut found = Vec::new();
    for table in &index.model().tables {
        check();
        let keys = index.foreign_keys(&table.schema, &table.name);
        if keys.len() < 2 {
            continue;
        }
        let unique = unique_keys(index, table);
        let legs = legs(index, table, keys);
        for (at, one) in legs.iter().enumerate() {
            check();
            let others = legs[at + 1..].iter().filter(|other| is_link(table, &unique, one, other));
            found.extend(others.map(|other| relationship(table, one, other)));
        }
    }
    found
}

/// Returns the foreign keys to other tables, in the order of their columns in the table.
fn legs<'m>(index: &ModelIndex<'m>, table: &Table, keys: &[&'m Constraint]) -> Vec<Leg<'m>> {
    let legs = keys.iter().filter_map(|constraint| {
        let key = constraint.foreign_key.as_deref()?;
        let is_self = key.table.schema == table.schema && key.table.name == table.name;
        (!is_self).then_some(Leg { columns: &constraint.columns, key })
    });
    let mut legs: Vec<Leg<'m>> = legs.collect();
    legs.sort_by_cached_key(|leg| leg.columns.iter().map(|column| index.position(table, column)).collect::<Vec<_>>());
    // The same foreign key may be declared twice.
    legs.dedup_by(|one, other| {
        (one.columns, &one.key.table, &one.key.columns) == (other.columns, &other.key.table, &other.key.columns)
    });
    legs
}

/// Returns whether rows of a table link what two of its foreign keys refer to: each pair of rows has at most one link. That is
/// so if the primary key contains the columns of both, or another key consists of them. A table without any key is a junction
/// if it has no other columns. If one of the foreign keys is unique by itself, its side has one link at most.
fn is_link(table: &Table, unique: &[UniqueKey<'_>], one: &Leg<'_>, other: &Leg<'_>) -> bool {
    let is_part = |part: &Leg<'_>, whole: &Leg<'_>| part.columns.iter().all(|column| whole.columns.contains(column));
    if is_part(one, other) || is_part(other, one) {
        return false;
    }
    if unique.iter().any(|key| key.is_within(one.columns) || key.is_within(other.columns)) {
        return false;
    }
    let is_linked = |column: &Name| one.columns.contains(column) || other.columns.contains(column);
    if unique.is_empty() {
        return table.columns.iter().all(|column| is_linked(&column.name));
    }
    unique.iter().any(|key| {
        let mut linked = one.columns.iter().chain(other.columns);
        linked.all(|column| key.columns.contains(&column))
            && (key.primary || key.columns.iter().all(|column| is_linked(column)))
    })
}

fn relationship(table: &Table, one: &Leg<'_>, other: &Leg<'_>) -> Relationship {
    Relationship {
        name: table.name.clone(),
        kind: Kind::ManyToMany,
        schema: one.key.table.schema.clone(),
        table_name: one.key.table.name.clone(),
        columns: one.key.columns.clone(),
        parent_schema: other.key.table.schema.clone(),
        parent_table: other.key.table.name.clone(),
        parent_columns: other.key.columns.clone(),
        cardinality: Cardinality::ZeroOrMore,
        parent_cardinality: Cardinality::ZeroOrMore,
        through: Some(qualified(&table.schema, &table.name)),
        implied: false,
        strategy: None,
        cycle: None,
        on_delete: None,
        on_update: None,
        deferrable: None,
        validated: None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sample::Sample;

    /// Students and courses, and a table between them with these columns.
    fn between(columns: &[&str]) -> Sample {
        Sample::new()
            .table("students", &["id integer!"])
            .primary_key("students", &["id"])
            .table("edu.courses", &["no text!"])
            .primary_key("edu.courses", &["no"])
            .table("x.enrolled", columns)
            .foreign_key("x.enrolled", &["course"], "edu.courses", &["no"])
            .foreign_key("x.enrolled", &["student"], "students", &["id"])
    }

    fn links(sample: Sample) -> Vec<String> {
        let all = sample.relationships();
        let links = all.iter().filter(|own| own.kind == Kind::ManyToMany);
        links
            .map(|own| {
                let Relationship { columns, parent_columns, through, .. } = own;
                let (table, parent) = (&own.table_name, &own.parent_table);
                let through = through.as_deref().unwrap_or_default();
                format!("{table}({}) {parent}({}) {through}", columns.join(","), parent_columns.join(","))
            })
            .collect()
    }

    const LINK: [&str; 1] = ["students(id) courses(no) x.enrolled"];

    #[test]
    fn the_key_of_a_junction_is_both_foreign_keys() {
        assert_eq!(
            links(between(&["student integer!", "course text!"]).primary_key("x.enrolled", &["course", "student"])),
            LINK
        );
    }

    #[test]
    fn a_junction_may_have_other_columns_and_another_primary_key() {
        let columns = ["id bigint!", "student integer!", "course text!", "grade integer"];
        let keys = |sample: Sample| sample.primary_key("x.enrolled", &["id"]);
        assert_eq!(links(keys(between(&columns)).unique("x.enrolled", &["student", "course"])), LINK);
        let index = keys(between(&columns)).unique_index("x.enrolled", &["student", "course"], json!({}));
        assert_eq!(links(index), LINK);
        // Any number of rows for one pair: the rows are something of their own.
        assert!(links(keys(between(&columns))).is_empty());
        let partial = json!({"predicate": "(grade IS NULL)"});
        assert!(links(keys(between(&columns)).unique_index("x.enrolled", &["student", "course"], partial)).is_empty());
    }

    #[test]
    fn a_primary_key_may_have_more_columns_than_the_foreign_keys() {
        let columns = ["student integer!", "course text!", "year integer!"];
        assert_eq!(links(between(&columns).primary_key("x.enrolled", &["student", "course", "year"])), LINK);
        // Such as a number for each tenant and customer: no link.
        assert!(links(between(&columns).unique("x.enrolled", &["student", "course", "year"])).is_empty());
    }

    #[test]
    fn a_table_without_a_key_is_a_junction_if_it_has_no_other_columns() {
        assert_eq!(links(between(&["student integer", "course text"])), LINK);
        assert!(links(between(&["student integer", "course text", "grade integer"])).is_empty());
    }

    #[test]
    fn a_side_that_is_unique_has_one_link_at_most() {
        let sample = between(&["student integer!", "course text!"]).primary_key("x.enrolled", &["student", "course"]);
        assert!(links(sample.unique("x.enrolled", &["student"])).is_empty());
    }

    #[test]
    fn a_column_may_belong_to_both_keys() {
        let sample = Sample::new()
            .table("a", &["tenant integer!", "id integer!"])
            .primary_key("a", &["tenant", "id"])
            .table("b", &["tenant integer!", "id integer!"])
            .primary_key("b", &["tenant", "id"])
            .table("a_b", &["tenant integer!", "a integer!", "b integer!"])
            .primary_key("a_b", &["tenant", "a", "b"])
            .foreign_key("a_b", &["tenant", "a"], "a", &["tenant", "id"])
            .foreign_key("a_b", &["tenant", "b"], "b", &["tenant", "id"]);
        assert_eq!(links(sample), ["a(tenant,id) b(tenant,id) s.a_b"]);
    }

    #[test]
    fn a_table_is_linked_with_itself_and_three_with_each_other() {
        let friends = Sample::new()
            .table("u", &["id integer!"])
            .primary_key("u", &["id"])
            .table("Friends", &["one integer!", "other integer!"])
            .primary_key("Friends", &["one", "other"])
            .foreign_key("Friends", &["one"], "u", &["id"])
            .foreign_key("Friends", &["other"], "u", &["id"]);
        assert_eq!(links(friends), ["u(id) u(id) s.\"Friends\""]);
        let mut ternary = Sample::new().table("t", &["a integer!", "b integer!", "c integer!"]);
        for table in ["a", "b", "c"] {
            ternary = ternary.table(table, &["id integer!"]).primary_key(table, &["id"]).foreign_key(
                "t",
                &[table],
                table,
                &["id"],
            );
        }
        let ternary = ternary.primary_key("t", &["a", "b", "c"]);
        assert_eq!(links(ternary), ["a(id) b(id) s.t", "a(id) c(id) s.t", "b(id) c(id) s.t"]);
    }

    #[test]
    fn a_foreign_key_that_is_declared_twice_links_once() {
        let sample = between(&["student integer!", "course text!"]).primary_key("x.enrolled", &["student", "course"]);
        let again = json!({"name": "again"});
        assert_eq!(links(sample.foreign_key_with("x.enrolled", &["course"], "edu.courses", &["no"], again)), LINK);
    }

    #[test]
    fn two_foreign_keys_on_the_same_columns_are_not_a_junction() {
        let sample = Sample::new()
            .table("a", &["id integer!"])
            .table("b", &["id integer!"])
            .table("t", &["id integer!"])
            .foreign_key_with("t", &["id"], "a", &["id"], json!({"name": "one"}))
            .foreign_key_with("t", &["id"], "b", &["id"], json!({"name": "two"}));
        assert!(links(sample).is_empty());
    }
}
