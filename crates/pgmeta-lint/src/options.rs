//! The options of a run: which rules, of which level, which objects. An unknown key or value is an error with a hint.

use std::collections::BTreeSet;

use pgmeta_core::model::ObjectKey;
use pgmeta_core::pattern::Matcher;
use rustc_hash::FxHashSet;
use serde_json::{Map, Value as Json};

use crate::lint::Chosen;
use crate::pattern;
use crate::registry::{RULES, named};
use crate::rule::{Category, Judge, Level, Need, Rule};
use crate::settings::texts;

/// The selections of rules that have a name.
pub const PROFILES: [&str; 3] = ["default", "strict", "api"];

/// The keys of the options.
const KEYS: [&str; 6] = ["rules", "exclude", "ignore", "min_level", "thresholds", "profile"];

/// What the caller chose.
#[derive(Clone, Debug)]
pub struct Options {
    pub(crate) chosen: Vec<Chosen>,
    pub(crate) min_level: Level,
    pub(crate) ignore: FxHashSet<String>,
    excluded: Vec<Exclusion>,
}

/// Objects whose findings are left out.
#[derive(Clone, Debug)]
struct Exclusion {
    /// Absent: of all rules.
    rules: Option<Vec<&'static Rule>>,
    objects: Matcher,
}

/// Why options are refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionsError {
    /// They are something else than an object.
    #[error("lint options are not a JSON object")]
    NotAnObject,
    /// A key that there is not.
    #[error("unrecognized lint option \"{key}\"")]
    UnknownKey {
        /// The key.
        key: String,
        /// The keys that only the called function has.
        other_keys: &'static [&'static str],
    },
    /// A value of the wrong type.
    #[error("lint option \"{option}\" requires {expected}")]
    WrongType {
        /// The option.
        option: String,
        /// What it requires.
        expected: &'static str,
    },
    /// A rule that there is not.
    #[error("lint rule \"{0}\" does not exist")]
    UnknownRule(String),
    /// A level that there is not.
    #[error("unrecognized lint level \"{0}\"")]
    UnknownLevel(String),
    /// A profile that there is not.
    #[error("lint profile \"{0}\" does not exist")]
    UnknownProfile(String),
    /// An option that a rule does not have.
    #[error("lint rule \"{rule}\" has no option \"{option}\"")]
    UnknownRuleOption {
        /// The rule.
        rule: &'static str,
        /// The option.
        option: String,
    },
    /// A text that is not a pattern.
    #[error("invalid pattern \"{0}\" in lint option \"exclude\"")]
    Pattern(String),
}

impl OptionsError {
    /// Adds keys that only the called function has to the hint.
    #[must_use]
    pub fn with_keys(self, other_keys: &'static [&'static str]) -> Self {
        match self {
            OptionsError::UnknownKey { key, .. } => OptionsError::UnknownKey { key, other_keys },
            other => other,
        }
    }

    /// Returns what the caller can do.
    pub fn hint(&self) -> String {
        match self {
            OptionsError::NotAnObject => "Pass a JSON object, such as '{\"min_level\": \"warning\"}'.".to_owned(),
            OptionsError::UnknownKey { other_keys, .. } => {
                format!("Lint options are: {}.", [&KEYS, *other_keys].concat().join(", "))
            }
            OptionsError::WrongType { option, .. } if option.contains('.') => {
                "pgmeta_lint_rules() lists the options of each rule.".to_owned()
            }
            OptionsError::WrongType { .. } => {
                "An example is '{\"rules\": [\"no_primary_key\"], \"thresholds\": {\"name_case\": {\"level\": \"error\"}}}'."
                    .to_owned()
            }
            OptionsError::UnknownRule(name) => match similar(name, RULES.iter().map(|rule| rule.name)) {
                Some(similar) => format!("Did you mean \"{similar}\"? pgmeta_lint_rules() lists all rules."),
                None => "pgmeta_lint_rules() lists all rules.".to_owned(),
            },
            OptionsError::UnknownLevel(_) => {
                let words: Vec<&str> = Level::ALL.iter().map(|level| level.word()).collect();
                format!("Levels are: {}.", words.join(", "))
            }
            OptionsError::UnknownProfile(_) => format!("Profiles are: {}.", PROFILES.join(", ")),
            OptionsError::UnknownRuleOption { rule, .. } => {
                let own = named(rule).into_iter().flat_map(|rule| rule.options).map(|option| option.name);
                format!("Its options are: {}.", own.chain(["level"]).collect::<Vec<_>>().join(", "))
            }
            OptionsError::Pattern(_) => {
                "Write schema, schema.name or rule:schema.name; * and ? are wildcards.".to_owned()
            }
        }
    }
}

