//! Rule incrementing_columns.

use pgmeta_core::model::Column;
use std::collections::BTreeMap;

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Columns with numbers in their names
    ///
    /// Reports groups of two or more columns of a table that have the same name except for consecutive numbers at the end, from 0 or 1
    /// on, and the same type.
    ///
    /// # Why
    ///
    /// Each further value needs another column, and every query has to name them all.
    ///
    /// # Fix
    ///
    /// Use a table with one row for each value, or an array.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.people (id bigint PRIMARY KEY, phone1 text, phone2 text, phone3 text);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.people (id bigint PRIMARY KEY);
    /// CREATE TABLE app.phones (person bigint REFERENCES app.people, phone text, PRIMARY KEY (person, phone));
    /// ```
    Rule {
        name: "incrementing_columns",
        level: Level::Info,
        category: Category::Design,
        peers: &["pg-index-health:tables_with_incrementing_columns"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for table in cx.own_tables() {
        let mut stems: BTreeMap<(&str, &str), BTreeMap<u32, &Column>> = BTreeMap::new();
        for column in &table.columns {
            let stem = column.name.trim_end_matches(|c: char| c.is_ascii_digit());
            let number = column.name.get(stem.len()..).and_then(|digits| digits.parse().ok());
            if let Some(number) = number.filter(|_| !stem.is_empty()) {
                stems.entry((stem, &column.data_type)).or_default().insert(number, column);
            }
        }
        for ((stem, _), numbered) in stems.into_iter().filter(|(_, numbered)| numbered.len() > 1) {
            let first = numbered.keys().next().copied().unwrap_or_default();
            if first > 1 || !numbered.keys().copied().eq((first..).take(numbered.len())) {
                continue;
            }
            let columns: Vec<&str> = numbered.values().map(|column| &*column.name).collect();
            let key = table.object_key();
            let list = pgmeta_core::ident::ident_list(&columns);
            let detail = format!("Columns {list} of table {} differ in a number.", key.identity());
            report.add(Draft::of(key, detail).part(stem).fact("columns", columns));
        }
    }
}
