//! What `pgmeta_definition_validate` finds beyond the faults of a document: what other dialects lack, and what lint rules say.

use pgmeta_core::model::{Model, ModelIndex};
use pgmeta_definition::{Definition, Finding, Level, MOST_FINDINGS, Target, place_of, to_model};
use pgmeta_lint::lint;
use serde_json::{Map, Value};

use crate::api::definition_options::{LintChoice, ValidateOptions};
use crate::api::definition_sql::losses_of;
use crate::api::lint_options;
use crate::error::Error;
use crate::jsonb::Document;
use crate::registry;
use crate::rights::user_name;
use crate::server;
use crate::spi::Connection;

/// The rules whose findings have a code of their own here, and those about the run.
const REPEATED: [&str; 9] = [
    "no_primary_key",
    "unindexed_foreign_key",
    "fk_cycle",
    "fk_type_mismatch",
    "composite_pk_wide",
    "name_case",
    "name_reserved",
    "name_truncated",
    "rules_not_run",
];

/// Returns the findings about a document, the most serious first, at most 100. A document with errors is judged by these alone.
pub fn all(document: &Document, options: &ValidateOptions) -> Result<Vec<Finding>, Error> {
    let value: Value = serde_json::from_str(document.text())?;
    let mut found = registry::findings(&value)?;
    let dialects = options.dialects();
    let has_errors = found.iter().any(|own| own.level == Level::Error);
    if has_errors || (dialects.is_empty() && !options.lint.is_on()) {
        return Ok(found);
    }
    let definition = Definition::from_value(value)?;
    let owner = user_name(&Connection::open()?)?.as_str().into();
    let model = to_model(&definition, &Target { owner, server_version_num: server::version_num() });
    for dialect in dialects {
        found.extend(of_dialect(&definition, &model, dialect)?);
    }
    if options.lint.is_on() {
        found.extend(of_lint(&definition, &model, &options.lint)?);
    }
    found.sort_by_key(|own| own.level);
    found.truncate(MOST_FINDINGS);
    Ok(found)
}

/// Returns what a dialect lacks.
fn of_dialect(definition: &Definition, model: &Model, dialect: &str) -> Result<Vec<Finding>, Error> {
    let one = |(path, feature, action, detail): (_, _, _, _)| Finding {
        code: if feature == "data type" { "UNSUPPORTED_DATA_TYPE" } else { "NOT_IN_DIALECT" },
        level: if action == "emulated" { Level::Info } else { Level::Warning },
        message: format!("{dialect}, {action}: {detail}."),
        hint: format!("pgmeta_definition_sql() with dialect {dialect} prints what is left."),
        path,
    };
    Ok(losses_of(definition, model, dialect)?.into_iter().map(one).collect())
}

/// Returns what lint rules find. None of them is an error: the definition can be deployed.
fn of_lint(definition: &Definition, model: &Model, choice: &LintChoice) -> Result<Vec<Finding>, Error> {
    let mut options = lint_options::merged(choice.options().map(|own| Document::from_text(own.to_string())))?;
    if let Value::Object(own) = &mut options {
        leave_out_repeated(own);
    }
    let outcome = lint(model, None, &pgmeta_lint::Options::from_value(&options)?);
    let index = ModelIndex::of(model);
    let one = |own: pgmeta_lint::Finding| Finding {
        path: own
            .key
            .as_ref()
            .map_or_else(String::new, |key| place_of(definition, &index, key, own.column_name.as_deref())),
        code: own.rule,
        level: if own.level == pgmeta_lint::Level::Info { Level::Info } else { Level::Warning },
        message: own.detail,
        hint: own.remediation.to_string(),
    };
    // More are not returned, and the most serious are first.
    Ok(outcome.findings.into_iter().take(MOST_FINDINGS).map(one).collect())
}

/// Excludes rules that would say what was said already, unless rules are chosen by name.
fn leave_out_repeated(options: &mut Map<String, Value>) {
    if options.get("rules").is_some_and(|rules| !rules.is_null()) {
        return;
    }
    let excluded = options.entry("exclude").or_insert_with(|| Value::Array(Vec::new()));
    if let Value::String(only) = excluded {
        *excluded = Value::Array(vec![Value::String(std::mem::take(only))]);
    }
    if excluded.is_null() {
        *excluded = Value::Array(Vec::new());
    }
    if let Value::Array(list) = excluded {
        list.extend(REPEATED.map(Value::from));
    }
}
