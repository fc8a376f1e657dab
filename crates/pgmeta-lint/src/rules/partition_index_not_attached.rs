//! Rule partition_index_not_attached.

use pgmeta_core::model::{RelationName, Table};

use crate::analysis::{IndexObject, index_views};
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::{NewNames, attach_index};
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Partitioned index that lacks parts
    ///
    /// Reports indexes of partitioned tables for which a partition has no attached index: they were created with ONLY and not
    /// completed. Foreign tables need none.
    ///
    /// # Why
    ///
    /// The partitioned index is not valid: a unique one enforces nothing for new rows of the partition, and new partitions are the
    /// only ones that get a part of it.
    ///
    /// # Fix
    ///
    /// Create the index on the partition, and attach it.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.visits (visitor int, day date NOT NULL) PARTITION BY RANGE (day);
    /// CREATE TABLE app.visits_rest PARTITION OF app.visits DEFAULT;
    /// CREATE INDEX visits_visitor ON ONLY app.visits (visitor);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.visits (visitor int, day date NOT NULL) PARTITION BY RANGE (day);
    /// CREATE TABLE app.visits_rest PARTITION OF app.visits DEFAULT;
    /// CREATE INDEX visits_visitor ON app.visits (visitor);
    /// ```
    Rule {
        name: "partition_index_not_attached",
        level: Level::Warning,
        category: Category::Operations,
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let mut names = NewNames::of(cx.model);
    for table in cx.tables().filter(|table| table.partition_by.is_some()) {
        let partitions: Vec<&Table> = cx
            .index
            .children(table)
            .iter()
            .copied()
            .filter(|child| child.partition_of.is_some() && child.foreign.is_none())
            .collect();
        for view in index_views(cx.index, &table.schema, &table.name) {
            let own = RelationName { schema: table.schema.clone(), name: view.name.clone() };
            let missing: Vec<&Table> = partitions.iter().copied().filter(|part| !has_part(cx, part, &own)).collect();
            if missing.is_empty() {
                continue;
            }
            let key = view.key();
            let list: Vec<String> = missing.iter().map(|part| part.object_key().identity()).collect();
            let detail = format!("{key} has no part in {}.", list.join(", "));
            let fix = match view.object {
                IndexObject::Index(index) if !index.unique => attach_index(cx, index, &missing, &mut names),
                // The rows of a unique one may violate it.
                IndexObject::Index(_) | IndexObject::Constraint(_) => None,
            };
            report.add(Draft::of(key, crate::finding::sentence(detail)).fact("partitions", list).fix(fix));
        }
    }
}

/// Returns whether a partition has a part of an index.
fn has_part<'m>(cx: &Context<'m>, partition: &'m Table, index: &RelationName) -> bool {
    let views = index_views(cx.index, &partition.schema, &partition.name);
    views.iter().any(|view| view.object().attached_to() == Some(index))
}