/// Returns the word that is spelled nearly so.
fn similar<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let rated = known.map(|known| (strsim::jaro_winkler(word, known), known));
    rated
        .filter(|(likeness, _)| *likeness > 0.85)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, known)| known)
}

impl Options {
    /// Reads options; an empty object chooses the rules that are enabled.
    pub fn from_value(options: &Json) -> Result<Self, OptionsError> {
        let options = options.as_object().ok_or(OptionsError::NotAnObject)?;
        if let Some(unknown) = options.keys().find(|key| !KEYS.contains(&key.as_str())) {
            return Err(OptionsError::UnknownKey { key: unknown.clone(), other_keys: &[] });
        }
        let mut read = Self {
            chosen: chosen(options)?,
            min_level: Level::Info,
            ignore: list(options, "ignore")?.into_iter().flatten().collect(),
            excluded: Vec::new(),
        };
        if let Some(word) = text(options, "min_level")? {
            read.min_level = Level::from_word(&word).ok_or(OptionsError::UnknownLevel(word))?;
        }
        for entry in list(options, "exclude")?.unwrap_or_default() {
            read.exclude(&entry)?;
        }
        read.set_thresholds(options)?;
        Ok(read)
    }

    /// Leaves out the findings about objects.
    pub fn exclude_objects(&mut self, pattern: &str) -> Result<(), OptionsError> {
        let objects = Matcher::of(pattern).ok_or_else(|| OptionsError::Pattern(pattern.to_owned()))?;
        self.excluded.push(Exclusion { rules: None, objects });
        Ok(())
    }

    /// Leaves out a rule, objects, or a rule for objects: `rule`, `schema.name` or `rule:schema.name`. The names of groups of rules are
    /// also those of schemas.
    fn exclude(&mut self, entry: &str) -> Result<(), OptionsError> {
        let rules = named(entry);
        if !rules.is_empty() {
            self.chosen.retain(|chosen| !rules.iter().any(|rule| rule.name == chosen.rule.name));
            return Ok(());
        }
        let (rules, pattern) = match entry.rsplit_once(':').map(|(rule, pattern)| (group(rule), rule, pattern)) {
            Some((rules, rule, _)) if rules.is_empty() => return Err(OptionsError::UnknownRule(rule.to_owned())),
            Some((rules, _, pattern)) => (Some(rules), pattern),
            None => (None, entry),
        };
        // A word that is spelled nearly as a rule means the rule; `word.*` is a schema.
        let is_rule = |rule: &&Rule| strsim::jaro_winkler(entry, rule.name) > 0.95;
        if rules.is_none() && RULES.iter().any(is_rule) && !entry.contains('.') {
            return Err(OptionsError::UnknownRule(entry.to_owned()));
        }
        let objects = Matcher::of(pattern).ok_or_else(|| OptionsError::Pattern(entry.to_owned()))?;
        self.excluded.push(Exclusion { rules, objects });
        Ok(())
    }

    /// Sets the options of single rules.
    fn set_thresholds(&mut self, options: &Map<String, Json>) -> Result<(), OptionsError> {
        let Some(thresholds) = options.get("thresholds").filter(|own| !own.is_null()) else { return Ok(()) };
        let wrong = |option: String| OptionsError::WrongType { option, expected: "a JSON object" };
        for (name, values) in thresholds.as_object().ok_or_else(|| wrong("thresholds".to_owned()))? {
            let rules = group(name);
            if rules.is_empty() {
                return Err(OptionsError::UnknownRule(name.clone()));
            }
            let values = values.as_object().ok_or_else(|| wrong(format!("thresholds.{name}")))?;
            for rule in rules {
                self.set_threshold(rule, values)?;
            }
        }
        Ok(())
    }

