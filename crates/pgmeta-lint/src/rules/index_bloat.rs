//! Rule index_bloat.

use pgmeta_core::ident::qualified;
use pgmeta_core::plan::{Hazard, LockLevel, Run, Statement};

use crate::analysis::index_views;
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::Fix;
use crate::rule::{Category, Judge, Level, Need, rule};
use crate::settings::RuleOption;

rule! {
    /// Index with much dead space
    ///
    /// Reports btree indexes of which, by an estimate from statistics, at least the option's fraction is space that a rebuild would
    /// free, and at least the option's bytes. Those of constraints are reported with the constraint.
    ///
    /// # Why
    ///
    /// Searches read more pages, and the cache is filled with them.
    ///
    /// # Fix
    ///
    /// Rebuild the index with REINDEX CONCURRENTLY, which blocks neither reads nor writes.
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
    /// CREATE TABLE app.jobs (id bigint PRIMARY KEY, payload text);
    /// ```
    Rule {
        name: "index_bloat",
        level: Level::Info,
        category: Category::Operations,
        needs: &[Need::Indexes],
        options: &[MIN_FRACTION, MIN_BYTES],
        peers: &["pg-index-health:bloated_indexes"],
        judge: Judge::Schema(check),
    }
}

const MIN_FRACTION: RuleOption =
    RuleOption::fraction("min_fraction", 0.5, "The fraction of the index from which it is reported.");
const MIN_BYTES: RuleOption = RuleOption::number("min_bytes", 10_485_760, "The dead bytes from which it is reported.");

#[expect(clippy::cast_precision_loss, reason = "sizes are compared roughly")]
fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let (fraction, least) = (cx.settings.fraction(&MIN_FRACTION), cx.number(&MIN_BYTES));
    for table in cx.tables() {
        for view in index_views(cx.index, &table.schema, &table.name) {
            let Some(facts) = cx.statistics.index(&table.schema, view.name) else { continue };
            let (Some(bytes), Some(dead)) = (facts.bytes, facts.bloat_bytes) else { continue };
            if dead >= least && bytes > 0 && dead as f64 / bytes as f64 >= fraction {
                let key = view.key();
                let detail = format!("About {dead} of the {bytes} bytes of {key} are dead space.");
                let sql = format!("REINDEX INDEX CONCURRENTLY {}", qualified(&table.schema, view.name));
                let statement = Statement::new(&key, sql).run(Run::Outside).lock(LockLevel::ShareUpdateExclusive);
                let fix = Fix::of(statement.hazard(Hazard::IndexBuild));
                report.add(Draft::of(key, detail).fact("bytes", bytes).fact("bloat_bytes", dead).fix(Some(fix)));
            }
        }
    }
}
