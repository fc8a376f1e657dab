//! Foreign keys as relationships: one row for each, also where partitions have it too.

use pgmeta_core::ident::Name;
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Constraint, ForeignKey, ForeignKeyMatch, ModelIndex, Table};

use super::relationship::{Cardinality, Kind, Relationship};
use super::unique_keys::unique_keys;
use crate::nulls::is_never_null;

/// Returns the relationships that foreign keys declare, in the model's order. The model has the foreign key of a partitioned
/// table once, at the table that declares it.
pub fn declared(index: &ModelIndex<'_>) -> Vec<Relationship> {
    let mut found = Vec::new();
    for constraint in &index.model().constraints {
        check();
        if let Some(key) = &constraint.foreign_key {
            found.push(relationship(index, constraint, key));
        }
    }
    found
}

fn relationship(index: &ModelIndex<'_>, constraint: &Constraint, key: &ForeignKey) -> Relationship {
    let table = index.table(&constraint.schema, &constraint.table);
    let is_self = constraint.schema == key.table.schema && constraint.table == key.table.name;
    let is_unique = table.is_some_and(|table| is_unique(index, table, &constraint.columns));
    let kind = match (is_self, is_unique) {
        (true, _) => Kind::SelfReference,
        (false, true) => Kind::OneToOne,
        (false, false) => Kind::OneToMany,
    };
    Relationship {
        name: constraint.name.clone(),
        kind,
        schema: constraint.schema.clone(),
        table_name: constraint.table.clone(),
        columns: constraint.columns.clone(),
        parent_schema: key.table.schema.clone(),
        parent_table: key.table.name.clone(),
        parent_columns: key.columns.clone(),
        cardinality: Cardinality::of(is_unique, !is_self && parent_needs_row(index, constraint, key)),
        // A period may be covered by several rows of the parent.
        parent_cardinality: Cardinality::of(!constraint.period, needs_parent(index, constraint, key)),
        through: None,
        implied: false,
        strategy: None,
        cycle: None,
        on_delete: Some(key.on_delete),
        on_update: Some(key.on_update),
        deferrable: Some(constraint.deferrable),
        validated: Some(!constraint.not_valid),
    }
}

/// Returns whether no two rows that refer to something refer to the same. A row with a null in the key refers to nothing, so
/// it does not matter how a unique key of these columns treats nulls.
pub fn is_unique(index: &ModelIndex<'_>, table: &Table, columns: &[Name]) -> bool {
    unique_keys(index, table).iter().any(|unique| unique.is_within(columns))
}

/// Returns whether each row has a row of the parent: the key is checked for all rows, and none has a null that exempts it.
fn needs_parent(index: &ModelIndex<'_>, constraint: &Constraint, key: &ForeignKey) -> bool {
    if constraint.not_valid || constraint.not_enforced {
        return false;
    }
    let Some(table) = index.table(&constraint.schema, &constraint.table) else { return false };
    let mut columns = constraint.columns.iter();
    let is_present = |name: &Name| index.column(table, name).is_some_and(is_never_null);
    match key.matching {
        ForeignKeyMatch::Full => columns.any(is_present),
        ForeignKeyMatch::Simple | ForeignKeyMatch::Partial => columns.all(is_present),
    }
}

/// Returns whether each row of the parent has a row of the table, because a foreign key of the parent requires it.
fn parent_needs_row(index: &ModelIndex<'_>, constraint: &Constraint, key: &ForeignKey) -> bool {
    let mut keys = index.foreign_keys(&key.table.schema, &key.table.name).iter();
    keys.any(|other| {
        other.foreign_key.as_ref().is_some_and(|back| {
            back.table.schema == constraint.schema
                && back.table.name == constraint.table
                && are_reverse(constraint, key, other, back)
                && needs_parent(index, other, back)
        })
    })
}

