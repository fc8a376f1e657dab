//! Rule security_definer_public.

use pgmeta_core::model::{Function, ObjectRef, Privilege};

use crate::analysis::{grants, others_with, reached};
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::Fix;
use crate::rule::{Category, Judge, Level, rule};
use crate::settings::RuleOption;

rule! {
    /// Function that anybody runs as its owner
    ///
    /// Reports SECURITY DEFINER functions and procedures that PUBLIC or a role of the option may execute; PUBLIC may unless EXECUTE
    /// was revoked. Functions of triggers and event triggers cannot be called and are not reported.
    ///
    /// # Why
    ///
    /// Every role of the cluster that may connect does what the function does with the privileges of its owner.
    ///
    /// # Fix
    ///
    /// Revoke EXECUTE from PUBLIC, and grant it to the roles that need it.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE FUNCTION app.total() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE FUNCTION app.total() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
    /// REVOKE EXECUTE ON FUNCTION app.total FROM PUBLIC;
    /// ```
    Rule {
        name: "security_definer_public",
        level: Level::Warning,
        category: Category::Security,
        options: &[ROLES],
        peers: &["splinter:anon_security_definer_function_executable", "splinter:authenticated_security_definer_function_executable"],
        judge: Judge::Schema(check),
    }
}

const ROLES: RuleOption = RuleOption::list("roles", &[], "Roles, beside PUBLIC, that must not execute such functions.");

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let mut roles = cx.list(&ROLES);
    roles.push("public".to_owned());
    let is_called =
        |own: &&Function| own.security_definer && !matches!(own.returns.as_deref(), Some("trigger" | "event_trigger"));
    for function in cx.model.functions.iter().filter(is_called) {
        pgmeta_core::interrupt::check();
        let found = reached(cx.model, &others_with(cx.model, function, Privilege::Execute), &roles);
        if found.is_empty() {
            continue;
        }
        let key = function.object_key();
        let detail = format!("{key} runs as its owner, and {} may execute it.", found.join(", "));
        let is_public = found.iter().any(|role| role == "PUBLIC");
        let plan = || {
            Fix::plan(cx, [ObjectRef::Function(function)], |model| {
                let mut left = grants(cx.model, function);
                left.retain(|grant| grant.grantee.is_some());
                model.functions.iter_mut().for_each(|own| own.privileges = Some(left.clone()));
            })
        };
        let draft = Draft::of(key, crate::finding::sentence(detail)).fact("roles", found);
        report.add(draft.fix(is_public.then(plan).flatten()));
    }
}
