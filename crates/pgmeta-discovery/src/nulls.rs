//! Which columns of tables can be null.

use pgmeta_core::model::{Column, ModelIndex, Table};

use crate::document::is_composite;

/// Returns whether NOT NULL holds for all rows of the table itself. One that is NOT VALID proves nothing.
pub fn is_never_null(column: &Column) -> bool {
    column.not_null.as_ref().is_some_and(|constraint| !constraint.not_valid)
}

/// Returns whether no row that a query of the table returns has a null in the column. The rows of its children, which may lack
/// the constraint, are among these. The constraints of foreign tables are not enforced, and a value of a composite type
/// that consists of nulls IS NULL.
pub fn is_never_null_in(index: &ModelIndex<'_>, table: &Table, column: &Column) -> bool {
    let holds_in = |table: &Table| {
        let own = index.column(table, &column.name);
        table.foreign.is_none() && own.is_some_and(is_never_null)
    };
    holds_in(table) && !is_composite(index, &column.data_type) && index.descendants(table).into_iter().all(holds_in)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sample::Sample;

    fn never_null(sample: Sample) -> Vec<String> {
        let model = sample.model();
        let index = ModelIndex::of(&model);
        let table = index.table("s", "t");
        let columns = table.into_iter().flat_map(|table| table.columns.iter().map(move |column| (table, column)));
        columns
            .filter(|(table, own)| is_never_null_in(&index, table, own))
            .map(|(_, own)| own.name.to_string())
            .collect()
    }

    #[test]
    fn only_enforced_constraints_exclude_null() {
        let columns = ["a integer!", "b integer"];
        assert_eq!(never_null(Sample::new().table("t", &columns)), ["a"]);
        let foreign = json!({"foreign": {"server": "elsewhere"}});
        assert!(never_null(Sample::new().table_with("t", &columns, foreign)).is_empty());
        let not_valid = json!({"columns": [{"name": "a", "data_type": "integer", "not_null": {"not_valid": true}}]});
        assert!(never_null(Sample::new().table_with("t", &[], not_valid)).is_empty());
        let pair = json!({"schema": "s", "name": "pair", "attributes": [{"name": "x", "data_type": "integer"}]});
        assert!(never_null(Sample::new().object("types", pair).table("t", &["a s.pair!"])).is_empty());
    }

    #[test]
    fn rows_of_children_can_contain_null() {
        let child = |column: &str| {
            let inherits = json!({"inherits": [{"schema": "s", "name": "t"}]});
            Sample::new().table("t", &["a integer!", "b integer!"]).table_with("c", &["a integer!", column], inherits)
        };
        assert_eq!(never_null(child("b integer!")), ["a", "b"]);
        assert_eq!(never_null(child("b integer")), ["a"]);
    }
}
