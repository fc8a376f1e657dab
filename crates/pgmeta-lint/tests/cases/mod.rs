//! The cases of rules, tests/rules/NAME: bad.sql with what a rule finds in it (expected.json), good.sql in which it finds nothing. Beside
//! them are the snapshots that a server makes of both, and, where a rule needs them, statistics and options written by hand.
//! The e2e tests use this file too.

use std::fs;
use std::path::{Path, PathBuf};

use pgmeta_core::model::Model;
use pgmeta_lint::{Finding, Options, RULES, Rule, Statistics, lint};
use serde_json::{Value, json};

/// One of the two scripts of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Bad,
    Good,
}

/// The case of a rule.
#[derive(Clone, Debug)]
pub struct Case {
    pub rule: &'static Rule,
    pub folder: PathBuf,
}

impl Side {
    pub fn word(self) -> &'static str {
        match self {
            Side::Bad => "bad",
            Side::Good => "good",
        }
    }
}

/// Returns whether the findings are to be written instead of compared.
pub fn accepts() -> bool {
    std::env::var_os("PGMETA_ACCEPT").is_some()
}

/// Returns the cases of all rules that judge a schema; `root` is the folder of pgmeta-lint.
pub fn cases(root: &Path) -> Vec<Case> {
    let of_schema = RULES.iter().copied().filter(|rule| rule.judges_schema());
    of_schema.map(|rule| Case { rule, folder: root.join("tests/rules").join(rule.name) }).collect()
}

impl Case {
    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    pub fn snapshot_path(&self, side: Side) -> PathBuf {
        self.path(&format!("{}.snapshot.json", side.word()))
    }

    fn optional(&self, file: &str) -> Option<String> {
        fs::read_to_string(self.path(file)).ok()
    }

    /// Returns the statistics of a side, where the case has some.
    pub fn statistics(&self, side: Side) -> Result<Option<Statistics>, String> {
        let text = self.optional(&format!("{}.statistics.json", side.word()));
        text.map(|text| serde_json::from_str(&text).map_err(|error| format!("statistics: {error}"))).transpose()
    }

    /// Returns the options: this rule alone, and its thresholds where the case has some.
    pub fn options(&self) -> Result<Value, String> {
        let thresholds: Value = match self.optional("thresholds.json") {
            Some(text) => serde_json::from_str(&text).map_err(|error| format!("thresholds: {error}"))?,
            None => json!({}),
        };
        Ok(json!({"rules": [self.rule.name], "thresholds": {self.rule.name: thresholds}}))
    }

    /// Returns what the rule finds in a model.
    pub fn findings(&self, model: &Model, side: Side) -> Result<Vec<Finding>, String> {
        let options = Options::from_value(&self.options()?).map_err(|error| error.to_string())?;
        let mut findings = lint(model, self.statistics(side)?.as_ref(), &options).findings;
        findings.retain(|finding| finding.rule == self.rule.name || finding.rule == "rules_not_run");
        Ok(findings)
    }

    /// Compares findings in bad.sql with those expected, or writes them.
    pub fn compare(&self, findings: &[Finding]) -> Result<(), String> {
        let found = listing(findings);
        let golden = self.path("expected.json");
        if accepts() {
            return fs::write(&golden, found).map_err(|error| error.to_string());
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        if expected == found { Ok(()) } else { Err(format!("not as in {}:\n{found}", golden.display())) }
    }
}

/// Returns the findings without what all findings of a rule have in common.
pub fn listing(findings: &[Finding]) -> String {
    let of_one = |finding: &Finding| {
        let mut value = serde_json::to_value(finding).unwrap_or_default();
        if let Some(fields) = value.as_object_mut() {
            let shared = ["rule", "category", "title", "description", "remediation", "schema", "name"];
            shared.into_iter().for_each(|field| drop(fields.remove(field)));
            fields.retain(|_, value| !value.is_null());
        }
        value
    };
    let all: Vec<Value> = findings.iter().map(of_one).collect();
    serde_json::to_string_pretty(&all).unwrap_or_default() + "\n"
}
