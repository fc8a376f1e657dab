//! Rule unique_index_nullable.

use crate::analysis::{index_views, not_null_columns};
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Unique columns that may be null
    ///
    /// Reports unique constraints and unique indexes of which a key column may be null, unless nulls are equal (NULLS NOT DISTINCT)
    /// or the index leaves rows with nulls out.
    ///
    /// # Why
    ///
    /// Nulls are not equal to each other: rows that agree in all other columns may be there twice.
    ///
    /// # Fix
    ///
    /// Declare the columns NOT NULL, or the constraint NULLS NOT DISTINCT. To allow several rows with a null on purpose, index the
    /// rows without one only.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.seats (room int NOT NULL, line int, seat int NOT NULL, UNIQUE (room, line, seat));
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.seats (room int NOT NULL, line int NOT NULL, seat int NOT NULL, UNIQUE (room, line, seat));
    /// ```
    Rule {
        name: "unique_index_nullable",
        level: Level::Info,
        category: Category::Design,
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for table in cx.own_tables() {
        for view in index_views(cx.index, &table.schema, &table.name) {
            if !view.unique || view.nulls_not_distinct || view.is_primary() || view.is_attached {
                continue;
            }
            let left_out = view.predicate.and_then(not_null_columns).unwrap_or_default();
            let is_nullable = |name: &&str| {
                let column = cx.index.column(table, name);
                column.is_some_and(|own| own.not_null.is_none()) && !left_out.iter().any(|own| own == name)
            };
            let nullable: Vec<&str> = view.keys.iter().filter_map(|key| key.column).filter(is_nullable).collect();
            if !nullable.is_empty() {
                let key = view.key();
                let list = pgmeta_core::ident::ident_list(&nullable).replace(", ", " or ");
                let detail = format!("Several rows with a null in {list} are equal for {}.", key);
                report.add(Draft::of(key, detail).fact("nullable_columns", nullable));
            }
        }
    }
}
