//! Rule fk_cross_schema.

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Foreign key to a table of another schema
    ///
    /// Reports foreign keys whose table and referenced table are in different schemas.
    ///
    /// # Why
    ///
    /// The schemas cannot be exported, restored, or changed in ownership one without the other.
    ///
    /// # Fix
    ///
    /// Move one of the tables, or accept that the schemas belong together and turn the rule off.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE SCHEMA billing;
    /// CREATE TABLE app.customers (id bigint PRIMARY KEY);
    /// CREATE TABLE billing.invoices (id bigint PRIMARY KEY, customer_id bigint REFERENCES app.customers);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.customers (id bigint PRIMARY KEY);
    /// CREATE TABLE app.invoices (id bigint PRIMARY KEY, customer_id bigint REFERENCES app.customers);
    /// ```
    Rule {
        name: "fk_cross_schema",
        level: Level::Info,
        category: Category::Design,
        enabled: false,
        peers: &["pglinter:B007"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for constraint in cx.constraints() {
        let Some(key) = &constraint.foreign_key else { continue };
        if key.table.schema != constraint.schema {
            let own = constraint.object_key();
            let other = pgmeta_core::ident::qualified(&key.table.schema, &key.table.name);
            let detail = format!("Foreign key {} refers to table {other} of another schema.", own.identity());
            report.add(Draft::of(own, detail).fact("referenced_table", other));
        }
    }
}