    fn set_threshold(&mut self, rule: &'static Rule, values: &Map<String, Json>) -> Result<(), OptionsError> {
        for (name, value) in values {
            let path = || format!("thresholds.{}.{name}", rule.name);
            let chosen = self.chosen.iter_mut().find(|chosen| chosen.rule.name == rule.name);
            if name == "level" {
                let word =
                    value.as_str().ok_or_else(|| OptionsError::WrongType { option: path(), expected: "a level" })?;
                let level = Level::from_word(word).ok_or_else(|| OptionsError::UnknownLevel(word.to_owned()))?;
                chosen.into_iter().for_each(|chosen| chosen.level = Some(level));
                continue;
            }
            let unknown = || OptionsError::UnknownRuleOption { rule: rule.name, option: name.clone() };
            let option = rule.options.iter().find(|option| option.name == name).ok_or_else(unknown)?;
            let value = option.read(value).map_err(|expected| OptionsError::WrongType { option: path(), expected })?;
            if let Some(chosen) = chosen {
                chosen.settings.set(option, value);
            }
        }
        Ok(())
    }

    /// Returns the facts that the chosen rules need: others need not be read.
    pub fn needs(&self) -> BTreeSet<Need> {
        self.chosen.iter().flat_map(|chosen| chosen.rule.needs).copied().collect()
    }

    /// Returns the value that was chosen for a text option of a rule which runs, if it is not empty.
    pub fn text_of(&self, rule: &str, option: &str) -> Option<String> {
        let chosen = self.chosen.iter().find(|chosen| chosen.rule.name == rule)?;
        let option = chosen.rule.options.iter().find(|own| own.name == option)?;
        Some(chosen.settings.text(option)).filter(|text| !text.is_empty())
    }

    /// Returns whether the findings of a rule about an object are left out.
    pub(crate) fn excludes(&self, rule: &str, key: &ObjectKey) -> bool {
        self.excluded.iter().any(|exclusion| {
            exclusion.rules.as_ref().is_none_or(|rules| rules.iter().any(|own| own.name == rule))
                && pattern::matches(&exclusion.objects, key)
        })
    }
}

/// Returns the rules of the options `rules` and `profile`.
fn chosen(options: &Map<String, Json>) -> Result<Vec<Chosen>, OptionsError> {
    let profile = text(options, "profile")?;
    let of_profile = profile.map(|word| of_profile(&word).ok_or(OptionsError::UnknownProfile(word))).transpose()?;
    let mut rules = of_profile.unwrap_or_else(|| RULES.iter().copied().filter(|rule| rule.enabled).collect());
    if let Some(names) = list(options, "rules")? {
        let mut wanted = Vec::new();
        for name in names {
            let found = group(&name);
            if found.is_empty() {
                return Err(OptionsError::UnknownRule(name));
            }
            wanted.extend(found);
        }
        // What the run reports of itself is always of interest.
        let of_run = rules.into_iter().filter(|rule| matches!(rule.judge, Judge::Run(_)));
        rules = of_run.chain(wanted).collect();
    }
    let in_order = RULES.iter().copied().filter(|rule| rules.iter().any(|own| own.name == rule.name));
    Ok(in_order.map(|rule| Chosen { rule, level: None, settings: Default::default() }).collect())
}

/// Returns the rules of a profile.
fn of_profile(word: &str) -> Option<Vec<&'static Rule>> {
    let wanted: fn(&Rule) -> bool = match word.to_ascii_lowercase().as_str() {
        "default" => |rule| rule.enabled,
        "strict" => |rule| rule.enabled || !rule.opt_in,
        "api" => |rule| rule.enabled || (rule.category == Category::Security && !rule.opt_in),
        _ => return None,
    };
    Some(RULES.iter().copied().filter(|rule| wanted(rule)).collect())
}