/// Returns whether two foreign keys compare the same pairs of columns.
fn are_reverse(one: &Constraint, key: &ForeignKey, other: &Constraint, back: &ForeignKey) -> bool {
    let pairs = one.columns.iter().zip(&key.columns);
    one.columns.len() == other.columns.len()
        && pairs.into_iter().all(|pair| back.columns.iter().zip(&other.columns).any(|reverse| reverse == pair))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sample::Sample;

    fn text(relationship: &Relationship) -> String {
        let Relationship { name, kind, cardinality, parent_cardinality, .. } = relationship;
        format!("{name} {} {} {}", kind.word(), cardinality.word(), parent_cardinality.word())
    }

    fn texts(sample: Sample) -> Vec<String> {
        sample.relationships().iter().map(text).collect()
    }

    fn parent() -> Sample {
        Sample::new().table("p", &["id integer!", "code text!"]).primary_key("p", &["id"])
    }

    fn child(columns: &[&str]) -> Sample {
        parent().table("c", columns)
    }

    #[test]
    fn a_row_has_the_columns_and_properties_of_its_key() {
        let sample = Sample::new()
            .table("auth.tenant", &["region text!", "no integer!"])
            .unique("auth.tenant", &["region", "no"])
            .table("app.account", &["tenant_no integer", "tenant_region text"])
            .foreign_key_with(
                "app.account",
                &["tenant_region", "tenant_no"],
                "auth.tenant",
                &["region", "no"],
                json!({"on_delete": "SET NULL", "on_update": "CASCADE", "deferrable": true, "not_valid": true}),
            );
        let expected = json!([{
            "name": "account_tenant_region_tenant_no_fkey", "kind": "one_to_many",
            "schema": "app", "table_name": "account", "columns": ["tenant_region", "tenant_no"],
            "parent_schema": "auth", "parent_table": "tenant", "parent_columns": ["region", "no"],
            "cardinality": "zero_or_more", "parent_cardinality": "zero_or_one", "through": null,
            "virtual": false, "strategy": null, "cycle": null,
            "on_delete": "SET NULL", "on_update": "CASCADE", "deferrable": true, "validated": false
        }]);
        assert_eq!(json!(sample.relationships()), expected);
    }

    #[test]
    fn a_parent_is_certain_if_no_column_is_null() {
        let one = child(&["p_id integer!"]).foreign_key("c", &["p_id"], "p", &["id"]);
        assert_eq!(texts(one), ["c_p_id_fkey one_to_many zero_or_more exactly_one"]);
        let nullable = child(&["p_id integer"]).foreign_key("c", &["p_id"], "p", &["id"]);
        assert_eq!(texts(nullable), ["c_p_id_fkey one_to_many zero_or_more zero_or_one"]);
        for attributes in [json!({"not_valid": true}), json!({"not_enforced": true})] {
            let unchecked = child(&["p_id integer!"]).foreign_key_with("c", &["p_id"], "p", &["id"], attributes);
            assert_eq!(texts(unchecked), ["c_p_id_fkey one_to_many zero_or_more zero_or_one"]);
        }
        let not_valid = json!({"columns": [{"name": "p_id", "data_type": "integer", "not_null": {"not_valid": true}}]});
        let unproven = parent().table_with("c", &[], not_valid).foreign_key("c", &["p_id"], "p", &["id"]);
        assert_eq!(texts(unproven), ["c_p_id_fkey one_to_many zero_or_more zero_or_one"]);
    }

    /// MATCH SIMPLE lets a row off for one null; MATCH FULL wants all of them to be null, which NOT NULL forbids.
    #[test]
    fn nulls_in_one_of_several_columns_exempt_a_row() {
        let pair = || {
            Sample::new()
                .table("p", &["a integer!", "b integer!"])
                .primary_key("p", &["a", "b"])
                .table("c", &["a integer!", "b integer"])
        };
        let simple = pair().foreign_key("c", &["a", "b"], "p", &["a", "b"]);
        assert_eq!(texts(simple), ["c_a_b_fkey one_to_many zero_or_more zero_or_one"]);
        let full = pair().foreign_key_with("c", &["a", "b"], "p", &["a", "b"], json!({"matching": "FULL"}));
        assert_eq!(texts(full), ["c_a_b_fkey one_to_many zero_or_more exactly_one"]);
    }

    #[test]
    fn a_key_is_one_to_one_if_the_child_is_unique() {
        let key = |sample: Sample| sample.foreign_key("c", &["p_id"], "p", &["id"]);
        let one = ["c_p_id_fkey one_to_one zero_or_one zero_or_one"];
        let many = ["c_p_id_fkey one_to_many zero_or_more zero_or_one"];
        let columns = ["p_id integer", "note text"];
        assert_eq!(texts(key(child(&columns)).unique("c", &["p_id"])), one);
        assert_eq!(texts(key(child(&columns)).unique_index("c", &["p_id"], json!({}))), one);
        assert_eq!(texts(key(child(&columns)).unique("c", &["p_id", "note"])), many);
        let partial = json!({"predicate": "(note IS NULL)"});
        assert_eq!(texts(key(child(&columns)).unique_index("c", &["p_id"], partial)), many);
        // Unique on the other side is what every key requires.
        assert_eq!(texts(key(child(&columns)).unique("p", &["id"])), many);
    }

    #[test]
    fn a_unique_part_of_a_key_makes_the_whole_unique() {
        let sample = Sample::new()
            .table("p", &["a integer!", "b integer!"])
            .primary_key("p", &["a", "b"])
            .table("c", &["a integer!", "b integer!"])
            .unique("c", &["b"])
            .foreign_key("c", &["a", "b"], "p", &["a", "b"]);
        assert_eq!(texts(sample), ["c_a_b_fkey one_to_one zero_or_one exactly_one"]);
    }

    #[test]
    fn keys_in_both_directions_require_each_other() {
        let sample = child(&["p_id integer!"])
            .primary_key("c", &["p_id"])
            .foreign_key("c", &["p_id"], "p", &["id"])
            .foreign_key("p", &["id"], "c", &["p_id"]);
        let both = ["c_p_id_fkey one_to_one exactly_one exactly_one", "p_id_fkey one_to_one exactly_one exactly_one"];
        assert_eq!(texts(sample), both);
    }

    #[test]
    fn a_key_of_a_table_to_itself_is_self() {
        let sample = Sample::new().table("p", &["id integer!", "boss integer!"]).primary_key("p", &["id"]).foreign_key(
            "p",
            &["boss"],
            "p",
            &["id"],
        );
        assert_eq!(texts(sample), ["p_boss_fkey self zero_or_more exactly_one"]);
    }

    #[test]
    fn a_temporal_key_can_reference_several_rows() {
        let sample = Sample::new()
            .table("p", &["id integer!", "valid tstzrange!"])
            .constraint(
                "p",
                "p_pkey",
                json!({"kind": "primary key", "columns": ["id", "valid"], "index": {}, "period": true}),
            )
            .table("c", &["p_id integer!", "valid tstzrange!"])
            .foreign_key_with("c", &["p_id", "valid"], "p", &["id", "valid"], json!({"period": true}));
        assert_eq!(texts(sample), ["c_p_id_valid_fkey one_to_many zero_or_more one_or_more"]);
    }

    #[test]
    fn a_parent_outside_of_the_model_is_accepted() {
        let sample =
            Sample::new().table("app.c", &["p_id integer!"]).foreign_key("app.c", &["p_id"], "elsewhere.p", &["id"]);
        assert_eq!(texts(sample), ["c_p_id_fkey one_to_many zero_or_more exactly_one"]);
    }
}
