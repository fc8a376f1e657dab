//! Rule duplicate_foreign_key.

use pgmeta_core::model::{Constraint, ObjectRef};

use crate::analysis::pairs;
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::Fix;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Two foreign keys with the same columns
    ///
    /// Reports a foreign key if another one of its table refers by the same columns to the same columns of the same table, in any order.
    /// Of several the valid ones stay, then the first by name.
    ///
    /// # Why
    ///
    /// Every write is checked twice. Where their actions differ, the actions of both run, and the stricter one wins.
    ///
    /// # Fix
    ///
    /// Drop the foreign key that is reported, unless its actions are those that are wanted: then drop the other one.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.customers (id bigint PRIMARY KEY);
    /// CREATE TABLE app.orders (customer_id bigint REFERENCES app.customers REFERENCES app.customers);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.customers (id bigint PRIMARY KEY);
    /// CREATE TABLE app.orders (customer_id bigint REFERENCES app.customers);
    /// ```
    Rule {
        name: "duplicate_foreign_key",
        level: Level::Warning,
        category: Category::Design,
        peers: &["pg-index-health:duplicated_foreign_keys"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for table in cx.tables() {
        let mut keys: Vec<&Constraint> = cx.index.foreign_keys(&table.schema, &table.name).to_vec();
        keys.sort_by_key(|key| (key.not_enforced, key.not_valid));
        for (at, key) in keys.iter().enumerate() {
            let same = |other: &&&Constraint| is_same(key, other);
            let Some(other) = keys[..at].iter().find(same) else { continue };
            let own = key.object_key();
            let detail = format!(
                "Foreign key {} has the same columns as {}.",
                own.identity(),
                pgmeta_core::ident::ident(&other.name)
            );
            let referenced = key.foreign_key.as_ref().map(|own| &own.table);
            let referenced = referenced.and_then(|name| cx.index.table(&name.schema, &name.name)).map(ObjectRef::Table);
            let objects = [ObjectRef::Table(table), ObjectRef::Constraint(key)].into_iter().chain(referenced);
            let fix = Fix::plan(cx, objects, |model| model.constraints.clear());
            report.add(Draft::of(own, detail).fact("duplicate_of", &*other.name).fix(fix));
        }
    }
}

/// Returns whether two foreign keys of a table connect the same columns.
fn is_same(one: &Constraint, other: &Constraint) -> bool {
    let table = |key: &Constraint| key.foreign_key.as_ref().map(|key| key.table.clone());
    table(one) == table(other) && one.period == other.period && pairs(one) == pairs(other)
}
