//! Rule no_surrogate_pk.

use crate::analysis::primary_key;
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Primary key of several columns
    ///
    /// Reports tables whose primary key has several columns and to which foreign keys can refer by all of these only. Junction tables, whose
    /// key consists of foreign keys, are not reported, nor are partitioned tables, whose key must have the partition key in it.
    ///
    /// # Why
    ///
    /// Tables that refer to it repeat all the columns, and a change of one value changes them all.
    ///
    /// # Fix
    ///
    /// Add an identity column as the primary key, and keep the columns as a unique constraint.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.rooms (house text, room text, PRIMARY KEY (house, room));
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.rooms (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, house text, room text, UNIQUE (house, room));
    /// ```
    Rule {
        name: "no_surrogate_pk",
        level: Level::Info,
        category: Category::Design,
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for table in cx.own_tables().filter(|table| table.partition_by.is_none()) {
        let Some(key) = primary_key(cx.index, table).filter(|key| key.columns.len() > 1) else { continue };
        let foreign_keys = cx.index.foreign_keys(&table.schema, &table.name);
        let refers = |column| foreign_keys.iter().any(|foreign_key| foreign_key.columns.contains(column));
        if key.columns.iter().all(refers) {
            continue;
        }
        let own = key.object_key();
        let columns: Vec<&str> = key.columns.iter().map(|column| &**column).collect();
        let list = pgmeta_core::ident::ident_list(&columns);
        let detail = format!("Primary key {} consists of the columns {list}.", own.identity());
        report.add(Draft::of(own, detail).fact("columns", columns));
    }
}
