//! Rule rules_not_run.

use crate::context::Report;
use crate::finding::Draft;
use crate::lint::Outcome;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Rules that could not run
    ///
    /// Reports the rules that need facts which were not read: a snapshot has no statistics, and a role may not see all of them. There
    /// is one finding for each kind of fact, with the rules in `metadata`, and
    /// one if the role may not see the statistics of some tables.
    ///
    /// # Why
    ///
    /// The absence of a finding means nothing if its rule did not run.
    ///
    /// # Fix
    ///
    /// Lint the live database, as a role that is a member of pg_read_all_stats, or exclude the rules.
    ///
    /// # Bad
    ///
    /// ```sql
    /// SELECT * FROM pgmeta_lint(pgmeta_snapshot());
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// SELECT * FROM pgmeta_lint();
    /// ```
    Rule {
        name: "rules_not_run",
        level: Level::Info,
        category: Category::Lint,
        judge: Judge::Run(check),
    }
}

fn check(outcome: &Outcome, report: &mut Report<'_>) {
    for not_run in &outcome.not_run {
        let rules = not_run.rules.join(", ");
        let need = not_run.need.phrase();
        let draft = Draft::about_no_object(format!("These rules need {need}, which were not read: {rules}."));
        report.add(draft.part(need).fact("rules", not_run.rules.clone()).fact("missing", need));
    }
    let hidden = outcome.hidden_tables;
    if hidden > 0 {
        let detail =
            format!("The role may not see statistics of the columns of {hidden} tables: findings may be missing.");
        report.add(Draft::about_no_object(detail).part("hidden tables").fact("hidden_tables", hidden));
    }
}
