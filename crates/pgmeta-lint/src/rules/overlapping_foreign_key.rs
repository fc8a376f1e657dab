//! Rule overlapping_foreign_key.

use pgmeta_core::model::Constraint;

use crate::analysis::pairs;
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Foreign keys that share columns
    ///
    /// Reports two foreign keys from one table to another one that have columns in common: either the columns of one are among those of
    /// the other, or a common column refers to different columns. Foreign keys that share a column which refers to one column, beside
    /// columns of their own, are not reported: they are usual where a tenant's number is part of every key.
    ///
    /// # Why
    ///
    /// The shorter one follows from the longer one, or a column has two meanings.
    ///
    /// # Fix
    ///
    /// Keep the one that says what is meant.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.users (id bigint PRIMARY KEY, tenant bigint NOT NULL, UNIQUE (tenant, id));
    /// CREATE TABLE app.notes (tenant bigint, author bigint REFERENCES app.users (id),
    ///     FOREIGN KEY (tenant, author) REFERENCES app.users (tenant, id));
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.users (id bigint PRIMARY KEY, tenant bigint NOT NULL, UNIQUE (tenant, id));
    /// CREATE TABLE app.notes (tenant bigint, author bigint, editor bigint,
    ///     FOREIGN KEY (tenant, author) REFERENCES app.users (tenant, id),
    ///     FOREIGN KEY (tenant, editor) REFERENCES app.users (tenant, id));
    /// ```
    Rule {
        name: "overlapping_foreign_key",
        level: Level::Info,
        category: Category::Design,
        peers: &["pg-index-health:intersected_foreign_keys"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for table in cx.tables() {
        let keys = cx.index.foreign_keys(&table.schema, &table.name);
        for (at, key) in keys.iter().enumerate() {
            for other in keys[at + 1..].iter().filter(|other| overlaps(key, other)) {
                let (short, long) = if key.columns.len() <= other.columns.len() { (key, other) } else { (other, key) };
                let own = short.object_key();
                let name = pgmeta_core::ident::ident(&long.name);
                let detail = format!("Foreign key {} shares columns with {name}.", own.identity());
                report.add(Draft::of(own, detail).part(&*long.name).fact("overlaps_with", &*long.name));
            }
        }
    }
}

/// Returns whether two foreign keys to one table have columns in common in a way that says one thing twice, or two things of one column.
fn overlaps(one: &Constraint, other: &Constraint) -> bool {
    let table = |key: &Constraint| key.foreign_key.as_ref().map(|key| key.table.clone());
    let (own, others) = (pairs(one), pairs(other));
    let contradicts =
        || own.iter().any(|(column, to)| others.iter().any(|(same, other)| column == same && to != other));
    table(one) == table(other) && own != others && (own.is_subset(&others) || others.is_subset(&own) || contradicts())
}
