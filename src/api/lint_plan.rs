//! `pgmeta_lint_plan`: faults and risks in the statements of a plan.

use pgmeta_core::plan::plan;
use pgmeta_lint::{Action, ScriptFinding, Statement, lint_script};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::lint_options::{ScriptOptions, read};
use crate::api::lint_sql::assumptions;
use crate::api::options;
use crate::api::rows::lint_row;
use crate::api::sides::{Side, Sides};
use crate::encoding::Text;
use crate::error::Error;
use crate::jsonb::{Document, JsonB, SnapshotArgument};
use crate::parser::parse;

lint_rows! {
    #[pg_extern(stable, parallel_unsafe)]
    fn pgmeta_lint_plan(
        source: Option<SnapshotArgument>,
        target: Option<SnapshotArgument>,
        options: default!(Option<Document>, "'{}'"),
    ) {
        of_plan(source, target, options).map(|findings| findings.into_iter().map(|own| lint_row(own.finding)))
    }
}

/// Lints the statements of a plan, which a program runs with timeouts of its own.
fn of_plan(
    source: Option<SnapshotArgument>,
    target: Option<SnapshotArgument>,
    given: Option<Document>,
) -> Result<Vec<ScriptFinding>, Error> {
    let options = read(given)?;
    let (Some(source), Some(target)) = (source, target) else { return Ok(Vec::new()) };
    let of_plan = options::of_plan(None)?;
    let sides = Sides::read(Side::of(source)?, Side::of(target)?, &of_plan)?;
    let steps = plan(&sides.source, &sides.target, &sides.renames, &of_plan)?;
    let mut script = vec![marker(0, ["lock_timeout", "statement_timeout"].map(set_by_program).into())];
    for group in steps.chunk_by(|one, other| one.transaction.is_some() && one.transaction == other.transaction) {
        let number = usize::try_from(group[0].step).unwrap_or(0);
        script.extend(group[0].transaction.map(|_| marker(number, vec![Action::Begin])));
        for step in group.iter().filter(|step| !step.statement.is_note()) {
            let number = usize::try_from(step.step).unwrap_or(0);
            script.extend(parse(&step.statement.sql)?.into_iter().map(|own| Statement { number, ..own }));
        }
        script.extend(group[0].transaction.map(|_| marker(number, vec![Action::Commit])));
    }
    let assumptions = assumptions(&script, &sides.source, ScriptOptions::default())?;
    let mut findings = lint_script(&script, &sides.source, None, &assumptions, &options);
    for own in &mut findings {
        own.finding.metadata.insert("step".to_owned(), own.statement.into());
    }
    findings.sort_by_key(|own| (std::cmp::Reverse(own.finding.level), own.statement));
    Ok(findings)
}

/// A statement without text, for what a program does around the statements.
fn marker(number: usize, actions: Vec<Action>) -> Statement {
    Statement { number, actions, ..Statement::default() }
}

fn set_by_program(name: &str) -> Action {
    Action::Set { name: name.to_owned(), value: Some("1".to_owned()), local: false }
}
