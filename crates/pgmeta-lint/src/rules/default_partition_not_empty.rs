//! Rule default_partition_not_empty.

use crate::analysis::Bound;
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, Need, rule};

rule! {
    /// Default partition that has rows
    ///
    /// Reports DEFAULT partitions that have rows, by the server's estimate, or by their size where they were never analyzed.
    ///
    /// # Why
    ///
    /// Rows are there for which a partition is missing. To create that partition later, the server reads the whole default partition
    /// under a lock, and refuses if rows belong to the new one.
    ///
    /// # Fix
    ///
    /// Create the partitions that the rows belong to: detach the default one, move its rows, attach it again.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.visits (day date NOT NULL) PARTITION BY RANGE (day);
    /// CREATE TABLE app.visits_rest PARTITION OF app.visits DEFAULT;
    /// INSERT INTO app.visits VALUES ('2024-01-01');
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.visits (day date NOT NULL) PARTITION BY RANGE (day);
    /// CREATE TABLE app.visits_rest PARTITION OF app.visits DEFAULT;
    /// ```
    Rule {
        name: "default_partition_not_empty",
        level: Level::Warning,
        category: Category::Design,
        needs: &[Need::Tables],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for table in cx.tables().filter(|table| table.partition_by.is_none()) {
        let Some(partition) = &table.partition_of else { continue };
        let Some(facts) = cx.statistics.table(&table.schema, &table.name) else { continue };
        let has_rows = facts.rows.map_or_else(|| facts.bytes.unwrap_or(0) > 0, |rows| rows > 0.0);
        if Bound::of(&partition.bound) == Some(Bound::Default) && has_rows {
            let key = table.object_key();
            let detail = format!("Default partition {} has rows.", key.identity());
            report.add(Draft::of(key, detail).fact("rows", facts.rows).fact("bytes", facts.bytes));
        }
    }
}
