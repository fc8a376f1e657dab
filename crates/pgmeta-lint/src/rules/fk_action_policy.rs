//! Rule fk_action_policy.

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};
use crate::settings::RuleOption;

rule! {
    /// Foreign key with an action that is not allowed
    ///
    /// Reports foreign keys whose ON DELETE or ON UPDATE action is not in the list of its option.
    ///
    /// # Why
    ///
    /// Some houses forbid actions that delete or change rows of other tables: one DELETE can remove rows of many tables.
    ///
    /// # Fix
    ///
    /// Use one of the allowed actions.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.customers (id bigint PRIMARY KEY);
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES app.customers ON DELETE CASCADE);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.customers (id bigint PRIMARY KEY);
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES app.customers ON DELETE RESTRICT);
    /// ```
    Rule {
        name: "fk_action_policy",
        level: Level::Warning,
        category: Category::Design,
        enabled: false,
        opt_in: true,
        options: &[ON_DELETE, ON_UPDATE],
        judge: Judge::Schema(check),
    }
}

const ON_DELETE: RuleOption =
    RuleOption::list("on_delete", &["NO ACTION", "RESTRICT"], "The actions that ON DELETE may have.");
const ON_UPDATE: RuleOption =
    RuleOption::list("on_update", &["NO ACTION", "RESTRICT"], "The actions that ON UPDATE may have.");

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let (on_delete, on_update) = (cx.list(&ON_DELETE), cx.list(&ON_UPDATE));
    for constraint in cx.constraints() {
        let Some(key) = &constraint.foreign_key else { continue };
        for (clause, action, allowed) in
            [("ON DELETE", key.on_delete, &on_delete), ("ON UPDATE", key.on_update, &on_update)]
        {
            if !allowed.iter().any(|word| word.eq_ignore_ascii_case(action.word())) {
                let own = constraint.object_key();
                let detail = format!("Foreign key {} has {clause} {}.", own.identity(), action.word());
                report.add(Draft::of(own, detail).part(clause).fact("clause", clause).fact("action", action.word()));
            }
        }
    }
}
