//! Rule table_without_index.

use pgmeta_core::model::ConstraintKind;

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Table without any index
    ///
    /// Reports tables that have columns and no index at all, not even that of a key. Partitions are judged with their parent.
    ///
    /// # Why
    ///
    /// Every search reads the whole table.
    ///
    /// # Fix
    ///
    /// Declare a primary key, and create indexes for frequent searches. A table of a few rows needs none.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.visits (visitor uuid, at timestamptz);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.visits (visitor uuid, at timestamptz);
    /// CREATE INDEX ON app.visits USING brin (at);
    /// ```
    Rule {
        name: "table_without_index",
        level: Level::Info,
        category: Category::Performance,
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for table in cx.own_tables().filter(|table| !table.columns.is_empty()) {
        let constraints = cx.index.constraints_of(&table.schema, &table.name).iter();
        let mut indexed = constraints.filter(|own| own.index.is_some() || own.kind == ConstraintKind::Exclusion);
        let has_index = indexed.next().is_some() || !cx.index.indexes_of(&table.schema, &table.name).is_empty();
        // Each partition may have its own.
        let partitions = cx.index.children(table).iter().filter(|child| child.partition_of.is_some());
        let mut of_partitions = partitions.map(|own| cx.index.indexes_of(&own.schema, &own.name));
        if !has_index && !of_partitions.any(|own| !own.is_empty()) {
            let key = table.object_key();
            let detail = format!("Table {} has no index.", key.identity());
            report.add(Draft::of(key, detail));
        }
    }
}
