//! Rule unused_index.

use pgmeta_core::model::Index;

use crate::analysis::{IndexView, is_covered_without};
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::drop_index;
use crate::rule::{Category, Judge, Level, Need, rule};
use crate::settings::RuleOption;
use crate::statistics::IndexFacts;

rule! {
    /// Index that no query used
    ///
    /// Reports indexes without a scan since the counters were reset, which are at least as large as the option says. Unique indexes,
    /// those of constraints, replica identities, and the only index for a foreign key are not reported. If the counters were reset
    /// less than the option's days ago, nothing is. Of a partitioned index all parts count together.
    ///
    /// # Why
    ///
    /// Every write maintains the index, and it uses disk and cache.
    ///
    /// # Fix
    ///
    /// Drop it, if reports of a month or a year do not need it. Scans on standbys are not counted on the primary.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY, note text);
    /// CREATE INDEX ON app.orders (note);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY, note text);
    /// ```
    Rule {
        name: "unused_index",
        level: Level::Info,
        category: Category::Performance,
        needs: &[Need::Indexes],
        options: &[MIN_BYTES, MIN_DAYS],
        peers: &["splinter:unused_index", "pglinter:B004", "pg-index-health:unused_indexes"],
        judge: Judge::Schema(check),
    }
}

const MIN_BYTES: RuleOption = RuleOption::number("min_bytes", 131_072, "The size from which an index is reported.");
const MIN_DAYS: RuleOption =
    RuleOption::number("min_days", 7, "The days for which the counters must have counted, if it is known.");

const DAY: f64 = 86_400.0;

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let days = cx.statistics.seconds_since_reset.map(|seconds| seconds / DAY);
    #[expect(clippy::cast_precision_loss, reason = "days are few")]
    let least_days = cx.number(&MIN_DAYS) as f64;
    if days.is_some_and(|days| days < least_days) {
        return;
    }
    let elsewhere = cx.statistics.standby || cx.statistics.has_standbys;
    for index in cx.indexes().filter(|own| !own.unique && own.attached_to.is_none() && !own.replica_identity) {
        let Some(facts) = facts(cx, index) else { continue };
        let bytes = facts.bytes.unwrap_or(0);
        if facts.scans != Some(0) || bytes < cx.number(&MIN_BYTES) || serves_foreign_key(cx, index) {
            continue;
        }
        let key = index.object_key();
        let since = match days {
            Some(days) => format!("in {days:.0} days"),
            None => "since the counters were reset".to_owned(),
        };
        let other = if elsewhere { " on this server; there are others that may use it" } else { "" };
        let detail = format!("Index {} of {bytes} bytes was not used {since}{other}.", key.identity());
        let draft = Draft::of(key, detail).fact("bytes", bytes).fact("days", days).fact("has_standbys", elsewhere);
        report.add(draft.fix(drop_index(cx, &IndexView::of_index(index))));
    }
}

/// Returns the facts of an index, of a partitioned one those of all its parts; `None` where one is not known.
fn facts(cx: &Context<'_>, index: &Index) -> Option<IndexFacts> {
    if !index.on_partitioned {
        return cx.statistics.index(&index.schema, &index.name).cloned();
    }
    let mut sum = IndexFacts { scans: Some(0), bytes: Some(0), ..IndexFacts::default() };
    let mut waiting = vec![index];
    while let Some(own) = waiting.pop() {
        pgmeta_core::interrupt::check();
        let Some(table) = cx.index.table(&own.schema, &own.table) else { continue };
        for partition in cx.index.children(table) {
            let is_part = |part: &&&Index| {
                part.attached_to.as_ref().is_some_and(|to| to.schema == own.schema && to.name == own.name)
            };
            let parts = cx.index.indexes_of(&partition.schema, &partition.name).iter();
            waiting.extend(parts.filter(is_part));
        }
        if !own.on_partitioned {
            let facts = cx.statistics.index(&own.schema, &own.name)?;
            sum.scans = Some(sum.scans.unwrap_or(0).saturating_add(facts.scans?));
            sum.bytes = Some(sum.bytes.unwrap_or(0).saturating_add(facts.bytes.unwrap_or(0)));
        }
    }
    Some(sum)
}

/// Returns whether a foreign key would have no index without this one.
fn serves_foreign_key(cx: &Context<'_>, index: &Index) -> bool {
    let Some(table) = cx.index.table(&index.schema, &index.table) else { return false };
    cx.index.foreign_keys(&table.schema, &table.name).iter().any(|key| {
        let columns: Vec<&str> = key.columns.iter().map(|column| &**column).collect();
        !is_covered_without(cx.index, table, &columns, &index.name)
    })
}
