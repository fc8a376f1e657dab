//! The outcome of a run as SARIF 2.1.0, which tools for code review read. Judges nothing.

use serde_json::{Value, json};

use crate::finding::Finding;
use crate::lint::{Outcome, Silencer};
use crate::registry::RULES;
use crate::rule::{Level, Rule};

/// The address of the format's JSON Schema.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Returns the document; `version` is the version of pgmeta.
pub fn sarif(outcome: &Outcome, version: &str) -> Value {
    let own = outcome.findings.iter().map(|finding| result(finding, None));
    let silenced = outcome.silenced.iter().map(|silenced| result(&silenced.finding, Some(silenced.by)));
    let results: Vec<Value> = own.chain(silenced).collect();
    let rules: Vec<Value> = RULES.iter().map(|rule| descriptor(rule)).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "pgmeta", "semanticVersion": version, "rules": rules}},
            "columnKind": "unicodeCodePoints",
            "invocations": [{"executionSuccessful": true, "toolExecutionNotifications": notifications(outcome)}],
            "results": results,
        }],
    })
}

/// Returns the word of SARIF.
fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    }
}

fn descriptor(rule: &Rule) -> Value {
    let doc = rule.document();
    json!({
        "id": rule.name,
        "shortDescription": {"text": doc.title},
        "fullDescription": {"text": doc.description},
        "help": {"text": doc.remediation, "markdown": crate::page::rule_page(rule)},
        "defaultConfiguration": {"enabled": rule.enabled, "level": level(rule.level)},
        "properties": {"tags": [rule.category.word()]},
    })
}

fn result(finding: &Finding, silenced: Option<Silencer>) -> Value {
    let rule_index = RULES.iter().position(|rule| rule.name == finding.rule);
    let mut properties = finding.metadata.clone();
    properties.extend(finding.fix_sql.as_ref().map(|sql| ("fix_sql".to_owned(), sql.as_str().into())));
    properties.insert("remediation".to_owned(), (*finding.remediation).into());
    let mut result = json!({
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": level(finding.level),
        "message": {"text": finding.detail},
        "partialFingerprints": {"cacheKey/v1": finding.cache_key},
        "properties": properties,
    });
    if let (Some(identity), Some(object_type)) = (&finding.identity, finding.object_type) {
        let (qualified, name) = match &finding.column_name {
            Some(column) => (format!("{identity}.{}", pgmeta_core::ident::ident(column)), column.as_str()),
            None => (identity.clone(), finding.name.as_deref().unwrap_or_default()),
        };
        let kind = if finding.column_name.is_some() { "column" } else { object_type };
        let location = json!({"fullyQualifiedName": qualified, "name": name, "kind": kind});
        result["locations"] = json!([{"logicalLocations": [location]}]);
    }
    if let Some(by) = silenced {
        let kind = match by {
            Silencer::Option => "external",
            Silencer::Directive => "inSource",
        };
        result["suppressions"] = json!([{"kind": kind}]);
    }
    result
}

/// Returns what the run could not do.
fn notifications(outcome: &Outcome) -> Vec<Value> {
    let of_one = |not_run: &crate::lint::NotRun| {
        let need = not_run.need.phrase();
        let text = format!("Rules that need {need} did not run: {}.", not_run.rules.join(", "));
        json!({"level": "note", "message": {"text": text}})
    };
    outcome.not_run.iter().map(of_one).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use pgmeta_core::model::{Model, Table};

    use super::*;
    use crate::lint::lint;
    use crate::options::Options;

    #[test]
    fn findings_are_results_and_silenced_ones_are_suppressed() {
        let table = |name: &str| Table { schema: "app".into(), name: name.into(), ..Table::default() };
        let model = Model { tables: vec![table("a"), table("b")], ..Model::default() };
        let options = json!({"rules": ["no_primary_key", "missing_index"], "ignore": ["no_primary_key:table app.b"]});
        let document = sarif(&lint(&model, None, &Options::from_value(&options).unwrap()), "1.2.3");
        let run = &document["runs"][0];
        let of_rule: Vec<&Value> =
            run["results"].as_array().unwrap().iter().filter(|result| result["ruleId"] == "no_primary_key").collect();
        assert_eq!(of_rule.len(), 2);
        assert_eq!(of_rule[0]["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], "app.a");
        assert!(of_rule[0].get("suppressions").is_none());
        assert_eq!(of_rule[1]["suppressions"][0]["kind"], "external");
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let index = usize::try_from(of_rule[0]["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], "no_primary_key");
        let notes = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
        assert!(notes[0]["message"]["text"].as_str().unwrap().contains("missing_index"));
    }
}
