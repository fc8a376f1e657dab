//! Rule domain_with_check.

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Domain with a check
    ///
    /// Reports domains that have a check.
    ///
    /// # Why
    ///
    /// To change the check the server reads every table with a column of the domain, under a lock, and composite types and ranges of
    /// the domain keep it from being validated.
    ///
    /// # Fix
    ///
    /// Put the check on the columns.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE DOMAIN app.email AS text CHECK (VALUE LIKE '%@%');
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE DOMAIN app.email AS text;
    /// ```
    Rule {
        name: "domain_with_check",
        level: Level::Info,
        category: Category::Design,
        enabled: false,
        opt_in: true,
        peers: &["squawk:ban-create-domain-with-constraint", "squawk:ban-alter-domain-with-add-constraint"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for domain in cx.model.domains.iter().filter(|domain| !domain.checks.is_empty()) {
        let key = domain.object_key();
        let detail = format!("Domain {} has a check.", key.identity());
        let checks: Vec<&str> = domain.checks.iter().map(|check| &*check.name).collect();
        report.add(Draft::of(key, detail).fact("checks", checks));
    }
}
