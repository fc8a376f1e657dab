//! Rule multiple_permissive_policies.

use pgmeta_core::model::{Policy, PolicyCommand};
use std::collections::BTreeSet;

use crate::analysis::policies_by_table;
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Several permissive policies for one command
    ///
    /// Reports, for each table with row-level security, role and command, that several permissive policies apply. A policy for all
    /// commands applies to each, and one for PUBLIC to every role. A role is reported only if a policy names it.
    ///
    /// # Why
    ///
    /// For each row the server evaluates all of them until one is true. Their conditions are joined by OR, which also hides what the
    /// role may do.
    ///
    /// # Fix
    ///
    /// Write one policy with both conditions, or make one of them restrictive.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.notes (id bigint PRIMARY KEY, author text, open boolean);
    /// ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
    /// CREATE POLICY own ON app.notes FOR SELECT USING (author = current_user);
    /// CREATE POLICY open ON app.notes FOR SELECT USING (open);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.notes (id bigint PRIMARY KEY, author text, open boolean);
    /// ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
    /// CREATE POLICY visible ON app.notes FOR SELECT USING (open OR author = current_user);
    /// ```
    Rule {
        name: "multiple_permissive_policies",
        level: Level::Warning,
        category: Category::Performance,
        peers: &["splinter:multiple_permissive_policies"],
        judge: Judge::Schema(check),
    }
}

const COMMANDS: [PolicyCommand; 4] =
    [PolicyCommand::Select, PolicyCommand::Insert, PolicyCommand::Update, PolicyCommand::Delete];

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let policies = policies_by_table(cx);
    for table in cx.tables().filter(|table| table.row_security) {
        let Some(own) = policies.get(&(&*table.schema, &*table.name)) else { continue };
        let permissive: Vec<&Policy> = own.iter().copied().filter(|policy| !policy.restrictive).collect();
        let named: BTreeSet<&str> = permissive.iter().flat_map(|policy| &policy.roles).map(|role| &**role).collect();
        for command in COMMANDS {
            let applies = |policy: &&&Policy| policy.command == command || policy.command == PolicyCommand::All;
            let of_command: Vec<&Policy> = permissive.iter().filter(applies).copied().collect();
            let of_all = of_command.iter().filter(|policy| policy.roles.is_empty()).count();
            let roles = named.iter().map(|role| Some(*role)).chain([None]);
            for role in roles {
                let is_for = |policy: &&&Policy| {
                    policy.roles.is_empty() || role.is_some_and(|role| policy.roles.iter().any(|own| **own == *role))
                };
                let several: Vec<&str> = of_command.iter().filter(is_for).map(|policy| &*policy.name).collect();
                // What holds for PUBLIC is reported once.
                if several.len() < 2 || (role.is_some() && several.len() == of_all) {
                    continue;
                }
                let (key, who) = (table.object_key(), role.unwrap_or("PUBLIC"));
                let detail = format!(
                    "For {} of {who}, table {} has the permissive policies {}.",
                    command.word(),
                    key.identity(),
                    pgmeta_core::ident::ident_list(&several)
                );
                let draft = Draft::of(key, detail).part(format!("{who}:{}", command.word()));
                report.add(draft.fact("role", who).fact("command", command.word()).fact("policies", several));
            }
        }
    }
}
