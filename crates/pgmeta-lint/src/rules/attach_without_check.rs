//! Rule attach_without_check.

use pgmeta_core::model::{ConstraintKind, ObjectKind};

use crate::analysis::column_names;
use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{
    Action, IndexDefinition, ObjectName, PartitionBound, PresentConstraint, PresentIndex, StatementContext,
};

rule! {
    /// Partition attached with a scan under the lock
    ///
    /// Reports ATTACH PARTITION of a table that the script has not created itself, unless its valid checks name the partition key and
    /// the constants of the bound, and the key has no NULL. Reports it also where the table lacks an index or a foreign key of the
    /// partitioned table. Reports the default partition likewise, which the server reads whenever another partition is attached or created.
    /// Rules cannot tell what a check implies: one with other operators than the bound counts as a proof.
    ///
    /// # Why
    ///
    /// The server reads the whole table while all queries on it wait.
    ///
    /// # Fix
    ///
    /// Add a check with the bound NOT VALID, validate it, build the indexes CONCURRENTLY, attach the partition, and drop the check.
    ///
    /// # Bad
    ///
    /// ```sql
    /// ALTER TABLE app.events ATTACH PARTITION app.events_old FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// ALTER TABLE app.events_old ADD CONSTRAINT bound CHECK (at IS NOT NULL AND at >= '2023-01-01' AND at < '2024-01-01') NOT VALID;
    /// ALTER TABLE app.events_old VALIDATE CONSTRAINT bound;
    /// ALTER TABLE app.events ATTACH PARTITION app.events_old FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
    /// ```
    Rule {
        name: "attach_without_check",
        level: Level::Warning,
        category: Category::Migration,
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    for action in cx.actions() {
        let (table, bound) = match action {
            Action::AttachPartition { table, partition, bound: Some(bound) } => {
                let mut reasons: Vec<String> = Vec::new();
                if !is_proved(cx, table, partition, bound) {
                    reasons.push("the bound".to_owned());
                }
                reasons.extend(missing(cx, table, partition));
                if cx.has_rows(partition) && !reasons.is_empty() {
                    add(cx, "Table", partition, &reasons.join(", "), report);
                }
                (table, bound)
            }
            Action::CreatePartition { table, bound } => (table, bound),
            _ => continue,
        };
        if let Some(default) = cx.names().default_partition(table)
            && cx.has_rows(&default)
            && !is_excluded(cx, table, &default, bound)
        {
            add(cx, "Default partition", &default, "the bound", report);
        }
    }
}

fn add(cx: &StatementContext<'_, '_>, word: &str, table: &ObjectName, reason: &str, report: &mut Report<'_>) {
    let rows = cx.of_rows(table);
    let detail = format!("{word} {table}{rows} is read for {reason} while all queries on it wait.");
    report.add(cx.draft(ObjectKind::Table, table, detail));
}

/// Returns what the partitioned table has and the new partition lacks: the server builds the indexes, and reads the rows for foreign keys.
fn missing(cx: &StatementContext<'_, '_>, parent: &ObjectName, table: &ObjectName) -> Vec<String> {
    let names = cx.names();
    let (Some(parent), Some(table)) = (names.find(parent), names.find(table)) else { return Vec::new() };
    let own = names.indexes(&table);
    let alike = |own: &IndexDefinition| IndexDefinition { is_attached: false, ..own.clone() };
    let has_index = |index: &PresentIndex| own.iter().any(|own| alike(&own.definition) == alike(&index.definition));
    let indexes = names.indexes(&parent).into_iter().filter(|index| !has_index(index));
    let own = names.constraints(&table);
    let is_key = |key: &PresentConstraint<'_>| key.kind == ConstraintKind::ForeignKey && key.is_valid;
    let has_key = |key: &PresentConstraint<'_>| own.iter().any(|own| is_key(own) && own.columns == key.columns);
    let keys = names.constraints(&parent).into_iter().filter(|key| is_key(key) && !has_key(key));
    let keys = keys.map(|key| format!("foreign key {}", key.name));
    indexes.map(|index| format!("index {}", index.name)).chain(keys).collect()
}

/// Returns whether checks may prove that all rows of a table belong to a partition.
fn is_proved(cx: &StatementContext<'_, '_>, parent: &ObjectName, table: &ObjectName, bound: &PartitionBound) -> bool {
    if bound.is_default && !has_partitions(cx, parent) {
        return true;
    }
    let Some(key) = key_of(cx, parent) else { return false };
    let has_value = |column: &String| bound.is_default || bound.has_null || cx.has_no_null(table, column);
    let is_bounded = !bound.constants.is_empty() || bound.is_default;
    key.iter().all(has_value) && (!is_bounded || names_bound(cx, table, &key, bound)) && !bound.is_hash
}

/// Returns whether checks may prove that no row of a default partition belongs to another one.
fn is_excluded(
    cx: &StatementContext<'_, '_>,
    parent: &ObjectName,
    default: &ObjectName,
    bound: &PartitionBound,
) -> bool {
    key_of(cx, parent).is_some_and(|key| !bound.is_hash && names_bound(cx, default, &key, bound))
}

/// Returns whether valid checks name all columns of a key, and all constants of a bound.
fn names_bound(cx: &StatementContext<'_, '_>, table: &ObjectName, key: &[String], bound: &PartitionBound) -> bool {
    let names = cx.names();
    let Some(relation) = names.find(table) else { return false };
    let mut checks = names.constraints(&relation);
    checks.retain(|own| own.kind == ConstraintKind::Check && own.is_valid);
    // A check that only demands a value says nothing of it.
    checks.retain(|own| own.columns.iter().any(|name| key.contains(name)) && !own.constants.is_empty());
    // The server may print more of a value than the statement has.
    let is_same = |one: &String, other: &String| one.starts_with(other.as_str()) || other.starts_with(one.as_str());
    let has = |constant: &String| checks.iter().any(|own| own.constants.iter().any(|own| is_same(own, constant)));
    let names_column = |column: &String| checks.iter().any(|own| own.columns.contains(column));
    key.iter().all(names_column) && bound.constants.iter().all(has)
}

/// Returns the columns in the partition key of a table, if it is known.
fn key_of(cx: &StatementContext<'_, '_>, table: &ObjectName) -> Option<Vec<String>> {
    let own = cx.table(table)?;
    let columns = cx.names().present_columns(&cx.names().find(table)?);
    let key = column_names(own.partition_by.as_deref()?);
    Some(key.iter().filter_map(|name| columns.get(name).cloned().flatten()).collect())
}

fn has_partitions(cx: &StatementContext<'_, '_>, table: &ObjectName) -> bool {
    cx.table(table).is_none_or(|table| !cx.cx.index.children(table).is_empty())
}
