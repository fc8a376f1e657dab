//! Rule findings_silenced.

use std::collections::BTreeMap;

use crate::context::Report;
use crate::finding::Draft;
use crate::lint::Outcome;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Findings that are silenced
    ///
    /// Counts, for each rule, the findings that the option `ignore` or a directive in a comment silences. Their cache keys are in
    /// `metadata`. Findings of excluded rules and objects are not counted.
    ///
    /// # Why
    ///
    /// A fault that was once accepted stays visible as a number.
    ///
    /// # Fix
    ///
    /// Mend the faults, then remove the cache keys from the option `ignore` and the directives from the comments.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.visits (at timestamptz NOT NULL);
    /// COMMENT ON TABLE app.visits IS '@pgmeta({"ignore": ["no_primary_key"]})';
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.visits (at timestamptz PRIMARY KEY);
    /// ```
    Rule {
        name: "findings_silenced",
        level: Level::Info,
        category: Category::Lint,
        judge: Judge::Run(check),
    }
}

fn check(outcome: &Outcome, report: &mut Report<'_>) {
    let mut by_rule: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for silenced in &outcome.silenced {
        by_rule.entry(silenced.finding.rule).or_default().push(&silenced.finding.cache_key);
    }
    for (rule, cache_keys) in by_rule {
        let count = cache_keys.len();
        let are = if count == 1 { "finding of rule {} is" } else { "findings of rule {} are" }.replace("{}", rule);
        let draft = Draft::about_no_object(format!("{count} {are} silenced."));
        report.add(draft.part(rule).fact("rule", rule).fact("count", count).fact("cache_keys", cache_keys));
    }
}
