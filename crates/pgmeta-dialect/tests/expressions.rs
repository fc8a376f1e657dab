//! Conditions and defaults as PostgreSQL prints them, in each dialect: tests/expressions/*.txt. PGMETA_ACCEPT=1 writes
//! the translations.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

use pgmeta_core::model::Model;
use pgmeta_dialect::{Dialect, Options, Output, convert};
use serde_json::{Value, json};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expressions")
}

fn columns() -> Vec<Value> {
    let column = |name: &str, data_type: &str| json!({"name": name, "data_type": data_type});
    vec![
        column("a", "integer"),
        column("b", "bigint"),
        column("n", "numeric(12,2)"),
        column("x", "numeric"),
        column("f", "double precision"),
        column("t", "text"),
        column("v", "character varying(20)"),
        column("e", "app.mood"),
        column("flag", "boolean"),
        column("d", "date"),
        column("ts", "timestamp without time zone"),
        column("tz", "timestamp with time zone"),
        column("u", "uuid"),
        column("j", "jsonb"),
        column("list", "text[]"),
        column("raw", "bytea"),
        column("order", "integer"),
    ]
}

fn model(table: Value, constraints: Value) -> Model {
    let model = json!({
        "format_version": 1, "server_version_num": 150_000,
        "types": [{"schema": "app", "name": "mood", "enum_labels": ["ok", "Ok"]}],
        "tables": [table],
        "constraints": constraints,
    });
    Model::from_value(model).unwrap()
}

/// Returns the translation, or the reason why there is none, with what is noted.
fn result(output: &Output, feature: &str, printed: Option<String>) -> String {
    let own = |loss: &&pgmeta_dialect::Loss| loss.feature == feature;
    let details = output.losses.iter().filter(own).map(|loss| {
        let detail = loss.detail.split_once(": ").map_or(loss.detail.as_str(), |(_, detail)| detail);
        format!("[{}: {detail}]", loss.action.word())
    });
    printed.into_iter().chain(details).collect::<Vec<_>>().join(" ")
}

fn condition(dialect: Dialect, expression: &str) -> String {
    let table = json!({"schema": "app", "name": "t", "columns": columns()});
    let check = json!({"schema": "app", "table": "t", "name": "the_check", "expression": expression});
    let output = convert(&model(table, json!([check])), dialect, &Options::default());
    let lines = output.statements.iter().flat_map(|statement| statement.lines());
    let line = lines.into_iter().find_map(|line| line.split_once("the_check")?.1.split_once(" CHECK ("));
    let printed = line.map(|(_, rest)| rest.trim_end_matches(',').strip_suffix(')').unwrap_or(rest).to_owned());
    result(&output, "check", printed)
}

fn default(dialect: Dialect, line: &str) -> String {
    let (data_type, expression) = line.split_once(" = ").unwrap();
    let column = json!({"name": "c", "data_type": data_type, "default": expression});
    let table = json!({"schema": "app", "name": "t", "columns": [column]});
    let output = convert(&model(table, json!([])), dialect, &Options::default());
    let create = output.statements.iter().find(|statement| statement.starts_with("CREATE TABLE")).unwrap();
    let line = create.lines().nth(1).unwrap().trim().trim_end_matches(',');
    result(&output, "default", Some(line.to_owned()))
}

fn compare(file: &str, translate: impl Fn(Dialect, &str) -> String) {
    let path = folder().join(file);
    let text = fs::read_to_string(&path).unwrap();
    let mut found = String::new();
    let mut count = 0;
    for line in text.lines().filter(|line| !line.starts_with("  ")) {
        found += &format!("{line}\n");
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        count += 1;
        for dialect in Dialect::ALL {
            found += &format!("  {:8}{}\n", dialect.word(), translate(dialect, line).replace('\n', "\\n"));
        }
    }
    assert!(count > 20, "{count}");
    if std::env::var_os("PGMETA_ACCEPT").is_some() {
        fs::write(&path, &found).unwrap();
        return;
    }
    assert_eq!(found, text, "{file}: accept with PGMETA_ACCEPT=1");
}

#[test]
fn conditions_are_translated() {
    compare("conditions.txt", condition);
}

#[test]
fn defaults_are_translated() {
    compare("defaults.txt", default);
}

/// A snapshot may have any text: none ends the process, and none gets into a statement unread.
#[test]
fn broken_expressions_are_refused() {
    let text = fs::read_to_string(folder().join("conditions.txt")).unwrap();
    let all = text.lines().filter(|line| line.starts_with('('));
    for expression in all {
        for (at, _) in expression.char_indices().skip(1) {
            let printed = condition(Dialect::Sqlite, &expression[..at]);
            assert!(
                printed.starts_with("[commented: ") || is_closed(&expression[..at]),
                "{}: {printed}",
                &expression[..at]
            );
        }
    }
}

/// Returns whether all parentheses outside of strings are closed.
fn is_closed(text: &str) -> bool {
    let outside: String = text.split('\'').step_by(2).collect();
    outside.matches('(').count() == outside.matches(')').count()
}
