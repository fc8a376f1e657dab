//! Rule index_low_selectivity.

use pgmeta_core::model::Index;

use crate::analysis::ColumnType;
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Index whose first columns select little
    ///
    /// Reports btree indexes that begin with a boolean column, and those with a timestamp before their last key column. Unique
    /// indexes and partial indexes are not reported.
    ///
    /// # Why
    ///
    /// A boolean divides the rows in two parts. Behind a column that is searched by ranges, as timestamps are, the other columns
    /// narrow no search.
    ///
    /// # Fix
    ///
    /// Index the rare value alone with a partial index. Put columns that are compared for equality before the timestamp.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.jobs (id bigint PRIMARY KEY, done boolean, created_at timestamptz, queue text);
    /// CREATE INDEX ON app.jobs (done, queue);
    /// CREATE INDEX ON app.jobs (created_at, queue);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.jobs (id bigint PRIMARY KEY, done boolean, created_at timestamptz, queue text);
    /// CREATE INDEX ON app.jobs (queue) WHERE NOT done;
    /// CREATE INDEX ON app.jobs (queue, created_at);
    /// ```
    Rule {
        name: "index_low_selectivity",
        level: Level::Info,
        category: Category::Performance,
        peers: &["pg-index-health:indexes_with_boolean", "pg-index-health:indexes_with_timestamp_in_the_middle"],
        judge: Judge::Schema(check),
    }
}

const TIMES: [&str; 2] = ["timestamp with time zone", "timestamp without time zone"];

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let is_judged =
        |own: &&Index| &*own.method == "btree" && !own.unique && own.predicate.is_none() && own.attached_to.is_none();
    for index in cx.indexes().filter(is_judged) {
        let Some(table) = cx.index.table(&index.schema, &index.table) else { continue };
        let last = index.columns.len().saturating_sub(1);
        for (at, key) in index.columns.iter().enumerate() {
            let Some(name) = key.column.as_deref() else { continue };
            let Some(column) = cx.index.column(table, name) else { continue };
            let data_type = ColumnType::of(cx.index, &column.data_type);
            let fault = match () {
                () if at == 0 && data_type.is_one_of(&["boolean"]) => "begins with the boolean column",
                () if at < last && data_type.is_one_of(&TIMES) => "has other keys behind the timestamp column",
                () => continue,
            };
            let own = index.object_key();
            let detail = format!("Index {} {fault} {name}.", own.identity());
            report.add(Draft::of(own, detail).part(name).fact("column", name));
        }
    }
}
