//! Rule missing_index.

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, Need, rule};
use crate::settings::RuleOption;

rule! {
    /// Large table that is read as a whole
    ///
    /// Reports tables with at least as many rows as the option says whose share of index scans among all scans is below the option's,
    /// if there were enough sequential scans.
    ///
    /// # Why
    ///
    /// A search without an index reads all rows.
    ///
    /// # Fix
    ///
    /// Look for the queries in pg_stat_statements, and create indexes for their conditions.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY, note text);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY, note text);
    /// CREATE INDEX ON app.orders (note);
    /// ```
    Rule {
        name: "missing_index",
        level: Level::Info,
        category: Category::Performance,
        needs: &[Need::Tables],
        options: &[MIN_ROWS, MIN_SCANS, MIN_SHARE],
        peers: &["pg-index-health:tables_with_missing_indexes"],
        judge: Judge::Schema(check),
    }
}

const MIN_ROWS: RuleOption = RuleOption::number("min_rows", 10_000, "The number of rows from which a table is judged.");
const MIN_SCANS: RuleOption =
    RuleOption::number("min_scans", 20, "The number of sequential scans from which a table is judged.");
const MIN_SHARE: RuleOption =
    RuleOption::fraction("min_index_share", 0.95, "The share of index scans below which a table is reported.");

#[expect(clippy::cast_precision_loss, reason = "counters of scans are compared roughly")]
fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let (least_rows, least_scans) = (cx.number(&MIN_ROWS) as f64, cx.number(&MIN_SCANS));
    let least_share = cx.settings.fraction(&MIN_SHARE);
    for table in cx.tables() {
        let Some(facts) = cx.statistics.table(&table.schema, &table.name) else { continue };
        let (Some(rows), Some(seq_scans)) = (facts.rows, facts.seq_scans) else { continue };
        let index_scans = facts.index_scans.unwrap_or(0);
        let share = index_scans as f64 / (index_scans as f64 + seq_scans as f64).max(1.0);
        if rows >= least_rows && seq_scans >= least_scans && share < least_share {
            let key = table.object_key();
            let detail = format!(
                "Table {} of {rows:.0} rows was read as a whole {seq_scans} times, and by an index {index_scans} times.",
                key.identity()
            );
            let draft = Draft::of(key, detail).fact("rows", rows).fact("seq_scans", seq_scans);
            report.add(draft.fact("index_scans", index_scans).fact("seq_rows", facts.seq_rows));
        }
    }
}
