//! Rule policy_initplan.

use pgmeta_core::ident::qualified;
use pgmeta_core::model::{ObjectRef, Volatility};
use rustc_hash::FxHashSet;

use crate::analysis::{Call, calls_outside_of_selects};
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::Fix;
use crate::rule::{Category, Judge, Level, rule};
use crate::settings::RuleOption;

rule! {
    /// Policy that calls a function for each row
    ///
    /// Reports policies whose condition calls, outside of a sub-select, a function of the option or a function of the database that
    /// is STABLE, if the arguments are literals. Such a call has one value for a whole statement.
    ///
    /// # Why
    ///
    /// The server calls the function for each row of the table. In a sub-select it is called once.
    ///
    /// # Fix
    ///
    /// Write `(SELECT current_setting('app.tenant'))` instead of `current_setting('app.tenant')`.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.notes (id bigint PRIMARY KEY, tenant text);
    /// ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
    /// CREATE POLICY own ON app.notes USING (tenant = current_setting('app.tenant'));
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.notes (id bigint PRIMARY KEY, tenant text);
    /// ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
    /// CREATE POLICY own ON app.notes USING (tenant = (SELECT current_setting('app.tenant')));
    /// ```
    Rule {
        name: "policy_initplan",
        level: Level::Warning,
        category: Category::Performance,
        options: &[FUNCTIONS],
        peers: &["splinter:auth_rls_initplan"],
        judge: Judge::Schema(check),
    }
}

const FUNCTIONS: RuleOption = RuleOption::list(
    "functions",
    &["current_setting", "auth.uid", "auth.jwt", "auth.role", "auth.email", "txid_current", "now", "pg_backend_pid"],
    "Functions that have one value for a statement, as the server prints them.",
);

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let stable = cx.model.functions.iter().filter(|own| own.volatility == Volatility::Stable && !own.returns_set);
    let mut wanted: FxHashSet<String> = stable.map(|own| qualified(&own.schema, &own.name)).collect();
    wanted.extend(cx.list(&FUNCTIONS));
    for policy in &cx.model.policies {
        pgmeta_core::interrupt::check();
        let calls = |condition: &Option<String>| {
            let mut calls = calls_outside_of_selects(condition.as_deref().unwrap_or_default());
            calls.retain(|call| wanted.contains(&call.name) && call.is_constant());
            calls
        };
        let (using, with_check) = (calls(&policy.using), calls(&policy.with_check));
        let mut names: Vec<&str> = using.iter().chain(&with_check).map(|call| &*call.name).collect();
        names.sort_unstable();
        names.dedup();
        if names.is_empty() {
            continue;
        }
        let key = policy.object_key();
        let detail = format!("Policy {} calls {} for each row.", key.identity(), names.join(", "));
        let table = cx.index.table(&policy.schema, &policy.table).map(ObjectRef::Table);
        let fix = Fix::plan(cx, table.into_iter().chain([ObjectRef::Policy(policy)]), |model| {
            for own in &mut model.policies {
                own.using = own.using.take().map(|text| wrapped(&text, &using));
                own.with_check = own.with_check.take().map(|text| wrapped(&text, &with_check));
            }
        });
        report.add(Draft::of(key, detail).fact("functions", names).fix(fix));
    }
}

/// Returns an expression with calls in sub-selects.
fn wrapped(text: &str, calls: &[Call]) -> String {
    let mut out = text.to_owned();
    // From the end, so that the places before stay; a call within another one has its sub-select there.
    let mut calls: Vec<&Call> = calls.iter().collect();
    calls.sort_by_key(|call| std::cmp::Reverse(call.span.start));
    for (at, call) in calls.iter().enumerate() {
        let is_inner = calls[at + 1..].iter().any(|outer| outer.span.end >= call.span.end);
        if !is_inner {
            out.replace_range(call.span.clone(), &format!("(SELECT {})", &text[call.span.clone()]));
        }
    }
    out
}
