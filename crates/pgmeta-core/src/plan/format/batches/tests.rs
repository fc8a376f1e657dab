//! How steps become batches, and the steps in the tests of the formats.

use super::*;
use crate::ddl::File;
use crate::model::{ObjectKey, ObjectKind};
use crate::plan::format::Migration;
use crate::plan::format::hide::BLIND;
use crate::plan::{Hazard, Run, Statement, Timeouts as Limits, numbered};

/// A table and a function, a label that must be committed, a concurrent index build.
pub fn up() -> Vec<Step> {
    let key = |kind, name: &str| ObjectKey::in_schema(kind, &"app".into(), &name.into());
    let table = Statement::new(&key(ObjectKind::Table, "t"), "CREATE TABLE app.t (\n    a integer\n)");
    let body = "CREATE FUNCTION app.f() RETURNS integer LANGUAGE plpgsql AS $$\nBEGIN\n    RETURN 1; -- one\nEND;\n$$";
    let function = Statement::new(&key(ObjectKind::Function, "f"), body);
    let label = Statement::new(&key(ObjectKind::Type, "e"), "ALTER TYPE app.e ADD VALUE 'b'");
    let label = label.run(Run::Alone).reason("a label is usable\nonce it is committed");
    let index = Statement::new(&key(ObjectKind::Index, "i"), "CREATE INDEX CONCURRENTLY i ON app.t (a)");
    let index = index.run(Run::Outside).hazard(Hazard::IndexBuild).slow();
    numbered(vec![table, function, label, index], Limits::default())
}

/// The index outside of transactions, the rest in one transaction.
pub fn down() -> Vec<Step> {
    let key = |kind, name: &str| ObjectKey::in_schema(kind, &"app".into(), &name.into());
    let index = Statement::new(&key(ObjectKind::Index, "i"), "DROP INDEX CONCURRENTLY app.i").run(Run::Outside);
    let function = Statement::new(&key(ObjectKind::Function, "f"), "DROP FUNCTION app.f()");
    let table = Statement::new(&key(ObjectKind::Table, "t"), "DROP TABLE app.t").hazard(Hazard::DeletesData);
    numbered(vec![index, function, table], Limits::default())
}

/// Returns the steps of statements without needs.
pub fn steps(statements: &[(&str, Run)]) -> Vec<Step> {
    let key = ObjectKey::default();
    let statements = statements.iter().map(|(sql, run)| Statement::new(&key, *sql).run(*run));
    numbered(statements.collect(), Limits::default())
}

/// Prints the files one after the other.
pub fn listing(files: &[File]) -> String {
    files.iter().map(|file| format!("==> {}\n{}", file.path, file.content)).collect()
}

pub fn sample<'a>(up: &'a [Step], down: &'a [Step]) -> Migration<'a> {
    Migration { name: "Add t", version: Some("20240131120000"), up, down }
}

fn texts(batches: &[Batch]) -> Vec<String> {
    batches.iter().map(Batch::script).collect()
}

#[test]
fn statements_outside_transactions_have_separate_strings() {
    let all = texts(&strings(&steps(&[("A", Run::Together), ("B", Run::Outside), ("C", Run::Outside)])));
    let both = |verb: &str| {
        let (lock, statement) = if verb == "SET" { (1_200_000, 0) } else { (3_000, 15_000) };
        format!("{verb} lock_timeout = '{lock}ms';\n{verb} statement_timeout = '{statement}ms';\n")
    };
    let reset = "RESET lock_timeout;\nRESET statement_timeout;\n";
    let first = format!("BEGIN;\n{}A;\n{}COMMIT;\n", both("SET LOCAL"), both("SET"));
    assert_eq!(all, [first, "B;\n".into(), "C;\n".into(), format!("BEGIN;\n{reset}COMMIT;\n")]);

    let all = texts(&strings(&steps(&[("B", Run::Outside), ("A", Run::Together)])));
    let last = format!("BEGIN;\n{reset}{}A;\nCOMMIT;\n", both("SET LOCAL"));
    assert_eq!(all, [format!("BEGIN;\n{}COMMIT;\n", both("SET")), "B;\n".into(), last]);
}

#[test]
fn reverting_the_newest_first_runs_the_reverse_plan_in_its_order() {
    use Run::{Alone, Outside, Together};
    let plans: &[&[(&str, Run)]] = &[
        &[],
        &[("A", Together)],
        &[("A", Outside)],
        &[("A", Together), ("B", Outside)],
        &[("A", Outside), ("B", Together)],
        &[("A", Alone), ("B", Together), ("C", Outside), ("D", Outside), ("E", Alone)],
    ];
    for up in plans {
        for down in plans {
            for same_mode in [false, true] {
                let (up, down) = (batches(&steps(up), false), batches(&steps(down), false));
                let pairs = pairs(up.clone(), down.clone(), same_mode);
                assert!(!pairs.is_empty());
                let ups: Vec<_> = pairs.iter().filter_map(|pair| pair.0.clone()).collect();
                let downs: Vec<_> = pairs.iter().rev().filter_map(|pair| pair.1.clone()).collect();
                assert_eq!((ups, downs), (up, down));
                for pair in pairs {
                    if let (Some(up), Some(down)) = pair {
                        assert!(!same_mode || up.in_transaction == down.in_transaction);
                    }
                }
            }
        }
    }
}

#[test]
fn a_reason_cannot_end_its_comment() {
    let mut step = steps(&[("A", Run::Together)]).remove(0);
    step.statement.reason = "x\r\nDROP TABLE t;\u{2028}y\0".into();
    assert_eq!(Entry::step(&step).text(), "-- Step 1: x DROP TABLE t; y\nA;\n");
}

#[test]
fn a_comment_that_a_tool_would_read_is_left_out() {
    let tool = Tool { words: &["${"], ..BLIND };
    let mut step = steps(&[("SELECT '${x}'", Run::Together)]).remove(0);
    step.statement.reason = "for ${x}".into();
    let text = hide(batches(&[step], false), Format::Goose, &tool).map(|batches| batches[0].entries[2].text());
    assert_eq!(text.as_deref(), Ok("SELECT E'\\x24{x}';\n"));
}

#[test]
fn omitted_statements_leave_only_a_comment() {
    let mut noted = steps(&[("-- table s.t is left", Run::Together)]);
    noted[0].statement.reason = "left out".into();
    let all = batches(&noted, false);
    assert_eq!(all[0].script(), "BEGIN;\n-- Step 1: left out: table s.t is left\nCOMMIT;\n");
}
