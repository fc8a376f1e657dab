//! Rule index_btree_on_array.

use crate::analysis::ColumnType;
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Index of arrays that searches no elements
    ///
    /// Reports btree indexes with an array as a key column. Unique indexes are not reported: they compare whole arrays on purpose.
    ///
    /// # Why
    ///
    /// A btree index finds whole arrays and orders them. It does not find arrays that contain an element (`@>`, `&&`).
    ///
    /// # Fix
    ///
    /// Use a GIN index, unless the queries compare whole arrays.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.posts (id bigint PRIMARY KEY, tags text[]);
    /// CREATE INDEX ON app.posts (tags);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.posts (id bigint PRIMARY KEY, tags text[]);
    /// CREATE INDEX ON app.posts USING gin (tags);
    /// ```
    Rule {
        name: "index_btree_on_array",
        level: Level::Warning,
        category: Category::Performance,
        peers: &["pg-index-health:btree_indexes_on_array_columns"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let own = cx.indexes().filter(|own| &*own.method == "btree" && !own.unique && own.attached_to.is_none());
    for index in own {
        let Some(table) = cx.index.table(&index.schema, &index.table) else { continue };
        for name in index.columns.iter().filter_map(|key| key.column.as_deref()) {
            let Some(column) = cx.index.column(table, name) else { continue };
            if ColumnType::of(cx.index, &column.data_type).is_array {
                let key = index.object_key();
                let detail = format!("Index {} has the array column {name} as a key.", key.identity());
                report.add(Draft::of(key, detail).part(name).fact("column", name).fact("type", &*column.data_type));
            }
        }
    }
}
