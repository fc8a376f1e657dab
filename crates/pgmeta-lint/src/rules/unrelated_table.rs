//! Rule unrelated_table.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Table without relations to others
    ///
    /// Reports tables that have no foreign key and to which none refers. A foreign key of a table to itself does not count. Partitions are
    /// judged with their parent. A schema with one table is not reported.
    ///
    /// # Why
    ///
    /// Foreign keys may be missing, or the table is left over.
    ///
    /// # Fix
    ///
    /// Add the missing foreign keys, or drop the table if nothing uses it.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.customers (id bigint PRIMARY KEY);
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES app.customers);
    /// CREATE TABLE app.invoices (id bigint PRIMARY KEY, order_id bigint);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.customers (id bigint PRIMARY KEY);
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES app.customers);
    /// CREATE TABLE app.invoices (id bigint PRIMARY KEY, order_id bigint REFERENCES app.orders);
    /// ```
    Rule {
        name: "unrelated_table",
        level: Level::Info,
        category: Category::Design,
        enabled: false,
        peers: &["pg-index-health:tables_not_linked_to_others"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let related = related(cx);
    let mut in_schema: FxHashMap<&str, usize> = FxHashMap::default();
    cx.own_tables().for_each(|table| *in_schema.entry(&*table.schema).or_default() += 1);
    for table in cx.own_tables() {
        let is_alone = in_schema.get(&*table.schema) == Some(&1);
        if !is_alone && !related.contains(&(&*table.schema, &*table.name)) {
            let key = table.object_key();
            let detail = format!("Table {} has no relation to another table.", key.identity());
            report.add(Draft::of(key, detail));
        }
    }
}

/// Returns the tables that refer to others, or to which others refer. Those of partitions are their parent's.
fn related<'m>(cx: &Context<'m>) -> FxHashSet<(&'m str, &'m str)> {
    let mut found = FxHashSet::default();
    for constraint in cx.constraints() {
        let Some(key) = &constraint.foreign_key else { continue };
        let ends = [(&constraint.schema, &constraint.table), (&key.table.schema, &key.table.name)];
        let ends = ends.map(|(schema, name)| cx.index.table(schema, name).map(|table| cx.partitions.root(table)));
        let ends = ends.map(|table| table.map(|table| (&*table.schema, &*table.name)));
        if ends[0] != ends[1] {
            found.extend(ends.into_iter().flatten());
        }
    }
    found
}
