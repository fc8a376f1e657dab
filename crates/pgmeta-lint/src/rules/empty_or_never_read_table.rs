//! Rule empty_or_never_read_table.

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, Need, rule};

rule! {
    /// Table that is empty or that nobody reads
    ///
    /// Reports tables without rows, and tables without a scan since the counters were reset. Partitions are not reported.
    ///
    /// # Why
    ///
    /// The table may be left over, or a program that should fill or read it does not.
    ///
    /// # Fix
    ///
    /// Drop it if nothing needs it.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.leftover (id bigint PRIMARY KEY);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.used (id bigint PRIMARY KEY);
    /// ```
    Rule {
        name: "empty_or_never_read_table",
        level: Level::Info,
        category: Category::Design,
        enabled: false,
        needs: &[Need::Tables],
        peers: &["pglinter:B006", "pg-index-health:tables_with_no_data"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for table in cx.own_tables().filter(|table| table.partition_by.is_none()) {
        let Some(facts) = cx.statistics.table(&table.schema, &table.name) else { continue };
        let is_empty = facts.bytes == Some(0) || facts.rows == Some(0.0);
        let is_unread = facts.seq_scans == Some(0) && facts.index_scans.unwrap_or(0) == 0;
        let fault = match (is_empty, is_unread) {
            (true, _) => "has no rows",
            (false, true) => "was not read since the counters were reset",
            (false, false) => continue,
        };
        let key = table.object_key();
        let detail = format!("Table {} {fault}.", key.identity());
        report.add(Draft::of(key, detail).fact("rows", facts.rows).fact("bytes", facts.bytes));
    }
}
