//! Runs rules over a model: which could run, what they found, what of that is silenced.

use std::collections::BTreeMap;

use pgmeta_core::model::{Model, ModelIndex, ObjectRef};
use rustc_hash::FxHashMap;

use crate::analysis::Partitions;
use crate::context::{Context, Report};
use crate::directive::Directive;
use crate::finding::Finding;
use crate::options::Options;
use crate::rule::{Judge, Level, Need, Rule};
use crate::statistics::Statistics;

/// The result of a run.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What was found: the most serious first, then in the order of rules.
    pub findings: Vec<Finding>,
    /// What was found and is silenced, in the same order.
    pub silenced: Vec<Silenced>,
    /// Which rules could not run.
    pub not_run: Vec<NotRun>,
    /// The number of tables of whose columns the role may not see statistics that rules need.
    pub hidden_tables: i64,
}

/// A finding that is not shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Silenced {
    /// The finding.
    pub finding: Finding,
    /// What silences it.
    pub by: Silencer,
}

/// What silences a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silencer {
    /// Its cache key is in the option `ignore`.
    Option,
    /// A directive in a comment.
    Directive,
}

/// Rules that could not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotRun {
    /// What is missing.
    pub need: Need,
    /// The rules that need it.
    pub rules: Vec<&'static str>,
}

/// Runs the rules that options choose. Without statistics those that need them are reported as not run.
pub fn lint(model: &Model, statistics: Option<&Statistics>, options: &Options) -> Outcome {
    let nothing = Statistics::default();
    let statistics = statistics.unwrap_or(&nothing);
    let index = ModelIndex::of(model);
    let partitions = Partitions::of(&index);
    let mut outcome = Outcome::default();
    let mut missing: BTreeMap<Need, Vec<&'static str>> = BTreeMap::new();
    let mut found = Vec::new();
    for chosen in &options.chosen {
        let Judge::Schema(judge) = chosen.rule.judge else { continue };
        if let Some(&need) = chosen.rule.needs.iter().find(|need| !need.is_met(statistics)) {
            missing.entry(need).or_default().push(chosen.rule.name);
            continue;
        }
        let cx = Context { model, index: &index, partitions: &partitions, statistics, settings: &chosen.settings };
        judge(&cx, &mut Report::of(chosen.rule, chosen.level, &mut found));
    }
    outcome.not_run = missing.into_iter().map(|(need, rules)| NotRun { need, rules }).collect();
    let of_columns = [Need::Columns, Need::Tables, Need::Indexes];
    if options.needs().iter().any(|need| of_columns.contains(need)) {
        outcome.hidden_tables = statistics.hidden_tables;
    }
    silence(found, &index, options, &mut outcome);
    let mut own = Vec::new();
    for chosen in &options.chosen {
        if let Judge::Run(judge) = chosen.rule.judge {
            judge(&outcome, &mut Report::of(chosen.rule, chosen.level, &mut own));
        }
    }
    outcome.findings.extend(own);
    outcome.findings.retain(|finding| finding.level >= options.min_level);
    outcome.findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    outcome
}

/// Divides findings into those that are shown and those that are silenced; leaves out those of excluded objects.
fn silence<'m>(found: Vec<Finding>, index: &'m ModelIndex<'m>, options: &Options, outcome: &mut Outcome) {
    let mut comments = Comments { index, known: FxHashMap::default() };
    for finding in found {
        if finding.key.as_ref().is_some_and(|key| options.excludes(finding.rule, key)) {
            continue;
        }
        if options.ignore.contains(&finding.cache_key) {
            outcome.silenced.push(Silenced { finding, by: Silencer::Option });
        } else if comments.silence(&finding) {
            outcome.silenced.push(Silenced { finding, by: Silencer::Directive });
        } else {
            outcome.findings.push(finding);
        }
    }
}

/// The directives in comments, each read once.
struct Comments<'m> {
    index: &'m ModelIndex<'m>,
    known: FxHashMap<&'m str, Directive>,
}

impl<'m> Comments<'m> {
    /// Returns whether a directive on the object, on the column, or on the relation that the object belongs to silences a finding.
    fn silence(&mut self, finding: &Finding) -> bool {
        let Some(object) = finding.key.as_ref().and_then(|key| self.index.get(key)) else { return false };
        let parent = self.index.parent_of(object).filter(|_| !matches!(object, ObjectRef::Table(_)));
        let objects = [Some(object), parent];
        let of_objects = objects.into_iter().flatten().filter_map(|object| object.object().shared().comment);
        let column = finding.column_name.as_deref().and_then(|column| column_comment(object, column));
        of_objects.chain(column).any(|comment| {
            comment.contains('@')
                && self.known.entry(comment).or_insert_with(|| Directive::of(comment)).ignores(finding.rule)
        })
    }
}

/// Returns the comment on a column of a relation.
fn column_comment<'m>(object: ObjectRef<'m>, column: &str) -> Option<&'m str> {
    object.columns().iter().find(|own| &*own.name == column)?.comment.as_deref()
}

/// A rule that runs, with what the caller chose for it.
#[derive(Clone, Debug)]
pub(crate) struct Chosen {
    pub rule: &'static Rule,
    pub level: Option<Level>,
    pub settings: crate::settings::Settings,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use pgmeta_core::model::Table;
    use serde_json::json;

    use super::*;

    fn table(name: &str, comment: Option<&str>) -> Table {
        Table { schema: "app".into(), name: name.into(), comment: comment.map(str::to_owned), ..Table::default() }
    }

    fn run(options: serde_json::Value) -> Outcome {
        let directive = "@pgmeta({\"ignore\": [\"no_primary_key\"]})";
        let tables = vec![table("plain", None), table("quiet", Some(directive))];
        let model = Model { tables, ..Model::default() };
        lint(&model, None, &Options::from_value(&options).unwrap())
    }

    fn names(outcome: &Outcome) -> Vec<(&str, Option<&str>)> {
        outcome.findings.iter().map(|finding| (finding.rule, finding.name.as_deref())).collect()
    }

    #[test]
    fn silenced_findings_are_counted() {
        let outcome = run(json!({"rules": ["no_primary_key", "findings_silenced"]}));
        assert_eq!(names(&outcome), [("no_primary_key", Some("plain")), ("findings_silenced", None)]);
        assert_eq!(outcome.silenced[0].finding.cache_key, "no_primary_key:table app.quiet");
        assert_eq!(outcome.silenced[0].by, Silencer::Directive);
        let outcome = run(json!({"rules": ["no_primary_key"], "ignore": ["no_primary_key:table app.plain"]}));
        assert_eq!(names(&outcome), [("findings_silenced", None)]);
        let by: Vec<Silencer> = outcome.silenced.iter().map(|silenced| silenced.by).collect();
        assert_eq!(by, [Silencer::Option, Silencer::Directive]);
    }

    #[test]
    fn excluded_objects_and_lower_levels_are_omitted() {
        assert!(run(json!({"rules": ["no_primary_key"], "exclude": ["app.*"]})).findings.is_empty());
        assert!(
            run(json!({"rules": ["no_primary_key"], "exclude": ["no_primary_key:app.p*", "findings_silenced"]}))
                .findings
                .is_empty()
        );
        assert!(run(json!({"rules": ["no_primary_key"], "min_level": "error"})).findings.is_empty());
        let raised = json!({"rules": ["no_primary_key"], "min_level": "error",
            "thresholds": {"no_primary_key": {"level": "error"}}});
        assert_eq!(run(raised).findings.len(), 1);
    }
}
