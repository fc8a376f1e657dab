//! Rule column_type_inconsistent.

use pgmeta_core::model::{Column, Table};
use std::collections::BTreeMap;

use crate::analysis::{ColumnType, own_columns};
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};
use crate::settings::RuleOption;

rule! {
    /// Columns of one name with different types
    ///
    /// Reports columns that have another type than most columns of the same name in other tables of the schema. Modifiers do not
    /// count, domains count as what they are based on, arrays as other types. If no type is the most frequent, all are reported.
    ///
    /// # Why
    ///
    /// Joins and comparisons convert values, and code that handles one column fails for the other.
    ///
    /// # Fix
    ///
    /// Give them one type, or the odd one another name.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY, customer_no bigint);
    /// CREATE TABLE app.invoices (id bigint PRIMARY KEY, customer_no text);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY, customer_no bigint);
    /// CREATE TABLE app.invoices (id bigint PRIMARY KEY, customer_no bigint);
    /// ```
    Rule {
        name: "column_type_inconsistent",
        level: Level::Info,
        category: Category::Types,
        options: &[IGNORED],
        peers: &["pg-index-health:columns_with_inconsistent_types"],
        judge: Judge::Schema(check),
    }
}

const IGNORED: RuleOption = RuleOption::list(
    "ignored_columns",
    &["id", "data", "key", "value", "default"],
    "Names that mean something else in each table.",
);

/// Columns of one name, with their tables.
type ByType<'m> = BTreeMap<String, Vec<(&'m Table, &'m Column)>>;

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let ignored = cx.list(&IGNORED);
    let mut named: BTreeMap<(&str, &str), ByType<'_>> = BTreeMap::new();
    for (table, column) in own_columns(cx).filter(|(_, column)| !ignored.iter().any(|name| **name == *column.name)) {
        let data_type = ColumnType::of(cx.index, &column.data_type);
        let data_type = data_type.base + if data_type.is_array { "[]" } else { "" };
        named.entry((&table.schema, &column.name)).or_default().entry(data_type).or_default().push((table, column));
    }
    for ((_, name), types) in named.into_iter().filter(|(_, types)| types.len() > 1) {
        let most = types.values().map(Vec::len).max().unwrap_or_default();
        let is_usual = types.values().filter(|columns| columns.len() == most).count() == 1;
        let all: Vec<String> = types.keys().cloned().collect();
        for (table, column) in types.values().filter(|columns| !is_usual || columns.len() < most).flatten() {
            let key = table.object_key();
            let detail = format!(
                "Column {name} of table {} has type {}, and in other tables {}.",
                key.identity(),
                column.data_type,
                all.iter().filter(|own| **own != *column.data_type).cloned().collect::<Vec<_>>().join(" or ")
            );
            report.add(Draft::of(key, detail).column(name).fact("types", all.clone()));
        }
    }
}
