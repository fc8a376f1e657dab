//! Rule policy_always_true.

use pgmeta_core::model::{Policy, PolicyCommand};

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Policy that lets every row be written
    ///
    /// Reports permissive policies for INSERT, UPDATE, DELETE or all commands whose condition on written rows is always true: `true`,
    /// or a comparison of equal literals. Policies for SELECT are not reported, nor are those of roles that bypass policies anyway.
    ///
    /// # Why
    ///
    /// The policy has the same effect as no row-level security, and other permissive policies have none.
    ///
    /// # Fix
    ///
    /// Write a condition that names the rows which the role may write.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.notes (id bigint PRIMARY KEY);
    /// ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
    /// CREATE POLICY everything ON app.notes USING (true);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.notes (id bigint PRIMARY KEY, author text);
    /// ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
    /// CREATE POLICY see ON app.notes FOR SELECT USING (true);
    /// CREATE POLICY own ON app.notes FOR UPDATE USING (author = current_user);
    /// ```
    Rule {
        name: "policy_always_true",
        level: Level::Warning,
        category: Category::Security,
        peers: &["splinter:rls_policy_always_true", "splinter:permissive_rls_policy"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let is_judged = |policy: &&Policy| !policy.restrictive && !is_of_privileged(cx, policy);
    for policy in cx.model.policies.iter().filter(is_judged) {
        pgmeta_core::interrupt::check();
        let is_open = |condition: &Option<String>| condition.as_deref().is_some_and(is_always_true);
        let using = is_open(&policy.using);
        let with_check = if policy.with_check.is_some() { is_open(&policy.with_check) } else { using };
        let fault = match policy.command {
            PolicyCommand::Select => continue,
            PolicyCommand::Insert => with_check.then_some("INSERT of any row"),
            PolicyCommand::Delete => using.then_some("DELETE of any row"),
            PolicyCommand::Update if using => Some("UPDATE of any row"),
            PolicyCommand::Update => with_check.then_some("UPDATE to any row"),
            PolicyCommand::All if using => Some("writing any row"),
            PolicyCommand::All => with_check.then_some("INSERT of any row"),
        };
        if let Some(fault) = fault {
            let key = policy.object_key();
            let detail = format!("Policy {} allows {fault}.", key.identity());
            report.add(Draft::of(key, detail).fact("command", policy.command.word()));
        }
    }
}

/// Returns whether a policy is for roles only that no policy restricts, as far as roles are known.
fn is_of_privileged(cx: &Context<'_>, policy: &Policy) -> bool {
    let bypasses =
        |name: &_| cx.model.roles.iter().any(|role| role.name == *name && (role.superuser || role.bypass_rls));
    !policy.roles.is_empty() && policy.roles.iter().all(bypasses)
}

/// Returns whether a condition, as the server prints it, is true for every row: it names no column.
fn is_always_true(condition: &str) -> bool {
    let mut text = condition.trim();
    while let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        text = inner.trim();
    }
    text == "true" || text.split_once(" = ").is_some_and(|(one, other)| one == other && is_literal(one))
}

fn is_literal(text: &str) -> bool {
    let value = text.split("::").next().unwrap_or_default();
    let is_quoted = value.len() > 1 && value.starts_with('\'') && value.ends_with('\'');
    is_quoted || (!value.is_empty() && value.chars().all(|c| c.is_ascii_digit() || c == '.'))
}
