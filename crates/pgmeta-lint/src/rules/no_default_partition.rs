//! Rule no_default_partition.

use crate::analysis::{Bound, bounds_of, gaps, is_unbounded};
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::{NewNames, add_partitions};
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Partitioned table without a default partition
    ///
    /// Reports tables partitioned by RANGE or LIST that have no DEFAULT partition, unless their ranges take every value or their
    /// lists both booleans. Tables partitioned by HASH cannot have one.
    ///
    /// # Why
    ///
    /// An INSERT of a row that no partition takes fails: often the first one of a new month.
    ///
    /// # Fix
    ///
    /// Create a DEFAULT partition, and watch that it stays empty. If failing is what is wanted, silence the rule for the table.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.visits (day date NOT NULL) PARTITION BY RANGE (day);
    /// CREATE TABLE app.visits_1 PARTITION OF app.visits FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.visits (day date NOT NULL) PARTITION BY RANGE (day);
    /// CREATE TABLE app.visits_1 PARTITION OF app.visits FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
    /// CREATE TABLE app.visits_rest PARTITION OF app.visits DEFAULT;
    /// ```
    Rule {
        name: "no_default_partition",
        level: Level::Warning,
        category: Category::Design,
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let mut names = NewNames::of(cx.model);
    for table in cx.tables() {
        let Some(by) = table.partition_by.as_deref().filter(|by| !by.starts_with("HASH")) else { continue };
        let bounds = bounds_of(cx, table);
        let is_complete = is_unbounded(&bounds) && gaps(&bounds).is_empty();
        if bounds.contains(&Bound::Default) || is_complete || has_both_booleans(&bounds) {
            continue;
        }
        let key = table.object_key();
        let detail = format!("Table {} has no default partition.", key.identity());
        let fix = add_partitions(cx, table, &[("default".to_owned(), "DEFAULT".to_owned())], &mut names);
        report.add(Draft::of(key, detail).fact("partition_key", by).fact("partitions", bounds.len()).fix(fix));
    }
}

fn has_both_booleans(bounds: &[Bound]) -> bool {
    let has = |word: &str| {
        bounds.iter().any(|bound| matches!(bound, Bound::List(values) if values.iter().any(|own| own == word)))
    };
    has("true") && has("false")
}
