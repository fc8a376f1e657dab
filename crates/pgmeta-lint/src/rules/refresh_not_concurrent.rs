//! Rule refresh_not_concurrent.

use pgmeta_core::model::{MaterializedView, ObjectKind};

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::rules::matview_no_unique_index::can_refresh_concurrently;
use crate::script::{Action, StatementContext, with_concurrently};

rule! {
    /// Materialized view refreshed under a lock
    ///
    /// Reports REFRESH MATERIALIZED VIEW without CONCURRENTLY of views that the script has not created itself.
    ///
    /// # Why
    ///
    /// The server runs the query of the view while all who read it wait.
    ///
    /// # Fix
    ///
    /// Use CONCURRENTLY. It needs a unique index on columns of the view, without a predicate.
    ///
    /// # Bad
    ///
    /// ```sql
    /// REFRESH MATERIALIZED VIEW app.totals;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// REFRESH MATERIALIZED VIEW CONCURRENTLY app.totals;
    /// ```
    Rule {
        name: "refresh_not_concurrent",
        level: Level::Warning,
        category: Category::Migration,
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    for action in cx.actions() {
        let Action::Refresh { view, concurrently: false, with_data } = action else { continue };
        if !cx.is_in_use(view) {
            continue;
        }
        let detail = format!("Queries on materialized view {view} wait until it is refreshed.");
        let relation = cx.names().find(view);
        let is_meant = |own: &&MaterializedView| {
            relation.as_ref().is_some_and(|found| *own.name == *found.name && *own.schema == *found.schema)
        };
        let known = cx.cx.model.materialized_views.iter().find(is_meant);
        let can = *with_data && known.is_some_and(|own| can_refresh_concurrently(&cx.cx, own));
        let fix = with_concurrently(&cx.statement.sql, &["VIEW"]).filter(|_| can);
        report.add(cx.draft(ObjectKind::MaterializedView, view, detail).fix(fix));
    }
}
