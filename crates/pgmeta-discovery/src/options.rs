//! What the caller may choose about a discovery. Parsed from JSON; an unknown key is an error that lists the known ones.

use serde::{Deserialize, Serialize};

use crate::relationships::Strategies;

/// A section of the document. What nobody asks for is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SectionName {
    /// Tables with columns, indexes, constraints, triggers and policies.
    Tables,
    /// Views and materialized views.
    Views,
    /// Functions, procedures and aggregates.
    Functions,
    /// Types and domains.
    Types,
    /// How tables relate.
    Relationships,
    /// What the relationships form.
    Patterns,
    /// Sizes and use of tables and indexes.
    Statistics,
}

impl SectionName {
    /// All sections, in the order of the document.
    pub const ALL: [SectionName; 7] = [
        SectionName::Tables,
        SectionName::Views,
        SectionName::Functions,
        SectionName::Types,
        SectionName::Relationships,
        SectionName::Patterns,
        SectionName::Statistics,
    ];

    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            SectionName::Tables => "tables",
            SectionName::Views => "views",
            SectionName::Functions => "functions",
            SectionName::Types => "types",
            SectionName::Relationships => "relationships",
            SectionName::Patterns => "patterns",
            SectionName::Statistics => "statistics",
        }
    }
}

/// What to do about a part that fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnError {
    /// Fail as a whole.
    #[default]
    Fail,
    /// Leave it out, and warn.
    Warn,
}

/// The options of a discovery.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// The sections of the document.
    pub sections: Vec<SectionName>,
    /// The strategies that find virtual relationships.
    #[serde(rename = "virtual")]
    pub strategies: Strategies,
    /// psql patterns, `schema` or `schema.name`, of what to leave out.
    pub exclude: Vec<String>,
    /// Also what is pgmeta's own.
    #[serde(rename = "self")]
    pub own: bool,
    /// What to do about a part that fails.
    pub on_error: OnError,
}

impl Default for Options {
    fn default() -> Self {
        let is_default = |section: &SectionName| *section != SectionName::Statistics;
        Self {
            sections: SectionName::ALL.into_iter().filter(is_default).collect(),
            strategies: Strategies::NONE,
            exclude: Vec::new(),
            own: false,
            on_error: OnError::Fail,
        }
    }
}

impl Options {
    /// Returns whether a section is asked for.
    pub fn wants(&self, section: SectionName) -> bool {
        self.sections.contains(&section)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn error(value: Value) -> String {
        serde_json::from_value::<Options>(value).unwrap_err().to_string()
    }

    #[test]
    fn statistics_are_included_only_on_request() {
        let options = serde_json::from_value::<Options>(json!({})).unwrap();
        assert!(options.wants(SectionName::Patterns) && !options.wants(SectionName::Statistics));
        let options = serde_json::from_value::<Options>(json!({"sections": ["statistics"], "virtual": true})).unwrap();
        assert!(options.wants(SectionName::Statistics) && !options.wants(SectionName::Tables));
        assert_eq!(options.strategies, Strategies::all());
    }

    #[test]
    fn errors_list_the_valid_values() {
        let unknown = error(json!({"section": []}));
        assert_eq!(
            unknown,
            "unknown field `section`, expected one of `sections`, `virtual`, `exclude`, `self`, `on_error`"
        );
        assert!(error(json!({"sections": ["table"]})).contains("`tables`, `views`, `functions`, `types`"));
        assert!(error(json!({"on_error": "ignore"})).contains("expected `fail` or `warn`"));
    }

    #[test]
    fn words_equal_those_of_the_json() {
        for section in SectionName::ALL {
            assert_eq!(json!(section), json!(section.word()));
        }
    }
}
