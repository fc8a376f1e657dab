//! Rule matview_no_unique_index.

use pgmeta_core::interrupt;
use pgmeta_core::model::MaterializedView;

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Materialized view that blocks readers
    ///
    /// Reports materialized views without a unique index on columns of all rows: one without condition and expressions.
    ///
    /// # Why
    ///
    /// REFRESH MATERIALIZED VIEW CONCURRENTLY requires such an index. Without it a refresh blocks all readers until it ends.
    ///
    /// # Fix
    ///
    /// Create a unique index on the columns that identify a row.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE MATERIALIZED VIEW app.totals AS SELECT 1 AS customer, 10 AS total;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE MATERIALIZED VIEW app.totals AS SELECT 1 AS customer, 10 AS total;
    /// CREATE UNIQUE INDEX ON app.totals (customer);
    /// ```
    Rule {
        name: "matview_no_unique_index",
        level: Level::Warning,
        category: Category::Operations,
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for view in cx.model.materialized_views.iter().inspect(|_| interrupt::check()) {
        if !can_refresh_concurrently(cx, view) {
            let key = view.object_key();
            let detail = format!("Materialized view {} cannot be refreshed concurrently.", key.identity());
            report.add(Draft::of(key, detail));
        }
    }
}

/// Returns whether a materialized view has a unique index on columns, of all rows.
pub(crate) fn can_refresh_concurrently(cx: &Context<'_>, view: &MaterializedView) -> bool {
    let mut indexes = cx.index.indexes_of(&view.schema, &view.name).iter();
    indexes.any(|own| own.unique && own.predicate.is_none() && own.columns.iter().all(|key| key.column.is_some()))
}
