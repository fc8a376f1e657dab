//! Rule natural_or_varchar_pk.

use crate::analysis::{ColumnType, primary_key};
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};
use crate::settings::RuleOption;

rule! {
    /// Primary key of text
    ///
    /// Reports columns of primary keys that have one of the types of the option, or a domain over one. Columns that are foreign keys are
    /// not reported: their type is the referenced column's.
    ///
    /// # Why
    ///
    /// Such keys are usually values of the real world, which change, and are corrected. Text compares slower than numbers, and is longer in
    /// every row and index that refers to it.
    ///
    /// # Fix
    ///
    /// Add an identity or UUID column as the primary key, and keep the column as a unique constraint.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.users (email varchar(200) PRIMARY KEY);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.users (id uuid PRIMARY KEY, email varchar(200) UNIQUE);
    /// ```
    Rule {
        name: "natural_or_varchar_pk",
        level: Level::Info,
        category: Category::Design,
        enabled: false,
        options: &[TYPES],
        peers: &[
            "pg-index-health:primary_keys_with_varchar",
            "pg-index-health:primary_keys_that_most_likely_natural_keys",
        ],
        judge: Judge::Schema(check),
    }
}

const TYPES: RuleOption = RuleOption::list(
    "types",
    &[
        "text",
        "character varying",
        "character",
        "citext",
        "date",
        "timestamp with time zone",
        "timestamp without time zone",
    ],
    "The types that a primary key should not have; those of extensions without schema.",
);

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let types = cx.list(&TYPES);
    for table in cx.own_tables() {
        let Some(key) = primary_key(cx.index, table) else { continue };
        let foreign_keys = cx.index.foreign_keys(&table.schema, &table.name);
        for name in &key.columns {
            let Some(column) = cx.index.column(table, name) else { continue };
            let refers = foreign_keys.iter().any(|foreign_key| foreign_key.columns.contains(name));
            let is_one = is_one_of(&ColumnType::of(cx.index, &column.data_type), &types);
            // The partition key is often a date, and must be in the primary key.
            let divides = table.partition_by.as_deref().is_some_and(|by| by.contains(&pgmeta_core::ident::ident(name)));
            if is_one && !refers && !divides {
                let own = table.object_key();
                let detail =
                    format!("Primary key column {name} of table {} has type {}.", own.identity(), column.data_type);
                report.add(Draft::of(own, detail).column(name).fact("type", &*column.data_type));
            }
        }
    }
}

fn is_one_of(data_type: &ColumnType, types: &[String]) -> bool {
    let bare = data_type.base.rsplit_once('.').map_or(&*data_type.base, |(_, name)| name);
    !data_type.is_array && types.iter().any(|own| own == bare || *own == data_type.base)
}
