//! A finding: one row of `pgmeta_lint`. Decides nothing.

use std::sync::Arc;

use pgmeta_core::model::ObjectKey;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::fix::Fix;
use crate::rule::{Category, Level, Rule};

/// What a rule found about an object. The fields are the columns of `pgmeta_lint`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// The rule.
    pub rule: &'static str,
    /// How serious it is.
    pub level: Level,
    /// What the rule is about.
    pub category: Category,
    /// The type of the object, in the words of `pg_identify_object`. Absent: it is about no object.
    #[serde(rename = "type")]
    pub object_type: Option<&'static str>,
    /// The schema of the object.
    pub schema: Option<String>,
    /// The name of the object.
    pub name: Option<String>,
    /// The identity of the object as `pg_identify_object` spells it.
    pub identity: Option<String>,
    /// The column of the object that it is about.
    pub column_name: Option<String>,
    /// What the rule finds, in a few words.
    pub title: Arc<str>,
    /// What exactly the rule reports.
    pub description: Arc<str>,
    /// What is the matter with this object.
    pub detail: String,
    /// How to mend it.
    pub remediation: Arc<str>,
    /// The statements that mend it, each with a semicolon. Absent: the rule cannot know them.
    pub fix_sql: Option<String>,
    /// Further facts: columns, sizes, and the hazards of `fix_sql`.
    pub metadata: Map<String, Value>,
    /// What identifies the finding in this run and in later ones.
    pub cache_key: String,
    /// The object.
    #[serde(skip)]
    pub key: Option<ObjectKey>,
}

/// A finding as a rule makes it.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    key: Option<ObjectKey>,
    column: Option<String>,
    level: Option<Level>,
    detail: String,
    discriminator: Option<String>,
    fix: Option<Fix>,
    metadata: Map<String, Value>,
}

impl Draft {
    /// Begins a finding about an object. The detail is a sentence.
    pub fn of(key: ObjectKey, detail: impl Into<String>) -> Self {
        Self { key: Some(key), ..Self::about_no_object(detail) }
    }

    /// Begins a finding about no object.
    pub fn about_no_object(detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self { key: None, column: None, level: None, detail, discriminator: None, fix: None, metadata: Map::new() }
    }

    /// Names the column that it is about.
    pub fn column(mut self, column: &str) -> Self {
        self.column = Some(column.to_owned());
        self
    }

    /// Sets another level than the rule's. The caller's level, if any, counts more.
    pub fn level(mut self, level: Level) -> Self {
        self.level = Some(level);
        self
    }

    /// Distinguishes findings of one rule about one object and column.
    pub fn part(mut self, part: impl Into<String>) -> Self {
        self.discriminator = Some(part.into());
        self
    }

    /// Adds the statements that mend it.
    pub fn fix(mut self, fix: Option<Fix>) -> Self {
        self.fix = fix;
        self
    }

    /// Adds a fact.
    pub fn fact(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.metadata.insert(name.to_owned(), value.into());
        self
    }

    /// Returns the finding of a rule.
    pub fn finish(self, rule: &Rule, texts: &Texts, level: Option<Level>) -> Finding {
        let mut metadata = self.metadata;
        if let Some(fix) = &self.fix {
            metadata.insert("hazards".to_owned(), fix.hazards().into());
        }
        let key = self.key;
        let identity = key.as_ref().map(ObjectKey::identity);
        let object_type = key.as_ref().map(|key| key.kind.word());
        let address = key.as_ref().map(ToString::to_string);
        let parts = [Some(rule.name), address.as_deref(), self.column.as_deref(), self.discriminator.as_deref()];
        Finding {
            rule: rule.name,
            level: level.or(self.level).unwrap_or(rule.level),
            category: rule.category,
            object_type,
            schema: key.as_ref().and_then(|key| key.schema()).map(|schema| schema.to_string()),
            name: key.as_ref().map(|key| key.name().to_owned()),
            identity,
            column_name: self.column.clone(),
            title: texts.title.clone(),
            description: texts.description.clone(),
            detail: self.detail,
            remediation: texts.remediation.clone(),
            fix_sql: self.fix.map(|fix| fix.sql()),
            metadata,
            cache_key: parts.into_iter().flatten().collect::<Vec<_>>().join(":"),
            key,
        }
    }
}

/// Returns a sentence with a capital letter at its start.
pub(crate) fn sentence(text: String) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The texts that all findings of a rule share.
#[derive(Clone, Debug)]
pub(crate) struct Texts {
    pub title: Arc<str>,
    pub description: Arc<str>,
    pub remediation: Arc<str>,
}

impl Texts {
    /// Returns the texts of a rule.
    pub fn of(rule: &Rule) -> Self {
        let doc = rule.document();
        Self { title: doc.title.into(), description: doc.description.into(), remediation: doc.remediation.into() }
    }
}
