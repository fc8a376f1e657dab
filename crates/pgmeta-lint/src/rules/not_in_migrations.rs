//! Rule not_in_migrations.

use rustc_hash::FxHashSet;

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, Need, rule};
use crate::settings::RuleOption;

rule! {
    /// Object that no migration made
    ///
    /// Reports objects that are not in the saved snapshot of the option, in its latest version: what somebody made by hand. What
    /// belongs to such an object is not reported.
    ///
    /// # Why
    ///
    /// The next server that is built from the migrations does not have it.
    ///
    /// # Fix
    ///
    /// Write a migration that makes the object, or drop it. Then save the snapshot again.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.by_hand (id bigint PRIMARY KEY);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY);
    /// ```
    Rule {
        name: "not_in_migrations",
        level: Level::Warning,
        category: Category::Operations,
        enabled: false,
        opt_in: true,
        needs: &[Need::Registered],
        options: &[SNAPSHOT],
        judge: Judge::Schema(check),
    }
}

const SNAPSHOT: RuleOption =
    RuleOption::text("snapshot", "", "The name of the saved snapshot: pgmeta_snapshot_save makes it.");

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let Some(registered) = &cx.statistics.registered else { return };
    let unknown: FxHashSet<String> = cx
        .objects()
        .map(|object| object.object().key().to_string())
        .filter(|address| !registered.contains(address))
        .collect();
    for object in cx.objects() {
        let key = object.object().key();
        let of_unknown =
            cx.index.parent_of(object).is_some_and(|parent| unknown.contains(&parent.object().key().to_string()));
        if unknown.contains(&key.to_string()) && !of_unknown {
            let detail = format!("{key} is not in the saved snapshot.");
            report.add(Draft::of(key, crate::finding::sentence(detail)));
        }
    }
}
