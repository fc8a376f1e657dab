//! Rule index_null_heavy.

use pgmeta_core::model::Index;

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, Need, rule};
use crate::settings::RuleOption;

rule! {
    /// Index of many nulls
    ///
    /// Reports indexes without a condition whose first key column is null in at least the option's fraction of rows. Unique indexes
    /// and those of other methods than btree and hash are not reported.
    ///
    /// # Why
    ///
    /// The index has an entry for each null, and searches for nulls this frequent do not use it.
    ///
    /// # Fix
    ///
    /// Create it with the condition that the column is not null.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY, coupon text);
    /// CREATE INDEX ON app.orders (coupon);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY, coupon text);
    /// CREATE INDEX ON app.orders (coupon) WHERE coupon IS NOT NULL;
    /// ```
    Rule {
        name: "index_null_heavy",
        level: Level::Info,
        category: Category::Performance,
        needs: &[Need::Columns],
        options: &[MIN_FRACTION],
        peers: &["pg-index-health:indexes_with_null_values"],
        judge: Judge::Schema(check),
    }
}

const MIN_FRACTION: RuleOption =
    RuleOption::fraction("min_fraction", 0.5, "The fraction of nulls from which an index is reported.");

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let least = cx.settings.fraction(&MIN_FRACTION);
    let is_judged = |own: &&Index| {
        matches!(&*own.method, "btree" | "hash") && !own.unique && own.predicate.is_none() && own.attached_to.is_none()
    };
    for index in cx.indexes().filter(is_judged) {
        let Some(column) = index.columns.first().and_then(|key| key.column.as_deref()) else { continue };
        let Some(facts) = cx.statistics.column(&index.schema, &index.table, column) else { continue };
        if facts.null_fraction >= least {
            let key = index.object_key();
            let percent = facts.null_fraction * 100.0;
            let detail = format!("Column {column} of index {} is null in {percent:.0} % of the rows.", key.identity());
            report.add(Draft::of(key, detail).fact("column", column).fact("null_fraction", facts.null_fraction));
        }
    }
}
