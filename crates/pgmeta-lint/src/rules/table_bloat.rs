//! Rule table_bloat.

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, Need, rule};
use crate::settings::RuleOption;

rule! {
    /// Table with much dead space
    ///
    /// Reports tables of which, by an estimate from statistics, at least the option's fraction is space that a rewrite would free,
    /// and at least the option's bytes.
    ///
    /// # Why
    ///
    /// Scans read the dead space, and the cache is filled with it.
    ///
    /// # Fix
    ///
    /// Let autovacuum run more often on the table. To give the space back, rewrite it with pg_repack, which locks briefly, or VACUUM
    /// FULL, which blocks readers until it ends.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.jobs (id bigint PRIMARY KEY, payload text);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.jobs (id bigint PRIMARY KEY, payload text) WITH (autovacuum_vacuum_scale_factor = 0.01);
    /// ```
    Rule {
        name: "table_bloat",
        level: Level::Info,
        category: Category::Operations,
        needs: &[Need::Tables],
        options: &[MIN_FRACTION, MIN_BYTES],
        peers: &["splinter:table_bloat", "pg-index-health:bloated_tables"],
        judge: Judge::Schema(check),
    }
}

const MIN_FRACTION: RuleOption =
    RuleOption::fraction("min_fraction", 0.5, "The fraction of the table from which it is reported.");
const MIN_BYTES: RuleOption = RuleOption::number("min_bytes", 10_485_760, "The dead bytes from which it is reported.");

#[expect(clippy::cast_precision_loss, reason = "sizes are compared roughly")]
fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let (fraction, least) = (cx.settings.fraction(&MIN_FRACTION), cx.number(&MIN_BYTES));
    for table in cx.tables() {
        let Some(facts) = cx.statistics.table(&table.schema, &table.name) else { continue };
        let (Some(bytes), Some(dead)) = (facts.bytes, facts.bloat_bytes) else { continue };
        if dead >= least && bytes > 0 && dead as f64 / bytes as f64 >= fraction {
            let key = table.object_key();
            let detail = format!("About {dead} of the {bytes} bytes of table {} are dead space.", key.identity());
            report.add(Draft::of(key, detail).fact("bytes", bytes).fact("bloat_bytes", dead));
        }
    }
}