/// Returns the rules with a name, or of a group: `all`, a profile or a category.
fn group(name: &str) -> Vec<&'static Rule> {
    let found = named(name);
    if !found.is_empty() {
        return found;
    }
    if name.eq_ignore_ascii_case("all") {
        return RULES.to_vec();
    }
    if let Some(rules) = of_profile(name) {
        return rules;
    }
    RULES.iter().copied().filter(|rule| rule.category.word().eq_ignore_ascii_case(name)).collect()
}

fn text(options: &Map<String, Json>, key: &str) -> Result<Option<String>, OptionsError> {
    let wrong = || OptionsError::WrongType { option: key.to_owned(), expected: "a string" };
    let value = options.get(key).filter(|value| !value.is_null());
    value.map(|value| value.as_str().map(str::to_owned).ok_or_else(wrong)).transpose()
}

fn list(options: &Map<String, Json>, key: &str) -> Result<Option<Vec<String>>, OptionsError> {
    let wrong = || OptionsError::WrongType { option: key.to_owned(), expected: "an array of strings" };
    let value = options.get(key).filter(|value| !value.is_null());
    value.map(|value| texts(value).ok_or_else(wrong)).transpose()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names(options: Json) -> Vec<&'static str> {
        let chosen = Options::from_value(&options).unwrap().chosen;
        let of_schema = chosen.iter().filter(|chosen| matches!(chosen.rule.judge, Judge::Schema(_)));
        of_schema.map(|chosen| chosen.rule.name).collect()
    }

    fn error(options: Json) -> OptionsError {
        Options::from_value(&options).unwrap_err()
    }

    #[test]
    fn rules_are_chosen_by_name_group_and_profile() {
        let enabled: Vec<_> = RULES.iter().filter(|rule| rule.enabled).collect();
        assert_eq!(Options::from_value(&json!({})).unwrap().chosen.len(), enabled.len());
        assert_eq!(names(json!({"rules": ["B001"]})), ["no_primary_key"]);
        assert_eq!(names(json!({"rules": "no-primary-key"})), ["no_primary_key"]);
        assert_eq!(names(json!({"rules": "no-primary-key", "thresholds": null})), ["no_primary_key"]);
        assert!(!names(json!({"exclude": ["no_primary_key"]})).contains(&"no_primary_key"));
        // These are names of schemas.
        for schema in ["api", "types", "default", "all", "unused_indexes.*"] {
            assert_eq!(names(json!({"exclude": [schema]})), names(json!({})), "{schema}");
        }
        assert!(names(json!({"rules": ["all"]})).len() >= names(json!({"profile": "strict"})).len());
        assert!(names(json!({"rules": ["design"]})).contains(&"no_primary_key"));
    }

    #[test]
    fn unknown_keys_and_values_are_errors_with_hints() {
        for (options, message, hint) in [
            (json!({"rule": []}), "unrecognized lint option \"rule\"", "Lint options are: rules"),
            (json!([]), "lint options are not a JSON object", "Pass a JSON object"),
            (
                json!({"rules": ["no_primary_kee"]}),
                "lint rule \"no_primary_kee\" does not exist",
                "Did you mean \"no_primary_key\"?",
            ),
            (json!({"rules": 1}), "lint option \"rules\" requires an array of strings", "An example is"),
            (json!({"exclude": ["no_primary_kez"]}), "lint rule \"no_primary_kez\" does not exist", "Did you mean"),
            (json!({"exclude": ["none:app.*"]}), "lint rule \"none\" does not exist", "pgmeta_lint_rules()"),
            (json!({"exclude": ["app.("]}), "invalid pattern \"app.(\" in lint option \"exclude\"", "Write schema"),
            (json!({"min_level": "fatal"}), "unrecognized lint level \"fatal\"", "Levels are: error, warning, info."),
            (json!({"profile": "x"}), "lint profile \"x\" does not exist", "Profiles are: default, strict, api."),
            (
                json!({"thresholds": {"no_primary_key": {"max": 1}}}),
                "lint rule \"no_primary_key\" has no option \"max\"",
                "Its options are: level.",
            ),
            (json!({"thresholds": []}), "lint option \"thresholds\" requires a JSON object", "An example is"),
        ] {
            let error = error(options);
            assert_eq!(error.to_string(), message);
            assert!(error.hint().starts_with(hint), "{message}: {}", error.hint());
        }
    }
}
