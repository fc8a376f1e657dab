//! Rule unindexed_foreign_key.

use std::collections::BTreeSet;

use pgmeta_core::model::Constraint;

use crate::analysis::is_covered;
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::{NewNames, add_index};
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Foreign key without an index
    ///
    /// Reports foreign keys whose columns are not the first key columns, in any order, of a valid btree or hash index of the table. A
    /// partial index counts only if its condition is that these columns are not null. Columns in INCLUDE, BRIN indexes, and indexes with
    /// another collation do not count. In a partitioned table every partition must have such an index.
    ///
    /// # Why
    ///
    /// To delete a referenced row, or to change its key, the server searches the referring table for rows that refer to it: it reads the
    /// whole table each time. Joins along the key are slow too.
    ///
    /// # Fix
    ///
    /// Create an index whose first columns are those of the foreign key.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.customers (id bigint PRIMARY KEY);
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES app.customers);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.customers (id bigint PRIMARY KEY);
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES app.customers);
    /// CREATE INDEX ON app.orders (customer_id);
    /// ```
    Rule {
        name: "unindexed_foreign_key",
        level: Level::Warning,
        category: Category::Performance,
        peers: &[
            "splinter:unindexed_foreign_keys",
            "pglinter:B003",
            "pg-index-health:foreign_keys_without_index",
        ],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let mut names = NewNames::of(cx.model);
    for table in cx.tables() {
        let mut keys: Vec<&Constraint> = cx.index.foreign_keys(&table.schema, &table.name).to_vec();
        // The index of a longer key may serve a shorter one.
        keys.sort_by_key(|key| std::cmp::Reverse(key.columns.len()));
        let mut planned: Vec<(Vec<&str>, String)> = Vec::new();
        for key in keys.into_iter().filter(|key| !key.not_enforced) {
            let columns: Vec<&str> = key.columns.iter().map(|column| &**column).collect();
            if is_covered(cx.index, table, &columns) {
                continue;
            }
            let detail = format!(
                "Foreign key {} has no index on its columns {}.",
                key.object_key().identity(),
                pgmeta_core::ident::ident_list(&columns)
            );
            let draft = Draft::of(key.object_key(), detail).fact("columns", columns.clone());
            match planned.iter().find(|(index, _)| serves(index, &columns)) {
                Some((_, name)) => report.add(draft.fact("fixed_with", name.clone())),
                None => {
                    let (fix, name) = add_index(cx, table, &columns, &mut names).unzip();
                    planned.extend(name.map(|name| (columns, name)));
                    report.add(draft.fix(fix));
                }
            }
        }
    }
}

/// Returns whether an index with these keys finds rows by the columns.
fn serves(index: &[&str], columns: &[&str]) -> bool {
    let set = |columns: &[&str]| columns.iter().map(|&column| column.to_owned()).collect::<BTreeSet<_>>();
    index.get(..columns.len()).is_some_and(|leading| set(leading) == set(columns))
}
