//! Finds the texts of statements in the planner's code, and which of them no measured statement matches.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Result;
use pgmeta_e2e::repository;

/// Texts that need no measurement, each with the reason.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("ALTER EXTENSION {}", "begins the next two"),
    ("{alter} UPDATE TO {}", "an extension's own script runs"),
    ("{alter} SET SCHEMA {}", "an extension's members move, and no relation is locked that a plan knows"),
    ("{alter} CONNECTION {}", "subscriptions lock no relation"),
    ("{alter} SET PUBLICATION {names} WITH (refresh = false)", "subscriptions lock no relation"),
    ("SECURITY LABEL FOR {provider} ON {target} IS NULL", "no provider is installed; locks as COMMENT ON does"),
    ("SECURITY LABEL FOR {provider} ON {target} IS {text}", "no provider is installed; locks as COMMENT ON does"),
    ("ALTER ROLE {} IN {target}", "roles and databases are no relations"),
    ("{alter} ALLOW_CONNECTIONS {}", "roles and databases are no relations"),
    ("{alter} CONNECTION LIMIT {limit}", "roles and databases are no relations"),
    ("{alter} IS_TEMPLATE {}", "roles and databases are no relations"),
    ("ALTER TYPE {name} DROP VALUE {}", "only told as left out, never run"),
    ("{alter} ADD CONSTRAINT {chosen} NOT NULL {name}{flags}", "servers from 18 on have it"),
    ("ALTER INDEX {index} SET TABLESPACE {name}", "needs a tablespace"),
    ("{alter} SET TABLESPACE {tablespace}", "needs a tablespace"),
    ("{alter} SET TABLESPACE {}", "needs a tablespace"),
];

/// Texts that are not measured before PostgreSQL 15, each with the reason.
const EXCEPTIONS_BEFORE_15: &[(&str, &str)] = &[
    ("{alter} ADD TABLES IN SCHEMA {}", "publications have no schemas"),
    ("{alter} DROP TABLES IN SCHEMA {}", "publications have no schemas"),
    ("ALTER SEQUENCE {name} SET {word}", "no sequence is unlogged"),
    ("{alter} SET ACCESS METHOD {}", "a table whose access method changes is replaced"),
    ("{alter} SET ACCESS METHOD {method}", "a materialized view whose access method changes is replaced"),
];

/// Returns the texts of statements, with `{}` for arguments, that no measured statement of a server matches.
pub fn unmeasured(statements: &BTreeSet<String>, major: u32) -> Result<Vec<String>> {
    let mut texts = BTreeSet::new();
    let plan = repository().join("crates/pgmeta-core/src/plan");
    for folder in ["", "build"] {
        read(&plan.join(folder), &mut texts)?;
    }
    let older: &[_] = if major < 15 { EXCEPTIONS_BEFORE_15 } else { &[] };
    let excepted = |text: &str| EXCEPTIONS.iter().chain(older).any(|(known, _)| text == *known);
    let measured = |text: &str| statements.iter().any(|statement| matches(text, statement));
    Ok(texts.into_iter().filter(|text| !excepted(text) && !measured(text)).collect())
}

fn read(folder: &Path, texts: &mut BTreeSet<String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            let code = fs::read_to_string(&path)?;
            let code = code.split("#[cfg(test)]").next().unwrap_or_default();
            texts.extend(formats(code).into_iter().filter(|text| is_statement(text)));
        }
    }
    Ok(())
}

/// Returns the literals in calls of `format!`.
fn formats(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for piece in code.split("format!(").skip(1) {
        let Some(literal) = piece.trim_start().strip_prefix('"') else { continue };
        let mut text = String::new();
        let mut characters = literal.chars();
        while let Some(character) = characters.next() {
            match character {
                '"' => break,
                '\\' => text.extend(characters.next().filter(|escaped| !escaped.is_whitespace())),
                '\n' => {}
                other => text.push(other),
            }
        }
        found.push(text);
    }
    found
}

const VERBS: &[&str] =
    &["ALTER ", "CREATE ", "DROP ", "REFRESH ", "SELECT ", "COMMENT ", "SECURITY ", "REVOKE ", "GRANT "];

/// Returns whether a text begins with a verb, or with an argument for `ALTER x` and then a verb.
fn is_statement(text: &str) -> bool {
    let rest = text.strip_prefix("{alter} ").or(text.strip_prefix("{column} ")).map(|rest| ("", rest));
    match rest {
        Some(_) => true,
        None => VERBS.iter().any(|verb| text.starts_with(verb)),
    }
}

/// Returns whether a statement begins with the text.
fn matches(text: &str, statement: &str) -> bool {
    let mut rest = statement;
    let mut text = text;
    let mut first = true;
    loop {
        let (fixed, more) = text.split_once('{').unwrap_or((text, ""));
        match (first, rest.find(fixed)) {
            (true, Some(0)) | (false, Some(_)) => {}
            _ => return false,
        }
        let at = rest.find(fixed).unwrap_or_default();
        rest = &rest[at + fixed.len()..];
        first = false;
        match more.split_once('}') {
            Some((_, after)) => text = after,
            None => return true,
        }
    }
}
